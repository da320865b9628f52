import { describe, expect, test } from 'vitest'
import { deployment, startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const create = (c: Controllers, body: any): void => {
  expect(c.ask({ verb: 'create', group: 'apps', resource: 'deployments', namespace: 'default', body }).code).toBe(201)
}
const patch = (c: Controllers, spec: any): void => {
  expect(
    c.ask({
      verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web', patchType: 'application/strategic-merge-patch+json',
      body: { spec },
    }).code
  ).toBe(200)
}
const image = (name: string): any => ({ template: { spec: { containers: [{ name: 'app', image: name }] } } })
const only = (c: Controllers): any => c.stored('deployments.apps')[0]
const conditions = (c: Controllers): string[] =>
  only(c).status.conditions.map((x: any) => `${x.type} ${x.status} ${x.reason}: ${x.message.replace(/"web-\w+"/, 'RS')}`).sort()
const sizes = (c: Controllers): string[] => [...c.stored('replicasets.apps')].sort((a, b) =>
  Number(a.metadata.annotations!['deployment.kubernetes.io/revision']) - Number(b.metadata.annotations!['deployment.kubernetes.io/revision'])).map(s =>
  `${s.metadata.annotations!['deployment.kubernetes.io/revision']}: ${s.spec.template.spec.containers[0].image} ${s.spec.replicas}`)
const scalings = (c: Controllers): string[] =>
  c.events('web').filter(e => e.includes('ScalingReplicaSet')).map(e => e.replace(/^.*?: /, '').replace(/web-\w+/, 'RS'))

/** Watches the numbers of a rollout: the most pods there were, and the fewest available ones. */
function bounds(c: Controllers): { most: number; fewest: number } {
  const seen = { most: 0, fewest: Infinity }
  c.kernel.observe(o => {
    if (o.type !== 'object' || o.kind !== 'Pod') return
    const pods = c.stored('pods').filter(p => !p.metadata.deletionTimestamp)
    seen.most = Math.max(seen.most, pods.length)
    seen.fewest = Math.min(seen.fewest, pods.filter(p => p.status.phase === 'Running').length)
  })
  return seen
}

describe('a rolling update', () => {
  test.each([[1, '25%', '25%', 2, 1], [3, '25%', '25%', 4, 3], [4, 1, 0, 5, 4], [4, 0, 1, 4, 3], [10, '30%', '50%', 13, 5], [5, 0, 0, 5, 4]] as const)(
    'of %i pods with surge %s and unavailable %s has at most %i and at least %i', (replicas, maxSurge, maxUnavailable, most, fewest) => {
    const c = startControllers(), zeros = maxSurge === 0 && maxUnavailable === 0
    create(
      c,
      deployment(
        'web', replicas, 'shop:1',
        zeros ? { strategy: { rollingUpdate: { maxSurge: '1%', maxUnavailable: '0%' } } } : { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } }
      )
    )
    c.runPods()
    const seen = bounds(c)
    patch(c, image('shop:2'))
    c.runPods()
    expect(sizes(c)).toEqual(['1: shop:1 0', `2: shop:2 ${replicas}`])
    expect(seen.most).toBeLessThanOrEqual(zeros ? replicas + 1 : most)
    expect(seen.fewest).toBeGreaterThanOrEqual(fewest)
    expect(conditions(c)).toEqual([
      'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
      'Progressing True NewReplicaSetAvailable: ReplicaSet RS has successfully progressed.',
    ])
  }
  )
  test('tells each step', () => {
    const c = startControllers()
    create(c, deployment('web', 3))
    c.runPods()
    patch(c, image('shop:2'))
    c.runPods()
    expect(scalings(c)).toEqual([
      'Scaled up replica set RS from 0 to 3', 'Scaled up replica set RS from 0 to 1', 'Scaled down replica set RS from 3 to 2',
      'Scaled up replica set RS from 1 to 2', 'Scaled down replica set RS from 2 to 1', 'Scaled up replica set RS from 2 to 3',
      'Scaled down replica set RS from 1 to 0',
    ])
  })
  test('that cannot come up keeps the old pods, and says so after its deadline', () => {
    const c = startControllers()
    create(c, deployment('web', 3, 'shop:1', { progressDeadlineSeconds: 60 }))
    c.runPods()
    patch(c, image('broken:1'))
    c.runPods(pod => pod.spec.containers[0].image === 'broken:1' ? 'Pending' : 'Ready')
    expect(sizes(c)).toEqual(['1: shop:1 3', '2: broken:1 1'])
    c.kernel.runTo(c.kernel.now + 55_000)
    expect(conditions(c)[1]).toMatch(/^Progressing True ReplicaSetUpdated/)
    c.kernel.runTo(c.kernel.now + 10_000)
    expect(conditions(c)).toEqual([
      'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
      'Progressing False ProgressDeadlineExceeded: ReplicaSet RS has timed out progressing.',
    ])
  })
  test('back to an earlier template takes its ReplicaSet and gives it the next revision', () => {
    const c = startControllers()
    create(c, deployment('web', 1))
    for (const name of ['shop:2', 'shop:1']) { c.runPods(); patch(c, image(name)) }
    c.runPods()
    expect(sizes(c)).toEqual(['2: shop:2 0', '3: shop:1 1'])
    expect(c.stored('replicasets.apps').map(s => s.metadata.annotations!['deployment.kubernetes.io/revision-history'])).toContain('1')
  })
  test('keeps as many old ReplicaSets as the history limit says', () => {
    const c = startControllers()
    create(c, deployment('web', 1, 'shop:1', { revisionHistoryLimit: 2 }))
    for (let i = 2; i <= 6; i++) { c.runPods(); patch(c, image(`shop:${i}`)) }
    c.runPods()
    expect(sizes(c)).toEqual(['4: shop:4 0', '5: shop:5 0', '6: shop:6 1'])
  })
})

test('Recreate ends all old pods before it makes new ones', () => {
  const c = startControllers()
  create(c, deployment('web', 3, 'shop:1', { strategy: { type: 'Recreate' } }))
  c.runPods()
  const images = new Set<string>()
  c.kernel.observe(o => {
    if (o.type === 'object' && o.kind === 'Pod') images.add([...new Set(c.stored('pods').map(p => p.spec.containers[0].image))].sort().join())
  })
  patch(c, image('shop:2'))
  c.runPods()
  expect(sizes(c)).toEqual(['1: shop:1 0', '2: shop:2 3'])
  expect([...images]).not.toContain('shop:1,shop:2')
})

test('a paused Deployment can be scaled, and rolls out when it is resumed', () => {
  const c = startControllers()
  create(c, deployment('web', 2))
  c.runPods()
  patch(c, { paused: true, ...image('shop:2') })
  c.runPods()
  expect(conditions(c)).toContain('Progressing Unknown DeploymentPaused: Deployment is paused')
  patch(c, { replicas: 4 })
  c.runPods()
  expect(sizes(c)).toEqual(['1: shop:1 4'])
  patch(c, { paused: false })
  c.runPods()
  expect(sizes(c)).toEqual(['1: shop:1 0', '2: shop:2 4'])
})

test('scaled in the middle of a rollout, all its ReplicaSets share the change', () => {
  const c = startControllers()
  create(c, deployment('web', 10, 'shop:1', { strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } }))
  c.runPods()
  patch(c, image('broken:1'))
  c.runPods(pod => pod.spec.containers[0].image === 'broken:1' ? 'Pending' : 'Ready')
  expect(sizes(c)).toEqual(['1: shop:1 8', '2: broken:1 5'])
  patch(c, { replicas: 15 })
  c.runPods(pod => pod.spec.containers[0].image === 'broken:1' ? 'Pending' : 'Ready')
  expect(sizes(c)).toEqual(['1: shop:1 11', '2: broken:1 7'])
})

test('what a quota refuses shows on ReplicaSet and Deployment', () => {
  const c = startControllers()
  c.ask({
    verb: 'create', resource: 'resourcequotas', namespace: 'default',
    body: { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { pods: '1' } } },
  })
  c.settle()
  create(c, deployment('web', 3))
  c.runPods()
  expect(c.stored('pods')).toHaveLength(1)
  expect(conditions(c).find(x => x.startsWith('ReplicaFailure'))).toMatch(
    /^ReplicaFailure True FailedCreate: pods "web-\w+-\w{5}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1$/
  )
})
