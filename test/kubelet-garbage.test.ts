import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import { configureImages } from '../src/runtime-model/operations/eviction.ts'

/** Images and containers that nobody needs. Source: pkg/kubelet/images/image_gc_manager.go, pkg/kubelet/pod_container_deletor.go */
const letters = ['a', 'b', 'c', 'd']
const pod = (name: string): any => ({ kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image: `shop.example/${name}:1` }] } })
function withPods(names: readonly string[]): ReturnType<typeof createCluster> {
  const cluster = createCluster({ nodes: 1 })
  for (const name of names) cluster.client.create(pod(name))
  cluster.advance('20s')
  return cluster
}
const runtimeOf = (cluster: ReturnType<typeof createCluster>): any => cluster.model.kernel.stateOf('container-runtime/worker-1')
const imagesOf = (cluster: ReturnType<typeof createCluster>): Map<string, number> =>
  new Map([...runtimeOf(cluster).images.values()].filter((i: any) => i.ref.startsWith('shop.')).map((i: any) => [i.ref.slice(13, 14), i.bytes]))

test('what was used longest ago goes first, and no more than has to', () => {
  fc.assert(fc.property(
    fc.shuffledSubarray(letters, { minLength: 1 }), fc.shuffledSubarray([100, 150, 250, 400], { minLength: 1, maxLength: 1 }),
    (gone, [missingMi]) => {
      const cluster = withPods(letters), before = imagesOf(cluster)
      configureImages(cluster.model, { node: 'worker-1', highPercent: 71, lowPercent: 70 })
      for (const name of gone) { cluster.advance('6m'); cluster.client.delete('Pod', name) }
      cluster.advance('6m')
      let told = false
      cluster.observe((o: any) => { told ||= o.type === 'object' && o.resource === 'events' && o.new?.reason === 'FreeDiskSpaceFailed' })
      cluster.inject('node-left', { node: 'worker-1', kind: 'disk', left: `${30 * 1024 - missingMi}Mi` })
      cluster.advance('6m')
      let freed = 0
      const going = gone.filter(name => freed < missingMi * 2 ** 20 && (freed += before.get(name)!) > 0)
      expect([...imagesOf(cluster).keys()].sort()).toEqual(letters.filter(name => !going.includes(name)))
      expect(told).toBe(freed < missingMi * 2 ** 20)
    }
  ), { numRuns: 12 })
})
test('an image is no garbage in the first two minutes after it was seen', () => {
  const cluster = withPods(['a'])
  cluster.client.delete('Pod', 'a')
  cluster.inject('node-left', { node: 'worker-1', kind: 'disk', left: '12Gi' })
  cluster.advance('4m')
  expect([...imagesOf(cluster).keys()]).toEqual(['a'])
  cluster.advance('6m')
  expect([...imagesOf(cluster).keys()]).toEqual([])
})
test('a kubelet that starts anew knows its policy, and no longer what was used when', () => {
  const cluster = withPods(['a'])
  configureImages(cluster.model, { node: 'worker-1', maxAgeMs: 3_600_000 })
  const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
  cluster.advance('5s'); start(); cluster.advance('10s')
  cluster.client.delete('Pod', 'a')
  cluster.advance('50m')
  expect([...imagesOf(cluster).keys()]).toEqual(['a'])
  cluster.advance('20m')
  expect([...imagesOf(cluster).keys()]).toEqual([])
})
test('of the containers of a name that have ended one stays', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create({ ...pod('a'), metadata: { name: 'a', annotations: { 'behaviour.kscenario.dev/app': '{exit: {after: 2s, code: 1}}' } } })
  cluster.advance('5m')
  const [crash] = [...runtimeOf(cluster).pods.values()].filter((p: any) => p.name === 'a')
  expect(crash.containers.map((c: any) => c.state)).toEqual(['exited'])
  expect((cluster.stored('Pod', 'a') as any).status.containerStatuses[0].lastState.terminated.exitCode).toBe(1)
})
