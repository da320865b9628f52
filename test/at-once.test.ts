import { expect, test } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** What is looked at right behind a step, when nothing has come of it yet. */
const background = `
  Given a cluster with 2 nodes
  And deployment web with 2 replicas of image "web:1"
  And deployment web has 2 ready replicas
  And service web on port 80 for app=web
  And clients send 10 requests per second to service web as "users"
  And 20 seconds pass
  And 50 milliseconds pass`
const ran = runFeature({
  'restart, unaffected': 'When I restart deployment web\nThen pods of deployment web are unaffected',
  'scale, unaffected': 'When I scale deployment web to 3\nThen pods of deployment web are unaffected',
  'node down, others unaffected': 'When node worker-1 goes down\nAnd I run "kubectl get pods"\nThen pods on node worker-2 are unaffected',
  'traffic, node down': 'When node worker-1 goes down\nThen traffic "users" loses no request',
  'traffic, scheduler down': 'When kube-scheduler goes down\nThen traffic "users" loses no request',
  'restart, later': 'When I restart deployment web\nAnd 1 second passes\nThen pods of deployment web are unaffected',
  'scaled to none, eventually': 'When I scale deployment web to 0\nThen pods of deployment web are eventually Ready',
  'scaled up, eventually': 'When I scale deployment web to 3\nThen deployment web eventually has 3 ready replicas',
  'image, now': 'When I set image of deployment web to "web:2"\nThen a pod of deployment web uses image "web:1"',
  'label, now': 'When I label deployment web a=b\nThen pods of deployment web are Running',
  'node down, now': 'When node worker-1 goes down\nThen deployment web has 2 ready replicas',
  'after what it does not depend on': `When node worker-1 goes down
    And 10 minutes pass
    Then deployment web eventually has 2 ready replicas after node worker-1 is NotReady`,
  'after what brings it about': `When I scale deployment web to 0
    And pods of deployment web are eventually gone
    And I scale deployment web to 2
    And 10 seconds pass
    Then deployment web eventually has 2 ready replicas after deployment web has 0 replicas`,
}, background)

test('unaffected shows nothing where it breaks before anybody could have looked', async () => {
  const { statuses, story } = await ran
  expect(statuses).toMatchObject({
    'restart, unaffected': 'vacuous', 'scale, unaffected': 'passed', 'node down, others unaffected': 'passed', 'restart, later': 'failed', 'traffic, node down': 'vacuous', 'traffic, scheduler down': 'passed',
  })
  expect(story('restart, unaffected')).toMatch(/only 0\.00\ds lie behind the latest step, and it is no longer so at t\+\S+ \(pod web-\S+ is told to end\)/)
})

test('what was so before, and soon ceases to be, is noted beside what passes', async () => {
  const note = async (name: string): Promise<string | undefined> => (await ran).finished.find(f => f.scenario.name === name)!.reason
  expect(await note('scaled to none, eventually')).toMatch(/held before the step in front of it already, and is no longer so at t\+/)
  expect(await note('node down, now')).toMatch(/held before the fault in front of it already, and is no longer so at t\+.*ready replica/)
  expect(await note('image, now')).toMatch(/held before the step in front of it already, and is no longer so at t\+/)
  expect(await note('label, now')).toBeUndefined()
  expect(await note('after what it does not depend on')).toMatch(/held already before what stands behind `after` had come/)
  expect(await note('scaled up, eventually')).toBeUndefined()
  expect(await note('after what brings it about')).toBeUndefined()
})

test('what is denied shows nothing while word of what has happened is on its way', async () => {
  const { statuses, story } = await runFeature({
    'pods are ready, endpoints are not written': 'Then service web has no endpoints',
    'in the midst of a moment': 'Then service web has 2 endpoints',
    'endpoints are written, rules are not': 'And service web eventually has 3 endpoints\nThen pod client does not reach service web',
    'rules are written': 'And 1 second passes\nThen pod client does not reach service web',
    'selects nobody': 'When I patch service web:\n"""\nspec: { selector: { app: wbe } }\n"""\nAnd 1 second passes\nThen service web has no endpoints',
    'a container is yet to start': 'When I run "kubectl run late --image=nginx"\nThen pod late is not Running',
    'made again at once': 'When I run "kubectl delete pods -l app=web"\nThen there are no pods of deployment web',
  }, `
  Given a cluster with 2 nodes
  And I run "kubectl run client --image=busybox"
  And pod client is Running
  And deployment web with 3 replicas of image "web:1"
  And service web on port 80 for app=web
  And pods of deployment web are Ready`)
  expect(statuses).toEqual({
    'pods are ready, endpoints are not written': 'failed', 'in the midst of a moment': 'vacuous', 'endpoints are written, rules are not': 'vacuous',
    'rules are written': 'failed', 'selects nobody': 'passed', 'a container is yet to start': 'passed', 'made again at once': 'failed',
  })
  expect(story('endpoints are written, rules are not')).toMatch(/it is no longer so at t\+\S+ .*as word of what has happened is still on its way/)
})
