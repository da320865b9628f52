import { qosClass, type QosClass } from '../kinds/pod-spec/qos.ts'
import { asAllocated } from './allocation.ts'
import { statusNow } from './pod-status.ts'
import { requestsOf } from './requests.ts'
import type { Session } from './session.ts'
import { setStatus } from './status-manager.ts'
import type { Worker } from './worker.ts'

/**
 * A critical pod that lacks room on its node takes that of others: as few of them as will do, those of a lower class first, and of each class whose requests
 * come nearest to what is missing. Source: pkg/kubelet/preemption/preemption.go
 */
export type Shortage = ReadonlyMap<string, number>
const criticalPriority = 2_000_000_000, message = 'Preempted in order to admit critical pod'
export const isCritical = (worker: Worker): boolean => worker.fromFile || (worker.pod.spec.priority ?? 0) >= criticalPriority

/** Ends who has to go, and answers who that is, or why it would not help. */
export function preempt(session: Session, shortage: Shortage, others: readonly Worker[]): readonly string[] | string {
  const able = others.filter(w => w.stage === 'sync' && !isCritical(w)), all = victims(shortage, able)
  if (typeof all === 'string') return all
  for (const { uid } of all) {
    const worker = session.worker(uid)!
    session.podEvent(worker, 'Warning', 'Preempting', message)
    worker.eviction = {
      reason: 'Preempting', message, ifFailed: true,
      condition: {
        type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: 'Pod was preempted by Kubelet to accommodate a critical pod.',
      },
    }
    session.terminate(worker)
    setStatus(session, worker, statusNow(session, worker, false), true)
  }
  return all.map(w => w.uid)
}
/** One of them has ended: who waited for the last may start. Source: pod_workers.go (killPodNow) */
export function madeRoom(session: Session, { uid }: Worker): void {
  for (const { uid: id, awaits } of [...session.state.workers.values()]) {
    if (!awaits.includes(uid)) continue
    const worker = session.worker(id)!
    worker.awaits = awaits.filter(a => a !== uid)
    if (worker.awaits.length === 0) session.want(worker)
  }
}

const classes: readonly QosClass[] = ['BestEffort', 'Burstable', 'Guaranteed']
const requests = (worker: Worker): Shortage => new Map([...requestsOf(asAllocated(worker)), ['pods', 1]])
export function victims(shortage: Shortage, able: readonly Worker[]): readonly Worker[] | string {
  const [best, burstable, guaranteed] = classes.map(c => able.filter(w => qosClass(w.pod.spec) === c)), beyond = without(shortage, able)
  if (beyond.size > 0) return `no set of running pods found to reclaim resources: [${[...beyond].map(([r, q]) => `(res: ${r}, q: ${q}), `).join('')}]`
  const third = nearest(guaranteed, without(shortage, [...best, ...burstable])), second = nearest(burstable, without(shortage, [...best, ...third]))
  return [...nearest(best, without(shortage, [...second, ...third])), ...second, ...third]
}
/** What is still missing when these have gone. */
function without(shortage: Shortage, gone: readonly Worker[]): Shortage {
  const freed = gone.map(requests)
  return new Map([...shortage].map(([r, q]) => [r, q - freed.reduce((sum, f) => sum + (f.get(r) ?? 0), 0)] as const).filter(([, q]) => q > 0))
}
/** One after the other, who comes nearest to what is missing; of equals who asks for less. */
function nearest(pods: readonly Worker[], shortage: Shortage): readonly Worker[] {
  const left = [...pods], chosen: Worker[] = []
  for (let missing = shortage; missing.size > 0 && left.length > 0; missing = without(missing, chosen.slice(-1))) {
    const best = left.reduce((a, b) => { const by = distance(b, missing) - distance(a, missing); return by < 0 || (by === 0 && smaller(b, a)) ? b : a })
    chosen.push(best)
    left[left.indexOf(best)] = left[left.length - 1]
    left.pop()
  }
  return chosen
}
function distance(worker: Worker, missing: Shortage): number {
  const has = requests(worker)
  return [...missing].reduce((sum, [r, q]) => sum + (Math.max(0, q - (has.get(r) ?? 0)) / q) ** 2, 0)
}
function smaller(a: Worker, b: Worker): boolean {
  const [first, second] = [requests(a), requests(b)], decides = ['memory', 'cpu'].find(r => (first.get(r) ?? 0) !== (second.get(r) ?? 0))
  return decides === undefined || (first.get(decides) ?? 0) < (second.get(decides) ?? 0)
}
