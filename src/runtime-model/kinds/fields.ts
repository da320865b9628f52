/**
 * Which fields have an effect in the model. `unmodelled`: a real cluster would behave differently because of the field and the model would not, so using it
 * makes a scenario inconclusive ("not modelled: Pod.spec.volumes.nfs"). `inert`: accepted and stored, changes nothing a scenario can see. All others are
 * modelled.
 * Source: the API reference of each field, against what the rooms of this model read.
 */
export type FieldStatus = 'modelled' | 'inert' | 'unmodelled'
interface Rule { readonly path: readonly string[]; readonly text: string; readonly status: FieldStatus; readonly when?: (value: any) => boolean }

const rules = (status: FieldStatus, ...paths: (string | readonly [string, (value: any) => boolean])[]): Rule[] =>
  paths.map(p => { const [text, when] = typeof p === 'string' ? [p, undefined] : p; return { text, path: text.split('.'), status, when } })
const under = (prefix: string, list: readonly Rule[]): Rule[] => list.map(r => ({ ...r, text: `${prefix}.${r.text}`, path: [...prefix.split('.'), ...r.path] }))

const volumes = [
  'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'nfs', 'iscsi', 'glusterfs', 'rbd', 'flexVolume', 'cinder', 'cephfs', 'flocker', 'fc', 'azureFile',
  'vsphereVolume', 'quobyte', 'azureDisk',
  'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'storageos', 'csi.nodePublishSecretRef',
]
const container = [
  ...rules('inert', 'stdin', 'stdinOnce', 'tty', 'workingDir', 'terminationMessagePath', 'securityContext'),
]
const podSpec: readonly Rule[] = [
  ...rules('unmodelled', 'resources.claims',
    ...volumes.map(v => `volumes[].${v}`), 'volumes[].projected.sources[].clusterTrustBundle', 'volumes[].projected.sources[].podCertificate'),
  ...rules('inert', 'hostAliases', 'hostIPC', 'hostPID', 'hostUsers', 'shareProcessNamespace', 'setHostnameAsFQDN',
    'hostnameOverride', 'securityContext', 'dnsConfig', 'automountServiceAccountToken', 'enableServiceLinks'),
  ...under('containers[]', container), ...under('initContainers[]', container), ...under('ephemeralContainers[]', container),
]
const job: readonly Rule[] = under('spec.template.spec', podSpec)
/** A volume that is filled by somebody's own controller. */
function populated({ kind }: any): boolean { return kind !== 'PersistentVolumeClaim' && kind !== 'VolumeSnapshot' }
const claim: readonly Rule[] = [
  ...rules('unmodelled', ['spec.dataSource', populated], ['spec.dataSourceRef', populated]),
]

const table: Readonly<Record<string, readonly Rule[]>> = {
  Pod: under('spec', podSpec),
  Deployment: under('spec.template.spec', podSpec),
  ReplicaSet: under('spec.template.spec', podSpec),
  StatefulSet: [...under('spec.template.spec', podSpec), ...under('spec.volumeClaimTemplates[]', claim)],
  DaemonSet: under('spec.template.spec', podSpec),
  CronJob: under('spec.jobTemplate', job),
  Job: job,
  Service: [
    ...rules('inert', 'spec.loadBalancerIP', 'spec.ports[].appProtocol'),
  ],
  PersistentVolumeClaim: claim,
  PersistentVolume: rules('inert', 'spec.mountOptions'),
  StorageClass: rules('inert', 'parameters', 'mountOptions'),
  Node: [],
  ServiceAccount: [...rules('inert', 'secrets', 'automountServiceAccountToken')],
  ReplicationController: under('spec.template.spec', podSpec),
  ResourceClaim: rules('unmodelled', 'spec.devices.requests[].exactly.adminAccess'),
  ResourceClaimTemplate: rules('unmodelled', 'spec.spec.devices.requests[].exactly.adminAccess'),
  // objects of another version than the stored one would be what its server makes of them
  CustomResourceDefinition: rules('unmodelled', [
    'spec.conversion',
    conversion =>
      conversion.strategy === 'Webhook' && conversion.webhook?.clientConfig && conversion.webhook.conversionReviewVersions?.length > 0,
  ]),
  ResourceQuota: [], LimitRange: [], PriorityClass: [], Namespace: [], ConfigMap: [], Secret: [], Endpoints: [], EndpointSlice: [], Lease: [], Event: [],
}

/** Names of what an object uses and the model lacks: `Pod.spec.volumes.nfs`, each once, in the table's order. */
export function unmodelledFields(kind: string, object: any): readonly string[] {
  const tree = trees.get(kind)
  if (!tree) return none
  const found = new Set<number>()
  visit(object, tree, found)
  return found.size === 0 ? none : [...found].sort((a, b) => a - b).map(i => `${kind}.${table[kind][i].text.replaceAll('[]', '')}`)
}
const none: readonly string[] = []

/** The unmodelled paths of a kind as a tree, so that an object is walked once. */
interface Step {
  readonly name: string
  readonly list: boolean
  readonly children: Step[]
  readonly rules: { readonly index: number; readonly when?: Rule['when'] }[]
}
const trees = new Map<string, readonly Step[]>(Object.entries(table)
  .filter(([, list]) => list.some(r => r.status === 'unmodelled'))
  .map(([kind, list]) => [kind, treeOf(list)]))
function treeOf(list: readonly Rule[]): readonly Step[] {
  const root: Step[] = []
  list.forEach((rule, i) => {
    if (rule.status !== 'unmodelled') return
    let level = root, last: Step | undefined
    for (const text of rule.path) {
      const name = text.replace('[]', '')
      const step: Step = level.find(s => s.name === name && s.list === text.endsWith('[]')) ?? { name, list: text.endsWith('[]'), children: [], rules: [] }
      if (!level.includes(step)) level.push(step)
      last = step; level = step.children
    }
    last!.rules.push({ index: i, when: rule.when })
  })
  return root
}
/** `fieldStatus('Pod', 'spec.containers.tty')` → 'inert' (lists without `[]`); parts of an unmodelled or inert field are so too. */
export function fieldStatus(kind: string, path: string): FieldStatus {
  const rule = table[kind]?.find(r => { const text = r.text.replaceAll('[]', ''); return path === text || path.startsWith(text + '.') })
  return rule?.status ?? 'modelled'
}

function visit(value: any, steps: readonly Step[], found: Set<number>): void {
  for (const step of steps) {
    const part = value[step.name]
    if (part === undefined || part === null) continue
    for (const rule of step.rules) if (rule.when === undefined || rule.when(part)) found.add(rule.index)
    if (step.children.length === 0) continue
    if (!step.list) visit(part, step.children, found)
    else if (Array.isArray(part)) for (const item of part) visit(item, step.children, found)
  }
}
