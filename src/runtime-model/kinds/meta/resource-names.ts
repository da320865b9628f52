import type { FieldError } from '../kind.ts'
import { qualifiedName } from '../../api/names.ts'
import { invalid } from './errors.ts'

/**
 * What resources (cpu, memory, example.com/gpu …) may be called. Source: pkg/apis/core/helper/helpers.go (IsStandardResourceName, IsNativeResource,
 * IsExtendedResourceName), pkg/apis/core/validation/validation.go (validateResourceName, validateContainerResourceName).
 */
const standard = new RegExp(
  '^(cpu|memory|ephemeral-storage|storage|pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims'
    + '|(requests|limits)\\.(cpu|memory|ephemeral-storage)|requests\\.storage|services\\.(nodeports|loadbalancers))$|^(requests\\.)?hugepages-'
)
const ofContainers = /^(cpu|memory|ephemeral-storage)$|^hugepages-/
export const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0
const counted = /^(?:pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(?:nodeports|loadbalancers))$/
/** Of what is counted there are whole ones only. Source: IsIntegerResourceName */
export const isInteger = (name: string): boolean => counted.test(name) || isExtended(name)

export function validateResourceName(name: string, at: string, errors: FieldError[]): void {
  const wrong = qualifiedName(name)
  for (const text of wrong) errors.push(invalid(at, name, text))
  if (wrong.length === 0 && !name.includes('/') && !standard.test(name)) errors.push(invalid(at, name, 'must be a standard resource type or fully qualified'))
}
export function validateContainerResourceName(name: string, at: string, errors: FieldError[]): void {
  validateResourceName(name, at, errors)
  const parts = name.split('/').length
  if (parts === 1 && !ofContainers.test(name)) errors.push(invalid(at, name, 'must be a standard resource for containers'))
  if (parts > 1 && !isNative(name) && !isExtended(name)) errors.push(invalid(at, name, "doesn't follow extended resource name standard"))
}
