import type { BindingSubject, ObjectSubject, Quantity, SetQuantity } from '../../dsl/step-ast.ts'
import type { PredicateContext, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { nodeOfBound, nodeOfPod } from '../subjects/index.ts'

export const no = (seen: string, brief?: string): PredicateResult => brief === undefined ? { no: seen } : { no: seen, brief }
export const holdsIf = (condition: boolean, seen: () => string, brief?: string): PredicateResult => condition || no(seen(), brief)

/** Neither it nor its opposite can be said: what it speaks of is not there, or not known yet. */
export const moot = (seen: string): PredicateResult => ({ no: seen, moot: 'moot' })
/** The same of a status that is not of the latest spec: as long as it is not, it does not say so. */
export const stale = (seen: string): PredicateResult => ({ no: seen, moot: 'stale' })
/** Nothing has happened that it could be said of; if it stays so, it shows nothing. */
export const nothing = (seen: string): PredicateResult => ({ no: seen, moot: 'nothing' })
/** Was an object of this name stored at any time? One that never was is misspelt, and not what a negation means. */
export function everStored(
  { driver }: Pick<PredicateContext, 'driver'>,
  { resource, namespace = '', name }: { readonly resource: string; readonly namespace?: string; readonly name: string }
): boolean {
  if (driver.stored(resource, namespace, name)) return true
  for (const o of driver.history()) if (o.type === 'object' && o.resource === resource && o.name === name && o.namespace === namespace) return true
  return false
}

/** Does a number satisfy `3`, `at least 3`, `at most 3`, `more than 3`, `between 3 and 5`? */
export function satisfies({ comparison, count, most }: Quantity, found: number): boolean {
  switch (comparison) {
    case 'exactly': return found === count
    case 'at least': return found >= count
    case 'at most': return found <= count
    case 'more than': return found > count
    case 'between': return found >= count && found <= most!
  }
}
/** The same of so many of the members of a set; percentages compare hundredths, so that nothing is rounded. */
export const ofSet = ({ percent, strict, ...quantity }: SetQuantity, found: number, total: number): boolean => !percent ? satisfies(quantity, found)
  : strict ? found * 100 < quantity.count * total
  : satisfies({ ...quantity, count: quantity.count * total }, found * 100)
/** Is a number beyond what it may be? */
export const tooManyOf = (quantity: SetQuantity, found: number, total: number): boolean => quantity.percent
  ? quantity.strict ? !ofSet(quantity, found, total) : exceeds({ ...quantity, count: quantity.count * total }, found * 100)
  : exceeds(quantity, found)
const exceeds = ({ comparison, count, most }: Quantity, found: number): boolean =>
  comparison !== 'at least' && comparison !== 'more than' && found > (most ?? count)
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const statusWordOf = (subject: ResolvedSubject, at: PredicateContext): string | undefined =>
  subject.object && subject.statusWord?.(subject.object, at.driver.epochMs + at.driver.now())
export const conditionOf = (object: any, type: string): any => object?.status?.conditions?.find((c: any) => c.type === type)

/** `True`, `False (ContainersNotReady)`, or that there is none. */
export const conditionText = (object: any, type: string): string => {
  const found = conditionOf(object, type)
  return found ? `${type}=${found.status}${found.reason ? ` (${found.reason})` : ''}` : `no condition ${type}`
}

const counting = new Set([
  'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicationcontrollers', 'poddisruptionbudgets.policy',
])
/** The controller has not yet looked at the latest spec: what its status counts is of an older one (metadata.generation, status.observedGeneration). */
export function staleStatus(
  { ref, object }: Pick<ResolvedSubject, 'ref' | 'object'>, { context }: Pick<PredicateContext, 'context'>
): string | undefined {
  if (ref?.resource === 'horizontalpodautoscalers.autoscaling') return object.status?.conditions ? undefined : 'its controller has not looked at it yet'
  if (context.anyGeneration || !ref || !counting.has(ref.resource)) return undefined
  const observed = object.status?.observedGeneration ?? 0, wanted = object.metadata.generation ?? 0
  return observed >= wanted ? undefined : `the controller has not seen the latest spec (observed generation ${observed} of ${wanted})`
}
/** A name slot: as written, or the name of what was bound. */
export const nameIn = (slot: string | { readonly binding: string }, at: PredicateContext): string =>
  typeof slot === 'string' ? slot : at.context.bindings.get(slot.binding)?.name ?? `$${slot.binding}`
export function nodeIn(
  slot: string | { readonly binding: string } | { readonly nodeOf: ObjectSubject | BindingSubject }, at: PredicateContext
): string {
  if (typeof slot === 'string') return slot
  if ('nodeOf' in slot) return nodeOfPod(slot.nodeOf, at)
  const bound = at.context.bindings.get(slot.binding)
  return (bound?.resource === 'pods' ? nodeOfBound(bound, at.driver) : bound?.name) ?? `$${slot.binding}`
}
export const truthOf = (subject: ResolvedSubject, at: PredicateContext) =>
  subject.object?.metadata?.uid === undefined ? undefined : at.driver.nodeTruth.pod(subject.object.metadata.uid, subject.object.spec?.nodeName)
