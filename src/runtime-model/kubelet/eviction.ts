import { used, type Used } from '../api/behaviour.ts'
import { usageMatches } from '../api/pod-usage.ts'
import { formatUnits, unitsOf } from '../api/quantity.ts'
import { reclaimDisk } from './container-garbage.ts'
import { specOf } from './containers.ts'
import { graceMs } from './kill.ts'
import { report } from './node-status.ts'
import { statusNow } from './pod-status.ts'
import { requestsOf } from './requests.ts'
import type { Session } from './session.ts'
import { setStatus } from './status-manager.ts'
import type { Worker } from './worker.ts'

/**
 * Too little memory, disk or process ids on the node: a condition, and pods that are ended one after the other: who uses more than it requests, then
 * who matters less, then who uses most beyond its request. How much is left on the node is not modelled: the fault says that it is too little.
 * Source: pkg/kubelet/eviction/{eviction_manager,helpers}.go (rankMemoryPressure, rankDiskPressureFunc, rankPIDPressure, evictionMessage)
 */
const lookMs = 10_000, transitionMs = 300_000
const starved: Readonly<Record<string, readonly [resource: string, threshold: string, available: string]>> = {
  memory: ['memory', '100Mi', '80Mi'], disk: ['ephemeral-storage', '10737418240', '8589934592'], pid: ['pids', '1000', '900'],
}

export function pressureChanged(session: Session, kind: string, on: boolean): void {
  if (starved[kind] === undefined) { session.record({ type: 'note', text: `not modelled: pressure of ${kind}` }); return }
  const { pressure, pressed } = session.state.node, others = pressed.filter(p => p !== kind)
  session.state = { ...session.state, node: { ...session.state.node, pressed: on ? [...others, kind] : others } }
  if (on === kind in pressure) { if (on) session.cancel(`calm-${kind}`); return }
  if (!on) return session.timer(`calm-${kind}`, session.now + transitionMs)
  session.cancel(`calm-${kind}`)
  session.state = { ...session.state, node: { ...session.state.node, pressure: { ...pressure, [kind]: session.now } } }
  session.nodeEvent('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${starved[kind][0]}`)
  report(session)
  session.timer(`evict-${kind}`, session.now)
}
export function pressureTimer(session: Session, key: string): boolean {
  const [what, kind] = key.split('-'), { pressure } = session.state.node
  if (starved[kind] === undefined || (what !== 'calm' && what !== 'evict')) return false
  if (what === 'evict') { if (kind in pressure) evictNext(session, kind) } else {
    const { [kind]: _, ...rest } = pressure
    session.cancel(`evict-${kind}`)
    session.state = { ...session.state, node: { ...session.state.node, pressure: rest } }
    report(session)
  }
  return true
}

/** What is told of an eviction, and how long its pod has to end, ms. */
export interface Words { readonly threshold: string; readonly available: string; readonly graceMs: number }

/** The pod that goes first, as long as the pressure lasts that a fault has said. */
function evictNext(session: Session, kind: string): void {
  const [, threshold, available] = starved[kind]
  if (kind === 'disk') reclaimDisk(session)
  if (evictOne(session, kind, { threshold, available, graceMs: 1000 }) !== undefined) session.timer(`evict-${kind}`, session.now + lookMs)
}
/** Ends the pod that goes first, and answers how much it has used; undefined: there is none. */
export function evictOne(session: Session, kind: string, words: Words): number | undefined {
  const able = session.state.workers.sorted()
    .map(([, w]) => w)
    .filter(w => w.stage === 'sync' && !w.fromFile && (w.pod.spec.priority ?? 0) < criticalPriority && w.latest?.containers.some(c => c.state === 'running'))
  if (able.length === 0) return undefined
  const all = able.map(worker => ({ worker, priority: worker.pod.spec.priority ?? 0, ...standing(session, worker, kind) }))
  all.sort((a, b) =>
    Number(b.over > 0 && kind !== 'pid') - Number(a.over > 0 && kind !== 'pid') || a.priority - b.priority || b.over - a.over
      || (a.worker.uid < b.worker.uid ? -1 : 1))
  evict(session, session.worker(all[0].worker.uid)!, kind, all[0].containers, words)
  return all[0].containers.reduce((sum, c) => sum + c.uses, 0)
}
const criticalPriority = 2_000_000_000

/** how much of it a container uses and requests */
interface Standing { readonly name: string; readonly uses: number; readonly requests: number }
type Scarce = Exclude<Used, 'cpu'>
const whatOf: Readonly<Record<string, Scarce>> = { memory: 'memory', disk: 'disk', pid: 'processes' }
/** Of whom nothing was said uses what it requests, and a little where it requests nothing: an approximation. */
const little: Readonly<Record<Scarce, number>> = { memory: unitsOf('50Mi'), disk: unitsOf('1Mi'), processes: 1 }

function standing(session: Session, worker: Worker, kind: string): { readonly over: number; readonly containers: readonly Standing[] } {
  const what = whatOf[kind], [resource] = starved[kind], running = (worker.latest?.containers ?? []).filter(c => c.state === 'running')
  // said of the whole pod
  const said = kind === 'memory' ? session.state.usage.findLast(rule => rule.memory !== undefined && usageMatches(rule, worker.pod))?.memory : undefined
  const containers = running.map(c => {
    const ofItself = used(c.behaviour, what, session.now - c.startedAt)
    const requests = kind === 'pid' ? 0 : unitsOf(specOf(worker.pod, c.name)?.resources?.requests?.[resource])
    return { name: c.name, requests, uses: said === undefined ? ofItself ?? (requests || little[what]) : Math.floor(unitsOf(said) / running.length) }
  })
  return { over: containers.reduce((sum, c) => sum + c.uses, 0) - (kind === 'pid' ? 0 : requestsOf(worker.pod).get(resource) ?? 0), containers }
}

function evict(session: Session, worker: Worker, kind: string, containers: readonly Standing[], { threshold, available, graceMs: mostMs }: Words): void {
  const [resource] = starved[kind], order: readonly any[] = worker.pod.spec.containers
  const offending = kind === 'pid' ? [] : order.flatMap(({ name }) => containers.filter(c => c.name === name && c.uses > c.requests))
  const message = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `
    + offending.map(c =>
      `Container ${c.name} was using ${formatUnits(c.uses)}, request is ${order.find(o => o.name === c.name).resources?.requests?.[resource] ?? '0'}, has larger consumption of ${resource}. `).join('')
  session.podEvent(worker, 'Warning', 'Evicted', message)
  worker.eviction = { reason: 'Evicted', message, condition: { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message } }
  worker.graceMs = Math.max(1000, Math.min(graceMs(worker), mostMs))
  session.terminate(worker)
  setStatus(session, worker, statusNow(session, worker, false), true)
}
