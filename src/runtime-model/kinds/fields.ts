/**
 * Which fields have an effect in the model. `unmodelled`: a real cluster would behave differently because of the field and the model would not, so using it
 * makes a scenario inconclusive ("not modelled: Pod.spec.resourceClaims"). `inert`: accepted and stored, changes nothing a scenario can see. All others are modelled.
 * Source: the API reference of each field, against what the rooms of this model read.
 */
export type FieldStatus = 'modelled' | 'inert' | 'unmodelled'
interface Rule { readonly path: readonly string[]; readonly text: string; readonly status: FieldStatus; readonly when?: (value: any) => boolean }

const rules = (status: FieldStatus, ...paths: (string | readonly [string, (value: any) => boolean])[]): Rule[] =>
  paths.map(p => { const [text, when] = typeof p === 'string' ? [p, undefined] : p; return { text, path: text.split('.'), status, when } })
const under = (prefix: string, list: readonly Rule[]): Rule[] => list.map(r => ({ ...r, text: `${prefix}.${r.text}`, path: [...prefix.split('.'), ...r.path] }))

const volumes = ['gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'nfs', 'iscsi', 'glusterfs', 'rbd', 'flexVolume', 'cinder', 'cephfs', 'flocker', 'fc', 'azureFile', 'vsphereVolume', 'quobyte', 'azureDisk',
  'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'storageos', 'csi', 'ephemeral', 'image']
const container = [
  ...rules('unmodelled', 'resources.claims', 'volumeDevices'),
  ...rules('inert', 'stdin', 'stdinOnce', 'tty', 'workingDir', 'terminationMessagePath', 'securityContext', 'lifecycle.stopSignal'),
]
const podSpec: readonly Rule[] = [
  ...rules('unmodelled', 'resourceClaims', 'runtimeClassName', 'overhead', 'resources', 'workloadRef', ['os.name', name => name !== 'linux'],
    ...volumes.map(v => `volumes[].${v}`), 'volumes[].projected.sources[].clusterTrustBundle', 'volumes[].projected.sources[].podCertificate'),
  ...rules('inert', 'hostAliases', 'hostIPC', 'hostPID', 'hostUsers', 'shareProcessNamespace', 'setHostnameAsFQDN',
    'hostnameOverride', 'securityContext', 'dnsConfig', 'imagePullSecrets', 'automountServiceAccountToken', 'enableServiceLinks'),
  ...under('containers[]', container), ...under('initContainers[]', container), ...under('ephemeralContainers[]', container),
]

const table: Readonly<Record<string, readonly Rule[]>> = {
  Pod: under('spec', podSpec),
  Deployment: under('spec.template.spec', podSpec),
  ReplicaSet: under('spec.template.spec', podSpec),
  Job: [...under('spec.template.spec', podSpec), ...rules('unmodelled', ['spec.managedBy', manager => manager !== 'kubernetes.io/job-controller'])],
  Service: [
    ...rules('unmodelled', 'spec.trafficDistribution', 'spec.loadBalancerSourceRanges', ['spec.ipFamilyPolicy', policy => policy === 'PreferDualStack'], ['spec.ipFamilies', families => families[0] === 'IPv6']),
    ...rules('inert', 'spec.loadBalancerIP', 'spec.ports[].appProtocol', 'spec.healthCheckNodePort'),
  ],
  PersistentVolumeClaim: [...rules('unmodelled', 'spec.dataSource', 'spec.dataSourceRef', 'spec.volumeAttributesClassName'), ...rules('inert', 'spec.volumeMode')],
  PersistentVolume: [...rules('unmodelled', 'spec.volumeAttributesClassName'), ...rules('inert', 'spec.mountOptions', 'spec.volumeMode')],
  StorageClass: [...rules('unmodelled', 'allowedTopologies'), ...rules('inert', 'parameters', 'mountOptions')],
  Node: [...rules('unmodelled', 'spec.configSource')],
  ServiceAccount: [...rules('inert', 'secrets', 'imagePullSecrets', 'automountServiceAccountToken')],
  ResourceQuota: [], LimitRange: [], PriorityClass: [], Namespace: [], ConfigMap: [], Secret: [], Endpoints: [], EndpointSlice: [], Lease: [], Event: [],
}

/** Names of what an object uses and the model lacks: `Pod.spec.resourceClaims`, each once, in the table's order. */
export function unmodelledFields(kind: string, object: any): string[] {
  const found: string[] = []
  for (const rule of table[kind] ?? []) if (rule.status === 'unmodelled' && uses(object, rule, 0)) found.push(`${kind}.${rule.text.replaceAll('[]', '')}`)
  return found
}

/** `fieldStatus('Pod', 'spec.containers.tty')` → 'inert' (lists without `[]`); parts of an unmodelled or inert field are so too. */
export function fieldStatus(kind: string, path: string): FieldStatus {
  const rule = table[kind]?.find(r => { const text = r.text.replaceAll('[]', ''); return path === text || path.startsWith(text + '.') })
  return rule?.status ?? 'modelled'
}

function uses(value: any, rule: Rule, at: number): boolean {
  if (value === undefined || value === null) return false
  if (at === rule.path.length) return rule.when ? rule.when(value) : true
  const step = rule.path[at]
  if (!step.endsWith('[]')) return uses(value[step], rule, at + 1)
  const list = value[step.slice(0, -2)]
  return Array.isArray(list) && list.some(item => uses(item, rule, at + 1))
}
