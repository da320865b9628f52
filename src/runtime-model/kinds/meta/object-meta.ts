import type { FieldError } from '../kind.ts'
import { forbidden, invalid, nonNegative, required, tooLong } from './errors.ts'
import { labelName, pathSegmentName, qualifiedName, validLabelValue, type NameRule } from '../../api/names.ts'

/** Rules of ObjectMeta. Source: k8s.io/apimachinery pkg/api/validation/objectmeta.go, pkg/apis/meta/v1/validation, apiserver pkg/registry/rest. */
export function validateMeta(meta: any, namespaced: boolean, nameRule: NameRule, anyFinalizer = false, path = 'metadata'): FieldError[] {
  const errors: FieldError[] = []
  if (meta.generateName) for (const text of nameRule(meta.generateName, true)) errors.push(invalid(`${path}.generateName`, meta.generateName, text))
  if (!meta.name) errors.push(required(`${path}.name`, 'name or generateName is required'))
  else for (const text of nameRule(meta.name)) errors.push(invalid(`${path}.name`, meta.name, text))
  if (namespaced) {
    if (!meta.namespace) errors.push(required(`${path}.namespace`))
    else for (const text of labelName(meta.namespace)) errors.push(invalid(`${path}.namespace`, meta.namespace, text))
  } else if (meta.namespace) errors.push(forbidden(`${path}.namespace`, 'not allowed on this type'))
  if (meta.generation < 0) errors.push(...nonNegative(meta.generation, `${path}.generation`))
  if (meta.labels) errors.push(...validateLabels(meta.labels, `${path}.labels`))
  if (meta.annotations) errors.push(...validateAnnotations(meta.annotations, `${path}.annotations`))
  if (meta.ownerReferences) errors.push(...validateOwners(meta.ownerReferences, `${path}.ownerReferences`))
  if (meta.finalizers) errors.push(...validateFinalizers(meta.finalizers, anyFinalizer, `${path}.finalizers`))
  return errors
}

/** What any kind's names must be, once its own rules have nothing to say. Source: k8s.io/apiserver pkg/registry/rest/create.go (BeforeCreate) */
export function namesInPath({ name, generateName }: any): FieldError[] {
  const errors: FieldError[] = []
  if (generateName) for (const text of pathSegmentName(generateName, true)) errors.push(invalid('metadata.generateName', generateName, text))
  if (name) for (const text of pathSegmentName(name)) errors.push(invalid('metadata.name', name, text))
  return errors
}

export function validateLabels(labels: Readonly<Record<string, string>>, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const key in labels) {
    for (const text of qualifiedName(key)) errors.push(invalid(path, key, text))
    for (const text of validLabelValue(labels[key])) errors.push(invalid(path, labels[key], text))
  }
  return errors
}
export function validateAnnotations(annotations: Readonly<Record<string, string>>, path: string): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const key in annotations) {
    size += key.length + annotations[key].length
    for (const text of qualifiedName(key.toLowerCase())) errors.push(invalid(path, key, text))
  }
  if (size > 262_144) errors.push(tooLong(path, 262_144))
  return errors
}
function validateOwners(owners: readonly any[], path: string): FieldError[] {
  const errors: FieldError[] = []
  let controller = ''
  owners.forEach(owner => {
    const at = path
    if (!hasVersion(owner.apiVersion ?? '')) errors.push(invalid(`${at}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'))
    if (!owner.kind) errors.push(invalid(`${at}.kind`, '', 'must not be empty'))
    if (!owner.name) errors.push(invalid(`${at}.name`, '', 'must not be empty'))
    if (!owner.uid) errors.push(invalid(`${at}.uid`, '', 'must not be empty'))
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') errors.push(invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner'))
    if (!owner.controller) return
    const name = `${owner.kind}/${owner.name}`
    if (controller)
      errors.push(invalid(path, owners, `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`))
    else controller = name
  })
  return errors
}
// what is no group and version (`a/b/c`) is read as having neither
const hasVersion = (apiVersion: string): boolean => /^([^/]*\/)?[^/]+$/.test(apiVersion)
export const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']
/** `any`: of a kind outside the core rules, whose finalizers need no domain. Source: pkg/apis/core/validation/validation.go (ValidateObjectMeta). */
function validateFinalizers(finalizers: readonly string[], any: boolean, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const f of finalizers) for (const text of qualifiedName(f)) errors.push(invalid(path, f, text))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  return any ? errors : [...errors, ...unqualified(finalizers, path)]
}
const unqualified = (finalizers: readonly string[], path: string): FieldError[] => finalizers.flatMap((f, i) =>
  f.includes('/') || standardFinalizers.includes(f)
    ? [] : [invalid(`${path}[${i}]`, f, 'name is neither a standard finalizer name nor is it fully qualified')])

const none: readonly FieldError[] = []
/** What may not change in metadata. `meta` has gone through `keepMeta`. */
export function validateMetaUpdate(meta: any, old: any, anyFinalizer = false, path = 'metadata'): readonly FieldError[] {
  if (meta === old) return none
  const errors: FieldError[] = []
  if (old.deletionTimestamp) {
    const before = new Set(old.finalizers ?? []), added = (meta.finalizers ?? []).filter((f: string) => !before.has(f))
    if (added.length) {
      errors.push(forbidden(
        `${path}.finalizers`,
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f: string) => JSON.stringify(f)).join(', ')}}`
      ))
    }
  }
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']) {
    if ((meta[field] ?? '') !== (old[field] ?? '')) errors.push(invalid(`${path}.${field}`, meta[field] ?? null, 'field is immutable'))
  }
  if (meta.labels && meta.labels !== old.labels) errors.push(...validateLabels(meta.labels, `${path}.labels`))
  if (meta.annotations && meta.annotations !== old.annotations) errors.push(...validateAnnotations(meta.annotations, `${path}.annotations`))
  if (meta.ownerReferences && meta.ownerReferences !== old.ownerReferences) errors.push(...validateOwners(meta.ownerReferences, `${path}.ownerReferences`))
  if (!anyFinalizer && meta.finalizers && meta.finalizers !== old.finalizers) errors.push(...unqualified(meta.finalizers, `${path}.finalizers`))
  return errors
}

/**
 * How a kind's own validation of an update looks at metadata, after the common one: `U`, at what changed; `V`, at all of it as in a new object. Source: which of ValidateObjectMeta and ValidateObjectMetaUpdate the Validate…Update of its group calls, and how often.
 */
export type MetaOfUpdate = '' | 'U' | 'V' | 'UV' | 'VU' | 'VV'
/**
 * All that is said of the metadata of an update, each as often as the server says it: the common part looks at all of it, then at what changed.
 * Source: k8s.io/apiserver pkg/registry/rest/update.go (validateCommonFields).
 */
export function metaOfUpdate(
  meta: any, old: any, own: MetaOfUpdate, nameRule: NameRule, namespaced: boolean, anyFinalizer = false
): readonly FieldError[] {
  if (meta === old) return none
  const changed = validateMetaUpdate(meta, old, anyFinalizer)
  const odd = meta.finalizers !== old.finalizers && validateFinalizers(meta.finalizers ?? [], true, '').length > 0
  if (changed.length === 0 && !odd && !meta.generateName) return none
  const whole = (rule: NameRule, any: boolean): readonly FieldError[] => validateMeta(meta, namespaced, rule, any)
  return [
    ...whole(pathSegmentName, true), ...validateMetaUpdate(meta, old, true),
    ...[...own].flatMap(part => part === 'U' ? changed : whole(nameRule, anyFinalizer)),
  ]
}

/** System fields that a client may leave out of an update keep their stored value; generation is the server's alone. */
export function keepMeta(meta: any, old: any, generation: number | undefined): any {
  if (meta === old && generation === old.generation) return old
  const kept: any = { ...meta, uid: meta.uid || old.uid, creationTimestamp: old.creationTimestamp }
  if (old.deletionTimestamp) kept.deletionTimestamp = old.deletionTimestamp
  if (old.deletionGracePeriodSeconds !== undefined && meta.deletionGracePeriodSeconds === undefined) {
    kept.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds
  }
  if (generation !== undefined) kept.generation = generation
  else if (meta.generation !== undefined) { const { generation: _, ...rest } = kept; return rest }
  return kept
}
/** Source: apimachinery pkg/apis/meta/v1/helpers.go (ResetObjectMetaForStatus) */
export function keepMetaForStatus(meta: any, old: any): any {
  if (meta === old) return old
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, ...rest } = meta
  const kept: any = { ...rest }
  for (const field of ['labels', 'annotations', 'ownerReferences', 'finalizers']) if (old[field] !== undefined) kept[field] = old[field]
  return kept
}
