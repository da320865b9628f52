import type { FieldError } from '../kind.ts'
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts'
import { forbidden, invalid, notSupported, required, tooLong } from '../meta/errors.ts'
import { validateAnnotations, validateLabels } from '../meta/object-meta.ts'
import { validateClaimSpec } from '../storage.ts'
import { descendingPath } from './paths.ts'

/**
 * Sources of volumes that most pods do not have; some of them are sources of PersistentVolumes too. Source: pkg/apis/core/validation/validation.go
 * (validateVolumeSource).
 */
type Rule = (source: any, at: string, errors: FieldError[]) => void
const needs = (...fields: readonly string[]): Rule =>
  (source, at, errors) => { for (const field of fields) if (!source[field]?.length) errors.push(required(`${at}.${field}`)) }
const partition = (value: number | undefined, least: number, at: string, errors: FieldError[]): void => {
  if (value && (value < least || value > 255)) errors.push(invalid(`${at}.partition`, value, `must be between ${least} and 255, inclusive`))
}
/** In which order an API server looks at them: the first is judged, each other one is one too many. */
export const sourceOrder = [
  'emptyDir', 'hostPath', 'gitRepo', 'gcePersistentDisk', 'awsElasticBlockStore', 'secret', 'nfs', 'iscsi', 'glusterfs', 'flocker', 'persistentVolumeClaim',
  'rbd', 'cinder', 'cephfs', 'quobyte', 'downwardAPI', 'fc', 'flexVolume', 'configMap', 'azureFile', 'vsphereVolume', 'photonPersistentDisk',
  'portworxVolume', 'azureDisk', 'storageos', 'projected', 'scaleIO', 'csi', 'ephemeral', 'image',
]
export const sourcesIn = (holder: any, order: readonly string[]): string[] => order.filter(name => holder[name])
/** as they are called then */
const secondNames: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' }
export const secondSource = (source: string, at: string): FieldError =>
  forbidden(`${at}.${secondNames[source] ?? source}`, 'may not specify more than 1 volume type')
export const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']
const blobs = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']
const managed = ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']
const cachingModes = ['None', 'ReadOnly', 'ReadWrite'], diskKinds = ['Dedicated', 'Managed', 'Shared']
const pulls = ['Always', 'IfNotPresent', 'Never']

const hostPorts = /^[^:]*:[^:]*$/
export const commonSources: Readonly<Record<string, Rule>> = {
  awsElasticBlockStore(source, at, errors) { needs('volumeID')(source, at, errors); partition(source.partition, 1, at, errors) },
  flocker({ datasetName: name, datasetUUID: uuid }, at, errors) {
    if (!name && !uuid) errors.push(required(at, 'one of datasetName and datasetUUID is required'))
    if (name && uuid) errors.push(invalid(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
    if (name?.includes('/')) errors.push(invalid(`${at}.datasetName`, name, "must not contain '/'"))
  },
  quobyte({ registry, volume, tenant = '' }, at, errors) {
    if (!registry) errors.push(required(`${at}.registry`, 'must be a host:port pair or multiple pairs separated by commas'))
    else if (tenant.length >= 65) errors.push(required(`${at}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'))
    else if (registry.split(',').some((pair: string) => !hostPorts.test(pair))) {
      errors.push(invalid(`${at}.registry`, registry, 'must be a host:port pair or multiple pairs separated by commas'))
    }
    if (!volume) errors.push(required(`${at}.volume`))
  },
  storageos({ volumeName, volumeNamespace }, at, errors) {
    if (!volumeName) errors.push(required(`${at}.volumeName`))
    else for (const text of dns1123Label(volumeName)) errors.push(invalid(`${at}.volumeName`, volumeName, text))
    if (volumeNamespace) for (const text of dns1123Label(volumeNamespace)) errors.push(invalid(`${at}.volumeNamespace`, volumeNamespace, text))
  },
  photonPersistentDisk: needs('pdID'), scaleIO: needs('gateway', 'system', 'volumeName'),
  gcePersistentDisk(source, at, errors) {
    const here = at.replace(/gcePersistentDisk$/, 'persistentDisk')
    needs('pdName')(source, here, errors)
    partition(source.partition, 1, here, errors)
  },
  rbd: needs('monitors', 'image'), cephfs: needs('monitors'), azureFile: needs('secretName', 'shareName'), flexVolume: needs('driver'),
  vsphereVolume: needs('volumePath'), portworxVolume: needs('volumeID'),
  glusterfs: needs('endpoints', 'path'), cinder: needs('volumeID'),
  fc({ targetWWNs = [], wwids = [], lun }, at, errors) {
    const both = targetWWNs.length > 0 && wwids.length > 0
    if (targetWWNs.length > 0 && lun === undefined) errors.push(required(`${at}.lun`, 'lun is required if targetWWNs is specified'))
    else if (targetWWNs.length > 0 && (lun < 0 || lun > 255)) errors.push(invalid(`${at}.lun`, lun, 'must be between 0 and 255, inclusive'))
    if (both || targetWWNs.length + wwids.length === 0) {
      errors.push(
        both
          ? invalid(`${at}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')
          : required(`${at}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')
      )
    }
  },
  azureDisk(source, at, errors) {
    const { kind = 'Shared', diskURI = '', cachingMode } = source
    needs('diskName', 'diskURI')(source, at, errors)
    if (cachingMode !== undefined && !cachingModes.includes(cachingMode)) errors.push(notSupported(`${at}.cachingMode`, cachingMode, cachingModes))
    if (!diskKinds.includes(kind)) errors.push(notSupported(`${at}.kind`, kind, diskKinds))
    if (kind === 'Managed' ? !diskURI.startsWith('/subscriptions/') : !diskURI.startsWith('https://')) {
      errors.push(notSupported(`${at}.diskURI`, diskURI, kind === 'Managed' ? managed : blobs))
    }
  },
  iscsi(source, at, errors) { validateIscsi(source, at, 'must be valid format', errors) },
}
export const podSources: Readonly<Record<string, Rule>> = {
  ...commonSources,
  gitRepo(source, at, errors) {
    needs('repository')(source, at, errors)
    if (source.directory) errors.push(...descendingPath(source.directory, `${at}.directory`))
  },
  iscsi(source, at, errors) { validateIscsi(source, at, 'must be valid format starting with iqn, eui, or naa', errors) },
  csi({ driver, nodePublishSecretRef: secret }, at, errors) {
    if (driver.length > 63) errors.push(tooLong(`${at}.driver`, 63))
    for (const text of dns1123Subdomain(driver.toLowerCase())) errors.push(invalid(`${at}.driver`, driver, text))
    if (secret && !secret.name) errors.push(required(`${at}.nodePublishSecretRef.name`))
    else if (secret) for (const text of dns1123Subdomain(secret.name)) errors.push(invalid(`${at}.name`, secret.name, text))
  },
  ephemeral({ volumeClaimTemplate: { metadata = {}, spec = {} } }, at, errors) {
    const here = `${at}.volumeClaimTemplate`
    for (const field of Object.keys(metadata)) {
      if (field !== 'labels' && field !== 'annotations' && metadata[field]) errors.push(forbidden(`${here}.metadata.${field}`, 'cannot be set'))
    }
    errors.push(
      ...validateLabels(metadata.labels ?? {}, `${here}.metadata.labels`), ...validateAnnotations(metadata.annotations ?? {}, `${here}.metadata.annotations`),
      ...validateClaimSpec(spec, `${here}.spec`)
    )
  },
  image(source, at, errors) {
    needs('reference')(source, at, errors)
    if (source.pullPolicy && !pulls.includes(source.pullPolicy)) errors.push(notSupported(`${at}.pullPolicy`, source.pullPolicy, pulls))
  },
}
const names = /^(iqn\.\d{4}-\d{2}\.|eui\.[0-9A-Fa-f]{16}$|naa\.[0-9A-Fa-f]{16,32}$)/
function validateIscsi(source: any, at: string, form: string, errors: FieldError[]): void {
  const { iqn = '', initiatorName } = source
  needs('targetPortal', 'iqn')(source, at, errors)
  if (iqn !== '' && !names.test(iqn)) errors.push(invalid(`${at}.iqn`, iqn, form))
  if (initiatorName !== undefined && !names.test(initiatorName)) errors.push(invalid(`${at}.initiatorname`, initiatorName, form))
  if (source.lun < 0 || source.lun > 255) errors.push(invalid(`${at}.lun`, source.lun, 'must be between 0 and 255, inclusive'))
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) errors.push(required(`${at}.secretRef`))
}
