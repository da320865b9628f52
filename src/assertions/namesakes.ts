import { suggest } from '../base/suggest.ts'
import type { Driver } from '../drivers/driver.ts'
import type { ResolvedSubject } from '../extension.ts'
import { everStored } from './predicates/support.ts'

/** What could have been meant by a name that nobody has: an object of that name in other namespaces, or of a name like it. */
export function namesakesOf({ ref, object }: ResolvedSubject, driver: Driver): string | undefined {
  if (!ref || object !== undefined) return undefined
  const word = ref.kind.toLowerCase(), stored = driver.storedList(ref.resource)
  const others = stored.filter(o => o.metadata.name === ref.name && o.metadata.namespace !== ref.namespace)
  const elsewhere = [...new Set(others.map(o => o.metadata.namespace!))].sort()
  if (ref.namespace !== undefined && elsewhere.length) {
    return `looked in namespace ${ref.namespace}; there is a ${word} ${ref.name} in ${elsewhere.slice(0, 3).join(', ')}`
  }
  // a pod that has been deleted, or another one of a row, is not misspelt
  const row = /^(.*-)\d+$/.exec(ref.name)?.[1]
  if (everStored({ driver }, { ...ref, namespace: ref.namespace ?? '' }) || (row && stored.some(o => o.metadata.name.startsWith(row)))) return undefined
  const [near] = suggest(ref.name, stored.filter(o => (o.metadata.namespace ?? undefined) === ref.namespace).map(o => o.metadata.name), 1)
  return near === undefined ? undefined : `did you mean ${word} ${near}?`
}
