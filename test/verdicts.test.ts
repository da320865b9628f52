import { describe, expect, it } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

/** Sentences of which it is easy to believe the contrary: what they come to, and never anything else. */
const background = `
  Given a cluster with 2 nodes
  And image "x/slow:1":
  | term | {after: 20s} |
  And deployment web with 2 replicas of image "x/web:1"
  And deployment web has 2 ready replicas
  And pod lone of image "x/slow:1"
  And pod lone is Ready
  And service web on port 80 for app=web
  And the cluster settles`
async function check(table: Readonly<Record<string, readonly [status: string, ...steps: string[]]>>): Promise<void> {
  const ran = await runFeature(Object.fromEntries(Object.entries(table).map(([name, [, ...steps]]) => [name, steps.join('\n')])), background)
  const wanted = Object.fromEntries(Object.entries(table).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
}
const outage = ['When kube-scheduler goes down', 'And I scale deployment web to 3', 'And 1 minute passes', 'And kube-scheduler comes back']
const deleted = ['When kube-scheduler goes down', 'And I delete pod lone', 'And 1 minute passes', 'And kube-scheduler comes back']

describe('after', () => {
  it('a condition that held before is met when it comes again', () => check({
    'what is waited for comes in time': ['passed', ...outage, 'Then deployment web has 3 ready replicas within 30s after kube-scheduler is up'],
    'it takes longer': ['failed', ...outage, 'Then deployment web has 3 ready replicas within 100ms after kube-scheduler is up'],
    'it was so before, and not since': ['failed', ...deleted, 'Then pod lone eventually Running after kube-scheduler is up'],
    'it was not so at first': [
      'passed', 'When kube-scheduler goes down', 'And 1 minute passes', 'And kube-scheduler comes back', 'Then pod lone always Running after kube-scheduler is up',
    ],
    'of two outages what lasts is watched from the first': [
      'failed', ...outage, 'And 1 minute passes', 'And kube-scheduler goes down', 'And 1 minute passes', 'And kube-scheduler comes back',
      'Then deployment web never has 3 ready replicas after kube-scheduler is up',
    ],
  }))
})

describe('gone', () => {
  const follows = ['When I delete pod lone', 'And I run "kubectl run next --image=x/next:1"']
  it('what has not been made yet is not gone', () => check({
    'before another runs': ['failed', ...follows, 'Then pod lone eventually gone before pod next is Running'],
    'the same, said of presence': ['failed', ...follows, 'Then pod lone is eventually not present before pod next is Running'],
    'after the other runs': ['passed', ...follows, 'Then pod lone eventually gone after pod next is Running'],
    'as a condition': ['failed', 'When I delete deployment web', 'Then deployment web eventually present after deployment web is gone'],
    'made again': [
      'passed', 'When I delete deployment web', 'And I run "kubectl create deployment web --image=x/web:1"',
      'Then deployment web eventually present after deployment web is gone',
    ],
    'who came later was absent': [
      'passed', 'When kube-scheduler goes down', 'And 10 seconds pass', 'And kube-scheduler comes back', 'And I run "kubectl run late --image=x/late:1"',
      'Then pod late always absent while kube-scheduler is down',
    ],
  }))
})

it('pods of a workload are awaited once its controllers have seen what is asked for', () => check({
  'nobody acts on it': ['failed', 'When kube-controller-manager goes down', 'And I scale deployment web to 5', 'Then pods of deployment web are eventually Ready'],
  'it is heard of late': [
    'passed', 'When watch events to kube-controller-manager are delayed by 10s', 'And I scale deployment web to 5', 'Then pods of deployment web are eventually Ready',
    'And 5 pods of deployment web are Ready',
  ],
  'as it is now': ['passed', 'When kube-controller-manager goes down', 'And I scale deployment web to 5', 'Then pods of deployment web are Ready'],
}))

describe('a workload is Ready', () => {
  const missing = ['Given image "x/web:2":', '| missing | true |', 'When I set image of deployment web to "x/web:2"']
  const set = (kind: string, more: string): string[] => ['When I apply:', '"""', `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: db}, spec: {${more} selector: {matchLabels: {a: b}}, `
    + 'template: {metadata: {labels: {a: b}}, spec: {containers: [{name: app, image: "x/db:1"}]}}}}', '"""', `And ${kind.toLowerCase()} db eventually Ready`]
  const broken = (kind: string): string[] => ['Given image "x/db:2":', '| missing | true |', `When I set image of ${kind} db to "x/db:2"`]
  it('once its rollout is over', () => check({
    'an image that is missing': ['failed', ...missing, 'Then deployment web is eventually Ready'],
    'it still serves': ['passed', ...missing, 'And 1 minute passes', 'Then deployment web has 2 ready replicas', 'And deployment web is Available'],
    'rolled back': ['passed', ...missing, 'And 10 seconds pass', 'And I roll back deployment web', 'Then deployment web is eventually Ready'],
    'another image': ['passed', 'When I set image of deployment web to "x/web:3"', 'Then deployment web is eventually Ready', 'And deployment web has 2 updated replicas'],
    'on its way': ['failed', 'When I set image of deployment web to "x/web:3"', 'Then deployment web stays Ready for 1m'],
    'paused': ['passed', 'When I pause the rollout of deployment web', 'And I set image of deployment web to "x/web:3"', 'Then deployment web is eventually Ready'],
    'a statefulset': ['failed', ...set('StatefulSet', 'replicas: 2, serviceName: db,'), ...broken('statefulset'), 'Then statefulset db is eventually Ready'],
    'a statefulset that nobody replaces': [
      'passed', ...set('StatefulSet', 'replicas: 2, serviceName: db, updateStrategy: {type: OnDelete},'), ...broken('statefulset'), 'Then statefulset db is eventually Ready',
    ],
    'a part of a statefulset': [
      'passed', ...set('StatefulSet', 'replicas: 2, serviceName: db, updateStrategy: {rollingUpdate: {partition: 2}},'), ...broken('statefulset'),
      'Then statefulset db is eventually Ready',
    ],
    'a daemonset': ['failed', ...set('DaemonSet', ''), ...broken('daemonset'), 'Then daemonset db is eventually Ready'],
  }))
})

it('unaffected: an object of which something else is asked', () => check({
  'a service': ['failed', 'When I patch service web:', '"""', 'spec: {ports: [{port: 81, targetPort: 81}]}', '"""', 'Then service web is unaffected'],
  'data': ['failed', 'Given I run "kubectl create configmap c --from-literal=a=b"', 'When I patch configmap c:', '"""', 'data: {a: z}', '"""', 'Then configmap c is unaffected'],
  'a node': ['failed', 'When I cordon node worker-1', 'Then node worker-1 is unaffected'],
  'a deployment': ['failed', 'When I scale deployment web to 3', 'Then deployment web is unaffected'],
  'what is being deleted': [
    'failed', 'Given I run "kubectl create namespace shop"', 'And I apply:', '"""',
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, finalizers: [x.y/z]}}', '"""', 'When I delete namespace shop',
    'Then namespace shop is unaffected',
  ],
  'a label is no order': ['passed', 'When I label deployment web tier=x', 'Then deployment web is unaffected'],
  'another': ['passed', 'When I scale deployment web to 3', 'Then service web is unaffected'],
  'nobody touches it': ['passed', 'When kube-scheduler goes down', 'And 1 minute passes', 'Then deployment web unaffected while kube-scheduler is down'],
}))

describe('what is printed, asked for and told', () => {
  it('none of several lines', () => check({
    'one is there': ['failed', 'When I run "kubectl get deployment web"', 'Then the last command does not print:', '"""', 'ghost', 'web', '"""'],
    'in another order': ['failed', 'When I run "kubectl get deployment web"', 'Then the last command does not print:', '"""', 'web', 'NAME', '"""'],
    'none is': ['passed', 'When I run "kubectl get deployment web"', 'Then the last command does not print:', '"""', 'ghost', 'spectre', '"""'],
  }))
  it('a refusal is spoken of by a step about the request that was refused', () => check({
    'about another request': ['failed', 'When I delete pod ghost', 'Then the request "create deployment web" succeeds'],
    'about it': ['passed', 'When I delete pod ghost', 'Then the request "delete pod ghost" fails'],
    'about another request, in a trace': ['failed', 'When I delete pod ghost', 'Then the request "create deployment web" passed: authentication, storage'],
    'about the last': ['passed', 'When I delete pod ghost', 'Then the last request is rejected with 404'],
  }))
  it('nobody has no journey', () => check({
    'of what never was': ['vacuous', 'Then the journey of pod ghost is:', '| from | to | what |', '| | kube-apiserver | |'],
    'of what was refused': ['passed', 'When I delete pod ghost', 'Then the last request fails', 'And the journey of pod ghost is:', '| kubectl | kube-apiserver | delete pod ghost |'],
  }))
  it('a document that says nothing', () => check({
    'of its parts': ['vacuous', 'Then pod lone matches:', '"""', 'metadata: {}', 'spec: {}', '"""'],
    'of one that need not be there': ['failed', 'Then pod lone matches:', '"""', 'spec: {affinity: {}}', '"""'],
  }))
})

it('an `eventually` that was so before a fault, and is at once, is told', async () => {
  const down = 'When node worker-1 goes down\n', said = 'Then deployment web eventually has 2 ready replicas within 10m'
  const ran = await runFeature({
    'at once': `${down}${said}`, 'of a crash': 'When container app in a pod of deployment web crashes\nThen pods of deployment web are eventually Ready',
    'once time has passed': `${down}And 2 minutes pass\n${said}`, 'once something broke': `${down}Then deployment web eventually has 1 ready replica\nAnd ${said.slice(5)}`,
    'what breaks at once': 'When kube-scheduler crashes\nThen kube-scheduler is eventually up', 'without a fault': said,
  }, background)
  const told = Object.fromEntries(ran.finished.map(f => [f.scenario.name, `${f.status}${f.reason?.replace(/^line \d+ (held before the fault already),.*/, ', $1') ?? ''}`]))
  expect(told).toEqual({
    'at once': 'passed, held before the fault already', 'of a crash': 'passed, held before the fault already', 'once time has passed': 'passed',
    'once something broke': 'passed', 'what breaks at once': 'passed', 'without a fault': 'passed',
  })
})
