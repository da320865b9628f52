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
const mirror = 'kubernetes.io/config.mirror', deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
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

/** Of a pod or of a template. Source: pkg/apis/core/validation/validation.go (ValidatePodSpecificAnnotations) */
export function annotationErrors(annotations: any, spec: any, at: string): FieldError[] {
  if (annotations === undefined) return []
  const errors: FieldError[] = [], cost: string | undefined = annotations[deletionCost]
  if (annotations[mirror] !== undefined && !spec?.nodeName) {
    errors.push(invalid(`${at}[${mirror}]`, annotations[mirror], 'must set spec.nodeName if mirror pod annotation is set'))
  }
  if (cost !== undefined && !isDeletionCost(cost)) errors.push(invalid(`${at}[${deletionCost}]`, cost, 'must be a 32bit integer'))
  for (const key of [seccomp, ...Object.keys(annotations).filter(k => k.startsWith(containerSeccomp))]) {
    const profile = annotations[key]
    if (profile !== undefined && !isSeccompProfile(profile)) errors.push(invalid(`${at}.${key}`, profile, 'must be a valid seccomp profile'))
  }
  return [...errors, ...profileErrors(annotations, spec, at)]
}
const isDeletionCost = (text: string): boolean => /^(?:0|-?\d+)$/.test(text) && !/^0\d/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31
const isSeccompProfile = (text: string): boolean => ['runtime/default', 'docker/default', 'unconfined'].includes(text) || text.startsWith('localhost/')

/** What no later write may say of a pod. Source: validation.go (ValidatePodSpecificAnnotationUpdates) */
export function annotationChangeErrors(pod: any, old: any): FieldError[] {
  const now = pod.metadata.annotations ?? {}, before = old.metadata.annotations ?? {}
  if (now === before) return []
  const fixed = (key: string): string | undefined => key === mirror ? 'mirror pod annotation' : key.startsWith(appArmor) ? 'AppArmor annotations' : undefined
  const told = (keys: readonly string[], verb: string): FieldError[] =>
    keys.filter(key => fixed(key)).map(key => forbidden(`metadata.annotations[${key}]`, `may not ${verb} ${fixed(key)}`))
  return [
    ...annotationErrors(pod.metadata.annotations, pod.spec, 'metadata.annotations'),
    ...told(Object.keys(before).filter(key => now[key] !== before[key]), 'remove or update'),
    ...told(Object.keys(now).filter(key => before[key] === undefined), 'add'),
  ]
}

function profileErrors(annotations: any, spec: any, path: string): FieldError[] {
  const keys = appArmorKeys(annotations)
  if (keys.length === 0) return []
  const names = new Set(containersOf(spec).map(([c]) => appArmor + c.name))
  return keys.flatMap(key => {
    const at = `${path}[${key}]`, value: string = annotations[key]
    return [
      ...names.has(key) ? [] : [invalid(at, key.slice(appArmor.length), 'container not found')],
      ...profileOf(value) || value === '' ? [] : [invalid(at, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`)],
    ]
  })
}
const containersOf = (spec: any): readonly (readonly [any, string, number])[] =>
  containerLists.flatMap(list => (spec?.[list] ?? []).map((c: any, i: number) => [c, list, i] as const))
/** Of a new pod alone. Source: validation.go (validateAppArmorAnnotationsAndFieldsMatchOnCreate) */
export function profileMismatches({ metadata, spec }: any): FieldError[] {
  const annotations = metadata?.annotations
  if (appArmorKeys(annotations).length === 0) return []
  return containersOf(spec).flatMap(([container, list, i]) => {
    const value = annotations[appArmor + container.name], own = container.securityContext?.appArmorProfile
    return value !== undefined && own && own.type !== profileOf(value)?.type
      ? [forbidden(`spec.${list}[${i}].securityContext.appArmorProfile.type`, 'apparmor type in annotation and field must match')]
      : []
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
