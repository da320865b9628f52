import { expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

const feature = (steps: string): string => `Feature: nodes of pods\n  Scenario: one\n    ${`Given a cluster with 2 nodes
And deployment web with 2 replicas of image "web:1"
And deployment web is ready
And pod lone of image "lone:1"
And pod lone is Running
And a pod of deployment web as "web"
${steps}`.split('\n').join('\n    ')}\n`
const outcomes = async (...steps: string[]): Promise<readonly string[]> => {
  const files = Object.fromEntries(steps.map((text, i) => [`${i}.feature`, feature(text)]))
  return (await runProject(Object.keys(files), files)).finished.map(f => `${f.status} ${f.failure?.message ?? ''}`.trim())
}

test('`node $web`, `the node of $web` and `${web.spec.nodeName}` are the node of a pod, in faults, actions and claims', async () => {
  expect(await outcomes(
    `When node $web goes down
And 2 minutes pass
Then node $web has label kubernetes.io/hostname
And the node of $web is not Ready
And node \${web.spec.nodeName} is not Ready
When node \${web.spec.nodeName} comes back
And I taint the node of $web dedicated=x:NoSchedule
And I cordon node of pod $web
Then the node of $web is cordoned
And $web is on node $web
And 1 pod of deployment web is on node \${web.spec.nodeName}
And node $web runs 1 pod of deployment web`,
    'When the node of pod lone goes down\nThen within 90s the node of pod lone is not Ready\nAnd pod lone is on the node of pod lone',
  )).toEqual(['passed', 'passed'])
})
test('what was bound is not spoken of as what it is not', async () => {
  expect(await outcomes('Then node $web is not Ready', 'Then service $web is present', 'Then the node of $web is never Ready', 'When the node of pod nobody goes down')).toEqual([
    'failed Ready', expect.stringMatching(/^undefined \$web is pod web-\S+, and no service$/), expect.stringMatching(/^failed/),
    expect.stringMatching(/nobody/),
  ])
})
