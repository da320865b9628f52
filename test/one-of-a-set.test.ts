import { expect, it } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

const background = `
  Given a cluster with 2 nodes
  And deployment web with 1 replica of image "nginx"
  And deployment pair with 2 replicas of image "nginx"
  And deployments are Available
  And the cluster settles`
const check = async (table: Readonly<Record<string, string>>): Promise<void> => {
  const ran = await runFeature(Object.fromEntries(Object.keys(table).map(steps => [steps.replaceAll('\n', ' / '), steps])), background)
  const wanted = Object.fromEntries(Object.entries(table).map(([steps, status]) => [steps.replaceAll('\n', ' / '), status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
}

it('the one that there is', () => check({
  'Then the pod of deployment web is Ready': 'passed', 'Then the pod of deployment pair is Ready': 'failed',
  'Then pod of deployment web stays Ready for 1m': 'passed', 'Then the pod of deployment pair never Ready for 1m': 'failed',
  'Then the pod labelled app=ghost is Ready': 'vacuous', 'Then the replicaset of deployment pair has 2 ready replicas': 'passed',
  'Then replicaset of deployment pair has 3 ready replicas': 'failed', 'Then the pod of deployment web is gone': 'failed',
  'When I delete the pod of deployment web\nThen the pod of deployment web eventually Ready': 'passed',
  'When I delete the pod of deployment pair\nThen pods of deployment pair are Ready': 'undefined',
  'When I scale deployment web to 2\nThen the pod of deployment web eventually Pending': 'failed',
}))

it('labels add up', () => check({
  'Then pods labelled app=web labelled app!=pair are Ready': 'passed', 'Then pods labelled app=web labelled app=pair are Ready': 'vacuous',
}))

it('what an autoscaler counts', () => check({
  'When I run "kubectl autoscale deployment pair --min=2 --max=4"\nThen hpa pair eventually has 2 replicas': 'passed',
  'When I run "kubectl autoscale deployment pair --min=2 --max=4"\nThen hpa pair eventually has 3 replicas': 'failed',
  'When I run "kubectl autoscale deployment pair --min=2 --max=4"\nThen hpa pair has at most 4 replicas': 'failed',
  'When I run "kubectl autoscale deployment pair --min=2 --max=4"\nThen hpa pair does not have 4 replicas': 'failed',
  'When I run "kubectl autoscale deployment pair --min=3 --max=4"\nThen hpa pair eventually has 3 desired replicas': 'passed',
  'Then deployment web has 1 desired replica': 'undefined',
}))

it('a manifest file of nothing', () => check({
  'When I put the manifest file "web.yaml" on node worker-1:\n\"\"\"\n\"\"\"\nThen pods of deployment web are Ready': 'undefined',
  'When I put the manifest file "web.yaml" on node worker-1:\n\"\"\"\n# nothing yet\n\"\"\"\nThen pods of deployment web are Ready': 'undefined',
}))
