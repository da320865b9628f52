import type { KubeObject } from '../api/request.ts'
import { behaviourOf, uniqueVolumeName } from '../kinds/csi-names.ts'
import { get } from '../network/client.ts'
import { localProblem } from './host-paths.ts'
import { volumesInUse } from './node-status.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * Volumes of drivers: the kubelet first says in its Node's status that it uses them, every 10 s as the rest of the status, then waits until the
 * attach/detach controller says there that they are attached. What it waits for is looked at again after 500 ms, doubled each time; that is no event.
 * Source: pkg/volume/util/operationexecutor/operation_generator.go (GenerateVerifyControllerAttachedVolumeFunc), pkg/kubelet/volumemanager/reconciler
 */
export type Attached = 'yes' | 'reads' | 'waits' | Unmountable
/** `did`: what failed, as the Event of this reason says it */
interface Unmountable { readonly volume: string; readonly why: string; readonly reason: 'FailedMount' | 'FailedMapVolume'; readonly did: string }
const drivers = 'csidrivers.storage.k8s.io', simple = 'rancher.io/local-path', provisioner = 'volume.kubernetes.io/storage-provisioner'

/** Whether the volumes of these claims can be mounted now. */
export function attachedNow(session: Session, worker: Worker, claims: readonly { readonly name: string }[]): Attached {
  const names: string[] = []
  let answer: Attached = 'yes'
  for (const { name } of claims) {
    const claim = worker.objects[`persistentvolumeclaims/${name}`] || undefined
    if (!claim?.spec?.volumeName || claim.metadata.annotations?.[provisioner] === simple) continue // a directory of the node
    const volume = object(session, worker, 'persistentvolumes', claim.spec.volumeName)
    if (volume === undefined) { answer = 'reads'; continue }
    if (!volume) continue
    if (!volume.spec.csi) { answer = unmountable(session, volume) ?? answer; continue }
    const driver = object(session, worker, drivers, volume.spec.csi.driver)
    if (driver === undefined) { answer = 'reads'; continue }
    const installed = driver !== false && behaviourOf(driver) !== undefined
    if (driver !== false && driver.spec?.attachRequired === false) {
      if (!installed) answer = unregistered(volume)
      continue
    }
    names.push(uniqueVolumeName(volume))
    if (!isAttached(session, volume)) {
      if (answer === 'yes') answer = 'waits'
    } else if (!installed) answer = unregistered(volume)
  }
  if (names.some(n => !worker.attached.includes(n))) { worker.attached = [...new Set([...worker.attached, ...names])]; use(session) }
  return answer
}
function unregistered({ metadata: { name }, spec: { csi, volumeMode } }: KubeObject): Attached {
  const block = volumeMode === 'Block'
  const did = block ? 'blockMapper.SetUpDevice failed to get CSI client' : 'attacher.MountDevice failed to create newCsiDriverClient'
  const why = `kubernetes.io/csi: ${did}: driver name ${csi.driver} not found in the list of registered CSI drivers`
  return block
    ? { volume: name, why, reason: 'FailedMapVolume', did: 'MapVolume.SetUpDevice failed' }
    : { volume: name, why, reason: 'FailedMount', did: 'MountVolume.MountDevice failed' }
}
function unmountable(session: Session, volume: KubeObject): Unmountable | undefined {
  if (hasOptionsInVain(volume)) return inVain(volume)
  const { metadata: { name }, spec: { local, volumeMode } } = volume, why = local && volumeMode !== 'Block' ? localProblem(session, local.path) : undefined
  return why === undefined ? undefined : { volume: name, why, reason: 'FailedMount', did: 'MountVolume.NewMounter initialization failed' }
}
/** Source: operation_generator.go (checkMountOptionSupport), pkg/volume/hostpath (SupportsMountOption) */
const hasOptionsInVain = ({ spec }: KubeObject): boolean => spec.hostPath !== undefined && spec.mountOptions?.length > 0
const inVain = ({ metadata: { name } }: KubeObject): Unmountable => ({
  volume: name, why: 'mount options are not supported for this volume type', reason: 'FailedMount', did: 'MountVolume.MountOptionSupport check failed',
})
/** Why a driver does not set up a volume that lives with its pod; undefined: it does. Source: pkg/volume/csi/csi_mounter.go (SetUpAt) */
export function inlineProblem(name: string, driver: KubeObject | false): string | undefined {
  if (driver === false || behaviourOf(driver) === undefined) {
    return `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name ${name} not found in the list of registered CSI drivers`
  }
  const modes: readonly string[] = driver.spec.volumeLifecycleModes ?? ['Persistent']
  return modes.includes('Ephemeral') ? undefined : 'kubernetes.io/csi: mounter.SetupAt failed to check volume lifecycle mode: '
    + `volume mode "Ephemeral" not supported by driver ${name} (only supports [${modes.map(m => JSON.stringify(m)).join(' ')}])`
}

/** Attached, and known by the cluster to be in use here. */
function isAttached(session: Session, volume: KubeObject): boolean {
  const status: any = session.state.node.object?.status, name = uniqueVolumeName(volume)
  return (status?.volumesInUse?.includes(name) ?? false) && (status?.volumesAttached?.some((v: any) => v.name === name) ?? false)
}
/** False: there is none; undefined: it is asked for. */
function object(session: Session, worker: Worker, resource: string, name: string): KubeObject | false | undefined {
  const key = `${resource}/${name}`
  if (worker.objects[key] === undefined) session.api(get(session.identity, { resource, name }), { for: 'object', uid: worker.uid, key })
  return worker.objects[key]
}

/** The pod's volumes are mounted no longer. */
export function detached(session: Session, worker: Worker): void {
  if (worker.attached.length === 0) return
  worker.attached = []
  use(session)
}
function use(session: Session): void {
  const names = new Set<string>()
  for (const w of session.state.workers.values()) for (const name of w.attached) names.add(name)
  volumesInUse(session, [...names].sort())
}
