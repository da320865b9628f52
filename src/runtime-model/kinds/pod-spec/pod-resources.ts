import type { FieldError } from '../kind.ts'
import { compareQuantities } from '../../api/quantity.ts'
import { forbidden, invalid, notSupported } from '../meta/errors.ts'
import { validateUsedClaims } from './claims.ts'
import { validateResourceName } from '../meta/resource-names.ts'
import { validateRequirements } from './containers.ts'
import { aggregate, isPodLevel } from './resources.ts'
import type { Amounts } from './resources.ts'

/**
 * What a pod asks for as a whole (spec.resources), beside what its containers ask for: cpu, memory and huge pages.
 * Source: pkg/apis/core/v1/defaults.go (defaultPodRequests, defaultHugePagePodLimits), pkg/apis/core/validation/validation.go (validatePodResources), KEP-2837
 */
export function defaultPodResources(spec: any): any {
  const { requests, limits } = spec.resources
  if (!any(requests) && !any(limits)) return spec
  const pages = (name: string): boolean => name.startsWith('hugepages-')
  const bounds: Amounts = { ...limits, ...picked(aggregate(spec, 'limits'), name => pages(name) && limits?.[name] === undefined) }
  if (!any(bounds)) return spec
  const wanted: Amounts = {
    ...picked(bounds, isPodLevel), ...picked(aggregate(spec, 'requests'), name => isPodLevel(name) && !pages(name)), ...requests,
  }
  if (count(bounds) === count(limits) && count(wanted) === count(requests)) return spec
  return { ...spec, resources: { ...spec.resources, limits: bounds, ...any(wanted) ? { requests: wanted } : undefined } }
}
const count = (amounts: Amounts | undefined): number => amounts === undefined ? 0 : Object.keys(amounts).length
const any = (amounts: Amounts | undefined): boolean => count(amounts) > 0
const picked = (amounts: Amounts, take: (name: string) => boolean): Amounts => Object.fromEntries(Object.entries(amounts).filter(([name]) => take(name)))

export function validatePodResources(spec: any, path: string, errors: FieldError[]): void {
  const { resources } = spec
  if (spec.os?.name === 'windows') { errors.push(forbidden(path, 'may not be set for a windows pod')); return }
  if (resources.claims) errors.push(forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level'))
  validateRequirements(resources, path, validateName, errors)
  validateUsedClaims(resources.claims ?? [], spec.resourceClaims ?? [], `${path}.claims`, errors)
  const { requests = {}, limits = {} } = resources, words = (which: string, sum: string): string =>
    `must be greater than or equal to aggregate container ${which} of ${sum}`
  for (const [which, given] of [['requests', requests], ['limits', limits]] as const) {
    for (const [name, sum] of Object.entries(aggregate(spec, which)).sort(([a], [b]) => a < b ? -1 : 1)) {
      if (given[name] === undefined || compareQuantities(sum, given[name]) <= 0 || which === 'limits' && !name.startsWith('hugepages-')) continue
      errors.push(invalid(`${path}.${which}[${name}]`, given[name], words(which, sum)))
    }
  }
  ;(spec.containers ?? []).forEach((c: any, i: number) => {
    for (const [name, limit] of Object.entries<string>(c.resources?.limits ?? {}).sort(([a], [b]) => a < b ? -1 : 1)) {
      if (limits[name] === undefined || compareQuantities(limit, limits[name]) <= 0) continue
      errors.push(invalid(`${path}.containers[${i}][${name}].limits`, limit, `must be less than or equal to pod limits of ${limits[name]}`))
    }
  })
}

/** Source: validatePodResourceName */
function validateName(name: string, at: string, errors: FieldError[]): void {
  const before = errors.length
  validateResourceName(name, at, errors)
  if (errors.length === before && !isPodLevel(name)) errors.push(notSupported(at, name, ['cpu', 'hugepages-', 'memory']))
}
