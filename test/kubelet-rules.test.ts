import { describe, expect, it } from 'vitest'
import { createCluster } from '../src/library.ts'
import type { LibraryCluster } from '../src/library.ts'
import { inBackoff, nextBackoff } from '../src/runtime-model/kubelet/backoff.ts'
import type { Backoff } from '../src/runtime-model/kubelet/backoff.ts'

/** Numbers and choices of a kubelet that no message tells. */
describe('the wait before a container is started again', () => {
  it('doubles from 10 s to 5 minutes', () => {
    let entry: Backoff | undefined
    const waits = Array.from({ length: 7 }, () => (entry = nextBackoff(entry, entry?.at ?? 0, (entry?.at ?? 0) + (entry?.ms ?? 0))).ms)
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
  })
  it('begins anew after a rest of more than ten minutes', () => {
    const entry = { ms: 300_000, at: 0 }
    expect([nextBackoff(entry, 600_000, 600_000).ms, nextBackoff(entry, 600_001, 600_001).ms]).toEqual([300_000, 10_000])
    expect([inBackoff(entry, 600_000, 600_000), inBackoff(entry, 600_001, 600_001)]).toEqual([true, false])
  })
})

const podOf = (name: string, behaviour: string, more: any = {}, container: any = {}): any => ({
  kind: 'Pod', metadata: { name, annotations: { 'behaviour.kscenario.dev/app': behaviour } },
  spec: { containers: [{ name: 'app', image: 'shop/web:1', ...container }], ...more },
})
/** `name message` of Events of a reason, from now on, each once */
function eventsOf(cluster: LibraryCluster, reason: string): string[] {
  const told: string[] = []
  cluster.observe((o: any) => {
    if (o.type === 'object' && o.resource === 'events' && o.new?.reason === reason && !o.old) told.push(`${o.new.involvedObject.name} ${o.new.message}`)
  })
  return told
}
const container = (cluster: any, name: string, which = 'app'): any[] =>
  cluster.stored('Pod', name).status.containerStatuses.filter((c: any) => c.name === which)

describe('probes', () => {
  it('of the start end a container that never starts up', () => {
    const cluster = createCluster({ nodes: 1 }), told = eventsOf(cluster, 'Killing')
    cluster.client.create(podOf('slow', '{exec: [{code: 1}]}', {}, { startupProbe: { exec: { command: ['up'] }, periodSeconds: 2, failureThreshold: 3 } }))
    cluster.advance('60s')
    expect(container(cluster, 'slow')[0].restartCount).toBeGreaterThan(0)
    expect(told).toEqual(['slow Container app failed startup probe, will be restarted'])
  })
  it.each([0, 3, 7])('of readiness are taken over by a kubelet that starts anew: a pod that was ready stays so (seed %i)', seed => {
    const cluster = createCluster({ nodes: 1, seed }), probe = { exec: { command: ['up'] }, periodSeconds: 20 }
    const names = ['app', 'log'], annotations = Object.fromEntries(names.map(n => [`behaviour.kscenario.dev/${n}`, '{exec: [{code: 0}]}']))
    cluster.client.create({
      kind: 'Pod', metadata: { name: 'web', annotations },
      spec: { containers: names.map(name => ({ name, image: 'shop/web:1', readinessProbe: probe })) },
    } as any)
    cluster.advance('90s')
    const seen = new Set<boolean>([true]), start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    const ready = (): boolean[] => container(cluster, 'web', 'app').concat(container(cluster, 'web', 'log')).map((c: any) => c.ready)
    cluster.observe((o: any) => { if (o.type === 'object' && o.resource === 'pods') ready().forEach(r => seen.add(r)) })
    cluster.advance('5s'); start(); cluster.advance('120s')
    expect([...seen]).toEqual([true])
  })
})

it('ends the less important first where memory is scarce, whoever uses more', () => {
  const cluster = createCluster({ nodes: 1 })
  for (const [name, value] of [['gold', 100], ['iron', -100]] as const) {
    cluster.client.create({ kind: 'PriorityClass', apiVersion: 'scheduling.k8s.io/v1', metadata: { name }, value } as any)
  }
  cluster.client.create(podOf('heavy', '{memory: 900Mi}', { priorityClassName: 'gold' }))
  cluster.client.create(podOf('light', '{memory: 100Mi}', { priorityClassName: 'iron' }))
  cluster.client.create(podOf('modest', '{memory: 100Mi}', { priorityClassName: 'iron' }, { resources: { requests: { memory: '200Mi' } } }))
  cluster.advance('10s')
  const told = eventsOf(cluster, 'Evicted')
  cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
  cluster.advance('45s')
  expect(told.map(t => t.split(' ')[0])).toEqual(['light', 'heavy', 'modest'])
})

it('addresses of a node are given again, in turn, once their pods are gone', () => {
  const cluster = createCluster({ nodes: 1 }), given: string[] = []
  for (let i = 0; i < 260; i++) {
    cluster.client.create({ kind: 'Pod', metadata: { name: `p-${i}` }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: 'a:1' }] } })
    cluster.advance('2s')
    given.push(cluster.stored('Pod', `p-${i}`)!.status!.podIP!)
    cluster.client.delete('Pod', `p-${i}`)
    cluster.advance('2s')
  }
  const first = given.indexOf(given.at(-1)!)
  expect(given).not.toContain(undefined)
  expect([new Set(given.slice(0, 250)).size, first < 20]).toEqual([250, true])
})
