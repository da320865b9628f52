import type { FieldError } from '../kind.ts'
import { forbidden, invalid } from '../meta/errors.ts'
import { change, changeAll } from '../meta/fill.ts'

/**
 * Annotations that said of a pod what a field says today: what is left of them, and what is warned of.
 * Source: pkg/registry/core/pod/strategy.go (applyAppArmorVersionSkew), pkg/api/pod/warnings.go, pkg/apis/core/validation (ValidateAppArmorPodAnnotations);
 * seen on a 1.35.4 API server.
 */
export const appArmor = 'container.apparmor.security.beta.kubernetes.io/'
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod'
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/'
export const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const

function profileOf(value: string): { readonly type: string; readonly localhostProfile?: string } | undefined {
  if (value === 'runtime/default') return { type: 'RuntimeDefault' }
  if (value === 'unconfined') return { type: 'Unconfined' }
  return value.startsWith('localhost/') ? { type: 'Localhost', localhostProfile: value.slice('localhost/'.length) } : undefined
}
const appArmorKeys = (annotations: any): readonly string[] => {
  const found: string[] = []
  for (const key in annotations) if (key.startsWith(appArmor)) found.push(key)
  return found
}

/** The spec of a new pod with the profiles that its annotations name, where its fields name none. */
export function withAnnotatedProfiles(spec: any, annotations: any): any {
  if (appArmorKeys(annotations).length === 0) return spec
  return containerLists.reduce((s, list) => change(s, list, (containers: readonly any[]) => changeAll(containers, c => {
    const profile = profileOf(annotations[appArmor + c.name] ?? ''), own = c.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile
    return profile && !own ? { ...c, securityContext: { ...c.securityContext, appArmorProfile: profile } } : c
  })), spec)
}

export function profileErrors(pod: any): FieldError[] {
  const { annotations } = pod.metadata ?? {}, all = containerLists.flatMap(list => (pod.spec?.[list] ?? []).map((c: any, i: number) => [c, list, i] as const))
  return appArmorKeys(annotations).flatMap(key => {
    const at = `metadata.annotations[${key}]`, found = all.find(([c]) => appArmor + c.name === key), value: string = annotations[key]
    if (!found) return [invalid(at, key.slice(appArmor.length), 'container not found')]
    const [container, list, i] = found, own = container.securityContext?.appArmorProfile, profile = profileOf(value)
    return [
      ...profile || value === '' ? [] : [invalid(at, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`)],
      ...own && own.type !== profile?.type
        ? [forbidden(`spec.${list}[${i}].securityContext.appArmorProfile.type`, 'apparmor type in annotation and field must match')]
        : [],
    ]
  })
}

/** Of a new pod, before all other warnings. */
export const profileWarnings = (pod: any): readonly string[] => [...appArmorKeys(pod.metadata?.annotations)].sort().map(key =>
  `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`)

const forgotten: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]
export const annotationWarnings = (annotations: any, at: string): readonly string[] =>
  forgotten.filter(([key]) => annotations[key] !== undefined).map(([key, why]) => `${at}[${key}]: ${why}`)

/** What says which system calls are allowed, where no field does. */
export function seccompWarnings(annotations: any, spec: any, at: string): readonly string[] {
  const why = 'non-functional in v1.27+; use the "seccompProfile" field instead', said = (key: string): string => `${at}[${key}]: ${why}`
  return [
    ...annotations[seccomp] !== undefined && !spec.securityContext?.seccompProfile ? [said(seccomp)] : [],
    ...containerLists.flatMap(list => (spec[list] ?? []) as readonly any[])
      .filter(c => annotations[containerSeccomp + c.name] !== undefined && !c.securityContext?.seccompProfile)
      .map(c => said(containerSeccomp + c.name)),
  ]
}
