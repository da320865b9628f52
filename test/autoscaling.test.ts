import { describe, expect, test } from 'vitest'
import { limit, withScaleEvent } from '../src/runtime-model/kube-controller-manager/podautoscaler/limits.ts'
import type { Bounds, Past } from '../src/runtime-model/kube-controller-manager/podautoscaler/limits.ts'
import { propose } from '../src/runtime-model/kube-controller-manager/podautoscaler/usage.ts'
import type { Usage } from '../src/runtime-model/kube-controller-manager/podautoscaler/usage.ts'
import { createAll, deployment, startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'
import { expectations, runFeature } from './support/run-feature.ts'

const autoscaler = (name: string, spec: any = {}): any => ({
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 5, ...spec },
})
const begin = (...objects: any[]): Controllers => { const c = startControllers(); expect(createAll(c, ...objects)).toBeUndefined(); c.runPods(); return c }
const wait = (c: Controllers, seconds: number): void => c.kernel.runTo(c.kernel.now + seconds * 1000)
const status = (c: Controllers): any => c.stored('horizontalpodautoscalers.autoscaling')[0].status
const conditions = (c: Controllers): Record<string, string> =>
  Object.fromEntries((status(c).conditions ?? []).map((x: any) => [x.type, `${x.status} ${x.reason}: ${x.message}`]))
const replicas = (c: Controllers): number => c.stored('deployments.apps')[0].spec.replicas
const noMetrics = 'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)'

describe('without metrics', () => {
  test('the first look comes after 15 seconds, says what is missing and changes nothing', () => {
    const c = begin(deployment('web', 2), autoscaler('web'))
    wait(c, 8)
    expect(status(c).conditions).toBeUndefined()
    wait(c, 8)
    expect(conditions(c)).toEqual({
      AbleToScale: "True SucceededGetScale: the HPA controller was able to get the target's current scale",
      ScalingActive:
        `False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: ${noMetrics}`,
    })
    expect(c.events('web').filter(e => e.startsWith('Warning'))).toEqual([
      `Warning FailedGetResourceMetric: failed to get cpu utilization: unable to get metrics for resource cpu: ${noMetrics}`,
      `Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: ${noMetrics}`,
    ])
    expect([status(c).currentReplicas, status(c).currentMetrics, replicas(c)]).toEqual([2, [{ type: '' }], 2])
  })
  test.each([
    [
      { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } } }, 'FailedGetPodsMetric',
      'unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      {
        type: 'Object',
        object: { describedObject: { kind: 'Service', name: 'ext', apiVersion: 'v1' }, metric: { name: 'hits' }, target: { type: 'Value', value: '10' } },
      },
      'FailedGetObjectMetric',
      'unable to get metric hits: Service on default ext/unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '10' } } }, 'FailedGetExternalMetric',
      'unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
    ],
    [
      { type: 'ContainerResource', containerResource: { name: 'memory', container: 'app', target: { type: 'AverageValue', averageValue: '10Mi' } } },
      'FailedGetContainerResourceMetric', `failed to get memory usage: unable to get metrics for resource memory: ${noMetrics}`,
    ],
  ])('%j is told as on a real cluster', (metric, reason, message) => {
    const c = begin(deployment('web', 1), autoscaler('web', { metrics: [metric] }))
    wait(c, 16)
    expect(c.events('web').filter(e => e.startsWith(`Warning ${reason}`))).toEqual([`Warning ${reason}: ${message}`])
  })
  test('bounds hold all the same', () => {
    const c = begin(deployment('web', 7), autoscaler('web', { minReplicas: 2, maxReplicas: 3 }))
    wait(c, 16)
    expect(replicas(c)).toBe(3)
    expect(c.events('web').filter(e => e.includes('Rescale'))).toEqual([
      'Normal SuccessfulRescale: New size: 3; reason: Current number of replicas above Spec.MaxReplicas',
    ])
    c.ask({
      verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'default', name: 'web', patchType: 'application/merge-patch+json',
      body: { spec: { replicas: 1 } },
    })
    wait(c, 16)
    expect(replicas(c)).toBe(2)
    c.ask({
      verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'default', name: 'web', patchType: 'application/merge-patch+json',
      body: { spec: { replicas: 0 } },
    })
    wait(c, 16)
    expect(conditions(c)['ScalingActive']).toBe('False ScalingDisabled: scaling is disabled since the replica count of the target is zero')
  })
  test('two of the same pods are told so, once each knows its pods', () => {
    const c = begin(deployment('web', 2), autoscaler('web'), autoscaler('zweb'))
    wait(c, 31)
    const why = 'pods by selector app=web are controlled by multiple HPAs: [default/web default/zweb]'
    expect(c.events('zweb').filter(e => e.includes('HPAs'))).toEqual([`Warning AmbiguousSelector: ${why}`, `Warning FailedComputeMetricsReplicas: ${why}`])
    expect([conditions(c)['ScalingActive'], status(c).currentMetrics]).toEqual([`False AmbiguousSelector: ${why}`, null])
  })
  test('pods that come or go are awaited to be seen, and then the cluster is at rest', () => {
    const c = begin(deployment('web', 2), autoscaler('web'))
    wait(c, 60)
    expect(c.kernel.quiet).toBe(true)
    c.ask({
      verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'default', name: 'web', patchType: 'application/merge-patch+json',
      body: { spec: { replicas: 0 } },
    })
    wait(c, 1)
    expect(c.kernel.quiet).toBe(false)
    wait(c, 31)
    expect(c.kernel.quiet).toBe(true)
    expect(conditions(c)['ScalingActive']).toContain('ScalingDisabled')
  })
  test.each([['Deployment', 'apps/v1', 'deployments.apps "nothere" not found'], ['Foo', 'x/v1', 'no matches for kind "Foo" in group "x"']])(
    'a target that is not there: %s', (kind, apiVersion, why) => {
    const c = begin(autoscaler('lost', { scaleTargetRef: { kind, apiVersion, name: 'nothere' } }))
    wait(c, 16)
    expect(conditions(c)).toEqual({ AbleToScale: `False FailedGetScale: the HPA controller was unable to get the target's current scale: ${why}` })
    expect(c.events('lost')).toEqual([`Warning FailedGetScale: ${why}`])
  }
  )
  test('nothing keeps the cluster from being quiet once all is said', () => {
    const c = begin(deployment('web', 2), autoscaler('web'))
    wait(c, 60)
    expect(c.kernel.quiet).toBe(true)
  })
})

describe('what usage proposes', () => {
  const nowMs = Date.UTC(2026, 0, 1, 1), text = (seconds: number): string => new Date(nowMs - seconds * 1000).toISOString().replace(/\.\d+/, '')
  const pod = (name: string, more: { phase?: string; ready?: boolean; ageSeconds?: number; request?: string; deleted?: boolean } = {}): any => ({
    metadata: { name, ...more.deleted ? { deletionTimestamp: text(1) } : {} },
    spec: { containers: [{ name: 'app', resources: { requests: more.request === '' ? {} : { cpu: more.request ?? '100m' } } }] },
    status: {
      phase: more.phase ?? 'Running', startTime: text(more.ageSeconds ?? 3600),
      conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True', lastTransitionTime: text(more.ageSeconds ?? 3600) }],
    },
  })
  const used = (milli: number): Usage => ({ milli, atMs: nowMs - 10_000, windowMs: 15_000 })
  const ask = (pods: any[], usage: Record<string, number>, target: any = { percent: 80 }) => propose(
    {
      pods, usage: new Map(Object.entries(usage).map(([k, v]) => [k, used(v)])), resource: 'cpu', current: pods.length, nowMs, tolerance: {
        up: 0.1, down: 0.1,
      },
    },
    target
  )
  const two = [pod('a'), pod('b')]
  test.each([
    ['twice the target: twice as many', two, { a: 160, b: 160 }, { replicas: 4, utilization: 160, averageMilli: 160 }],
    ['within a tenth: as many', two, { a: 87, b: 87 }, { replicas: 2, utilization: 87, averageMilli: 87 }],
    ['half the target: half as many', two, { a: 40, b: 40 }, { replicas: 1, utilization: 40, averageMilli: 40 }],
    ['a pod without metrics uses nothing on the way up', [...two, pod('c')], { a: 160, b: 160 }, { replicas: 4, utilization: 160, averageMilli: 160 }],
    ['and all it asked for on the way down', [...two, pod('c')], { a: 20, b: 20 }, { replicas: 2, utilization: 20, averageMilli: 20 }],
    [
      'a pod that is not ready yet uses nothing on the way up', [...two, pod('c', { ready: false, ageSeconds: 60 })], { a: 160, b: 160, c: 500 },
      { replicas: 4, utilization: 160, averageMilli: 160 },
    ],
    [
      'pods that failed or go do not count', [...two, pod('c', { phase: 'Failed' }), pod('d', { deleted: true })], { a: 160, b: 160, c: 900, d: 900 },
      { replicas: 4, utilization: 160, averageMilli: 160 },
    ],
  ])('%s', (_, pods, usage, wanted) => expect(ask(pods as any[], usage as any)).toEqual(wanted))
  test('of an amount rather than a share', () => expect(ask(two, { a: 300, b: 300 }, { milli: 100 })).toEqual({ replicas: 6, averageMilli: 300 }))
  test.each([
    [[pod('a', { request: '' })], { a: 10 }, 'missing request for cpu in container app of Pod a'],
    [[pod('a', { phase: 'Pending' })], { a: 10 }, 'did not receive metrics for targeted pods (pods might be unready)'],
    [[], { a: 10 }, 'no pods returned by selector while calculating replica count'],
  ])('what cannot be told', (pods, usage, error) => expect(ask(pods as any[], usage as any)).toEqual({ error }))
})

/** A cluster whose pods are measured, and an autoscaler of these metrics. */
const measured = (replicas: number, use: string, ...metrics: any[]): string => [
  'Given a cluster with 2 nodes', 'And metrics-server is installed', 'And I apply:', '"""',
  JSON.stringify({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
    spec: {
      replicas, selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'shop:1', resources: { requests: { cpu: '500m', memory: '100Mi' } } }] },
      },
    },
  }),
  '---', JSON.stringify(autoscaler('web', { metrics })), '"""', `And pods of deployment web use ${use}`, 'When 3 minutes pass', '',
].join('\n')
const uses = (name: string, averageUtilization: number): any => ({ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } })
const hits = { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } } }

test('of several metrics the largest proposal counts; one that cannot be had holds against fewer pods, not against more', async () => {
  const wanted = { largest: 'passed', 'in either order': 'passed', 'more in spite of it': 'passed', 'no fewer': 'passed', fewer: 'passed' }
  const much = '600m CPU', little = '100m CPU', six = 'And 4 minutes pass\n'
  const ran = await runFeature({
    largest: `${measured(1, much, uses('cpu', 50), uses('memory', 90))}Then deployment web has 5 replicas`,
    'in either order': `${measured(1, much, uses('memory', 90), uses('cpu', 50))}Then deployment web has 5 replicas`,
    'more in spite of it': `${measured(1, much, hits, uses('cpu', 50))}Then deployment web has 5 replicas\nAnd hpa web has condition ScalingActive=True`,
    'no fewer': `${measured(3, little, hits, uses('cpu', 50))}${six}Then deployment web has 3 replicas\nAnd hpa web has condition ScalingActive=False with reason FailedGetPodsMetric`,
    fewer: `${measured(3, little, uses('cpu', 50))}${six}Then deployment web has 2 replicas`,
  })
  expect(expectations(ran, wanted)).toEqual(wanted)
})

describe('limits', () => {
  const none: Past = { recommendations: [], ups: [], downs: [] }
  const bounds = (more: Partial<Bounds> = {}): Bounds => ({ min: 1, max: 100, current: 10, nowMs: 1_000_000, behavior: undefined, ...more })
  const short = (proposed: number, past: Past, b: Bounds): unknown[] => {
    const { replicas, able, limitedBy } = limit(proposed, past, b)
    return [replicas, able.reason, limitedBy.limited, limitedBy.reason]
  }
  const rules = (up: any = {}, down: any = {}): any => ({
    scaleUp: {
      stabilizationWindowSeconds: 0, selectPolicy: 'Max',
      policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }], ...up,
    },
    scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }], ...down },
  })
  test.each([
    ['up at most twice as fast', 50, none, bounds(), [20, 'ReadyForNewScale', true, 'ScaleUpLimit']],
    ['up at most to the maximum', 50, none, bounds({ max: 15 }), [15, 'ReadyForNewScale', true, 'TooManyReplicas']],
    ['down at most to the minimum', 1, none, bounds({ min: 3 }), [3, 'ReadyForNewScale', true, 'TooFewReplicas']],
    [
      'down not below a recent recommendation', 2, { ...none, recommendations: [{ replicas: 8, atMs: 900_000 }] }, bounds(),
      [8, 'ScaleDownStabilized', false, 'DesiredWithinRange'],
    ],
    [
      'which is forgotten after five minutes', 2, { ...none, recommendations: [{ replicas: 8, atMs: 600_000 }] }, bounds(),
      [2, 'ReadyForNewScale', false, 'DesiredWithinRange'],
    ],
    [
      'and no sooner', 2, { ...none, recommendations: [{ replicas: 8, atMs: 701_000 }] }, bounds(),
      [8, 'ScaleDownStabilized', false, 'DesiredWithinRange'],
    ],
    [
      'a behaviour: down by two pods a minute', 1, none,
      bounds({ behavior: rules({}, { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] }) }),
      [8, 'ReadyForNewScale', true, 'ScaleDownLimit'],
    ],
    [
      'of which one is used up', 1, { ...none, downs: [{ change: 1, atMs: 980_000 }] },
      bounds({ behavior: rules({}, { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] }) }),
      [9, 'ReadyForNewScale', true, 'ScaleDownLimit'],
    ],
    [
      'never down', 1, none, bounds({ behavior: rules({}, { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 }) }),
      [10, 'ReadyForNewScale', true, 'ScaleDownLimit'],
    ],
    [
      'up only when it has been wanted for a while', 30, { ...none, recommendations: [{ replicas: 12, atMs: 990_000 }] },
      bounds({ behavior: rules({ stabilizationWindowSeconds: 60 }) }), [12, 'ScaleUpStabilized', false, 'DesiredWithinRange'],
    ],
    ['the smaller of two steps', 30, none, bounds({ behavior: rules({ selectPolicy: 'Min' }) }), [14, 'ReadyForNewScale', true, 'ScaleUpLimit']],
  ])('%s', (_, proposed, past, b, wanted) => expect(short(proposed as number, past as Past, b as Bounds)).toEqual(wanted))
  test('changes of scale are remembered for as long as a policy looks back', () => {
    const past = withScaleEvent({ ...none, ups: [{ change: 3, atMs: 900_000 }] }, bounds({ behavior: rules() }), 14)
    expect(past.ups).toEqual([{ change: 4, atMs: 1_000_000 }])
  })
})
