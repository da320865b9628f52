import type { PodRuntime, RuntimeContainer } from '../api/cri.ts'
import { isInit } from './containers.ts'
import { imagesReleased, removeUnused } from './image-garbage.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * Containers that have ended: of each name the newest stays, with what it has printed; the one before it goes as soon as the kubelet sees that the next has
 * ended. A pod that is over keeps its own until the eviction manager needs their room. (The kubelets of bare worlds keep two.)
 * Source: pkg/kubelet/pod_container_deletor.go, kubelet.go (cleanUpContainersInPod), kuberuntime/kuberuntime_gc.go (evictContainers);
 * --maximum-dead-containers-per-container, 1 unless it is said
 */
export function removeDead(session: Session, worker: Worker): void {
  if (!session.options.bare && (worker.latest?.containers.length ?? 0) > 1) removeContainers(session, worker, replaced(worker.latest!))
}
/** With every sync: init containers and sidecars before their newest. Source: kuberuntime_container.go (pruneInitContainersBeforeStart) */
export function pruneInitContainers(session: Session, worker: Worker): void {
  if (!worker.pod.spec.initContainers?.length || !worker.busy?.runtime) return
  removeContainers(session, worker, replaced(worker.busy.runtime).filter(c => isInit(worker.pod, c.name)))
}
const replaced = ({ containers }: PodRuntime): RuntimeContainer[] =>
  containers.filter((c, i, all) => c.state === 'exited' && all.findIndex(other => other.name === c.name && other.state === 'exited') < i)
/**
 * For the eviction manager: containers of pods that are over, then images that nobody uses. Source: pkg/kubelet/eviction/helpers.go
 * (buildSignalToNodeReclaimFuncs)
 */
export function reclaimDisk(session: Session): void {
  removeOver(session)
  removeUnused(session, Infinity)
}
function removeOver(session: Session): void {
  for (const { uid, stage, latest } of [...session.state.workers.values()]) {
    if (stage !== 'finished' || !latest?.containers.some(c => c.state === 'exited')) continue
    const worker = session.worker(uid)!
    removeContainers(session, worker, worker.latest!.containers.filter(c => c.state === 'exited'))
  }
}
/** Its worker knows of it at once: what the runtime answers is the same. */
function removeContainers(session: Session, worker: Worker, containers: readonly RuntimeContainer[]): void {
  if (containers.length === 0) return
  const ids = containers.map(c => c.id)
  session.cri(worker, { call: 'remove', uid: worker.uid, ids }, { for: 'removed', uid: worker.uid })
  if (worker.stage === 'finished') worker.latest = { ...worker.latest!, containers: worker.latest!.containers.filter(c => !ids.includes(c.id)) }
  const kept = worker.latest!.containers.filter(c => !ids.includes(c.id))
  imagesReleased(session, containers.filter(c => !kept.some(k => k.image === c.image)))
}
