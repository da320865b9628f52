import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCluster } from '../src/library.ts'
import { configureEviction } from '../src/runtime-model/operations/eviction.ts'

/** Evictions by what is left. Source: pkg/kubelet/eviction/{eviction_manager,helpers}.go */
const numbers = fc.record({
  left: fc.integer({ min: 0, max: 600 }), soft: fc.integer({ min: 120, max: 500 }), graceSeconds: fc.integer({ min: 5, max: 200 }),
  reclaim: fc.constantFrom(0, 100, 700), uses: fc.uniqueArray(fc.integer({ min: 10, max: 900 }), { minLength: 1, maxLength: 5 }),
})

test('as many go as have to, the greatest first: at once below the hard threshold, after its grace below the soft one', () => {
  fc.assert(fc.property(numbers, ({ left, soft, graceSeconds, reclaim, uses }) => {
    const cluster = createCluster({ nodes: 1 }), evicted: { readonly at: number; readonly uses: number }[] = []
    configureEviction(cluster.model, { node: 'worker-1', kind: 'memory', threshold: `${soft}Mi`, graceMs: graceSeconds * 1000, maxPodGraceMs: 0 })
    configureEviction(cluster.model, { node: 'worker-1', kind: 'memory', reclaim: `${reclaim}Mi` })
    uses.forEach(u => cluster.client.create({
      kind: 'Pod', metadata: { name: `p${u}`, annotations: { 'behaviour.kscenario.dev/app': `{memory: ${u}Mi}` } },
      spec: { containers: [{ name: 'app', image: 'shop/web:1' }] },
    }))
    cluster.advance('10s')
    cluster.observe((o: any) => {
      if (o.type === 'object' && o.resource === 'events' && o.new?.reason === 'Evicted' && !o.old) {
        evicted.push({ at: cluster.now, uses: Number(o.new.involvedObject.name.slice(1)) })
      }
    })
    const from = cluster.now
    cluster.inject('node-left', { node: 'worker-1', kind: 'memory', left: `${left}Mi` })
    cluster.advance('10m')
    // what the eviction manager would do, look after look
    const order = [...uses].sort((a, b) => b - a), expected: number[] = []
    let available = left, hard = left < 100, softly = left < soft
    while ((hard || softly) && expected.length < order.length) {
      available += order[expected.length]
      expected.push(order[expected.length])
      hard &&= available < 100 + reclaim
      softly &&= available < soft + reclaim
    }
    expect(evicted.map(e => e.uses)).toEqual(expected)
    if (expected.length === 0) return
    const due = left < 100 ? 0 : graceSeconds * 1000
    expect(evicted[0].at - from).toBeGreaterThanOrEqual(due)
    expect(evicted[0].at - from).toBeLessThan(due + 200)
  }), { numRuns: 40 })
})
test('thresholds are of the configuration: a kubelet that starts anew has them', () => {
  const cluster = createCluster({ nodes: 1 })
  configureEviction(cluster.model, { node: 'worker-1', kind: 'disk', threshold: '30Gi', graceMs: 1000, maxPodGraceMs: 0 })
  const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
  cluster.advance('5s'); start(); cluster.advance('10s')
  cluster.inject('node-left', { node: 'worker-1', kind: 'disk', left: '20Gi' })
  cluster.advance('1s')
  expect((cluster.stored('Node', 'worker-1') as any).status.conditions.find((c: any) => c.type === 'DiskPressure').status).toBe('True')
})
