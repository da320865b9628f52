import { expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'

/**
 * What a Node tells of the images that it has, and what the scheduler makes of it. Source: a kubelet of 1.35 told of an image up to forty seconds after its
 * pull, of images of one size the last by name first; pkg/kubelet/nodestatus/setters.go, pkg/scheduler/framework/plugins/imagelocality
 */
const pod = (name: string, image: string, spec: any = {}): any => ({ kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'app', image }], ...spec } })
const imagesOf = (cluster: LibraryCluster, node = 'worker-1'): any[] => (cluster.stored('Node', node) as any).status.images ?? []
const namesOf = (cluster: LibraryCluster, node = 'worker-1'): string[] => imagesOf(cluster, node).flatMap(i => i.names)

test('an image is told of by its digest and its full name, at the latest forty seconds after its pull', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.advance('45s')
  cluster.client.create(pod('web', 'shop/web:1'))
  cluster.advance('45s')
  const told = imagesOf(cluster).find(i => i.names.includes('docker.io/shop/web:1'))
  expect(told.names).toEqual([expect.stringMatching(/^docker\.io\/shop\/web@sha256:[0-9a-f]{64}$/), 'docker.io/shop/web:1'])
  expect(told.sizeBytes).toBeGreaterThan(2_000_000)
})
test('the largest come first, no more than fifty are told of, and a cluster that tells of them is quiet again', () => {
  const cluster = createCluster({ nodes: [{ name: 'worker-1', pods: 200 } as any] })
  const containers = Array.from({ length: 60 }, (_, i) => ({ name: `c${i}`, image: `many/image-${i}:1` }))
  cluster.client.create({ kind: 'Pod', metadata: { name: 'many' }, spec: { containers } } as any)
  cluster.advance('2m')
  const sizes = imagesOf(cluster).map(i => i.sizeBytes)
  expect(sizes).toHaveLength(50)
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  expect(cluster.model.kernel.quiet).toBe(true)
})
test('a pod goes where its image is, if that is large and called by its full name', () => {
  const cases = [['registry.example.com/team/large:1', '900Mi', true], ['team/large:1', '900Mi', false], ['registry.example.com/team/small:1', '20Mi', false]] as const
  for (const [image, size, together] of cases) {
    const cluster = createCluster({ nodes: ['1', '2', '3'].map(n => ({ name: `worker-${n}` })) })
    const first = pod('first', image, { nodeName: 'worker-2' })
    cluster.client.create({ ...first, metadata: { ...first.metadata, annotations: { 'behaviour.kscenario.dev/app': `size: ${size}` } } })
    cluster.advance('1m')
    expect(namesOf(cluster, 'worker-2').some(n => n.endsWith(image))).toBe(true)
    cluster.client.create(pod('second', image))
    cluster.advance('10s')
    expect((cluster.stored('Pod', 'second') as any).spec.nodeName === 'worker-2').toBe(together)
  }
})
