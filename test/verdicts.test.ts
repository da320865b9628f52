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
