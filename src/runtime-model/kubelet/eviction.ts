import { formatUnits, unitsOf } from '../api/quantity.ts'
import { requestsOf } from './admission.ts'
import { report } from './node.ts'
import { terminate } from './pod-worker.ts'
import type { Session } from './session.ts'
import type { Worker } from './state.ts'
import { setStatus } from './status-manager.ts'
import { statusNow } from './pod-worker.ts'

/**
 * Too little memory, disk or process ids on the node: a condition, and pods that are ended one after the other. Approximate: how much is
 * used is not modelled; every pod is taken to use what it requests and a little more, so that one that requests nothing goes first.
 * Source: pkg/kubelet/eviction/{eviction_manager,helpers}.go
 */
const lookMs = 10_000, transitionMs = 300_000
const starved: Readonly<Record<string, readonly [resource: string, threshold: string, available: string]>> = {
  memory: ['memory', '100Mi', '80Mi'], disk: ['ephemeral-storage', '10737418240', '8589934592'], pid: ['pids', '1000', '900'],
}

export function pressureChanged(session: Session, kind: string, on: boolean): void {
  if (starved[kind] === undefined) { session.record({ type: 'note', text: `not modelled: pressure of ${kind}` }); return }
  const { pressure } = session.state.node
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
  if (what === 'evict') { if (kind in pressure) evictOne(session, kind) } else {
    const { [kind]: _, ...rest } = pressure
    session.cancel(`evict-${kind}`)
    session.state = { ...session.state, node: { ...session.state.node, pressure: rest } }
    report(session)
  }
  return true
}

/** The pod that goes first; another one when that has ended and the pressure lasts. */
function evictOne(session: Session, kind: string): void {
  const able = session.state.workers.sorted().map(([, w]) => w).filter(w => w.stage === 'sync' && (w.pod.spec.priority ?? 0) < 2_000_000_000 && w.latest?.containers.some(c => c.state === 'running'))
  if (able.length === 0) return
  const [first] = [...able].sort((a, b) => rank(a, kind) - rank(b, kind) || (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || (a.uid < b.uid ? -1 : 1))
  evict(session, session.worker(first.uid)!, kind)
  if (able.length > 1) session.timer(`evict-${kind}`, session.now + lookMs)
}
/** Pods that use more than they request go before the others; of those, who requests nothing is taken to do so. */
const rank = (worker: Worker, kind: string): number => kind === 'memory' && (requestsOf(worker.pod).get('memory') ?? 0) > 0 ? 1 : 0

function evict(session: Session, worker: Worker, kind: string): void {
  const [resource, threshold, available] = starved[kind], requested = requestsOf(worker.pod).get(resource) ?? 0
  const container = worker.pod.spec.containers[0], using = formatUnits(requested + unitsOf('50Mi')), request = container.resources?.requests?.[resource] ?? '0'
  const message = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. Container ${container.name} was using ${using}, request is ${request}, has larger consumption of ${resource}. `
  session.podEvent(worker, 'Warning', 'Evicted', message)
  worker.eviction = { reason: 'Evicted', message, condition: { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message } }
  worker.graceMs = 1000
  terminate(session, worker)
  setStatus(session, worker, statusNow(session, worker, false), true)
}
