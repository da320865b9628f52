import { milliOf, unitsOf } from '../api/quantity.ts'
import { isSidecar } from './containers.ts'

/** In the unit in which kubelets count: thousandths of a CPU, whole units of all else. */
export const amount = (resource: string, quantity: any): number => resource === 'cpu' ? milliOf(quantity) : unitsOf(quantity)
/**
 * What a pod asks for: the larger of what runs together and what its init containers need, or what it says as a whole. Source: component-helpers
 * resource.PodRequests
 */
export function requestsOf({ spec: { containers, initContainers, resources, overhead } }: any): ReadonlyMap<string, number> {
  if (containers.length === 1 && !initContainers?.length && !resources?.requests && !overhead) return amountsOf(containers[0].resources?.requests)
  const total = new Map<string, number>(), sidecars = new Map<string, number>(), most = new Map<string, number>()
  const add = (to: Map<string, number>, c: any): void => {
    for (const [k, v] of amountsOf(c.resources?.requests)) to.set(k, (to.get(k) ?? 0) + v)
  }
  for (const c of containers) add(total, c)
  for (const c of initContainers ?? []) {
    if (isSidecar(c)) { add(total, c); add(sidecars, c); continue }
    const needs = new Map(sidecars)
    add(needs, c)
    for (const [k, v] of needs) most.set(k, Math.max(most.get(k) ?? 0, v))
  }
  for (const [k, v] of most) total.set(k, Math.max(total.get(k) ?? 0, v))
  for (const [k, v] of amountsOf(resources?.requests)) total.set(k, v)
  for (const [k, v] of amountsOf(overhead)) total.set(k, (total.get(k) ?? 0) + v)
  return total
}
/** All pods of a template share one object, which a node reads again for each pod that comes to it. */
const amounts = new WeakMap<object, ReadonlyMap<string, number>>(), nothing: ReadonlyMap<string, number> = new Map()
function amountsOf(list: any): ReadonlyMap<string, number> {
  if (!list) return nothing
  let found = amounts.get(list)
  if (!found) amounts.set(list, found = new Map(Object.entries(list).map(([name, quantity]) => [name, amount(name, quantity)])))
  return found
}
