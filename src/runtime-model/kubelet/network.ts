import { NETWORK_NOT_READY } from './node-object.ts'
import { report } from './node-status.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * What the runtime says of its network plugin, asked every five seconds. Without one the node is not ready, and no pod gets what it needs that has a network
 * of its own: it is neither started nor are its containers started again; what runs runs on. Source: pkg/kubelet/kubelet.go (updateRuntimeUp, SyncPod),
 * pkg/kubelet/runtime.go; words: containerd internal/cri/server/status.go
 */
const pollMs = 5000, againMs = 1000, syncLoopMs = 1000
/** A try that failed comes again after 1 to 1.5 s, at the next beat of the sync loop: every two seconds. Source: pkg/kubelet/pod_workers.go, kubelet.go */
const tryMs = 2000
/** The recorder lets 25 events pass at once and then one in five minutes; in between nothing changes but its count. */
const singlyMs = 25 * tryMs, quietMs = 300_000

/** The runtime will say so from now on; the kubelet asks in a while. */
export function networkTold(session: Session, ready: boolean): void {
  session.state = { ...session.state, node: { ...session.state.node, networkAnswer: ready } }
  session.timer('network', session.nextRound(pollMs))
}
export function networkTimer(session: Session, key: string): boolean {
  if (key !== 'network') return false
  setNetwork(session, session.state.node.networkAnswer)
  return true
}
/** The first answer of the runtime, or the next. */
export function setNetwork(session: Session, ready: boolean): void {
  const { node, workers } = session.state
  if (node.networkReady === ready) return
  session.state = { ...session.state, node: { ...node, networkReady: ready, networkAnswer: ready } }
  report(session)
  if (ready) for (const { uid, stage } of [...workers.values()]) if (stage === 'sync') session.want(session.worker(uid)!)
}

/** Does a sync of this pod end here, as there is no network for it? */
export const lacksNetwork = (session: Session, worker: Worker): boolean => !session.state.node.networkReady && !worker.pod.spec.hostNetwork
/** Tells it at the pod; answers when to try again, and whether that can change anything but a count. */
export function networkMissing(session: Session, worker: Worker): { readonly at: number; readonly matters: boolean } {
  const { now } = session
  if (worker.networkFrom < 0) worker.networkFrom = now
  const since = now - worker.networkFrom, quiet = since >= quietMs
  session.podEvent(worker, 'Warning', 'NetworkNotReady', `network is not ready: ${NETWORK_NOT_READY}`, undefined, quiet ? triesBefore(since) : 1)
  if (since < singlyMs) return { at: session.nextRound(syncLoopMs, now + session.jitter('network', againMs) - 1), matters: true }
  return { at: worker.networkFrom + (Math.floor(since / quietMs) + 1) * quietMs, matters: false }
}
/** Tries since the last one that was told, with this one. */
const triesBefore = (since: number): number => Math.round((quietMs - (since < 2 * quietMs ? singlyMs : 0)) / tryMs)
