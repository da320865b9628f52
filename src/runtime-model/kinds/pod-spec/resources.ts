import { addQuantities, compareQuantities } from '../../api/quantity.ts'

/**
 * What a pod asks for and may use at most, as quantities: its containers and sidecars together, or an init container with the sidecars started
 * before it where that is more; instead of that what the pod as a whole says; plus overhead. Source: k8s.io/component-helpers resource/helpers.go (PodRequests,
 * PodLimits).
 */
export type Amounts = Readonly<Record<string, string>>
const none: Amounts = Object.freeze({})

export const addAmounts = (a: Amounts, b: Amounts): Amounts => combine(a, b, addQuantities)
export const maxAmounts = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => compareQuantities(x, y) >= 0 ? x : y)
function combine(a: Amounts, b: Amounts, how: (x: string, y: string) => string): Amounts {
  const sum: Record<string, string> = { ...a }
  for (const name in b) sum[name] = sum[name] === undefined ? b[name] : how(sum[name], b[name])
  return sum
}

export const podRequests = (spec: any): Amounts => total(spec, 'requests')
export const podLimits = (spec: any): Amounts => total(spec, 'limits')

/** What a pod may say as a whole. Source: IsSupportedPodLevelResource */
export const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

/** Of the containers alone. */
export function aggregate(spec: any, which: 'requests' | 'limits'): Amounts {
  let sum = none, sidecars = none, init = none
  for (const container of spec.containers ?? []) sum = addAmounts(sum, container.resources?.[which] ?? none)
  for (const container of spec.initContainers ?? []) {
    const own: Amounts = container.resources?.[which] ?? none
    if (container.restartPolicy === 'Always') {
      sum = addAmounts(sum, own)
      sidecars = addAmounts(sidecars, own)
      init = maxAmounts(init, sidecars)
    } else init = maxAmounts(init, addAmounts(own, sidecars))
  }
  return maxAmounts(sum, init)
}
function total(spec: any, which: 'requests' | 'limits'): Amounts {
  let amounts = aggregate(spec, which)
  for (const name in spec.resources?.[which]) if (isPodLevel(name)) amounts = { ...amounts, [name]: spec.resources[which][name] }
  if (!spec.overhead) return amounts
  return which === 'requests'
    ? addAmounts(amounts, spec.overhead)
    : addAmounts(amounts, Object.fromEntries(Object.entries<string>(spec.overhead).filter(([name]) => amounts[name] !== undefined)))
}
