import type { FieldError } from '../kind.ts'
import { forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { dns1123Subdomain, labelName, qualifiedName, validLabelValue } from '../../api/names.ts'
import { validateSelector } from '../meta/selector.ts'

/**
 * Rules of affinity and topology spread. Source: pkg/apis/core/validation/validation.go (validateAffinity, ValidateNodeSelector,
 * validateTopologySpreadConstraints).
 */
export function validateAffinity(affinity: any, path: string, errors: FieldError[]): void {
  const node = affinity.nodeAffinity
  if (node?.requiredDuringSchedulingIgnoredDuringExecution)
    validateNodeSelector(node.requiredDuringSchedulingIgnoredDuringExecution, `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`, errors)
  ;(node?.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term: any, i: number) => {
    const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
    validateWeight(term.weight, at, errors)
    validateTerm(term.preference ?? {}, `${at}.preference`, errors)
  })
  for (const side of ['podAffinity', 'podAntiAffinity']) {
    const pods = affinity[side]
    ;(pods?.requiredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term: any, i: number) =>
      validatePodTerm(term, `${path}.${side}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`, errors))
    ;(pods?.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term: any, i: number) => {
      const at = `${path}.${side}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
      validateWeight(term.weight, at, errors)
      validatePodTerm(term.podAffinityTerm ?? {}, `${at}.podAffinityTerm`, errors)
    })
  }
}
function validateWeight(weight: number, at: string, errors: FieldError[]): void {
  if (!(weight > 0 && weight <= 100)) errors.push(invalid(`${at}.weight`, weight ?? 0, 'must be in the range 1-100'))
}

export function validateNodeSelector(selector: any, path: string, errors: FieldError[]): void {
  const terms = selector.nodeSelectorTerms ?? []
  if (terms.length === 0) errors.push(required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'))
  terms.forEach((term: any, i: number) => validateTerm(term, `${path}.nodeSelectorTerms[${i}]`, errors, true))
}
/** `required`: only there values must be values of labels. Source: ValidateNodeSelectorRequirement */
function validateTerm(term: any, path: string, errors: FieldError[], needed = false): void {
  ;(term.matchExpressions ?? []).forEach((e: any, i: number) => {
    const at = `${path}.matchExpressions[${i}]`, count = (e.values ?? []).length
    switch (e.operator) {
      case 'In': case 'NotIn': if (count === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")); break
      case 'Exists': case 'DoesNotExist': if (count > 0) errors.push(forbidden(
        `${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      )); break
      case 'Gt': case 'Lt': if (count !== 1) errors.push(required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")); break
      default: errors.push(invalid(`${at}.operator`, e.operator, 'not a valid selector operator'))
    }
    for (const text of qualifiedName(e.key)) errors.push(invalid(`${at}.key`, e.key, text))
    const values: readonly string[] = needed ? e.values ?? [] : []
    values.forEach((value, j) => { for (const text of validLabelValue(value)) errors.push(invalid(`${at}.values[${j}]`, value, text)) })
  })
  ;(term.matchFields ?? []).forEach((e: any, i: number) => {
    const at = `${path}.matchFields[${i}]`
    if (e.operator !== 'In' && e.operator !== 'NotIn') errors.push(invalid(`${at}.operator`, e.operator, 'not a valid selector operator'))
    else if ((e.values ?? []).length !== 1) errors.push(required(
      `${at}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
    ))
    if (e.key !== 'metadata.name') { errors.push(invalid(`${at}.key`, e.key, 'not a valid field selector key')); return }
    ;(e.values ?? []).forEach((value: string, j: number) => {
      for (const text of dns1123Subdomain(value)) errors.push(invalid(`${at}.values[${j}]`, value, text))
    })
  })
}
function validatePodTerm(term: any, path: string, errors: FieldError[]): void {
  if (term.labelSelector) errors.push(...validateSelector(term.labelSelector, `${path}.labelSelector`))
  if (term.namespaceSelector) errors.push(...validateSelector(term.namespaceSelector, `${path}.namespaceSelector`))
  for (const name of term.namespaces ?? []) for (const text of labelName(name)) errors.push(invalid(`${path}.namespace`, name, text))
  for (const field of ['matchLabelKeys', 'mismatchLabelKeys']) validateLabelKeys(term[field] ?? [], term, `${path}.${field}`, errors)
  validateMerged(term, path, errors)
  ;(term.matchLabelKeys ?? []).forEach((key: string, i: number) => {
    if (term.mismatchLabelKeys?.includes(key)) errors.push(invalid(`${path}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'))
  })
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  for (const text of qualifiedName(term.topologyKey ?? '')) errors.push(invalid(`${path}.topologyKey`, term.topologyKey ?? '', text))
}

function validateLabelKeys(keys: readonly string[], { labelSelector }: any, at: string, errors: FieldError[]): void {
  if (keys.length === 0) return
  if (!labelSelector) { errors.push(forbidden(at, 'must not be specified when labelSelector is not set')); return }
  keys.forEach((key, i) => { for (const text of qualifiedName(key)) errors.push(invalid(`${at}[${i}]`, key, text)) })
}
/**
 * What `matchLabelKeys` say stands in a pod's selector by now, so a key that is there twice was there before. A template may have both: its pods are refused.
 * Source: validation.go (validateMatchLabelKeysAndMismatchLabelKeys)
 */
function validateMerged({ matchLabelKeys = [], labelSelector }: any, path: string, errors: FieldError[]): void {
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}))
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const i = matchLabelKeys.lastIndexOf(key)
    if (i >= 0 && seen.has(key)) errors.push(invalid(`${path}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'))
    seen.add(key)
  }
}

const inclusions = ['Honor', 'Ignore'], actions = ['DoNotSchedule', 'ScheduleAnyway']
export function validateSpread(constraints: readonly any[], path: string, errors: FieldError[]): void {
  constraints.forEach((c, i) => {
    const at = `${path}[${i}]`
    if (!(c.maxSkew > 0)) errors.push(invalid(`${at}.maxSkew`, c.maxSkew ?? 0, 'must be greater than zero'))
    if (!c.topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!actions.includes(c.whenUnsatisfiable)) errors.push(notSupported(`${at}.whenUnsatisfiable`, c.whenUnsatisfiable ?? '', actions))
    if (c.minDomains !== undefined && c.minDomains <= 0) errors.push(invalid(`${at}.minDomains`, c.minDomains, 'must be greater than zero'))
    if (c.minDomains !== undefined && c.whenUnsatisfiable !== 'DoNotSchedule') {
      errors.push(invalid(`${at}.minDomains`, c.minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${c.whenUnsatisfiable}`))
    }
    if (constraints.some((o, j) => j > i && o.topologyKey === c.topologyKey && o.whenUnsatisfiable === c.whenUnsatisfiable)) {
      errors.push({
        type: 'FieldValueDuplicate', field: `${at}.{topologyKey, whenUnsatisfiable}`, body: `Duplicate value: "{${c.topologyKey}, ${c.whenUnsatisfiable}}"`,
      })
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      if (c[field] !== undefined && !inclusions.includes(c[field])) errors.push(notSupported(`${at}.${field}`, c[field], inclusions))
    }
    validateLabelKeys(c.matchLabelKeys ?? [], c, `${at}.matchLabelKeys`, errors)
    validateMerged(c, at, errors)
    if (c.labelSelector) errors.push(...validateSelector(c.labelSelector, `${at}.labelSelector`))
  })
}
