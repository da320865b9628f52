import type { ComponentState, Driver, TrafficCount } from '../../drivers/driver.ts'
import type { KubeObject } from '../../runtime-model/api/request.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { History } from './history.ts'
import { NodeHistory } from './node-history.ts'

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`
const byKey = (a: KubeObject, b: KubeObject): number => {
  const x = keyOf(a.metadata.namespace ?? '', a.metadata.name), y = keyOf(b.metadata.namespace ?? '', b.metadata.name)
  return x < y ? -1 : x > y ? 1 : 0
}
const led = ['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager']

/**
 * The cluster as it was after the observation `id`, and then forward one observation at a time: predicates read it as they read the
 * cluster of now. Objects are those of now with every later change undone; nodes and components are told by their observations.
 */
export class PastCluster {
  /** reads the past; everything else is the cluster's own */
  readonly driver: Driver
  readonly #now: Driver
  readonly #history: History
  /** resource → key → object then; null: there was none */
  readonly #objects = new Map<string, Map<string, KubeObject | null>>()
  #nodes: NodeHistory | undefined
  #id: number
  #at: number

  /**
   * As it was behind the observation `id`: when that was made, or at a later moment before the next one. What happened while the cluster came up was before
   * the run began, whose clock is another one.
   */
  constructor(now: Driver, history: History, id: number, at = id < history.firstId ? 0 : history.at(id)?.at ?? 0) {
    this.#now = now; this.#history = history; this.#id = id
    this.#at = at
    for (let later = history.lastId; later > id; later--) {
      const o = history.at(later)
      if (o?.type === 'object') this.#put(o, o.change === 'ADDED' ? null : o.old ?? null)
    }
    this.driver = this.#reader()
  }
  get id(): number { return this.#id }

  /** The next observation has happened. */
  apply(o: Observation): void {
    this.#id = o.id; this.#at = o.at
    if (o.type === 'object') this.#put(o, o.change === 'DELETED' ? null : o.new)
    this.#nodes?.apply(o)
  }
  #put(o: Extract<Observation, { readonly type: 'object' }>, object: KubeObject | null): void {
    let of = this.#objects.get(o.resource)
    if (!of) this.#objects.set(o.resource, (of = new Map()))
    of.set(keyOf(o.namespace, o.name), object)
  }

  #reader(): Driver {
    const past = this, now = this.#now
    return Object.create(now, {
      now: { value: () => past.#at },
      stored: {
        value: (resource: string, namespace: string, name: string) => {
          const then = past.#objects.get(resource)?.get(keyOf(namespace, name))
          return then === undefined ? now.stored(resource, namespace, name) : then ?? undefined
        },
      },
      storedList: { value: (resource: string, namespace?: string) => past.#list(resource, namespace) },
      nodeTruth: { get: () => past.#nodeHistory() },
      components: { value: () => past.#components() },
      traffic: { value: (source: string) => past.#traffic(source) },
      history: { value: function * () { for (const o of past.#history.own) { if (o.id > past.#id) return; yield o } } },
    }) as Driver
  }
  #list(resource: string, namespace: string | undefined): readonly KubeObject[] {
    const present = this.#now.storedList(resource, namespace), then = this.#objects.get(resource)
    if (!then) return present
    const kept = present.filter(o => !then.has(keyOf(o.metadata.namespace ?? '', o.metadata.name)))
    const others = [...then.values()].filter((o): o is KubeObject => o !== null && (namespace === undefined || o.metadata.namespace === namespace))
    return [...kept, ...others].sort(byKey)
  }
  #nodeHistory(): NodeHistory {
    if (!this.#nodes) {
      this.#nodes = new NodeHistory(this.#now)
      for (let id = 1; id <= this.#id; id++) { const o = this.#history.at(id); if (o) this.#nodes.apply(o) }
    }
    return this.#nodes
  }
  /** Who leads is what the stored Lease said then. */
  #components(): readonly ComponentState[] {
    const history = this.#nodeHistory()
    const holder = (component: string): string | undefined =>
      this.driver.stored('leases.coordination.k8s.io', 'kube-system', component)?.spec?.holderIdentity?.split('_')[0]
    return history.components().map(c => led.includes(c.component) ? { ...c, leader: holder(c.component) === c.node && history.mayLead(c) } : c)
  }
  /** As far as has been counted by then; requests that nobody has counted yet were served. */
  #traffic(source: string): TrafficCount | undefined {
    if (this.#now.traffic(source) === undefined) return undefined
    const count = { sent: 0, served: 0, lost: 0, why: {} as Record<string, number>, servedBy: {} as Record<string, number>, servedByUnready: 0 }
    for (const o of this.#history.own) {
      if (o.id > this.#id) break
      if (o.type !== 'traffic' || o.source !== source) continue
      count.sent += o.count; count[o.outcome] += o.count
      const [tally, what] = o.outcome === 'lost' ? [count.why, o.why ?? 'lost'] : [count.servedBy, o.by ?? 'served']
      tally[what] = (tally[what] ?? 0) + o.count
    }
    return count
  }
}
