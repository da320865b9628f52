import { createCluster } from 'kscenario'
import { expect, test } from 'vitest'

// tests in TypeScript stand beside the feature files, on the same model
test('a pod is scheduled', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.client.create({ kind: 'Pod', metadata: { name: 'catalog' }, spec: { containers: [{ name: 'app', image: 'bookstore/catalog:1' }] } })
  expect(cluster.until(() => cluster.stored('Pod', 'catalog')?.status?.phase === 'Running')).toBe(true)
})
