import { parseQuantity } from '../../api/quantity.ts'
import { ipWarnings } from '../../api/cidr.ts'
import { dns1123Label } from '../../api/names.ts'
import { annotationWarnings, profileWarnings, seccompWarnings } from './annotations.ts'

/** Warnings about pods that work but surely are not meant so, in the API server's order. Source: pkg/api/pod/warnings.go. */
export function podWarnings(pod: any, old?: any): readonly string[] {
  if (old || !pod.spec) return none
  return [...profileWarnings(pod), ...nameWarnings(pod, "this is used in the Pod's hostname"), ...specWarnings(pod.spec, 'spec', pod.metadata?.annotations)]
}
export function templateWarnings(object: any, old?: any): readonly string[] {
  const names = old ? none : nameWarnings(object, inPodNames), { template } = object.spec ?? {}
  return [...names, ...specWarningsOf(object, old, template, 'spec.template')]
}
/**
 * The same for a kind that says nothing about its name: of a new object, and of one whose generation a change has moved, whatever has changed.
 * Source: WarningsOnUpdate of the strategies under pkg/registry/{apps,batch,core}.
 */
export const specWarningsOf = (object: any, old: any, template: any, path: string): readonly string[] =>
  template?.spec && (old === undefined || object.metadata.generation !== old.metadata.generation)
    ? specWarnings(template.spec, `${path}.spec`, template.metadata?.annotations)
    : none
const none: readonly string[] = []

export const inPodNames = 'this is used in Pod names and hostnames'
export function nameWarnings({ metadata }: any, use: string): readonly string[] {
  const wrong = metadata?.name ? dns1123Label(metadata.name) : none
  return wrong.length === 0 ? none : [`metadata.name: ${use}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(' ')}]`]
}

/** labels that have other names today, and since when */
export const oldLabels: Readonly<Record<string, readonly [string, string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'], 'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
}
const containerLists = ['initContainers', 'containers'] as const, noContainers: readonly any[] = []
function specWarnings(spec: any, path: string, annotations: any): string[] {
  const warnings: string[] = [], inMeta = `${path.slice(0, -'spec'.length)}metadata.annotations`
  for (const key in spec.nodeSelector)
    if (oldLabels[key]) warnings.push(`${path}.nodeSelector[${key}]: deprecated since ${oldLabels[key][0]}; use "${oldLabels[key][1]}" instead`)
  if (spec.affinity?.nodeAffinity) nodeAffinityWarnings(spec.affinity.nodeAffinity, `${path}.affinity.nodeAffinity`, warnings)
  ;(spec.topologySpreadConstraints ?? []).forEach((c: any, i: number) => {
    const at = `${path}.topologySpreadConstraints[${i}]`, old = oldLabels[c.topologyKey]
    if (old) warnings.push(`${at}.topologyKey: ${c.topologyKey} is deprecated since ${old[0]}; use "${old[1]}" instead`)
    if (!c.labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`)
  })
  if (annotations) warnings.push(...annotationWarnings(annotations, inMeta))
  if (spec.volumes) volumeWarnings(spec.volumes, path, warnings)
  ;(spec.hostAliases ?? []).forEach((alias: any, i: number) => {
    if (spec.hostAliases.findIndex((a: any) => a.ip === alias.ip) < i) warnings.push(`${path}.hostAliases[${i}].ip: duplicate ip "${alias.ip}"`)
  })
  ;(spec.imagePullSecrets ?? []).forEach((s: any, i: number) => {
    if (spec.imagePullSecrets.findIndex((other: any) => other.name === s.name) < i) {
      warnings.push(`${path}.imagePullSecrets[${i}].name: duplicate name ${JSON.stringify(s.name ?? '')}`)
    }
  })
  ;(spec.imagePullSecrets ?? []).forEach((s: any, i: number) => { if (!s.name) warnings.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`) })
  if (annotations) warnings.push(...seccompWarnings(annotations, spec, inMeta))
  let ports = 0
  const places: [any, string][] = []
  for (const list of containerLists) {
    for (const [i, c] of (spec[list] ?? noContainers).entries()) { places.push([c, `${path}.${list}[${i}]`]); ports += c.ports?.length ?? 0 }
  }
  for (const [c, at] of places) containerWarnings(c, at, warnings)
  if (ports > 1 || places.some(([c]) => c.ports?.[0]?.hostIP)) portWarnings(places, warnings)
  if (spec.terminationGracePeriodSeconds < 0) {
    warnings.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`)
  }
  podAffinityWarnings(spec.affinity, `${path}.affinity`, warnings)
  ;(spec.dnsConfig?.nameservers ?? []).forEach((ip: string, i: number) => warnings.push(...ipWarnings(`${path}.dnsConfig.nameservers[${i}]`, ip)))
  ;(spec.hostAliases ?? []).forEach((alias: any, i: number) => warnings.push(...ipWarnings(`${path}.hostAliases[${i}].ip`, alias.ip)))
  return warnings
}

function containerWarnings(c: any, at: string, warnings: string[]): void {
  for (const resource of ['memory', 'ephemeral-storage']) for (const kind of ['limits', 'requests']) {
    const amount = c.resources?.[kind]?.[resource]
    if (amount !== undefined && isFractional(amount)) warnings.push(fractional(`${at}.resources.${kind}[${resource}]`, amount))
  }
  if (!c.env || c.env.length < 2) return
  const names = new Set<string>()
  c.env.forEach((e: any, i: number) => {
    const reference = `$(${e.name})`
    // what adds to the old value is meant so
    if (names.has(e.name) && (e.valueFrom || e.value === reference || !e.value?.includes(reference))) {
      warnings.push(`${at}.env[${i}]: hides previous definition of "${e.name}", which may be dropped when using apply`)
    }
    names.add(e.name)
  })
}

/** Ports of all containers of a pod: the same twice, or one that hides in another. */
function portWarnings(places: readonly (readonly [any, string])[], warnings: string[]): void {
  const seen = new Map<string, { readonly port: any; readonly at: string }[]>(), named: string[] = [], names = new Map<string, string>()
  for (const [c, path] of places) (c.ports ?? []).forEach((port: any, i: number) => {
    const at = `${path}.ports[${i}]`, { containerPort, protocol, hostPort = 0, hostIP = '', name = '' } = port
    const others = seen.get(`${containerPort}/${protocol}`) ?? []
    if (hostIP !== '' && hostPort === 0) {
      warnings.push(`${at}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`)
    }
    for (const other of others) {
      const { hostPort: itsPort = 0, hostIP: itsIP = '' } = other.port
      if (hostIP === itsIP && hostPort === itsPort) warnings.push(`${at}: duplicate port definition with ${other.at}`)
      else if (hostPort === 0 || itsPort === 0) warnings.push(`${at}: overlapping port definition with ${other.at}`)
      else if (hostPort === itsPort && (hostIP === '') !== (itsIP === '')) warnings.push(`${at}: dangerously ambiguous port definition with ${other.at}`)
    }
    seen.set(`${containerPort}/${protocol}`, [...others, { port, at }])
    const first = name === '' ? undefined : names.get(name)
    if (first !== undefined)
      named.push(`${at}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`)
    else if (name !== '') names.set(name, at)
  })
  warnings.push(...named)
}

const oldVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+', gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+', storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+', cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}
function volumeWarnings(volumes: readonly any[], path: string, warnings: string[]): void {
  volumes.forEach((v, i) => {
    for (const source in v) {
      if (oldVolumes[source]) warnings.push(`${path}.volumes[${i}].${source === 'storageos' ? 'storageOS' : source}: ${oldVolumes[source]}`)
    }
  })
  for (const v of volumes) {
    const items = (v.configMap ?? v.secret ?? v.downwardAPI)?.items
    if (items?.length > 1) {
      const described = v.configMap ? `ConfigMap ${JSON.stringify(v.configMap.name)}`
        : v.secret ? `Secret ${JSON.stringify(v.secret.secretName)}`
        : 'DownwardAPI'
      overlaps(items.map((item: any) => [item.path, '']), `volume ${JSON.stringify(v.name)} (${described})`, warnings)
    }
    if (v.projected?.sources && !looked.has(v.projected.sources)) projectedWarnings(v.projected.sources, v.name, warnings)
  }
}
/** Sources without a fault: the token of a service account is in every pod. */
const looked = new WeakSet<object>()
function projectedWarnings(sources: readonly any[], name: string, warnings: string[]): void {
  const paths: [string, string][] = [], before = warnings.length
  for (const { configMap, secret, downwardAPI, serviceAccountToken, ...others } of sources) {
    const add = (items: readonly any[] | undefined, from: string): void => { for (const item of items ?? []) paths.push([item.path, from]) }
    if (!configMap && !secret && !downwardAPI && !serviceAccountToken && Object.keys(others).length === 0) {
      warnings.push(`volume ${JSON.stringify(name)} (Projected) has no sources provided`)
    }
    add(configMap?.items, `ConfigMap ${JSON.stringify(configMap?.name)}`)
    add(secret?.items, `Secret ${JSON.stringify(secret?.name)}`)
    add(downwardAPI?.items, 'DownwardAPI')
    add(serviceAccountToken && [serviceAccountToken], 'ServiceAccountToken')
  }
  overlaps(paths, `volume ${JSON.stringify(name)} (Projected)`, warnings)
  if (warnings.length === before) looked.add(sources)
}
/** Two files of a volume at one path, or one where another has its folder. */
function overlaps(paths: readonly (readonly [string, string])[], volume: string, warnings: string[]): void {
  const text = ([path, from]: readonly [string, string]): string => JSON.stringify(path) + (from ? ` (${from})` : '')
  const plain = paths.map(([path, from]) => [path.replace(/\/+$/, ''), from] as const)
  plain.forEach((mine, i) => {
    if (mine[0] === '') return
    for (const other of plain.slice(0, i)) {
      if (other[0] !== '' && (other[0] === mine[0] || other[0].startsWith(mine[0] + '/') || mine[0].startsWith(other[0] + '/'))) {
        warnings.push(`${volume}: overlapping paths: ${text(mine)} with ${text(other)}`)
      }
    }
  })
}
export const isFractional = (amount: string): boolean => (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n !== 0n
export const fractional = (at: string, amount: string): string => `${at}: fractional byte value "${amount}" is invalid, must be an integer`

function nodeAffinityWarnings(affinity: any, path: string, warnings: string[]): void {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity
  const check = (term: any, at: string): void => (term?.matchExpressions ?? []).forEach(({ key }: any, i: number) => {
    const old = oldLabels[key]
    if (old) warnings.push(`${at}.matchExpressions[${i}].key: ${key} is deprecated since ${old[0]}; use "${old[1]}" instead`)
  })
  ;(required?.nodeSelectorTerms ?? []).forEach((term: any, i: number) =>
    check(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`))
  ;(preferred ?? []).forEach((p: any, i: number) => check(p.preference, `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`))
}
function podAffinityWarnings(affinity: any, path: string, warnings: string[]): void {
  for (const side of ['podAffinity', 'podAntiAffinity']) {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity?.[side] ?? {}
    const check = (term: any, at: string): void => {
      if (!term?.labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`)
    }
    ;(required ?? []).forEach((term: any, i: number) => check(term, `${path}.${side}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`))
    ;(preferred ?? []).forEach((term: any, i: number) =>
      check(term.podAffinityTerm, `${path}.${side}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`))
  }
}
