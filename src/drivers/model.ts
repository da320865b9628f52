import { Cluster, createCluster } from '../runtime-model/cluster.ts'
import type { ModelOptions } from '../runtime-model/cluster.ts'
import type { ApiResponse } from '../runtime-model/api/request.ts'
import { checkers } from '../runtime-model/checkers/index.ts'
import { operations } from '../runtime-model/operations/index.ts'
import { trafficCount, trafficCountBetween } from '../runtime-model/queries.ts'
import { resolveName, routeOnce, sightOf } from '../runtime-model/reach.ts'
import type { Driver } from './driver.ts'
import { Watches } from './watches.ts'

/** A driver over the model: everything it offers happens at once, in virtual time; promises are only for the rooms above. */
export interface ModelDriver extends Driver {
  readonly cluster: Cluster
  fork(): ModelDriver
  traceHash(): string
  /** What must hold in any cluster and did not, so far: one sentence each. */
  invariantViolations(): readonly string[]
}

export function createModelDriver(options: ModelOptions = {}): ModelDriver { return driverOver(createCluster(options)) }

/** What the checkers have found, and what they keep to find more. */
interface Checked { readonly violations: string[]; readonly seen: readonly unknown[] }
const unchecked = (): Checked => ({ violations: [], seen: checkers.map(c => c.initial?.()) })

export function driverOver(cluster: Cluster, { violations, seen } = unchecked(), kept: ModelDriver['kept'] = new Map()): ModelDriver {
  const waiting = new Map<number, (response: ApiResponse) => void>(), watches = new Watches(cluster)
  for (const [i, checker] of checkers.entries()) {
    cluster.observe(o => {
      const why = checker.check(o, seen[i])
      if (why) violations.push(`${checker.id}: ${why} (at ${cluster.now} ms)`)
    }, checker.types)
  }

  /** Gives answers that have arrived to who waits for them. */
  const deliver = (): void => {
    watches.deliver()
    if (waiting.size === 0) return
    for (const [id, onAnswer] of [...waiting]) { const response = cluster.answer(id); if (response) { waiting.delete(id); onAnswer(response) } }
  }
  const driver: ModelDriver = {
    name: 'model', cluster, seed: cluster.kernel.options.seed, epochMs: cluster.epochMs,
    now: () => cluster.now,
    async request(request) { const response = cluster.request(request); deliver(); return response },
    submit(request, onAnswer) { waiting.set(cluster.submit(request), onAnswer) },
    watch: (request, listener) => watches.open(request, listener),
    async advance(ms) { await driver.runUntil(() => false, cluster.now + ms, { toDeadline: true }) },
    async runUntil(done, deadline, how) { return cluster.runUntil(() => { deliver(); return done() }, deadline, how?.toDeadline) },

    observe: (listener, types) => cluster.observe(listener, types),
    history: () => cluster.history(),
    observation: id => cluster.kernel.trace.get(id),
    stored: (resource, namespace, name) => cluster.stored(resource, namespace, name),
    storedList: (resource, namespace) => cluster.storedList(resource, namespace),
    get nodeTruth() { return cluster.nodeTruth() },
    components: () => cluster.components(),
    rawValue: (resource, namespace, name) => cluster.view().raw(resource, namespace, name),
    traffic: source => trafficCount(cluster.kernel, source),
    trafficBetween: (fromPod, toService, namespace) => trafficCountBetween(cluster.kernel, fromPod, toService, namespace),
    resolve(name, namespace, fromPod) { return resolveName(sightOf(cluster.kernel), name, namespace, fromPod) },
    reach(from, to) { return routeOnce(sightOf(cluster.kernel), from, to) },

    can: () => true,
    inject(fault, args) {
      const done = cluster.inject(fault, args)
      return typeof done === 'string' ? done : { altered: done, heal: () => { cluster.heal(fault, args) } }
    },
    activeRules: () => cluster.activeRules(),
    idleFaults: () => cluster.idleFaults(),
    healAfter: (fault, args, afterMs) => cluster.healAfter(fault, args, afterMs),
    get lastEnd() { return cluster.lastEnd },
    heal: (fault, args) => cluster.heal(fault, args),
    image(name, behaviour) {
      for (const id of [...cluster.kernel.ids('container-runtime'), ...cluster.kernel.ids('kubelet'), ...cluster.kernel.ids('metrics-server')]) {
        cluster.kernel.arrange(id, 'declare-image', { image: name, behaviour })
      }
    },
    operate(operation, args) {
      const run = operations[operation]
      return run ? run(cluster, args) : `not modelled: ${operation}`
    },
    mark: text => cluster.kernel.mark(text),
    fork: () => driverOver(cluster.fork(), { violations: [...violations], seen: structuredClone(seen) }, new Map(kept)), kept,
    get awaits() { return waiting.size > 0 },
    traceHash: () => cluster.traceHash(),
    invariantViolations: () => violations,
    async close() {},
  }
  return driver
}
