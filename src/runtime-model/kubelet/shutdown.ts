import { graceMs } from './kill.ts'
import { report } from './node-status.ts'
import { statusNow } from './pod-status.ts'
import type { Session } from './session.ts'
import { setStatus } from './status-manager.ts'
import { isTerminal } from './status/conditions.ts'
import type { Worker } from './worker.ts'

/**
 * The machine is about to be switched off, and systemd lets the kubelet delay that: first the ordinary pods are ended, then, when they have ended or their
 * time is over, the critical ones. No pod is taken any more. Source: pkg/kubelet/nodeshutdown/{nodeshutdown_manager,nodeshutdown_manager_linux}.go;
 * https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#graceful-node-shutdown
 */
export interface Shutdown { /** ms for the critical pods */ readonly criticalMs: number; readonly group: 'ordinary' | 'critical' }
const message = 'Pod was terminated in response to imminent node shutdown.', critical = 2_000_000_000

export function shutDown(session: Session, totalMs: number, criticalMs: number): void {
  if (session.state.node.shutdown) return
  begin(session, { criticalMs, group: 'ordinary' })
  report(session)
  end(session, 'ordinary', totalMs - criticalMs)
  session.timer('shutdown', session.now + totalMs - criticalMs)
}
/** The time of the ordinary pods is over. */
export function shutdownTimer(session: Session, key: string): boolean {
  if (key !== 'shutdown') return false
  const { shutdown } = session.state.node
  if (shutdown?.group === 'ordinary') endCritical(session, shutdown)
  return true
}
/** A pod has ended: if it was the last ordinary one, it is the others' turn. */
export function endedInShutdown(session: Session): void {
  const { shutdown } = session.state.node
  if (shutdown?.group !== 'ordinary' || pods(session, 'ordinary').some(w => w.stage !== 'finished')) return
  session.cancel('shutdown')
  endCritical(session, shutdown)
}
function endCritical(session: Session, shutdown: Shutdown): void {
  begin(session, { ...shutdown, group: 'critical' })
  end(session, 'critical', shutdown.criticalMs)
}
function begin(session: Session, shutdown: Shutdown): void { session.state = { ...session.state, node: { ...session.state.node, shutdown } } }

const pods = (session: Session, group: Shutdown['group']): readonly Worker[] =>
  session.state.workers.sorted().map(([, w]) => w).filter(w => ((w.pod.spec.priority ?? 0) >= critical) === (group === 'critical'))
/** Ends what still runs of a group, each in its own grace period or in what is left, whichever is shorter. */
function end(session: Session, group: Shutdown['group'], withinMs: number): void {
  for (const { uid, status, stage } of pods(session, group)) {
    if (stage !== 'sync' || isTerminal(status?.phase)) continue
    const worker = session.worker(uid)!
    worker.eviction = { reason: 'Terminated', message, condition: { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message } }
    worker.graceMs = Math.min(graceMs(worker), withinMs)
    session.terminate(worker)
    setStatus(session, worker, statusNow(session, worker, false), true)
  }
}
