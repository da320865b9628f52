import { withoutDisabledFields, type KindDefinition } from '../kinds/index.ts'
import type { ServerOptions } from './state.ts'

/**
 * What an API server before 1.35 makes of fields that came later: those whose feature was off are dropped, unless the object has them already; those that it
 * had never heard of are unknown; kinds that came later are not served. Its words about mistakes are those of 1.35, but for values (`older-words.ts`).
 * Source: pkg/features/kube_features.go (read: ContainerRestartRules, DynamicResourceAllocation, EnvFiles, HostnameOverride, HPAConfigurableTolerance,
 * ImageVolume, MutableCSINodeAllocatableCount, PodLevelResources, VolumeAttributesClass); pkg/api/pod/util.go
 * (dropDisabledFields), pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go; pkg/controlplane/instance.go (resources that are on).
 */
/** `resource.group` or a whole group → the first minor version that serves it without being told to; MultiCIDRServiceAllocator is on in all three. */
const servedSince: Readonly<Record<string, number>> = { 'resource.k8s.io': 34, 'volumeattributesclasses.storage.k8s.io': 34 }
export function isServed(options: ServerOptions, { group, resource }: { readonly group: string; readonly resource: string }): boolean {
  const minor = minorOf(options)
  return minor >= newest || minor >= (servedSince[group] ?? servedSince[`${resource}.${group}`] ?? 0)
}
export const servesAll = (options: ServerOptions): boolean => minorOf(options) >= newest

interface Gated {
  /** from the spec of a pod, or of the kind named; `*`: every item */
  readonly path: string
  readonly kind?: string
  /** minor versions that first had it, and first had it on */
  readonly known: number
  readonly on: number
}
const newest = 35
const gated: readonly Gated[] = [
  { path: 'hostnameOverride', known: 34, on: 35 }, { path: 'resources', known: 32, on: 34 },
  { path: 'containers.*.restartPolicyRules', known: 34, on: 35 }, { path: 'initContainers.*.restartPolicyRules', known: 34, on: 35 },
  { path: 'containers.*.restartPolicy', known: 28, on: 35 }, { path: 'volumes.*.image', known: 31, on: 35 },
  ...['containers', 'initContainers'].flatMap(list => [
    { path: `${list}.*.env.*.valueFrom.fileKeyRef`, known: 34, on: 35 }, { path: `${list}.*.resources.claims`, known: 26, on: 34 },
  ]),
  { path: 'resourceClaims', known: 26, on: 34 }, { path: 'workloadRef', known: 35, on: 35 },
  { path: 'volumes.*.projected.sources.*.podCertificate', known: 34, on: 35 },
  { path: 'volumeAttributesClassName', kind: 'PersistentVolumeClaim', known: 29, on: 34 },
  { path: 'volumeAttributesClassName', kind: 'PersistentVolume', known: 29, on: 34 },
  { path: 'nodeAllocatableUpdatePeriodSeconds', kind: 'CSIDriver', known: 33, on: 35 },
  { path: 'serviceAccountTokenInSecrets', kind: 'CSIDriver', known: 35, on: 35 },
  { path: 'behavior.scaleUp.tolerance', kind: 'HorizontalPodAutoscaler', known: 33, on: 35 },
  { path: 'behavior.scaleDown.tolerance', kind: 'HorizontalPodAutoscaler', known: 33, on: 35 },
]
const podSpecs: Readonly<Record<string, string>> = {
  Pod: 'spec', PodTemplate: 'template.spec', CronJob: 'spec.jobTemplate.spec.template.spec',
  ...Object.fromEntries(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'].map(kind => [kind, 'spec.template.spec'])),
}

const minors = new Map<string, number>()
/** 35 of 1.35.4 */
export function minorOf({ version }: ServerOptions): number {
  let minor = minors.get(version)
  if (minor === undefined) minors.set(version, minor = Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? newest))
  return minor
}

function placesOf({ kind }: KindDefinition): readonly (Gated & { readonly at: readonly string[] })[] {
  const pod = podSpecs[kind]
  return gated.flatMap(g => g.kind === kind ? [{ ...g, at: `spec.${g.path}`.split('.') }]
    : g.kind === undefined && pod !== undefined ? [{ ...g, at: `${pod}.${g.path}`.split('.') }]
    : [])
}

/** `object` without the fields whose features are off; the same if it has none. */
export function withoutDisabled(options: ServerOptions, kind: KindDefinition, object: any, old?: any): any {
  const minor = minorOf(options), kept = kind.schema ? object : withoutDisabledFields(kind, object)
  return minor >= newest ? kept : placesOf(kind).filter(g => minor < g.on).reduce((o, g) => has(old, g.at) ? o : drop(o, g.at), kept)
}
/** `unknown` and `unknown field "spec.hostnameOverride"` of each that the server does not know. */
export function withUnheardOf(options: ServerOptions, kind: KindDefinition, object: any, unknown: readonly string[]): readonly string[] {
  const minor = minorOf(options)
  if (minor >= newest) return unknown
  const more = placesOf(kind).filter(g => minor < g.known).flatMap(g => found(object, g.at, '')).map(path => `unknown field "${path}"`)
  return more.length > 0 ? [...unknown, ...more] : unknown
}

const has = (value: any, path: readonly string[]): boolean => found(value, path, '').length > 0
function found(value: any, [step, ...rest]: readonly string[], at: string): readonly string[] {
  if (value === undefined || value === null) return []
  if (step === undefined) return [at]
  if (step === '*') return (value as readonly any[]).flatMap((item, i) => found(item, rest, `${at}[${i}]`))
  return found(value[step], rest, at === '' ? step : `${at}.${step}`)
}
function drop(value: any, path: readonly string[]): any {
  if (!has(value, path)) return value
  const [step, ...rest] = path
  if (step === '*') return value.map((item: any) => drop(item, rest))
  if (rest.length > 0) return { ...value, [step]: drop(value[step], rest) }
  const { [step]: _, ...others } = value
  return others
}
