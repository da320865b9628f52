import { describe, expect, test } from 'vitest'
import { flowOf, inOrder } from '../src/runtime-model/kube-apiserver/fairness/classify.ts'
import { levelsOf, seatsOf } from '../src/runtime-model/kube-apiserver/fairness/levels.ts'
import bootstrap from '../src/runtime-model/bootstrap/data/bootstrap-objects.json' with { type: 'json' }
import { expectations, runFeature } from './support/run-feature.ts'

const levels = levelsOf(bootstrap.prioritylevelconfigurations), schemas = inOrder(bootstrap.flowschemas)

describe('seats, as the metrics of an idle 1.35.4 API server have them', () => {
  test('nominal_limit_seats and lower_limit_seats', () => {
    expect([...levels.values()].map(l => `${l.name} ${l.nominal} ${l.least}`).sort()).toEqual([
      'catch-all 13 13', 'exempt 0 0', 'global-default 49 24', 'leader-election 25 25', 'node-high 98 73', 'system 74 50', 'workload-high 98 49',
      'workload-low 245 24',
    ])
  })
  test('current_limit_seats', () => {
    expect(Object.fromEntries(seatsOf(levels, () => 0))).toEqual({
      'catch-all': 30, 'global-default': 56, 'leader-election': 58, 'node-high': 170, system: 117, 'workload-high': 114, 'workload-low': 56,
    })
  })
  test('one that wants all gets what the others do not keep for themselves', () => {
    const seats = seatsOf(levels, name => name === 'global-default' ? 10_000 : 0)
    expect(Object.fromEntries(seats)).toEqual({
      'catch-all': 13, 'global-default': 368, 'leader-election': 25, 'node-high': 73, system: 50, 'workload-high': 49, 'workload-low': 24,
    })
  })
})

test.each([
  ['an administrator', { name: 'admin', groups: ['system:masters'] }, { resource: 'pods' }, 'exempt'],
  ['a probe', { name: 'system:anonymous', groups: ['system:unauthenticated'] }, { resource: '', path: '/readyz' }, 'exempt'],
  ['a kubelet', { name: 'system:node:n1', groups: ['system:nodes'] }, { resource: 'pods' }, 'system'],
  [
    'a heartbeat', { name: 'system:node:n1', groups: ['system:nodes'] },
    { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' }, 'node-high',
  ],
  [
    'a leader', { name: 'system:kube-scheduler', groups: [] }, { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' },
    'leader-election',
  ],
  ['the scheduler', { name: 'system:kube-scheduler', groups: ['system:authenticated'] }, { resource: 'pods' }, 'workload-high'],
  [
    'a controller', { name: 'system:serviceaccount:kube-system:job-controller', groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] },
    { resource: 'jobs', group: 'batch' }, 'workload-high',
  ],
  [
    'a service account', { name: 'system:serviceaccount:shop:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:shop'] }, { resource: 'pods' },
    'workload-low',
  ],
  ['a user', { name: 'ana', groups: ['system:authenticated'] }, { resource: 'pods' }, 'global-default'],
])('%s is sorted into its level', (_, user, asked, level) => {
  expect(flowOf({ user, verb: 'get', group: '', ...asked }, schemas, levels)?.level).toBe(level)
})

test('what a flood does, and what does not make one', async () => {
  const scenarios: Readonly<Record<string, readonly [status: string, steps: string]>> = {
    'a few requests are no flood': ['vacuous', `When user "bo" floods the API servers with 20 requests per second that take 1s
      And as user "bo" I run "kubectl auth whoami"
      Then the last command succeeds`],
    'nobody of that name': ['undefined', `When user "eve" floods the API servers with 90000 requests per second that take 1s
      And I run "kubectl auth whoami"
      Then the last command succeeds`],
    'service accounts have a level of their own': [
      'passed', `When user "system:serviceaccount:default:robot" floods the API servers with 90000 requests per second that take 2s
      And 30s pass
      And as user "bo" I run "kubectl auth whoami"
      Then the last command succeeds`,
    ],
    'the others of the level wait a little': ['passed', `When user "bo" floods the API servers with 90000 requests per second that take 59s
      And 5s pass
      And as user "jo" I run "kubectl get pods --request-timeout=500ms"
      Then the last command prints "TooManyRequests"
      When as user "jo" I run "kubectl get pods"
      Then the last command prints "Forbidden"`],
  }
  const ran = await runFeature(
    Object.fromEntries(Object.entries(scenarios).map(([name, [, steps]]) => [name, steps])), 'Given a cluster with 1 node\n    And user "bo"\n    And user "jo"'
  )
  const wanted = Object.fromEntries(Object.entries(scenarios).map(([name, [status]]) => [name, status]))
  expect(expectations(ran, wanted)).toEqual(wanted)
})
