import { goList } from '../policy-rules.ts'

/** What is told of a source of a volume: `Title:` or a bare title, and its value. */
export type Lines = readonly (readonly [title: string, value: unknown])[]
type Told = readonly [sentence: string, lines: Lines]

/** `map[a:b]`, and references as Go writes them. */
const map = (all: Readonly<Record<string, string>> | undefined): string => `map[${Object.keys(all ?? {}).sort().map(k => `${k}:${all![k]}`).join(' ')}]`
const secretOf = (ref: any, persistent: boolean): string => ref === undefined ? 'nil'
  : persistent ? `&SecretReference{Name:${ref.name ?? ''},Namespace:${ref.namespace ?? ''},}` : `&LocalObjectReference{Name:${ref.name ?? ''},}`
const readOnly = (s: any): Lines => [['ReadOnly:', s.readOnly === true]]
const fsType = (s: any): Lines => [['FSType:', s.fsType ?? '']]
/** each attribute on its own line, indented once more than it would need */
const attributes = (all: Readonly<Record<string, string>> | undefined): Lines => {
  const keys = Object.keys(all ?? {}).sort(), shown = (text: string): string => text.length > 140 ? `${text.slice(0, 140)}...` : text
  return keys.length === 0 ? [['VolumeAttributes:', '<none>']] : keys.map((k, i) => [i === 0 ? 'VolumeAttributes:' : '    ', `    ${shown(`${k}=${all![k]}`)}`])
}

/**
 * What `describe` says of each source of a volume, by its field: of a pod, or of a PersistentVolume (`persistent`). Source: describe.go
 * (print…VolumeSource, print…PersistentVolumeSource).
 */
export const sources: Readonly<Record<string, (source: any, persistent: boolean) => Told>> = {
  hostPath: s => ['HostPath (bare host directory volume)', [['Path:', s.path], ['HostPathType:', s.type ?? '<none>']]],
  emptyDir: s => ["EmptyDir (a temporary directory that shares a pod's lifetime)", [['Medium:', s.medium ?? ''], ['SizeLimit:', s.sizeLimit ?? '<unset>']]],
  gcePersistentDisk: s => ['GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)', [
    ['PDName:', s.pdName], ...fsType(s), ['Partition:', s.partition ?? 0], ...readOnly(s),
  ]],
  awsElasticBlockStore: s => ['AWSElasticBlockStore (a Persistent Disk resource in AWS)', [
    ['VolumeID:', s.volumeID], ...fsType(s), ['Partition:', s.partition ?? 0], ...readOnly(s),
  ]],
  gitRepo: s => ['GitRepo (a volume that is pulled from git when the pod is created)', [['Repository:', s.repository], ['Revision:', s.revision ?? '']]],
  secret: s => ['Secret (a volume populated by a Secret)', [['SecretName:', s.secretName], ['Optional:', s.optional === true]]],
  configMap: s => ['ConfigMap (a volume populated by a ConfigMap)', [['Name:', s.name], ['Optional:', s.optional === true]]],
  nfs: s => ['NFS (an NFS mount that lasts the lifetime of a pod)', [['Server:', s.server], ['Path:', s.path], ...readOnly(s)]],
  iscsi: (s, persistent) => [
    "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)", [
      ['TargetPortal:', s.targetPortal], ['IQN:', s.iqn], ['Lun:', s.lun ?? 0], ['ISCSIInterface', s.iscsiInterface ?? ''], ...fsType(s), ...readOnly(s),
      ['Portals:', goList(s.portals)], ['DiscoveryCHAPAuth:', s.chapAuthDiscovery === true], ['SessionCHAPAuth:', s.chapAuthSession === true],
      ['SecretRef:', secretOf(s.secretRef, persistent)], ['InitiatorName:', s.initiatorName ?? '<none>'],
    ],
  ],
  glusterfs: (s, persistent) => ["Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", [
    ['EndpointsName:', s.endpoints], ...persistent ? [['EndpointsNamespace:', s.endpointsNamespace ?? '<unset>'] as const] : [], ['Path:', s.path], ...readOnly(s),
  ]],
  persistentVolumeClaim: s =>
    ['PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', [['ClaimName:', s.claimName], ...readOnly(s)]],
  rbd: (s, persistent) => ["RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", [
    ['CephMonitors:', goList(s.monitors)], ['RBDImage:', s.image], ...fsType(s), ['RBDPool:', s.pool ?? ''], ['RadosUser:', s.user ?? ''],
    ['Keyring:', s.keyring ?? ''], ['SecretRef:', secretOf(s.secretRef, persistent)], ...readOnly(s),
  ]],
  quobyte: s => ["Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", [['Registry:', s.registry], ['Volume:', s.volume], ...readOnly(s)]],
  azureDisk: s => ['AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)', [
    ['DiskName:', s.diskName], ['DiskURI:', s.diskURI], ['Kind: ', s.kind ?? ''], ...fsType(s), ['CachingMode:', s.cachingMode ?? ''], ...readOnly(s),
  ]],
  vsphereVolume: s => ['vSphereVolume (a Persistent Disk resource in vSphere)', [
    ['VolumePath:', s.volumePath], ...fsType(s), ['StoragePolicyName:', s.storagePolicyName ?? ''],
  ]],
  cinder: (s, persistent) => ['Cinder (a Persistent Disk resource in OpenStack)', [
    ['VolumeID:', s.volumeID], ...fsType(s), ...readOnly(s), ['SecretRef:', secretOf(s.secretRef, persistent)],
  ]],
  photonPersistentDisk: s => ['PhotonPersistentDisk (a Persistent Disk resource in photon platform)', [['PdID:', s.pdID], ...fsType(s)]],
  portworxVolume: s => ['PortworxVolume (a Portworx Volume resource)', [['VolumeID:', s.volumeID]]],
  scaleIO: (s, persistent) => ['ScaleIO (a persistent volume backed by a block device in ScaleIO)', [
    ['Gateway:', s.gateway], ['System:', s.system], ['Protection Domain:', s.protectionDomain ?? ''], ['Storage Pool:', s.storagePool ?? ''],
    ['Storage Mode:', s.storageMode ?? ''], ['VolumeName:', s.volumeName ?? ''],
    ...persistent ? [['SecretName:', s.secretRef?.name ?? ''] as const, ['SecretNamespace:', s.secretRef?.namespace ?? ''] as const] : [],
    ...fsType(s), ...readOnly(s),
  ]],
  local: s => ['LocalVolume (a persistent volume backed by local storage on a node)', [['Path:', s.path]]],
  cephfs: (s, persistent) => ["CephFS (a CephFS mount on the host that shares a pod's lifetime)", [
    ['Monitors:', goList(s.monitors)], ['Path:', s.path ?? ''], ['User:', s.user ?? ''], ['SecretFile:', s.secretFile ?? ''],
    ['SecretRef:', secretOf(s.secretRef, persistent)], ...readOnly(s),
  ]],
  storageos: s => ['StorageOS (a StorageOS Persistent Disk resource)', [
    ['VolumeName:', s.volumeName ?? ''], ['VolumeNamespace:', s.volumeNamespace ?? ''], ...fsType(s), ...readOnly(s),
  ]],
  fc: s => ['FC (a Fibre Channel disk)', [['TargetWWNs:', (s.targetWWNs ?? []).join(', ')], ['LUN:', s.lun ?? '<none>'], ...fsType(s), ...readOnly(s)]],
  azureFile: (s, persistent) => ['AzureFile (an Azure File Service mount on the host and bind mount to the pod)', [
    ['SecretName:', s.secretName], ...persistent ? [['SecretNamespace:', s.secretNamespace ?? ''] as const] : [], ['ShareName:', s.shareName], ...readOnly(s),
  ]],
  flexVolume: (s, persistent) => ['FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)', [
    ['Driver:', s.driver], ...fsType(s), ['SecretRef:', secretOf(s.secretRef, persistent)], ...readOnly(s), ['Options:', map(s.options)],
  ]],
  flocker: s => ['Flocker (a Flocker volume mounted by the Flocker agent)', [['DatasetName:', s.datasetName ?? ''], ['DatasetUUID:', s.datasetUUID ?? '']]],
  projected: s => ['Projected (a volume that contains injected data from multiple sources)', projected(s.sources ?? [])],
  csi: s => ['CSI (a Container Storage Interface (CSI) volume source)', [
    ['Driver:', s.driver], ...fsType(s), ...s.volumeHandle === undefined ? [] : [['VolumeHandle:', s.volumeHandle] as const], ...readOnly(s),
    ...attributes(s.volumeAttributes),
  ]],
  image: s => ['Image (a container image or OCI artifact)', [['Reference:', s.reference ?? ''], ['PullPolicy:', s.pullPolicy ?? '']]],
}
function projected(all: readonly any[]): Lines {
  return all.flatMap(({ secret, downwardAPI, configMap, serviceAccountToken }): Lines =>
    secret ? [['SecretName:', secret.name], ['Optional:', secret.optional === true]]
      : downwardAPI ? [['DownwardAPI:', true]]
        : configMap ? [['ConfigMapName:', configMap.name], ['Optional:', configMap.optional === true]]
          : serviceAccountToken ? [['TokenExpirationSeconds:', serviceAccountToken.expirationSeconds]] : [])
}
