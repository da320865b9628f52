import type { FieldError } from '../kind.ts'
import { forbidden, invalid, notFound, notSupported, required } from '../meta/errors.ts'
import { descendingPath, noBacksteps } from './paths.ts'

/**
 * Where containers see volumes. Source: pkg/apis/core/validation/validation.go (ValidateVolumeMounts, validateMountRecursiveReadOnly, ValidateVolumeDevices).
 */
const propagations = ['Bidirectional', 'HostToContainer', 'None']
export function validateMounts(c: any, volumes: readonly any[], path: string, errors: FieldError[]): void {
  const points = new Set<string>()
  c.volumeMounts.forEach((mount: any, i: number) => {
    const at = `${path}[${i}]`
    if (!mount.name) errors.push(required(`${at}.name`))
    if (!volumes.some(v => v.name === mount.name)) errors.push(notFound(`${at}.name`, mount.name ?? ''))
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`))
    if (c.volumeDevices?.some((d: any) => d.name === mount.name)) errors.push(invalid(`${at}.name`, mount.name, 'must not already exist in volumeDevices'))
    if (points.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    points.add(mount.mountPath)
    if (c.volumeDevices?.some((d: any) => d.devicePath === mount.mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must not already exist as a path in volumeDevices'))
    }
    if (mount.subPath) errors.push(...descendingPath(mount.subPath, `${path}.subPath`))
    if (mount.subPathExpr && mount.subPath) errors.push(invalid(`${at}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
    if (mount.subPathExpr) errors.push(...descendingPath(mount.subPathExpr, `${path}.subPathExpr`))
    const { mountPropagation: propagation } = mount
    if (mount.recursiveReadOnly !== undefined) validateRecursion(mount, path, errors)
    if (propagation !== undefined && !propagations.includes(propagation)) errors.push(notSupported(`${path}.mountPropagation`, propagation, propagations))
    if (propagation === 'Bidirectional' && !c.securityContext?.privileged) {
      errors.push(forbidden(`${path}.mountPropagation`, 'Bidirectional mount propagation is available only to privileged containers'))
    }
  })
}

const recursions = ['Disabled', 'Enabled', 'IfPossible']
function validateRecursion({ readOnly, recursiveReadOnly: recursion, mountPropagation: propagation }: any, path: string, errors: FieldError[]): void {
  const at = `${path}.recursiveReadOnly`
  if (!recursions.includes(recursion)) errors.push(notSupported(at, recursion, recursions))
  else if (recursion !== 'Disabled' && !readOnly) errors.push(forbidden(at, 'may only be specified when readOnly is true'))
  else if (recursion !== 'Disabled' && propagation !== undefined
    && propagation !== 'None') errors.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'))
}
export function validateDevices(c: any, volumes: readonly any[], path: string, errors: FieldError[]): void {
  const devices: readonly any[] = c.volumeDevices
  devices.forEach(({ name = '', devicePath = '' }, i) => {
    const at = `${path}[${i}]`, volume = volumes.find(v => v.name === name)
    if (name === '') errors.push(required(`${at}.name`))
    else if (devices.findIndex(d => d.name === name) < i) errors.push(invalid(`${at}.name`, name, 'must be unique'))
    if (!volume) errors.push(notFound(`${at}.name`, name))
    else if (!volume.persistentVolumeClaim
      && !volume.ephemeral) errors.push(invalid(`${at}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'))
    if (devicePath === '') errors.push(required(`${at}.devicePath`))
    else if (devices.findIndex(d => d.devicePath === devicePath) < i) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'))
    if (noBacksteps(devicePath, '').length > 0) errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"))
    if (c.volumeMounts?.some((m: any) => m.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if (c.volumeMounts?.some((m: any) => m.mountPath === devicePath)) {
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    }
  })
}
