import type { FieldError } from './kind.ts'
import { nanoOf } from '../api/quantity.ts'
import { invalid, notSupported, required } from './meta/errors.ts'

/** How fast an autoscaler may go. Source: pkg/apis/autoscaling/validation/validation.go (validateBehavior, validateScalingRules). */
export function validateBehaviour(behaviour: any, path: string, errors: FieldError[]): void {
  for (const direction of ['scaleUp', 'scaleDown']) if (behaviour[direction]) validateRules(behaviour[direction], `${path}.${direction}`, errors)
}

const choices = ['Disabled', 'Max', 'Min'], policyTypes = ['Percent', 'Pods']
function validateRules(rules: any, at: string, errors: FieldError[]): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules
  if (window < 0) errors.push(invalid(`${at}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'))
  if (window > 3600) errors.push(invalid(`${at}.stabilizationWindowSeconds`, window, 'must be less than or equal to 3600'))
  if (selectPolicy !== undefined && !choices.includes(selectPolicy)) errors.push(notSupported(`${at}.selectPolicy`, selectPolicy, choices))
  if (policies.length === 0) errors.push(required(`${at}.policies`, 'must specify at least one Policy'))
  policies.forEach((policy: any, i: number) => {
    const here = `${at}.policies[${i}]`, { type = '', value = 0, periodSeconds = 0 } = policy
    if (!policyTypes.includes(type)) errors.push(notSupported(`${here}.type`, type, policyTypes))
    if (value <= 0) errors.push(invalid(`${here}.value`, value, 'must be greater than zero'))
    if (periodSeconds <= 0) errors.push(invalid(`${here}.periodSeconds`, periodSeconds, 'must be greater than zero'))
    if (periodSeconds > 1800) errors.push(invalid(`${here}.periodSeconds`, periodSeconds, 'must be less than or equal to 1800'))
  })
  if (tolerance !== undefined && nanoOf(tolerance) < 0n) errors.push(invalid(`${at}.tolerance`, tolerance, 'must be greater than or equal to 0'))
}
