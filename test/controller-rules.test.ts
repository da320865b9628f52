import { describe, expect, it } from 'vitest'
import { bySizeNewer, bySizeOlder } from '../src/runtime-model/kube-controller-manager/deployment/numbers.ts'
import { podsToDelete } from '../src/runtime-model/kube-controller-manager/deletion-order.ts'
import { newStatus } from '../src/runtime-model/kube-controller-manager/disruption/status.ts'
import { judge } from '../src/runtime-model/kube-controller-manager/job/failure-policy.ts'

/** Choices of controllers that no message tells. */
describe('a pod failure policy', () => {
  const failed = (...codes: number[]): any => ({
    metadata: { namespace: 'shop', name: 'p' },
    status: { containerStatuses: codes.map((exitCode, i) => ({ name: `c${i}`, state: { terminated: { exitCode } } })) },
  })
  const rule = (operator: string, values: number[], containerName?: string): any =>
    ({ rules: [{ action: 'FailJob', onExitCodes: { operator, values, containerName } }] })
  it('does not look at containers that succeeded, whatever codes it does not want', () => {
    expect(judge(rule('NotIn', [3]), failed(0, 3)).failJob).toBeUndefined()
    expect(judge(rule('NotIn', [3]), failed(0, 4)).failJob).toBe('Container c1 for pod shop/p failed with exit code 4 matching FailJob rule at index 0')
  })
  it('looks at the container that it names only', () => {
    expect(judge(rule('In', [3], 'c0'), failed(4, 3)).failJob).toBeUndefined()
    expect(judge(rule('In', [3], 'c1'), failed(4, 3)).failJob).toMatch(/^Container c1 /)
  })
  it('goes by the first rule that matches', () => {
    const policy = { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [4] } }, ...rule('In', [3, 4]).rules] }
    expect([judge(policy, failed(4)), judge(policy, failed(3)).action]).toEqual([{ action: 'Ignore', counts: false }, 'FailJob'])
  })
})

it('a deployment takes from the largest first and gives to the largest first, of equal ones from the older and to the newer', () => {
  const set = (name: string, replicas: number, second: number): any =>
    ({ metadata: { name, creationTimestamp: `2024-01-01T00:00:0${second}Z` }, spec: { replicas } })
  const sets = [set('small', 1, 0), set('old', 4, 1), set('new', 4, 2), set('large', 5, 3)]
  const names = (list: any[]): string => list.map(s => s.metadata.name).join(' ')
  expect([names([...sets].sort(bySizeOlder)), names([...sets].sort(bySizeNewer))]).toEqual(['large old new small', 'large new old small'])
})

describe('a budget', () => {
  it('allows nothing where nothing is expected, however many pods are still healthy', () => {
    const budget: any = { metadata: { generation: 1 } }
    const allowed = (expectedPods: number): number =>
      newStatus(budget, { currentHealthy: 2, desiredHealthy: 0, expectedPods, disruptedPods: {} }, 0).disruptionsAllowed
    expect([allowed(0), allowed(2)]).toEqual([0, 2])
  })
})

describe('of pods that are too many', () => {
  const now = 3_600_000, at = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '')
  interface Words {
    readonly on?: string
    readonly cost?: string
    readonly readyFor?: number
    readonly restarts?: number
    readonly phase?: string
    readonly age?: number
  }
  const pod = (name: string, { on = 'a', cost, readyFor, restarts = 0, phase = 'Running', age = 1000 }: Words): any => ({
    metadata: {
      name, namespace: 'shop', uid: name, creationTimestamp: at(now - age * 1000),
      ...cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } : {},
    },
    spec: on ? { nodeName: on } : {},
    status: {
      phase, containerStatuses: [{ restartCount: restarts }],
      ...readyFor === undefined ? {} : { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at(now - readyFor * 1000) }] },
    },
  })
  const order = (words: Readonly<Record<string, Words>>): string => {
    const pods = Object.entries(words).map(([name, w]) => pod(name, w)), first: string[] = []
    for (let n = 1; n < pods.length; n++) {
      const gone = podsToDelete(pods, pods, n, now).map(p => p.metadata.name as string)
      first.push(...gone.filter(g => !first.includes(g)))
    }
    return first.join(' ')
  }
  it('those go first that have no node, are pending, or are not ready', () => {
    expect(order({ a: { readyFor: 10 }, b: {}, c: { phase: 'Pending' }, d: { on: '', phase: 'Pending' } })).toBe('d c b')
  })
  it('then those that cost less, even from a node that is less crowded', () => {
    expect(order({ a: { readyFor: 10, cost: '5' }, b: { readyFor: 10, cost: '5' }, c: { on: 'b', readyFor: 10, cost: '-1' } })).toMatch(/^c /)
    expect(order({ a: { readyFor: 10, cost: 'none' }, b: { readyFor: 10, cost: 'none' }, c: { on: 'b', readyFor: 10, cost: '-1' } })).toMatch(/^c /)
  })
  it('then those of crowded nodes, those ready for a shorter time, and those that were restarted', () => {
    expect(order({ c: { on: 'b', readyFor: 10 }, a: { readyFor: 900 }, b: { readyFor: 900 } })).toMatch(/^[ab] /)
    expect(order({ a: { readyFor: 900 }, b: { readyFor: 10 } })).toBe('b')
    expect(order({ a: { readyFor: 900 }, b: { readyFor: 900, restarts: 2 } })).toBe('b')
  })
  it('last those that are younger by an order of magnitude', () => {
    expect(order({ a: { age: 1000 }, b: { age: 100 } })).toBe('b')
  })
})
