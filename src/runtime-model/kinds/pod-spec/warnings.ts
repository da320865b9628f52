import { parseQuantity } from '../../api/quantity.ts'
import { dns1123Label } from '../../api/names.ts'

/** Warnings about pods that work but surely are not meant so, in the API server's order. Source: pkg/api/pod/warnings.go. */
export function podWarnings(pod: any, old?: any): readonly string[] {
  if (old || !pod.spec) return none
  return [...nameWarnings(pod, "this is used in the Pod's hostname"), ...specWarnings(pod.spec, 'spec')]
}
export function templateWarnings(object: any, old?: any): readonly string[] {
  const names = old ? none : nameWarnings(object, inPodNames), { template } = object.spec ?? {}
  return template?.spec && template !== old?.spec?.template ? [...names, ...specWarnings(template.spec, 'spec.template.spec')] : names
}
/** The same for a kind that says nothing about its name. */
export const specWarningsOf = (template: any, old: any, path: string): readonly string[] => template?.spec && template !== old ? specWarnings(template.spec, `${path}.spec`) : none
const none: readonly string[] = []

export const inPodNames = 'this is used in Pod names and hostnames'
export function nameWarnings({ metadata }: any, use: string): readonly string[] {
  const wrong = metadata?.name ? dns1123Label(metadata.name) : none
  return wrong.length === 0 ? none : [`metadata.name: ${use}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(' ')}]`]
}

/** labels that have other names today, and since when */
export const oldLabels: Readonly<Record<string, readonly [string, string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'], 'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'], 'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
}
function specWarnings(spec: any, path: string): string[] {
  const warnings: string[] = []
  for (const key in spec.nodeSelector) if (oldLabels[key]) warnings.push(`${path}.nodeSelector[${key}]: deprecated since ${oldLabels[key][0]}; use "${oldLabels[key][1]}" instead`)
  ;(spec.topologySpreadConstraints ?? []).forEach((c: any, i: number) => {
    const at = `${path}.topologySpreadConstraints[${i}]`, old = oldLabels[c.topologyKey]
    if (old) warnings.push(`${at}.topologyKey: ${c.topologyKey} is deprecated since ${old[0]}; use "${old[1]}" instead`)
    if (!c.labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`)
  })
  ;(spec.hostAliases ?? []).forEach((alias: any, i: number) => { if (spec.hostAliases.findIndex((a: any) => a.ip === alias.ip) < i) warnings.push(`${path}.hostAliases[${i}].ip: duplicate ip "${alias.ip}"`) })
  ;(spec.imagePullSecrets ?? []).forEach((s: any, i: number) => { if (!s.name) warnings.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`) })
  ;(spec.volumes ?? []).forEach((v: any, i: number) => { if (v.gitRepo) warnings.push(`${path}.volumes[${i}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`) })
  for (const list of ['initContainers', 'containers']) (spec[list] ?? []).forEach((c: any, i: number) => containerWarnings(c, `${path}.${list}[${i}]`, warnings))
  podAffinityWarnings(spec.affinity, `${path}.affinity`, warnings)
  if (spec.terminationGracePeriodSeconds < 0) warnings.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`)
  return warnings
}

function containerWarnings(c: any, at: string, warnings: string[]): void {
  for (const kind of ['limits', 'requests']) for (const resource of ['memory', 'ephemeral-storage']) {
    const amount = c.resources?.[kind]?.[resource]
    if (amount !== undefined && isFractional(amount)) warnings.push(fractional(`${at}.resources.${kind}[${resource}]`, amount))
  }
  const names = new Set<string>()
  ;(c.env ?? []).forEach((e: any, i: number) => {
    if (names.has(e.name)) warnings.push(`${at}.env[${i}]: hides previous definition of "${e.name}", which may be dropped when using apply`)
    names.add(e.name)
  })
  ;(c.ports ?? []).forEach((port: any, i: number) => {
    const same = c.ports.findIndex((p: any) => p.containerPort === port.containerPort && p.protocol === port.protocol && p.hostPort === port.hostPort && p.hostIP === port.hostIP)
    if (same < i) warnings.push(`${at}.ports[${i}]: duplicate port definition with ${at}.ports[${same}]`)
  })
}
export const isFractional = (amount: string): boolean => (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n !== 0n
export const fractional = (at: string, amount: string): string => `${at}: fractional byte value "${amount}" is invalid, must be an integer`

function podAffinityWarnings(affinity: any, path: string, warnings: string[]): void {
  for (const side of ['podAffinity', 'podAntiAffinity']) {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity?.[side] ?? {}
    const check = (term: any, at: string): void => { if (!term?.labelSelector) warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`) }
    ;(required ?? []).forEach((term: any, i: number) => check(term, `${path}.${side}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`))
    ;(preferred ?? []).forEach((term: any, i: number) => check(term.podAffinityTerm, `${path}.${side}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`))
  }
}
