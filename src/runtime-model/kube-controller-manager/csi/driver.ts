import type { KubeObject } from '../../api/request.ts'
import { behaviourOf } from '../../kinds/csi-names.ts'
import type { DriverBehaviour } from '../../kinds/csi-names.ts'
import type { Delta } from '../../network/informer.ts'
import { splitKey } from '../controller.ts'
import type { Controller, View } from '../controller.ts'
import { claims, classes, noProvisioner, volumes } from '../volume/claims.ts'

/**
 * Drivers of volumes that are attached. Approximate: the sidecars of a driver (external-provisioner, -attacher, -resizer, node-driver-registrar) run in this
 * process rather than in pods of their own. They sleep, as the attach/detach controller does, until there is a StorageClass or a volume that needs a driver.
 */
export const attachments = 'volumeattachments.storage.k8s.io', drivers = 'csidrivers.storage.k8s.io', csiNodes = 'csinodes.storage.k8s.io'
export const sidecarAccount = 'csi-controller'
const simple: ReadonlySet<string> = new Set([noProvisioner, 'rancher.io/local-path'])

/** A class of a driver, or a volume of one, has come. */
export const needsDriver = ({ key, new: object }: Delta): boolean =>
  object !== undefined && (key === classes ? !simple.has(object.provisioner) : key === volumes && object.spec.csi !== undefined)

/** What a sidecar has in common with the others. */
export const sidecar = (controller: Omit<Controller, 'serviceAccount' | 'wokenBy'>): Controller =>
  ({ ...controller, serviceAccount: sidecarAccount, wokenBy: needsDriver })

/** undefined: the driver is not installed */
export const driverOf = (name: string | undefined, view: View): DriverBehaviour | undefined =>
  name === undefined ? undefined : behaviourOf(view.get(drivers, undefined, name))
/** Whether its volumes are attached before they are mounted. Source: pkg/volume/csi/csi_plugin.go (skipAttach) */
export const isAttachable = (volume: KubeObject, view: View): boolean =>
  volume.spec.csi !== undefined && view.get(drivers, undefined, volume.spec.csi.driver)?.spec?.attachRequired !== false

/** Keys of the bound claims of whose volumes something is wanted. */
export const keysOfBound = (view: View, wants: (claim: KubeObject) => boolean): readonly string[] =>
  view.list(claims).filter(c => isBound(c) && wants(c)).map(c => `${c.metadata.namespace}/${c.metadata.name}`)
/** A bound claim of whose volume something is wanted, and that volume; undefined: nothing is, or its driver is not installed. */
export function boundTo(
  key: string, view: View, wants: (claim: KubeObject) => boolean
): { readonly claim: KubeObject; readonly volume: KubeObject } | undefined {
  const { namespace, name } = splitKey(key), claim = view.get(claims, namespace, name)
  const volume = claim && isBound(claim) && wants(claim) ? view.get(volumes, undefined, claim.spec.volumeName) : undefined
  return claim && volume?.spec.csi && driverOf(volume.spec.csi.driver, view) ? { claim, volume } : undefined
}
export const isBound = ({ spec, status }: KubeObject): boolean => spec.volumeName !== undefined && status?.phase === 'Bound'
