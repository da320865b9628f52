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
  expect(await note('after what it does not depend on')).toMatch(/held already before what stands behind `after` had come/)
  expect(await note('scaled up, eventually')).toBeUndefined()
  expect(await note('after what brings it about')).toBeUndefined()
})
