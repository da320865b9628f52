import { describe, expect, it } from 'vitest'
import { bySizeNewer, bySizeOlder } from '../src/runtime-model/kube-controller-manager/deployment/numbers.ts'
import { scale } from '../src/runtime-model/kube-controller-manager/deployment/scale.ts'
import { podsToDelete } from '../src/runtime-model/kube-controller-manager/deletion-order.ts'
import { newStatus } from '../src/runtime-model/kube-controller-manager/disruption/status.ts'
import { nextBackOff, waitAfter } from '../src/runtime-model/kube-controller-manager/job/back-off.ts'
import { judge } from '../src/runtime-model/kube-controller-manager/job/failure-policy.ts'
import { createAll, deployment, job, startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

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

describe('a deployment', () => {
  /** sizes of ReplicaSets, the newest last, once the deployment has been scaled */
  const shared = (sizes: readonly number[], from: number, to: number): number[] => {
    const made = new Map<string, number>(), most = { 'deployment.kubernetes.io/max-replicas': String(from) }
    const io: any = {
      do: () => {}, ask: (request: () => any) => { const { body } = request(); made.set(body.metadata.name, body.spec.replicas); return { code: 200, body } },
    }
    const all = sizes.map((replicas, i): any =>
      ({ metadata: { name: `s${i}`, namespace: 'shop', creationTimestamp: `2024-01-01T00:00:0${i}Z`, annotations: most }, spec: { replicas } }))
    const spec = { replicas: to, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }
    const deployment: any = { metadata: { name: 'web', namespace: 'shop' }, spec, status: { replicas: from } }
    scale({ io, view: { identity: {} }, deployment } as any, { fresh: all[all.length - 1], old: all.slice(0, -1) } as any)
    return all.map(s => made.get(s.metadata.name) ?? s.spec.replicas)
  }
  it('shares what is scaled by size, and gives what is left over by rounding to the largest', () => {
    expect([shared([1, 1, 1], 3, 4), shared([2, 2, 2], 6, 7), shared([2, 2, 2], 6, 5)]).toEqual([[1, 1, 2], [2, 2, 3], [1, 2, 2]])
    expect([shared([1, 5], 6, 12), shared([3, 3], 6, 7)]).toEqual([[2, 10], [3, 4]])
  })
  it('takes back what somebody gives to its ReplicaSet', () => {
    const c = startControllers()
    createAll(c, deployment('web', 2))
    c.runPods()
    const [{ metadata: { name } }] = c.stored('replicasets.apps')
    c.ask({
      verb: 'patch', group: 'apps', resource: 'replicasets', namespace: 'default', name, patchType: 'application/merge-patch+json',
      body: { spec: { replicas: 5 } },
    })
    c.runPods()
    expect([c.stored('replicasets.apps')[0].spec.replicas, c.stored('pods').length]).toEqual([2, 2])
  })
})

describe('a stateful set', () => {
  const set = (replicas: number, more: any = {}): any => ({
    apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' },
    spec: {
      replicas, serviceName: 'db', selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } }, ...more,
    },
  })
  const resize = (c: Controllers, replicas: number): void => void c.ask({
    verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: 'default', name: 'db', patchType: 'application/merge-patch+json',
    body: { spec: { replicas } },
  })
  const names = (c: Controllers): string[] => c.stored('pods').map(p => p.metadata.name)
  it('that shrinks does not wait for the pod that is not ready: that one goes first', () => {
    const c = startControllers(), live = (): void => c.runPods(p => p.metadata.name === 'db-3' ? 'Pending' : 'Ready')
    createAll(c, set(4))
    live()
    expect(names(c)).toEqual(['db-0', 'db-1', 'db-2', 'db-3'])
    resize(c, 2)
    live()
    expect(names(c)).toEqual(['db-0', 'db-1'])
  })
  it('makes a pod anew only once the claim of the one before has gone, where claims go with their pods', () => {
    const c = startControllers(), claims = (): readonly any[] => c.stored('persistentvolumeclaims')
    createAll(c, set(1, {
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
    }))
    c.runPods()
    const [before] = claims()
    resize(c, 0)
    c.settle()
    c.ask({ verb: 'delete', resource: 'pods', namespace: 'default', name: 'db-0', body: { gracePeriodSeconds: 0 } })
    resize(c, 1)
    c.runPods()
    expect([names(c), claims().length, claims()[0].metadata.uid === before.metadata.uid]).toEqual([['db-0'], 1, false])
  })
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

describe('a job', () => {
  const create = (c: Controllers, spec: any): void => expect(createAll(c, job('bake', spec))).toBeUndefined()
  it('waits for ten minutes at most before the next try', () => {
    expect([1, 2, 6, 7, 30].map(failures => waitAfter(failures, 0, 0))).toEqual([10_000, 20_000, 320_000, 600_000, 600_000])
    expect(waitAfter(7, 0, 599_000)).toBe(1000)
  })
  it('forgets the failures before a success', () => {
    const ended = (...seconds: number[]): any[] => seconds.map(s =>
      ({ metadata: {}, status: { containerStatuses: [{ state: { terminated: { finishedAt: new Date(s * 1000).toISOString() } } }] } }))
    expect(nextBackOff({ failures: 2 }, ended(20), ended(10, 30, 40))).toEqual({ failures: 2, lastFailure: 40_000 })
    expect(nextBackOff({ failures: 2 }, ended(50), ended(10, 30))).toEqual({ failures: 0 })
    expect(nextBackOff({ failures: 2 }, [], ended(30, 10))).toEqual({ failures: 4, lastFailure: 30_000 })
  })
  it('without completions makes no more pods once one has succeeded', () => {
    const c = startControllers()
    create(c, { parallelism: 3 })
    c.settle()
    const [first, second] = c.stored('pods').map(p => p.metadata.name)
    c.runPods(p => p.metadata.name === first ? 'Succeeded' : p.metadata.name === second ? { exitCode: 1 } : 'Ready')
    c.kernel.runTo(c.kernel.now + 120_000)
    expect(c.stored('pods').map(p => p.status.phase).sort()).toEqual(['Failed', 'Running', 'Succeeded'])
  })
  it('that only replaces failed pods waits for the end of one that is deleted', () => {
    const pods = (policy: string): number => {
      const c = startControllers()
      create(c, { podReplacementPolicy: policy })
      c.settle()
      const { name } = c.stored('pods')[0].metadata
      const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: 'n1' } }
      expect(c.ask({ verb: 'create', resource: 'pods', namespace: 'default', name, subresource: 'binding', body }).code).toBe(201)
      c.runPods()
      c.ask({ verb: 'delete', resource: 'pods', namespace: 'default', name })
      c.kernel.runTo(c.kernel.now + 15_000)
      return c.stored('pods').filter(p => !p.metadata.deletionTimestamp).length
    }
    expect([pods('Failed'), pods('TerminatingOrFailed')]).toEqual([0, 1])
  })
})
