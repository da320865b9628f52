import { milliOf, unitsOf } from '../api/quantity.ts'
import { isSidecar } from './containers.ts'

/** In the unit in which kubelets count: thousandths of a CPU, whole units of all else. */
export const amount = (resource: string, quantity: any): number => resource === 'cpu' ? milliOf(quantity) : unitsOf(quantity)
/**
 * What a pod asks for: the larger of what runs together and what its init containers need, or what it says as a whole. Source: component-helpers
 * resource.PodRequests
 */
export function requestsOf(pod: any): Map<string, number> {
  const total = new Map<string, number>(), sidecars = new Map<string, number>(), most = new Map<string, number>()
  const add = (to: Map<string, number>, c: any): void => {
    for (const [k, v] of Object.entries(c.resources?.requests ?? {})) to.set(k, (to.get(k) ?? 0) + amount(k, v))
  }
  for (const c of pod.spec.containers) add(total, c)
  for (const c of pod.spec.initContainers ?? []) {
    if (isSidecar(c)) { add(total, c); add(sidecars, c); continue }
    const needs = new Map(sidecars)
    add(needs, c)
    for (const [k, v] of needs) most.set(k, Math.max(most.get(k) ?? 0, v))
  }
  for (const [k, v] of most) total.set(k, Math.max(total.get(k) ?? 0, v))
  for (const [k, v] of Object.entries(pod.spec.resources?.requests ?? {})) total.set(k, amount(k, v))
  for (const [k, v] of Object.entries(pod.spec.overhead ?? {})) total.set(k, (total.get(k) ?? 0) + amount(k, v))
  return total
}
