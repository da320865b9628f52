import type { FieldSchema, StructSchema } from '../../api/schema.ts'

/**
 * How internal types differ from the served ones in the order of fields; the rest is alike. Fields of an order that the type lacks are read from `lent`:
 * a pod's host namespaces stand in its SecurityContext there.
 * Source: the JSON in field errors of a 1.35.4 API server (a Job's `spec.template`, a Pod's and a PersistentVolumeClaim's `spec`).
 */
const orders: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSpec': [
    'volumes', 'initContainers', 'containers', 'ephemeralContainers', 'restartPolicy', 'terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'dnsPolicy',
    'nodeSelector', 'serviceAccountName',
    'automountServiceAccountToken', 'nodeName', 'securityContext', 'imagePullSecrets', 'hostname', 'subdomain', 'setHostnameAsFQDN', 'affinity',
    'schedulerName', 'tolerations', 'hostAliases', 'priorityClassName', 'priority',
    'preemptionPolicy', 'dnsConfig', 'readinessGates', 'runtimeClassName', 'overhead', 'enableServiceLinks', 'topologySpreadConstraints', 'os',
    'schedulingGates', 'resourceClaims', 'resources', 'hostnameOverride', 'workloadRef',
  ],
  'core.v1.PodSecurityContext': [
    'hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers', 'seLinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot',
    'supplementalGroups', 'supplementalGroupsPolicy',
    'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'seccompProfile', 'appArmorProfile', 'seLinuxChangePolicy',
  ],
  'core.v1.Volume': [
    'name', 'hostPath', 'emptyDir', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'secret', 'nfs', 'iscsi', 'glusterfs', 'persistentVolumeClaim',
    'rbd', 'quobyte', 'flexVolume', 'cinder', 'cephfs', 'flocker',
    'downwardAPI', 'fc', 'azureFile', 'configMap', 'vsphereVolume', 'azureDisk', 'photonPersistentDisk', 'projected', 'portworxVolume', 'scaleIO', 'storageos',
    'csi', 'ephemeral', 'image',
  ],
  // Only what the embedded PersistentVolumeSource has: nothing else of it is ever shown.
  'core.v1.PersistentVolumeSpec': [
    'gcePersistentDisk', 'awsElasticBlockStore', 'hostPath', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'flexVolume', 'cinder', 'cephfs', 'fc', 'flocker',
    'azureFile', 'vsphereVolume', 'azureDisk',
    'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'local', 'storageos', 'csi',
  ],
  'core.v1.PersistentVolumeClaimSpec': [
    'accessModes', 'selector', 'resources', 'volumeName', 'storageClassName', 'volumeMode', 'dataSource', 'dataSourceRef', 'volumeAttributesClassName',
  ],
}
const cache = new Map<string, readonly FieldSchema[]>()

export function internalFields(struct: StructSchema, lender?: StructSchema): readonly FieldSchema[] {
  let fields = cache.get(struct.name)
  if (!fields) cache.set(struct.name, fields = orders[struct.name]?.flatMap(name => struct.byName.get(name) ?? lender?.byName.get(name) ?? []) ?? struct.fields)
  return fields
}
