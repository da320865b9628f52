import { sha256 } from '../../base/sha256.ts'
import type { KubeObject } from '../api/request.ts'

/** Names by which controllers, kubelets and drivers speak of one volume. */
/**
 * Name of a volume in `status.volumesInUse` and `volumesAttached` of a Node. Source: pkg/volume/util/util.go (GetUniqueVolumeName),
 * pkg/volume/csi/csi_plugin.go (GetVolumeName)
 */
export const uniqueVolumeName = ({ spec: { csi } }: KubeObject): string => `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`
/** Source: pkg/volume/csi/csi_attacher.go (getAttachmentName) */
export const attachmentName = ({ spec: { csi } }: KubeObject, node: string): string => `csi-${sha256(`${csi.volumeHandle}${csi.driver}${node}`)}`
/** Source: pkg/volume/util/util.go (IsMultiAttachAllowed) */
export const mayBeOnManyNodes = ({ spec }: KubeObject): boolean => spec.accessModes?.some((m: string) => m === 'ReadWriteMany' || m === 'ReadOnlyMany') ?? false

/** Where the files of a driver's volume lie. */
export const storageKey = (driver: string, handle: string): string => `storage ${driver}^${handle}`
/**
 * Attribute in which the modelled drivers note what they have made a volume of: the handles of the volumes whose snapshot or clone it is, the nearest first,
 * and when that was taken, as in `vol-1a2b@2026-01-01T00:00:20.398000Z`.
 */
export const contentSource = 'contentSource'
export const parseContentSource = (text: string): readonly { readonly handle: string; readonly time: string }[] =>
  text.split(', ').filter(part => part.includes('@')).map(part => {
    const at = part.lastIndexOf('@')
    return { handle: part.slice(0, at), time: part.slice(at + 1) }
  })

/**
 * What a modelled driver does. A CSIDriver with this annotation stands for all of its driver: the sidecars external-provisioner, -attacher, -resizer and
 * -snapshotter, and its part on every node.
 * One without it is a record that nobody acts on, as in a cluster whose driver is not installed.
 */
export const behaviourAnnotation = 'csi.kscenario.dev/behaviour'
export interface DriverBehaviour {
  /** what the storage takes for each, ms */
  readonly provisionMs: number
  readonly attachMs: number
  readonly detachMs: number
  readonly resizeMs: number
  readonly snapshotMs: number
  readonly modifyMs: number
  /** volumes a node may have: `allocatable.count` of its CSINode */
  readonly limit?: number
  /** label of nodes by which volumes are reachable, `topology.kubernetes.io/zone` */
  readonly topology?: string
  /** what the storage answers instead of doing it */
  readonly provisionError?: string
  readonly attachError?: string
  readonly detachError?: string
  readonly resizeError?: string
  readonly snapshotError?: string
  readonly modifyError?: string
}
const usual: DriverBehaviour = { provisionMs: 2000, attachMs: 2000, detachMs: 2000, resizeMs: 2000, snapshotMs: 2000, modifyMs: 2000 }
const parsed = new WeakMap<KubeObject, DriverBehaviour>()
/** undefined: nothing of the driver runs */
export function behaviourOf(driver: KubeObject | undefined): DriverBehaviour | undefined {
  const text = driver?.metadata.annotations?.[behaviourAnnotation]
  if (!driver || text === undefined) return undefined
  let found = parsed.get(driver)
  if (!found) parsed.set(driver, found = { ...usual, ...read(text) })
  return found
}
function read(text: string): Partial<DriverBehaviour> { try { return JSON.parse(text) } catch { return {} } }
