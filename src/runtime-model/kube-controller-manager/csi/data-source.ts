import { compareQuantities, unitsOf } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { isOk } from '../../api/request.ts'
import { formatMicroTime } from '../../api/time.ts'
import { contentSource } from '../../kinds/csi-names.ts'
import { get } from '../../network/client.ts'
import type { View } from '../controller.ts'
import type { Script } from '../script.ts'
import { attributesClasses, claims, volumes } from '../volume/claims.ts'

/** `why` a volume cannot be made of its source, or what it is then `from` (csi-names.ts, contentSource; empty: nobody knows) */
export type Source = { readonly why: string } | { readonly why?: undefined; readonly from: string }
/**
 * The snapshot or claim that a claim names as the source of its volume. Snapshots are asked for at the API server, as the provisioner watches none. Source:
 * kubernetes-csi/external-provisioner pkg/controller/controller.go (getSnapshotSource, getPVCSource)
 */
export function sourceOf(io: Script, claim: KubeObject, provisioner: string, view: View): Source {
  return claim.spec.dataSource.kind === 'VolumeSnapshot' ? fromSnapshot(io, claim, provisioner, view) : fromClaim(io, claim, provisioner, view)
}

/** Why the attributes that the claim asks for cannot be had; undefined: they can. Source: as above (prepareProvision) */
export function attributesError(io: Script, claim: KubeObject, provisioner: string, view: View): string | undefined {
  const { volumeAttributesClassName: name } = claim.spec
  if (!name) return undefined
  const asked = io.ask(() => get(view.identity, { resource: attributesClasses, name }), anyAnswer)
  if (!isOk(asked)) return asked.body?.message ?? asked.failure
  const { driverName } = asked.body
  return driverName === provisioner
    ? undefined
    : `VAC ${name} referenced in PVC is for driver ${driverName} which does not match driver name ${provisioner}`
}

const group = 'snapshot.storage.k8s.io', anyAnswer = 'any'
function fromSnapshot(io: Script, claim: KubeObject, provisioner: string, view: View): Source {
  const { name } = claim.spec.dataSource
  const asked = io.ask(() => get(view.identity, { resource: `volumesnapshots.${group}`, namespace: claim.metadata.namespace, name }), anyAnswer)
  const snapshot: KubeObject = asked.body
  if (!isOk(asked)) return { why: `error getting snapshot ${name} from api server: ${asked.body?.message ?? asked.failure}` }
  // one that was begun before goes on
  if (snapshot.metadata.deletionTimestamp && !snapshot.metadata.finalizers?.includes('snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection')) {
    return { why: `snapshot ${name} is being deleted` }
  }
  const bound: string | undefined = snapshot.status?.boundVolumeSnapshotContentName, notBound: Source = { why: `snapshot ${name} not bound` }
  if (bound === undefined) return notBound
  const found = io.ask(() => get(view.identity, { resource: `volumesnapshotcontents.${group}`, name: bound }), anyAnswer), content: KubeObject = found.body
  if (!isOk(found) || content.spec.volumeSnapshotRef.uid !== snapshot.metadata.uid || content.spec.driver !== provisioner) return notBound
  if (!snapshot.status.readyToUse) return { why: `snapshot ${name} is not Ready` }
  const wanted = claim.spec.resources.requests.storage, size = snapshot.status.restoreSize
  if (size !== undefined && compareQuantities(wanted, size) < 0) {
    return { why: `requested volume size ${unitsOf(wanted)} is less than the size ${unitsOf(size)} for the source snapshot ${name}` }
  }
  const mode = content.spec.sourceVolumeMode, own = claim.spec.volumeMode
  if (mode !== undefined && own !== undefined && mode !== own
    && content.metadata.annotations?.['snapshot.storage.kubernetes.io/allow-volume-mode-change'] !== 'true') {
    return {
      why:
        `requested volume ${claim.metadata.namespace}/${claim.metadata.name} modifies the mode of the source volume but does not have permission to do so. snapshot.storage.kubernetes.io/allow-volume-mode-change annotation is not present on snapshotcontent ${content.metadata.name}`,
    }
  }
  const taken = content.status?.creationTime, handle = content.spec.source.volumeHandle
  return { from: handle === undefined || taken === undefined ? '' : io.look(() => chain(handle, Math.floor(taken / 1_000_000), view)) }
}

/** A clone: another claim of the same driver, bound, and no larger. */
function fromClaim(io: Script, claim: KubeObject, provisioner: string, view: View): Source {
  const { name } = claim.spec.dataSource, { namespace } = claim.metadata, source = io.look(() => view.get(claims, namespace, name))
  const volume = io.look(() => view.get(volumes, undefined, source?.spec.volumeName))
  if (!source) return { why: `error getting PVC ${name} (namespace "${namespace}") from api server: persistentvolumeclaims "${name}" not found` }
  if (source.status?.phase !== 'Bound') return { why: `the PVC DataSource ${name} must have a status of Bound.  Got ${source.status?.phase}` }
  if (source.metadata.deletionTimestamp) return { why: `the PVC DataSource ${name} is currently being deleted` }
  const wanted = claim.spec.resources.requests.storage, size = source.spec.resources.requests.storage
  if (compareQuantities(wanted, size) < 0) {
    return {
      why:
        `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${unitsOf(wanted)} but source is ${unitsOf(size)}`,
    }
  }
  if (volume?.spec.csi?.driver !== provisioner) return { why: 'claim in dataSource not bound or invalid' }
  const [from, to] = [volume.spec.volumeMode ?? 'Filesystem', claim.spec.volumeMode ?? 'Filesystem']
  return from === to
    ? { from: io.look(() => chain(volume.spec.csi.volumeHandle, view.wallMs, view)) }
    : { why: `the source PVC and destination PVCs must have the same volume mode for cloning.  Source is ${from}, but new PVC requested ${to}` }
}
/** A volume as it was at a moment, and what that had been made of. */
function chain(handle: string, wallMs: number, view: View): string {
  const before: string | undefined = view.list(volumes).find(v => v.spec.csi?.volumeHandle === handle)?.spec.csi.volumeAttributes?.[contentSource]
  return [`${handle}@${formatMicroTime(wallMs)}`, ...before ? [before] : []].join(', ')
}
