import type { FieldError } from './kind.ts'
import { forbidden, immutable, invalid, nonNegative, notSupported, required } from './meta/errors.ts'
import { validateLabels, validateAnnotations } from './meta/object-meta.ts'
import { validateSelector } from './meta/selector.ts'
import { annotationErrors } from './pod-spec/annotations.ts'
import { validatePodSpec } from './pod-spec/validate.ts'
import { labelsMatch } from '../api/selectors.ts'

/** What Deployment, ReplicaSet and their kin share. Source: pkg/apis/apps/validation/validation.go. */
export function validateSelectorAndTemplate(spec: any, path = 'spec'): FieldError[] {
  const errors: FieldError[] = []
  const selector = spec.selector
  if (!selector) errors.push(required(`${path}.selector`))
  else {
    errors.push(...validateSelector(selector, `${path}.selector`))
    if (!selector.matchLabels && !selector.matchExpressions || isEmptySelector(selector)) {
      errors.push(invalid(`${path}.selector`, selector, 'empty selector is invalid for deployment'))
    }
  }
  return errors
}
const isEmptySelector = (s: any): boolean => Object.keys(s.matchLabels ?? {}).length + (s.matchExpressions ?? []).length === 0

export function validateTemplate(template: any, selector: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!template) return [required(path)]
  if (selector && !isValidSelector(selector)) return [invalid(path.replace(/template$/, 'selector'), selector, 'invalid label selector')]
  if ((!selector || !isEmptySelector(selector)) && !labelsMatch(selector, template.metadata?.labels ?? {})) {
    errors.push(invalid(`${path}.metadata.labels`, template.metadata?.labels ?? null, '`selector` does not match template `labels`'))
  }
  errors.push(...validatePodTemplate(template, path))
  const policy = template.spec?.restartPolicy
  if (policy !== undefined && policy !== 'Always') errors.push(notSupported(`${path}.spec.restartPolicy`, policy, ['Always']))
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in ReplicaSet is not Supported'))
  }
  return errors
}
const isValidSelector = (selector: any): boolean => validateSelector(selector, '').length === 0

export function validatePodTemplate(template: any, path: string): FieldError[] {
  return [
    ...validateLabels(template.metadata?.labels ?? {}, `${path}.labels`),
    ...validateAnnotations(template.metadata?.annotations ?? {}, `${path}.annotations`),
    ...annotationErrors(template.metadata?.annotations, template.spec, `${path}.annotations`),
    ...validatePodSpec(template.spec ?? {}, `${path}.spec`, true),
  ]
}
export const validateCounts = (spec: any, fields: readonly string[], path = 'spec'): FieldError[] => fields.flatMap(f => nonNegative(spec[f], `${path}.${f}`))
/** Counts are not negative, those of `bounded` not above `replicas`, available ones not above ready ones. */
export function validateReplicaStatus(status: any, counts: readonly string[], bounded: readonly string[], readyName = 'readyReplicas'): FieldError[] {
  const errors = validateCounts(status, counts, 'status'), { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status
  for (const field of bounded) {
    if ((status[field] ?? 0) > replicas) errors.push(invalid(`status.${field}`, status[field] ?? 0, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) errors.push(invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${readyName}`))
  return errors
}
export const immutableSelector = (object: any, old: any): FieldError[] => immutable(object.spec.selector, old.spec.selector, 'spec.selector')
export const notDecremented = (object: any, old: any): FieldError[] =>
  old.status?.collisionCount !== undefined && (object.status?.collisionCount ?? 0) < old.status.collisionCount
    ? [invalid('status.collisionCount', object.status?.collisionCount ?? 0, 'cannot be decremented')]
    : []
