import { countOf, intervalsOf } from './job-indexes.ts'
import type { FieldError } from './kind.ts'
import { qualifiedName } from '../api/names.ts'
import { duplicate, invalid, invalidWithoutValue, nonNegative, notSupported, required, tooLong, tooMany } from './meta/errors.ts'
import { domainPrefixedPath } from './meta/names.ts'

/** What only some Jobs have. Source: pkg/apis/batch/validation/validation.go (validatePodFailurePolicy, validateSuccessPolicy, validateJobSpec). */
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'], operators = ['In', 'NotIn'], statuses = ['False', 'True', 'Unknown']
const oneOf = (values: readonly string[]): string => `valid values: [${values.map(v => JSON.stringify(v)).join(' ')}]`

export function validatePodFailurePolicy(spec: any, path: string, errors: FieldError[]): void {
  const rules: readonly any[] = spec.podFailurePolicy.rules ?? [], at = `${path}.podFailurePolicy.rules`
  const names: readonly string[] = [...spec.template?.spec?.containers ?? [], ...spec.template?.spec?.initContainers ?? []].map((c: any) => c.name)
  if (rules.length > 20) errors.push(tooMany(at, rules.length, 20))
  rules.forEach(({ action, onExitCodes, onPodConditions = [] }, i) => {
    const here = `${at}[${i}]`
    if (!action) errors.push(required(`${here}.action`, oneOf(actions)))
    else if (!actions.includes(action)) errors.push(notSupported(`${here}.action`, action, actions))
    else if (action === 'FailIndex'
      && spec.backoffLimitPerIndex === undefined) errors.push(invalid(`${here}.action`, action, 'requires the backoffLimitPerIndex to be set'))
    if (onExitCodes) validateExitCodes(onExitCodes, names, `${here}.onExitCodes`, errors)
    validateConditions(onPodConditions ?? [], `${here}.onPodConditions`, errors)
    if (onExitCodes && onPodConditions?.length) errors.push(invalidWithoutValue(here, 'specifying both OnExitCodes and OnPodConditions is not supported'))
    if (!onExitCodes && !onPodConditions?.length) errors.push(invalidWithoutValue(here, 'specifying one of OnExitCodes and OnPodConditions is required'))
  })
}
function validateConditions(patterns: readonly any[], at: string, errors: FieldError[]): void {
  if (patterns.length > 20) errors.push(tooMany(at, patterns.length, 20))
  patterns.forEach(({ type = '', status }, i) => {
    for (const text of qualifiedName(type)) errors.push(invalid(`${at}[${i}].type`, type, text))
    if (!status) errors.push(required(`${at}[${i}].status`, oneOf(statuses)))
    else if (!statuses.includes(status)) errors.push(notSupported(`${at}[${i}].status`, status, statuses))
  })
}
function validateExitCodes({ operator, containerName, values: given }: any, names: readonly string[], at: string, errors: FieldError[]): void {
  const values: readonly number[] = given ?? []
  if (!operator) errors.push(required(`${at}.operator`, oneOf(operators)))
  else if (!operators.includes(operator)) errors.push(notSupported(`${at}.operator`, operator, operators))
  if (containerName !== undefined && containerName !== null && !names.includes(containerName)) {
    errors.push(invalid(`${at}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'))
  }
  if (values.length === 0) errors.push(invalid(`${at}.values`, [], 'at least one value is required'))
  else if (values.length > 255) errors.push(tooMany(`${at}.values`, values.length, 255))
  values.forEach((code, i) => {
    if (operator === 'In' && code === 0) errors.push(invalid(`${at}.values[${i}]`, code, 'must not be 0 for the In operator'))
    if (values.indexOf(code) < i) errors.push(duplicate(`${at}.values[${i}]`, code))
  })
  if (values.some((code, i) => i > 0 && values[i - 1] > code)) errors.push(invalid(`${at}.values`, values, 'must be ordered'))
}

export function validateSuccessPolicy(spec: any, path: string, errors: FieldError[]): void {
  const rules: readonly any[] = spec.successPolicy.rules ?? [], at = `${path}.successPolicy`, completions: number = spec.completions ?? 0
  if (spec.completionMode !== 'Indexed') {
    errors.push(invalid(
      at, { Rules: rules.map(r => ({ SucceededIndexes: r.succeededIndexes ?? null, SucceededCount: r.succeededCount ?? null })) },
      'requires indexed completion mode'
    ))
    return
  }
  if (rules.length === 0) errors.push(required(`${at}.rules`, 'at least one rules must be specified when the successPolicy is specified'))
  if (rules.length > 20) errors.push(tooMany(`${at}.rules`, rules.length, 20))
  rules.forEach(({ succeededIndexes: indexes, succeededCount: count }, i) => {
    const here = `${at}.rules[${i}]`, parsed = indexes === undefined ? undefined : intervalsOf(indexes, completions)
    if (count === undefined && indexes === undefined) errors.push(required(here, 'at least one of succeededCount or succeededIndexes must be specified'))
    if (typeof parsed === 'string') errors.push(invalid(`${here}.succeededIndexes`, indexes, `error parsing succeededIndexes: ${parsed}`))
    if (count === undefined) return
    errors.push(...nonNegative(count, `${here}.succeededCount`))
    const total = Array.isArray(parsed) ? countOf(parsed) : 0
    if (count > completions) {
      errors.push(invalid(`${here}.succeededCount`, count, `must be less than or equal to ${completions} (the number of specified completions)`))
    }
    if (parsed !== undefined && count > total) {
      errors.push(invalid(
        `${here}.succeededCount`, count, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`
      ))
    }
  })
}
/** Counts of indexes, in every mode. */
export function validateIndexes(spec: any, path: string, errors: FieldError[]): void {
  const { completionMode: mode, completions, parallelism, maxFailedIndexes: max, backoffLimitPerIndex: perIndex } = spec
  const on = (field: string): string => `${path}.${field}`
  if (mode === 'Indexed') {
    if (completions === undefined) errors.push(required(on('completions'), 'when completion mode is Indexed'))
    if (parallelism > 100_000) errors.push(invalid(on('parallelism'), parallelism, 'must be less than or equal to 100000 when completion mode is Indexed'))
    if (completions !== undefined && max > completions) errors.push(invalid(on('maxFailedIndexes'), max, 'must be less than or equal to completions'))
    if (max > 100_000) errors.push(invalid(on('maxFailedIndexes'), max, 'must be less than or equal to 100000'))
    if (completions > 100_000 && perIndex !== undefined) {
      const above = 'when completions are above 100000 and used with backoff limit per index'
      if (max === undefined) errors.push(required(on('maxFailedIndexes'), 'must be specified when completions is above 100000'))
      if (parallelism > 10_000) errors.push(invalid(on('parallelism'), parallelism, `must be less than or equal to 10000 ${above}`))
      if (max > 10_000) errors.push(invalid(on('maxFailedIndexes'), max, `must be less than or equal to 10000 ${above}`))
    }
  } else if (mode === undefined || mode === 'NonIndexed') {
    if (perIndex !== undefined) errors.push(invalid(on('backoffLimitPerIndex'), perIndex, 'requires indexed completion mode'))
    if (max !== undefined) errors.push(invalid(on('maxFailedIndexes'), max, 'requires indexed completion mode'))
  }
}
export function validateManager(managedBy: string, at: string): FieldError[] {
  return [...domainPrefixedPath(managedBy, at), ...managedBy.length > 63 ? [tooLong(at, 63)] : []]
}
