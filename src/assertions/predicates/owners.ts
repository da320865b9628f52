import type { PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import { belongsTo, kindOf, ownersOf, referenceOf } from '../subjects/index.ts'
import { everStored, holdsIf, moot } from './support.ts'

const names = (owners: readonly { readonly kind: string; readonly name: string }[]): string =>
  owners.map(o => `${o.kind.toLowerCase()} ${o.name}`).join(', ') || 'nobody'
const source = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/'
/** the chain may change at any link: a ReplicaSet that is adopted takes its pods along */
const reads = (o: Observation): boolean => o.type === 'object' && (o.change !== 'MODIFIED' || o.old.metadata.ownerReferences !== o.new.metadata.ownerReferences)

const ownedBy = definePredicate({
  id: 'owned-by', phrases: ['is owned by {owner}', 'belongs to {owner}', 'is managed by {owner}'], parameters: { owner: 'subject' }, subjects: ['object'],
  doc: 'An ownerReference leads to this object, perhaps through others (Pod, ReplicaSet, Deployment).',
  examples: ['pods labelled app=demo are owned by deployment demo'], source, reads,
  test({ object }, { owner }, at) {
    const { ref, label } = referenceOf(owner, at), belongs = belongsTo(object, ref, at.driver)
    const seen = (): string => `owned by ${names(ownersOf(object, at.driver))}`
    return belongs || everStored(at, ref) ? holdsIf(belongs, seen) : moot(`${seen()} (there is no ${label})`)
  },
})
const ownedByKind = definePredicate({
  id: 'owned-by-kind', phrases: ['is owned by a/an {kind}'], subjects: ['object'],
  doc: 'An ownerReference leads to an object of this kind, perhaps through others.', examples: ['pods of deployment demo are owned by a replicaset'], source,
  reads,
  test({ object }, { kind }, at) {
    const wanted = kindOf(kind, at.driver).kind, owners = ownersOf(object, at.driver)
    return holdsIf(owners.some(o => o.kind === wanted), () => `owned by ${names(owners)}`)
  },
})
export const owners: readonly PredicateDefinition[] = [ownedBy, ownedByKind]
