import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { pathSegmentName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { invalid, notSupported } from './meta/errors.ts'
import { notAbove100Percent, validateAmount } from './meta/int-or-percent.ts'
import { validateSelector } from './meta/selector.ts'
import { validateCounts } from './workload.ts'

/** Source: pkg/apis/policy/validation/validation.go, pkg/registry/policy/poddisruptionbudget/strategy.go, printers.go. */
export const podDisruptionBudget: KindRules = {
  resource: 'poddisruptionbudgets.policy', metaOfUpdate: '', metaOfStatusUpdate: '',
  anyFinalizer: true,
  nameRule: pathSegmentName, metaOfCreate: 'unless own',
  generation: true,
  needsResourceVersion: true,
  validate: b => validateSpec(b.spec ?? {}),
  validateUpdate: (b, old) => b.spec === old.spec ? [] : validateSpec(b.spec ?? {}),
  validateStatusUpdate: b => validateCounts(b.status ?? {}, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'], 'status'),
  cells: (b, nowMs) => [b.metadata.name, amount(b.spec?.minAvailable), amount(b.spec?.maxUnavailable), b.status?.disruptionsAllowed ?? 0, age(b, nowMs)],
}
const amount = (value: number | string | undefined): string => value === undefined ? 'N/A' : String(value)
const policies = ['AlwaysAllow', 'IfHealthyBudget']

function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(invalid('spec', internalJson('policy.v1.PodDisruptionBudgetSpec', spec), 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    if (spec[field] !== undefined) errors.push(...validateAmount(spec[field], `spec.${field}`), ...notAbove100Percent(spec[field], `spec.${field}`))
  }
  if (spec.selector) errors.push(...validateSelector(spec.selector, 'spec.selector'))
  const policy = spec.unhealthyPodEvictionPolicy
  if (policy !== undefined && !policies.includes(policy)) errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies))
  return errors
}
