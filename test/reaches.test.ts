import { expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

const background = `
    Given a cluster with 2 nodes
    And deployment web with 2 replicas of image "bookstore/web:1"
    And service web on port 80
    And pod client of image "bookstore/client:1"
    And all pods are eventually Ready
    And pod client eventually reaches service web`
const statusOf = async (steps: string): Promise<readonly [string | undefined, string | undefined]> => {
  const feature = `Feature: reaching\n  Scenario: one\n${background}\n    ${steps.split('\n').join('\n    ')}\n`
  const [ran] = (await runProject(['a.feature'], { 'a.feature': feature })).finished
  return [ran.status, ran.failure?.message]
}
/** One of two endpoints stands on a node that is off, and the rules do not know it yet. */
const halfLost = 'When node worker-1 goes down\nAnd 5 seconds pass'

test('a Service of which one of two endpoints does not answer is neither reached nor out of reach', async () => {
  expect(await statusOf(`Then pod client is scheduled on node worker-2\n${halfLost}\nThen pods of deployment web are spread evenly over "kubernetes.io/hostname"`))
    .toEqual(['passed', undefined])
  expect(await statusOf(`${halfLost}\nThen pod client reaches service web`)).toEqual(['failed', expect.stringContaining('1 of 2 endpoints does not answer')])
  expect(await statusOf(`${halfLost}\nThen pod client does not reach service web`)).toEqual(['failed', expect.stringContaining('1 of 2 endpoints does not answer')])
  expect(await statusOf(`${halfLost}\nThen pod client eventually reaches service web within 90s`)).toEqual(['passed', undefined])
})

/** Two pods that declare port 8080 alone, and a Service that sends to their port 80. */
const elsewhere = `Given a cluster with 1 node
When I run "kubectl run catalog --image=bookstore/catalog:1 --labels=app=catalog --port=8080"
And I run "kubectl run client --image=bookstore/client:1"
Given service catalog on port 80
And all pods are eventually Ready
And service catalog eventually has 1 endpoint
`
test('a container of which nothing is said answers wherever a Service sends; one that says what it answers does so at its ports', async () => {
  const feature = (steps: string): string => `Feature: ports\n  Scenario: one\n    ${steps.split('\n').join('\n    ')}\n`
  const silent = feature(`${elsewhere}Then pod client eventually reaches service catalog`)
  const told = feature(`Given image "bookstore/catalog:1":\n| http | [{ from: 0s, status: 200 }] |\n${elsewhere}When 10 seconds pass\nThen pod client does not reach service catalog`)
  const files = { 'silent.feature': silent, 'told.feature': told }
  const { finished } = await runProject(Object.keys(files), files)
  expect(finished.map(f => `${f.status} ${f.failure?.message ?? ''}`.trim())).toEqual(['passed', 'passed'])
})
