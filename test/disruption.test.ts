import { describe, expect, test } from 'vitest'
import type { ApiResponse } from '../src/runtime-model/api/request.ts'
import { createAll, deployment, replicaSet, startControllers, wishesOfAll } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const budget = (name: string, spec: any, app = 'web'): any =>
  ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } })
const begin = (...objects: any[]): Controllers => { const c = startControllers(); expect(createAll(c, ...objects)).toBeUndefined(); c.runPods(); return c }
const status = (c: Controllers, name = 'guard'): any => c.stored('poddisruptionbudgets.policy').find(b => b.metadata.name === name)!.status
const evict = (c: Controllers, name: string, deleteOptions: any = {}): ApiResponse => c.ask({
  verb: 'create', resource: 'pods', namespace: 'default', name, subresource: 'eviction',
  body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' }, deleteOptions },
})
const names = (c: Controllers): string[] => c.stored('pods').filter(p => !p.metadata.deletionTimestamp).map(p => p.metadata.name)
const told = (answer: ApiResponse): string => answer.code === 201
  ? `${answer.code}`
  : `${answer.code} ${answer.body.message} ${(answer.body.details?.causes ?? []).map((x: any) => x.message).join()}`.trim()
const setReady = (c: Controllers, name: string, ready: boolean): void => {
  c.ask({
    verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name, patchType: 'application/merge-patch+json',
    body: { status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } },
  })
  c.settle()
}
const budgetText = "Cannot evict pod as it would violate the pod's disruption budget."

describe('the status of a budget', () => {
  test.each([
    [{ minAvailable: 2 }, { expectedPods: 4, desiredHealthy: 2, currentHealthy: 4, disruptionsAllowed: 2 }],
    [{ minAvailable: '60%' }, { expectedPods: 4, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 1 }, { expectedPods: 4, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 }],
    [{ maxUnavailable: '30%' }, { expectedPods: 4, desiredHealthy: 2, currentHealthy: 4, disruptionsAllowed: 2 }],
    [{ maxUnavailable: 9 }, { expectedPods: 4, desiredHealthy: 0, currentHealthy: 4, disruptionsAllowed: 4 }],
    [{ minAvailable: 5 }, { expectedPods: 4, desiredHealthy: 5, currentHealthy: 4, disruptionsAllowed: 0 }],
  ])('%j of four pods', (spec, wanted) => {
    const c = begin(deployment('web', 4), budget('guard', spec)), allowed = wanted.disruptionsAllowed > 0
    expect(status(c)).toMatchObject({ ...wanted, observedGeneration: 1 })
    expect(status(c).conditions).toMatchObject([{
      type: 'DisruptionAllowed', status: allowed ? 'True' : 'False', reason: allowed ? 'SufficientPods' : 'InsufficientPods', message: '',
    }])
    expect(wishesOfAll(c)).toEqual([])
  })
  test('counts with what the owners want, not with what is there', () => {
    const c = begin(
      deployment('web', 2),
      replicaSet('till', 3, {
        selector: { matchLabels: { part: 'till' } },
        template: { metadata: { labels: { part: 'till', app: 'web' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } },
      }),
      budget('guard', { maxUnavailable: 1 })
    )
    expect(status(c)).toMatchObject({ expectedPods: 5, desiredHealthy: 4 })
  })
  test('pods without an owner are told of, pods of a DaemonSet make it fail', () => {
    const c = begin(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } },
      budget('guard', { maxUnavailable: 1 })
    )
    expect(c.events('guard').at(-1)).toContain(
      'Warning UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged.'
    )
    // before its first pods the budget is well: what fails from the beginning counts as not observed
    const d = begin(budget('guard', { maxUnavailable: 1 }))
    createAll(d, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {} }, {
      apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } },
      },
    })
    d.runPods()
    expect(status(d)).toMatchObject({
      disruptionsAllowed: 0, conditions: [{ reason: 'SyncFailed', message: 'daemonsets.apps does not implement the scale subresource' }],
    })
    const [pod] = names(d)
    expect(told(evict(d, pod))).toBe(
      `429 ${budgetText} The disruption budget guard does not allow evicting pods currently because it failed sync: daemonsets.apps does not implement the scale subresource`
    )
  })
  test('no pods at all is an Event', () =>
    expect(begin(budget('guard', { minAvailable: 1 })).events('guard')).toEqual(['Normal NoPods: No matching pods found']))
})

describe('an eviction', () => {
  test('without a budget is a delete that says why', () => {
    const c = begin(deployment('web', 1)), [pod] = names(c), seen: string[] = []
    const stop = c.kernel.observe(o => {
      if (o.type === 'object' && o.resource === 'pods' && o.new?.metadata.name === pod) {
        seen.push(o.new.status.conditions.find((x: any) => x.type === 'DisruptionTarget')?.reason ?? 'none')
      }
    })
    expect(told(evict(c, pod))).toBe('201')
    stop()
    expect(seen[0]).toBe('EvictionByEvictionAPI')
    expect(names(c)).not.toContain(pod)
  })
  test('takes one from the budget, and is refused when there is none left', () => {
    const c = begin(deployment('web', 3), budget('guard', { minAvailable: 2 })), [first, second] = names(c)
    expect(told(evict(c, first))).toBe('201')
    expect(told(evict(c, second))).toBe(`429 ${budgetText} The disruption budget guard needs 2 healthy pods and has ${status(c).currentHealthy} currently`)
    c.runPods()
    expect(status(c)).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3 })
    expect(status(c).disruptedPods).toBeUndefined()
    expect(told(evict(c, second))).toBe('201')
  })
  test('of a budget that is not observed yet waits', () => {
    const c = begin(deployment('web', 3))
    c.kernel.stop('kube-controller-manager/cp-1')
    createAll(c, budget('guard', { minAvailable: 1 }))
    const answer = evict(c, names(c)[0])
    expect(told(answer)).toBe(`429 ${budgetText} The disruption budget guard is still being processed by the server.`)
    expect(answer.body.details.retryAfterSeconds).toBe(10)
  })
  test('of a pod that two budgets select cannot be', () => {
    const c = begin(deployment('web', 3), budget('guard', { minAvailable: 1 }), budget('other', { minAvailable: 1 }))
    expect(told(evict(c, names(c)[0]))).toBe('500 This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
    expect(c.stored('events').some(e => e.reason === 'MultiplePodDisruptionBudgets')).toBe(true)
  })
  test.each([['IfHealthyBudget', 2, '201'], ['IfHealthyBudget', 3, '429'], ['AlwaysAllow', 3, '201']] as const)(
    '%s: a pod that is not ready, of a budget of %s in 3, gets %s', (unhealthyPodEvictionPolicy, minAvailable, code) => {
    const c = begin(deployment('web', 3), budget('guard', { minAvailable, unhealthyPodEvictionPolicy })), [pod] = names(c)
    setReady(c, pod, false)
    expect(told(evict(c, pod)).slice(0, 3)).toBe(code)
  }
  )
  test('of a pod that does not run needs no budget', () => {
    const c = startControllers()
    createAll(c, deployment('web', 1), budget('guard', { minAvailable: 1 }))
    c.settle()
    expect(told(evict(c, names(c)[0]))).toBe('201')
  })
  test('is named after its pod', () => {
    const c = begin(deployment('web', 1)), [pod] = names(c)
    expect(told(c.ask({
      verb: 'create', resource: 'pods', namespace: 'default', name: pod, subresource: 'eviction',
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other', namespace: 'default' } },
    }))).toBe('400 name in URL does not match name in Eviction object')
  })
  test('that is only tried changes nothing', () => {
    const c = begin(deployment('web', 3), budget('guard', { minAvailable: 2 })), before = JSON.stringify(status(c)), [pod] = names(c)
    const answer = c.ask({
      verb: 'create', resource: 'pods', namespace: 'default', name: pod, subresource: 'eviction', dryRun: true,
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: 'default' } },
    })
    expect(told(answer)).toBe('201')
    expect(JSON.stringify(status(c))).toBe(before)
    expect(names(c)).toContain(pod)
  })
})

test('an evicted pod that nobody has seen go counts again after two minutes', () => {
  const c = begin(deployment('web', 3), budget('guard', { minAvailable: 1 })), [name] = names(c), allowed = (): number => status(c).disruptionsAllowed
  const nowText = new Date(c.kernel.options.epochMs + c.kernel.now).toISOString().replace(/\.\d+/, '')
  c.ask({
    verb: 'patch', group: 'policy', resource: 'poddisruptionbudgets', subresource: 'status', namespace: 'default', name: 'guard',
    patchType: 'application/merge-patch+json', body: { status: { disruptedPods: { [name]: nowText } } },
  })
  c.settle()
  expect([allowed(), Object.keys(status(c).disruptedPods)]).toEqual([1, [name]])
  c.kernel.runTo(c.kernel.now + 115_000)
  expect(allowed()).toBe(1)
  c.kernel.runTo(c.kernel.now + 10_000)
  expect([allowed(), status(c).disruptedPods]).toEqual([2, undefined])
})

test('a pod that says it will be disrupted, and is not, takes it back after two minutes, unless its kubelet has said so', () => {
  const c = begin(deployment('web', 1)), [name] = names(c)
  const at = (): any => c.stored('pods').find(p => p.metadata.name === name)!.status.conditions.find((x: any) => x.type === 'DisruptionTarget')
  const says = (reason: string): unknown => c.ask({
    verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name, patchType: 'application/strategic-merge-patch+json',
    body: {
      status: {
        conditions: [{
          type: 'DisruptionTarget', status: 'True', reason,
          lastTransitionTime: new Date(c.kernel.options.epochMs + c.kernel.now).toISOString().replace(/\.\d+/, ''),
        }],
      },
    },
  })
  says('TerminationByKubelet')
  c.kernel.runTo(c.kernel.now + 180_000)
  expect(at().status).toBe('True')
  says('PreemptionByScheduler')
  c.kernel.runTo(c.kernel.now + 118_000)
  expect(at().status).toBe('True')
  c.kernel.runTo(c.kernel.now + 4000)
  expect(at().status).toBe('False')
})
