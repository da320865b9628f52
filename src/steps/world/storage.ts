import { parse, stringify } from 'yaml'
import { parseDuration } from '../../base/duration.ts'
import type { StepArgument } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { behaviourAnnotation } from '../../runtime-model/kinds/csi-names.ts'
import { say } from '../command.ts'
import type { ScenarioContext } from '../context.ts'
import { install } from '../outcome.ts'
import { pairsOf } from '../pairs.ts'

/** Keys of a driver's table: what the CSIDriver says itself, times, and answers of the storage. */
const durations = ['provision', 'attach', 'detach', 'resize', 'snapshot', 'modify']
const errors = ['provisionError', 'attachError', 'detachError', 'resizeError', 'snapshotError', 'modifyError']
const lifecycles = ['Persistent', 'Ephemeral']
const keys = ['attachRequired', 'storageCapacity', 'volumeLifecycleModes', 'limit', 'topology', ...durations, ...errors]

interface Described { readonly spec: Readonly<Record<string, unknown>>; readonly behaviour: Readonly<Record<string, unknown>> }
function described(argument: StepArgument | undefined): Described | string {
  const behaviour: Record<string, unknown> = {}, spec: Record<string, unknown> = { attachRequired: true }
  for (const [name, text] of pairsOf(argument)) {
    const key = name.trim(), value = text.trim()
    if (!keys.includes(key)) return `a CSI driver has no ${key}; there are ${keys.join(', ')}`
    if (key === 'attachRequired' || key === 'storageCapacity') {
      if (value !== 'true' && value !== 'false') return `${key} is true or false, not ${value}`
      spec[key] = value === 'true'
    }
    else if (key === 'volumeLifecycleModes') {
      const modes = value.split(/\s*,\s*/)
      spec.volumeLifecycleModes = modes
      if (!modes.every(m => lifecycles.includes(m))) return `volumeLifecycleModes are ${lifecycles.join(' and ')}, not ${value}`
    }
    else if (key === 'limit') { if (!/^\d+$/.test(value)) return `limit is a number of volumes, not ${value}`; behaviour.limit = Number(value) }
    else if (durations.includes(key)) {
      const ms = parseDuration(value)
      if (ms === undefined) return `${key}: ${value} is no duration, as 20s or 1m30s is`
      behaviour[`${key}Ms`] = ms
    }
    else behaviour[key] = value
  }
  return { spec, behaviour }
}

/**
 * What the manifests of a driver bring besides the CSIDriver: the rights of its controller. Source:
 * kubernetes-csi/{external-provisioner,external-attacher,external-resizer} deploy/kubernetes/rbac.yaml
 */
const account = { kind: 'ServiceAccount', name: 'csi-controller', namespace: 'kube-system' }, rbac = 'rbac.authorization.k8s.io'
const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
const rights = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace: account.namespace } },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: account.name }, rules: [
      { apiGroups: [''], resources: ['persistentvolumes'], verbs: all },
      { apiGroups: [''], resources: ['persistentvolumeclaims', 'persistentvolumeclaims/status', 'nodes'], verbs: ['get', 'list', 'watch', 'update', 'patch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses', 'csidrivers', 'volumeattributesclasses'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['csinodes', 'volumeattachments', 'volumeattachments/status'], verbs: all },
      { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch', 'update'] },
    ],
  },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: account.name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account.name }, subjects: [account],
  },
]

/** A driver as its manifests install it. */
export const driverManifests = (name: string, { spec, behaviour }: Described): readonly any[] =>
  [
    {
      apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name, annotations: { [behaviourAnnotation]: JSON.stringify(behaviour) } }, spec,
    },
    ...rights,
  ]

const csiDriver = defineStep({
  id: 'csi-driver', kind: 'world', phrases: ['CSI driver {name}:', 'CSI driver {name}'], parameters: { name: 'text' }, argument: 'optional',
  doc:
    'Installs a driver of volumes that are attached to nodes: its CSIDriver, its controller (provisioner, attacher, resizer, which also gives volumes the attributes of a VolumeAttributesClass, snapshotter) and its part on every node. As a table of key | value: limit (volumes a node may have), topology (label of nodes by which volumes are reachable), provision, attach, detach, resize, snapshot, modify (what the storage takes for it, 2 s), provisionError, attachError, detachError, resizeError, snapshotError, modifyError (what it answers instead), attachRequired, storageCapacity (claims that wait for their first consumer go where a CSIStorageCapacity object says that there is room; nobody but the scenario makes those), volumeLifecycleModes (Ephemeral: it also sets up the volumes that pods describe themselves). Said again, the driver behaves so from then on.',
  examples: ['CSI driver "ebs.csi.example.com"', 'CSI driver "ebs.csi.example.com":'],
  source: 'https://kubernetes-csi.github.io/docs/introduction.html',
  run(context, { name }, { argument }) {
    const found = described(argument)
    if (typeof found === 'string') return { cannotRun: found }
    return say(context, 'kubectl apply -f -', { stdin: driverManifests(name, found).map(o => stringify(o)).join('---\n') })
  },
})

/** A table of field | value, values as YAML. */
const fieldsOf = (argument: StepArgument | undefined): Record<string, unknown> =>
  Object.fromEntries(pairsOf(argument).map(([key, value]) => [key.trim(), parse(value)]))

/** A class of a driver that nobody has installed: its volumes would never be made. */
function noSuchDriver(context: ScenarioContext, name: string): StepOutcome {
  const known = context.driver().storedList('csidrivers.storage.k8s.io').map(d => d.metadata.name)
  if (known.includes(name)) return undefined
  return { cannotRun: `there is no CSI driver ${name}: ${known.length > 0 ? `there are ${known.join(', ')}` : `install it first, with \`CSI driver "${name}"\``}` }
}
const storageClass = defineStep({
  id: 'storage-class', kind: 'world', phrases: ['storage class {name} of CSI driver {driver}:', 'storage class {name} of CSI driver {driver}'],
  parameters: { name: 'text', driver: 'text' }, argument: 'optional',
  doc:
    'A StorageClass whose volumes a driver makes. As a table of field | value: reclaimPolicy, volumeBindingMode, allowVolumeExpansion … as the kind has them.',
  examples: ['storage class "fast" of CSI driver "ebs.csi.example.com"', 'storage class "fast" of CSI driver "ebs.csi.example.com":'],
  source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/',
  run(context, { name, driver }, { argument }) {
    const nobody = noSuchDriver(context, driver)
    if (nobody) return nobody
    return say(context, 'kubectl apply -f -', {
      stdin: stringify({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: driver, ...fieldsOf(argument) }),
    })
  },
})

const snapshotController = defineStep({
  id: 'snapshot-controller', kind: 'world', phrases: ['the snapshot controller is installed'],
  doc:
    'The cluster knows VolumeSnapshots: their definitions (snapshot.storage.k8s.io/v1) are applied, and the controller of external-snapshotter runs, with a sidecar of every CSI driver. Sentences may then say `volumesnapshot data`. What is in a volume is not copied: a restored one is as empty as a new one.',
  examples: ['the snapshot controller is installed'],
  source: 'https://kubernetes.io/docs/concepts/storage/volume-snapshots/',
  run: context => install(context, 'install-snapshot-controller'),
})

const snapshotClass = defineStep({
  id: 'snapshot-class', kind: 'world', phrases: ['volume snapshot class {name} of CSI driver {driver}:', 'volume snapshot class {name} of CSI driver {driver}'],
  parameters: { name: 'text', driver: 'text' }, argument: 'optional',
  doc:
    'A VolumeSnapshotClass, the default one of its driver, whose snapshots are deleted with their VolumeSnapshot. As a table of field | value: deletionPolicy (Delete or Retain).',
  examples: ['volume snapshot class "nightly" of CSI driver "ebs.csi.example.com"', 'volume snapshot class "nightly" of CSI driver "ebs.csi.example.com":'],
  source: 'https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/',
  run(context, { name, driver }, { argument }) {
    const nobody = noSuchDriver(context, driver)
    if (nobody) return nobody
    const annotations = { 'snapshot.storage.kubernetes.io/is-default-class': 'true' }
    return say(context, 'kubectl apply -f -', {
      stdin: stringify({
        apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass', metadata: { name, annotations }, driver, deletionPolicy: 'Delete', ...fieldsOf(argument),
      }),
    })
  },
})

export const storage: readonly StepDefinition[] = [csiDriver, storageClass, snapshotController, snapshotClass]
