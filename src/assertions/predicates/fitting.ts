import { suggest } from '../../base/suggest.ts'
import type { Misfit } from '../../dsl/parse-step.ts'
import { structOf, typeName } from '../../runtime-model/api/schema.ts'
import type { FieldSchema, StructSchema, TypeSchema } from '../../runtime-model/api/schema.ts'
import { registry } from '../../runtime-model/kinds/index.ts'
import { reasonOf } from './event-words.ts'
import { unknownStatus } from './status-words.ts'

/** Of which kinds predicates make sense. A count that a kind does not have is no 0, and a word that it never has is not absent: both would pass for ever. */
const workloads = ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicationcontrollers']
const autoscaler = 'horizontalpodautoscalers.autoscaling', claim = 'persistentvolumeclaims', volume = 'persistentvolumes'

const names = (resources: readonly string[]): string => resources.map(r => r.split('.')[0]).join(', ').replace(/, ([^,]*)$/, ' and $1')
export const onlyOf = (...resources: readonly string[]): Misfit =>
  resource => resources.includes(resource) || resource === 'containers' ? undefined : `it can be said of ${names(resources)}`

const known = new Set(registry.all.map(k => k.group ? `${k.resource}.${k.group}` : k.resource))
/** Custom resources may have any field, and any count in their status. */
export const isKnown = (resource: string): boolean => known.has(resource)
const orCustom = (misfit: Misfit): Misfit => (resource, args) => isKnown(resource) ? misfit(resource, args) : undefined

/** Which counts the status of a workload has. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/. */
const counts: Readonly<Record<string, readonly string[]>> = {
  '': [...workloads, autoscaler], ready: workloads, available: workloads, updated: ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  unavailable: ['deployments.apps', 'daemonsets.apps'], current: ['statefulsets.apps', 'daemonsets.apps', autoscaler],
  desired: [autoscaler, 'daemonsets.apps'],
}
export const countedOf = (which: string): Misfit => resource => {
  const why = orCustom(onlyOf(...counts[which]))(resource, {})
  return why && `${why}; the pods of others are a set: \`there are 3 pods of service web\``
}

/** Kinds whose status tells how many of them, or whether it, is ready. */
export const readyOf: Misfit = orCustom(onlyOf('pods', 'nodes', ...workloads))

const common = ['Terminating']
/**
 * What the STATUS column and the conditions of a kind can say. Source: printers and API types of Kubernetes 1.35 (pkg/printers/internalversion/printers.go,
 * staging/src/k8s.io/api).
 */
const words: Readonly<Record<string, readonly string[]>> = {
  nodes: ['Ready', 'NotReady', 'SchedulingDisabled', 'Unknown', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'],
  namespaces: [
    'Active', 'NamespaceDeletionDiscoveryFailure', 'NamespaceDeletionContentFailure', 'NamespaceDeletionGroupVersionParsingFailure',
    'NamespaceContentRemaining', 'NamespaceFinalizersRemaining',
  ],
  'deployments.apps': ['Ready', 'Available', 'Progressing', 'ReplicaFailure'], 'replicasets.apps': ['Ready', 'ReplicaFailure'],
  replicationcontrollers: ['Ready', 'ReplicaFailure'],
  'statefulsets.apps': ['Ready'], 'daemonsets.apps': ['Ready'],
  'jobs.batch': ['Running', 'Complete', 'Completed', 'Failed', 'Suspended', 'SuccessCriteriaMet', 'FailureTarget'], 'cronjobs.batch': [],
  [claim]: [
    'Pending', 'Bound', 'Lost', 'Resizing', 'FileSystemResizePending', 'ControllerResizeError', 'NodeResizeError', 'ModifyVolumeError', 'ModifyingVolume',
  ],
  [volume]: ['Pending', 'Available', 'Bound', 'Released', 'Failed'], [autoscaler]: ['AbleToScale', 'ScalingActive', 'ScalingLimited'],
  'poddisruptionbudgets.policy': ['DisruptionAllowed'],
  services: [], endpoints: [], 'endpointslices.discovery.k8s.io': [], configmaps: [], secrets: [], serviceaccounts: [], 'ingresses.networking.k8s.io': [],
  'networkpolicies.networking.k8s.io': [],
  resourcequotas: [], limitranges: [], events: [], 'leases.coordination.k8s.io': [], 'storageclasses.storage.k8s.io': [],
}
/** words of other kinds, which no pod ever has; its own are as many as there are reasons */
const neverOfPods = new Set(['Active', 'Available', 'Bound', 'Complete', 'Lost', 'Progressing', 'Released', 'SchedulingDisabled', 'Suspended'])
const meant: Readonly<Record<string, string>> = { Complete: 'Completed', Available: 'Ready', Active: 'Running', Bound: 'Scheduled' }

/** Is it known what its STATUS and conditions can say? */
export const hasWords = (resource: string): boolean => resource === 'pods' || resource in words

export const statusOf: Misfit = (resource, { status: word }) => {
  if (resource === 'pods') {
    if (word === undefined) return undefined
    return neverOfPods.has(word) ? `a pod is never ${word}${meant[word] ? `; say \`${meant[word]}\`` : ''}` : unknownStatus(word, false)
  }
  if (resource === 'containers') return word === undefined ? 'it can be said of jobs and pods' : unknownStatus(word, true)
  const own = words[resource] ?? (hasStates(resource) ? undefined : [])
  if (!own) return undefined
  if (word === undefined) return resource === 'jobs.batch' ? undefined : 'it can be said of jobs and pods'
  if (own.includes(word) || common.includes(word)) return undefined
  // a node's STATUS is a list: Ready,SchedulingDisabled
  if (resource === 'nodes' && word.split(',').every((part: string) => own.includes(part))) return undefined
  const [near] = suggest(word, [...own, ...common], 1)
  if (near !== undefined) return `did you mean \`${near}\`?`
  return neverOfPods.has(word) || word === 'Ready'
    ? `its STATUS or a condition can say ${[...own, ...common].join(', ')}`
    : `it can be said of pods; STATUS or a condition of ${names([resource])} can say ${[...own, ...common].join(', ')}`
}

/** Of kinds that are not in the table: custom resources, and those whose status has conditions or a phase. */
const hasStates = (resource: string): boolean => ['.status.conditions', '.status.phase'].some(jsonpath => fieldOf(resource, { jsonpath }) === undefined)

/** Condition types that are known by name; others may be anybody's (readiness gates), unless they are nearly one of these. */
const conditions: Readonly<Record<string, readonly string[]>> = {
  pods: ['Ready', 'ContainersReady', 'Initialized', 'PodScheduled', 'PodReadyToStartContainers', 'DisruptionTarget', 'PodResizePending', 'PodResizeInProgress'],
  nodes: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'], 'deployments.apps': ['Available', 'Progressing', 'ReplicaFailure'],
  'jobs.batch': ['Complete', 'Failed', 'Suspended', 'SuccessCriteriaMet', 'FailureTarget'], [autoscaler]: ['AbleToScale', 'ScalingActive', 'ScalingLimited'],
}
export const conditionOf: Misfit = (resource, { condition: type, reason }) => {
  const own = conditions[resource]
  if (!own && fieldOf(resource, { jsonpath: '.status.conditions' })) return 'its status has no conditions'
  if (!own) return undefined
  if (own.includes(type)) return reasonOf(reason)
  const [near] = suggest(type, own, 1)
  return near === undefined ? undefined : `did you mean \`${near}\`?`
}

/** Keys of Kubernetes' own; others are anybody's. Source: https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const taints = [
  'not-ready', 'unreachable', 'unschedulable', 'memory-pressure', 'disk-pressure', 'pid-pressure', 'network-unavailable', 'out-of-service',
].map(name => `node.kubernetes.io/${name}`)
const taintDomain = /^(?:[^/=:]+\.)?kubernetes\.io\//
export const taintOf: Misfit = (resource, { taint }) => {
  const all = [
    ...taints, 'node-role.kubernetes.io/control-plane', 'node.cloudprovider.kubernetes.io/uninitialized', 'node.cloudprovider.kubernetes.io/shutdown',
  ], key = /^[^=:]*/.exec(taint)![0]
  const [near] = taintDomain.test(key) && !all.includes(key) ? suggest(key, all, 1) : []
  return onlyOf('nodes')(resource, {}) ?? (near === undefined ? undefined : `did you mean \`${near}\`?`)
}

/** Phases that a kind has. Source: https://kubernetes.io/docs/reference/kubernetes-api/ (PodStatus, NamespaceStatus, PersistentVolume(Claim)Status). */
const phases: Readonly<Record<string, readonly string[]>> = {
  pods: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'], namespaces: ['Active', 'Terminating'], [claim]: ['Pending', 'Bound', 'Lost'],
  [volume]: ['Pending', 'Available', 'Bound', 'Released', 'Failed'],
}
export const phaseOf: Misfit = (resource, { word }) => {
  const own = phases[resource]
  if (!own) return orCustom(onlyOf(...Object.keys(phases)))(resource, {})
  if (own.includes(word)) return undefined
  return `the phases of ${names([resource])} are ${own.join(', ')}`
}

const rootOf = (resource: string): TypeSchema | undefined => {
  const kind = registry.byResource(resource)
  return kind && isKnown(resource) ? { is: 'struct', name: typeName(kind.group, kind.version, kind.kind) } : undefined
}
/** The type of a kind's objects, and how the kind is called. */
export interface Typed { readonly kind: string; readonly root?: TypeSchema }
const typed = (resource: string): Typed => ({ kind: registry.byResource(resource)?.kind ?? resource, root: rootOf(resource) })
/** What there is no field for: a sentence, with the nearest name. */
function noSuchField(kind: string, struct: StructSchema, so: string, name: string): string {
  const [near] = suggest(name, [...struct.byName.keys()], 1)
  return `${kind} has no field ${so}.${name}${near === undefined ? '' : `; did you mean ${so}.${near}?`}`
}

/** The same of a partial object: `does not match:` with a misspelt field would hold for ever. */
export const misspeltField = (resource: string, wanted: unknown): string | undefined => misspeltIn(typed(resource), wanted)
export function misspeltIn({ kind, root: at }: Typed, wanted: unknown, so = ''): string | undefined {
  if (Array.isArray(wanted)) {
    for (const member of wanted) { const why = misspeltIn({ kind, root: at?.is === 'list' ? at.items : undefined }, member, `${so}[*]`); if (why) return why }
    return undefined
  }
  const struct = at?.is === 'struct' ? structOf(at) : undefined
  if (!struct || struct.open || typeof wanted !== 'object' || wanted === null) return undefined
  for (const [name, value] of Object.entries(wanted)) {
    const field = struct.byName.get(name)
    // directives of a strategic merge patch: $patch, $retainKeys, $setElementOrder/containers
    if (!field && name.startsWith('$')) continue
    if (!field) return noSuchField(kind, struct, so, name)
    const why = misspeltIn({ kind, root: field.type }, value, `${so}.${name}`)
    if (why) return why
  }
  return undefined
}

/** The type of what stands at a path of fields, where it is known. */
function typeAt(root: TypeSchema | undefined, path: string): TypeSchema | undefined {
  let at = root
  for (const [step] of path.matchAll(/\.[\w-]+|\[[^\]]*\]/g)) {
    at = at?.is === 'list' && step.startsWith('[') ? at.items : at?.is === 'struct' ? structOf(at)?.byName.get(step.slice(1))?.type : undefined
  }
  return at
}

/** A field that the type of the kind does not have is never there: `has no field .spec.nodName` would hold for ever. Filters and ranges are not looked into. */
export const fieldOf: Misfit = (resource, args) => fieldIn(typed(resource), args)
export function fieldIn({ kind, root }: Typed, { jsonpath, value }: Readonly<Record<string, any>>): string | undefined {
  const [, map, , key] = /^\{?((?:\.[A-Za-z][\w-]*|\[\d+\])+)\[(['"])([^'"]*\.[^'"]*)\2\]/.exec(jsonpath) ?? []
  if (map !== undefined && typeAt(root, map)?.is === 'map') {
    return `to kubectl \`${jsonpath}\` is a path of several fields: write a dot in a key as \`\\.\`, as in \`${map}.${key.replace(/\./g, '\\.')}\``
  }
  const path = /^\{?((?:\.[A-Za-z][\w-]*|\[(?:\d+|\*|-\d+)\])+)\}?$/.exec(jsonpath)?.[1]
  let at = root, so = '', last: FieldSchema | undefined
  for (const [step] of (path ?? '').matchAll(/\.[\w-]+|\[[^\]]*\]/g)) {
    if (at?.is === 'list' && step.startsWith('[')) { at = at.items; so += step; continue }
    const struct: StructSchema | undefined = at?.is === 'struct' ? structOf(at) : undefined
    if (!struct || struct.open || step.startsWith('[')) return undefined
    const field = struct.byName.get(step.slice(1))
    if (!field) return noSuchField(kind, struct, so, step.slice(1))
    at = field.type
    so += step
    last = field
  }
  return at === undefined || so.includes('*') || value === undefined ? undefined : neverSaid(so, last, at, value)
}
/** What a field never says: `never has field .status.qosClass "BestEfort"` would hold for ever. */
function neverSaid(so: string, field: FieldSchema | undefined, type: TypeSchema, value: string): string | undefined {
  if (field?.enum && type.is === 'scalar' && value !== '' && !field.enum.includes(value)) return `${so} is one of ${field.enum.join(', ')}`
  if (type.is !== 'scalar') return undefined
  if (/^u?int\d/.test(type.name) && !/^-?\d+$/.test(value)) return `${so} is a number`
  return type.name === 'bool' && !['true', 'false'].includes(value) ? `${so} is true or false` : undefined
}
