import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../src/runtime-model/api/request.ts'
import { dataHash, templateData } from '../src/runtime-model/kube-controller-manager/revisions.ts'
import { createAll, startControllers, wishesOfAll } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

const claim = { metadata: { name: 'data', labels: { tier: 'disk' } }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
const statefulSet = (name: string, replicas: number, spec: any = {}): any => ({
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name },
  spec: {
    serviceName: name, replicas, selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'db:1' }] } }, ...spec,
  },
})
const begin = (...objects: any[]): Controllers => { const c = startControllers(); expect(createAll(c, ...objects)).toBeUndefined(); return c }
const patch = (c: Controllers, spec: any): void => {
  expect(
    c.ask({
      verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: 'default', name: 'db', patchType: 'application/strategic-merge-patch+json',
      body: { spec },
    }).code
  ).toBe(200)
}
const setImage = (c: Controllers, image: string): void => patch(c, { template: { spec: { containers: [{ name: 'app', image }] } } })
const pods = (c: Controllers): readonly KubeObject[] => c.stored('pods').filter(p => !p.metadata.deletionTimestamp)
const images = (c: Controllers): Record<string, string> => Object.fromEntries(pods(c).map(p => [p.metadata.name, p.spec.containers[0].image]))
const status = (c: Controllers): any => c.stored('statefulsets.apps')[0].status
/** names of pods in the order of their creations (+) and deletions (-) */
function story(c: Controllers, run: () => void): string[] {
  const seen: string[] = []
  const stop = c.kernel.observe(o => {
    if (o.type === 'object' && o.resource === 'pods') {
      const name = (o.new ?? o.old)!.metadata.name
      if (o.change === 'ADDED') seen.push(`+${name}`); else if (o.new?.metadata.deletionTimestamp && !o.old?.metadata.deletionTimestamp) seen.push(`-${name}`)
    }
  })
  run()
  stop()
  return seen
}

describe('order', () => {
  test('pods come one after the other, each when the one before is ready, and go in reverse', () => {
    const c = startControllers()
    expect(story(c, () => { createAll(c, statefulSet('db', 3)); c.settle() })).toEqual(['+db-0'])
    expect(story(c, () => c.runPods())).toEqual(['+db-1', '+db-2'])
    expect(story(c, () => { patch(c, { replicas: 1 }); c.runPods() })).toEqual(['-db-2', '-db-1'])
    expect(c.events('db')).toEqual(['Create Pod db-0', 'Create Pod db-1', 'Create Pod db-2', 'Delete Pod db-2', 'Delete Pod db-1'].map(
      what => `Normal Successful${what.split(' ')[0]}: ${what} in StatefulSet db successful`
    ))
  })
  test('in parallel nothing waits, but an update still takes one at a time', () => {
    const c = startControllers()
    expect(story(c, () => { createAll(c, statefulSet('db', 3, { podManagementPolicy: 'Parallel' })); c.settle() })).toEqual(['+db-0', '+db-1', '+db-2'])
    c.runPods()
    expect(story(c, () => { setImage(c, 'db:2'); c.settle() })).toEqual(['-db-2', '+db-2'])
    expect(story(c, () => c.runPods())).toEqual(['-db-1', '+db-1', '-db-0', '+db-0'])
  })
  test('a pod that failed is replaced under its own name', () => {
    const c = begin(statefulSet('db', 2))
    c.runPods()
    const before = pods(c).find(p => p.metadata.name === 'db-0')!
    c.ask({
      verb: 'patch', resource: 'pods', subresource: 'status', namespace: 'default', name: 'db-0', patchType: 'application/merge-patch+json',
      body: { status: { phase: 'Failed' } },
    })
    c.runPods()
    expect(pods(c).find(p => p.metadata.name === 'db-0')!.metadata.uid).not.toBe(before.metadata.uid)
    expect(status(c)).toMatchObject({ replicas: 2, readyReplicas: 2 })
  })
  test('ordinals may start elsewhere', () => {
    const c = begin(statefulSet('db', 2, { ordinals: { start: 5 } }))
    c.runPods()
    expect(Object.keys(images(c))).toEqual(['db-5', 'db-6'])
    expect(pods(c)[0].metadata.labels).toMatchObject({ 'apps.kubernetes.io/pod-index': '5', 'statefulset.kubernetes.io/pod-name': 'db-5' })
  })
})

describe('updates', () => {
  test('go from the highest ordinal down to the partition, and pods below it keep their revision even when they are made anew', () => {
    const c = begin(statefulSet('db', 3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }))
    c.runPods()
    const first = status(c).currentRevision
    setImage(c, 'db:2')
    c.runPods()
    expect(images(c)).toEqual({ 'db-0': 'db:1', 'db-1': 'db:2', 'db-2': 'db:2' })
    expect(status(c)).toMatchObject({ currentReplicas: 1, updatedReplicas: 2, currentRevision: first })
    c.say('delete pods default/db-0')
    c.runPods()
    expect(images(c)['db-0']).toBe('db:1')
    patch(c, { updateStrategy: { rollingUpdate: { partition: 0 } } })
    c.runPods()
    expect(status(c).currentRevision).toBe(status(c).updateRevision)
    expect(status(c).currentRevision).not.toBe(first)
  })
  test('a broken one stops at its first pod', () => {
    const c = begin(statefulSet('db', 3))
    c.runPods()
    setImage(c, 'db:broken')
    c.runPods(p => p.spec.containers[0].image === 'db:broken' ? 'Pending' : 'Ready')
    expect(images(c)).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:broken' })
  })
  test('wait for the user with OnDelete', () => {
    const c = begin(statefulSet('db', 2, { updateStrategy: { type: 'OnDelete' } }))
    c.runPods()
    setImage(c, 'db:2')
    c.runPods()
    expect(images(c)).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1' })
    c.say('delete pods default/db-1')
    c.runPods()
    expect(images(c)).toEqual({ 'db-0': 'db:1', 'db-1': 'db:2' })
  })
  test('make a revision for each template, take an old one up again under a new number, and forget the oldest', () => {
    const c = begin(statefulSet('db', 1, { revisionHistoryLimit: 1 }))
    const numbers = (): number[] => c.stored('controllerrevisions.apps').map(r => r.revision).sort()
    c.runPods()
    for (const image of ['db:2', 'db:1']) { setImage(c, image); c.runPods() }
    expect(numbers()).toEqual([2, 3])
    for (const image of ['db:4', 'db:5']) { setImage(c, image); c.runPods() }
    expect(numbers()).toEqual([4, 5])
  })
  test('revisions are named as on a real cluster', () => {
    // seen on a 1.35.4 cluster
    const container = {
      name: 'app', image: 'example.com/db:1', resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
    }
    const spec = {
      containers: [container], restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {},
      schedulerName: 'default-scheduler',
    }
    expect(dataHash(
      templateData({ spec: { template: { metadata: { labels: { app: 'db' }, annotations: { note: 'a<b & ü' } }, spec } } } as any), 0
    )).toBe('567df47fbf')
  })
})

test('pods are available, and the next one comes, only after minReadySeconds', () => {
  const c = begin(statefulSet('db', 2, { minReadySeconds: 20 }))
  c.runPods()
  expect(Object.keys(images(c))).toEqual(['db-0'])
  expect(status(c)).toMatchObject({ readyReplicas: 1, availableReplicas: 0 })
  c.kernel.runTo(c.kernel.now + 22_000)
  expect(Object.keys(images(c))).toEqual(['db-0', 'db-1'])
})

describe('claims', () => {
  const claims = (c: Controllers): Record<string, string | undefined> => Object.fromEntries(c.stored('persistentvolumeclaims')
    .filter(p => !p.metadata.deletionTimestamp)
    .map(p => [p.metadata.name, p.metadata.ownerReferences?.map(o => o.kind).join()]))
  const withPolicy = (policy: any): Controllers => {
    const c = begin(statefulSet('db', 2, { volumeClaimTemplates: [claim], persistentVolumeClaimRetentionPolicy: policy }))
    c.runPods()
    return c
  }
  test('are made with their pod, by template, and stay', () => {
    const c = withPolicy({})
    expect(claims(c)).toEqual({ 'data-db-0': undefined, 'data-db-1': undefined })
    expect(c.stored('persistentvolumeclaims')[0].metadata.labels).toEqual({ app: 'db', tier: 'disk' })
    expect(pods(c)[0].spec.volumes[0]).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } })
    patch(c, { replicas: 1 })
    c.runPods()
    expect(Object.keys(claims(c))).toEqual(['data-db-0', 'data-db-1'])
    expect(c.events('db')[0]).toBe('Normal SuccessfulCreate: Create Claim data-db-0 Pod db-0 in StatefulSet db success')
  })
  test('belong to the set when they are to go with it, from their pod on', () => {
    const c = withPolicy({ whenDeleted: 'Delete' })
    expect(claims(c)).toEqual({ 'data-db-0': 'StatefulSet', 'data-db-1': 'StatefulSet' })
    expect(c.events('db').filter(e => e.includes('FailedUpdate'))).toEqual([])
  })
  test('belong to the pod that is scaled away, and go with it', () => {
    const c = withPolicy({ whenScaled: 'Delete' })
    expect(claims(c)).toEqual({ 'data-db-0': undefined, 'data-db-1': undefined })
    patch(c, { replicas: 1 })
    c.runPods()
    expect(claims(c)).toEqual({ 'data-db-0': undefined })
  })
})

test('a settled StatefulSet leaves nothing to do', () => {
  const c = begin(statefulSet('db', 2, {
    volumeClaimTemplates: [claim], persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
  }))
  c.runPods()
  setImage(c, 'db:2')
  c.runPods()
  // a claim that waits is told so again and again
  expect(wishesOfAll(c).filter(w => !w.includes('FailedBinding'))).toEqual([])
})
