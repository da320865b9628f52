import { suggest } from '../base/suggest.ts'
import type { Driver } from '../drivers/driver.ts'
import { builtInName, tellsOfCluster } from '../dsl/author-made.ts'
import type { ParameterType } from '../dsl/phrase-declaration.ts'
import type { BindingSubject, ObjectSubject, SetSubject, Span, SubjectAst } from '../dsl/step-ast.ts'
import { filesSaid } from './said.ts'
import { missingWebhook } from './named-webhooks.ts'
import type { ClaimParts } from './claim.ts'
import { everStored } from './predicates/support.ts'
import { kindOf, referenceOf, selectionOf } from './subjects/index.ts'
import type { Place, Reference } from './subjects/index.ts'
import type { Watched } from './watch.ts'

/** A name in a sentence that nothing in the cluster has ever had. */
export interface Nobody { readonly why: string; readonly span: Span }
interface Mention { readonly ref: Pick<Reference, 'resource' | 'namespace' | 'name'>; readonly label: string; readonly span: Span }

/**
 * What an assertion that holds speaks of, and no cluster ever had: a node, a namespace, an owner, an object of the predicate, or the subject
 * itself where only its absence is claimed. Such a sentence would hold of any misspelt name, whatever its predicate is. Looked for by the
 * types of parameters, so that new predicates are held to it too.
 */
export function nobodyOf({ claim, conditions }: Watched, place: Place): Nobody | undefined {
  const webhook = missingWebhook(place.context, place.driver)
  if (webhook) return { why: `no configuration names the webhook ${webhook}, of which an earlier step speaks: nobody asks it`, span: claim.subject.span }
  for (const parts of [claim, ...conditions]) {
    for (const { ref, label, span } of mentionsOf(parts, place)) {
      if (!everStored(place, ref)) return { why: `there never was a ${label}${nearest(ref, place.driver)}, so that this holds of any name`, span }
    }
  }
  return undefined
}

function mentionsOf({ subject, predicate, definition }: ClaimParts, place: Place): readonly Mention[] {
  const ofArguments = Object.entries(predicate.args).flatMap(([slot, value]): readonly Mention[] => {
    const type: string | undefined = definition.parameters?.[slot] ?? slot as ParameterType, span = predicate.argSpans[slot] ?? predicate.span
    if (type === 'node' && typeof value === 'string') return [{ ref: { resource: 'nodes', name: value }, label: `node ${value}`, span }]
    return type === 'subject' ? objectMention(value as ObjectSubject | BindingSubject, place) : []
  })
  return [...ofSubject(subject, definition.existence === true, place), ...ofArguments]
}

function ofSubject(subject: SubjectAst, existence: boolean, place: Place): readonly Mention[] {
  switch (subject.type) {
    case 'object': return [...inNamespace(subject, place), ...(existence && isUnheard(subject, place) ? objectMention(subject, place) : [])]
    case 'set': {
      const { refinements: { owner, owners = owner ? [owner] : [], node }, scope, span, names = [], kind } = subject
      return [
        ...namespaceOfSet(subject, place), ...(typeof node === 'string' ? nodeMention(node, span) : []),
        ...names.flatMap(name => objectMention({ type: 'object', kind, name, ...(scope.type === 'named' ? { namespace: scope.namespace } : {}), span }, place)),
        ...owners.flatMap(o => objectMention(o.type === 'object' && scope.type === 'named' ? { namespace: scope.namespace, ...o } : o, place)),
      ]
    }
    default: return []
  }
}
const nodeMention = (name: string, span: Span): readonly Mention[] => [{ ref: { resource: 'nodes', name }, label: `node ${name}`, span }]
const everywhere = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease'])
const namespaceMention = (name: string, span: Span): readonly Mention[] =>
  everywhere.has(name) ? [] : [{ ref: { resource: 'namespaces', name }, label: `namespace ${name}`, span }]
/** `there are no pods`, in a namespace that was misspelt where it was made the current one. */
function namespaceOfSet(subject: SetSubject, place: Place): readonly Mention[] {
  const { kind, namespace } = selectionOf(subject, place)
  return kind.namespaced && namespace !== undefined ? namespaceMention(namespace, subject.span) : []
}
const inNamespace = ({ kind, namespace, span }: ObjectSubject, { driver, context }: Place): readonly Mention[] =>
  kindOf(kind, driver).namespaced ? namespaceMention(namespace ?? context.namespace, span) : []

/** A binding means what was there when it was bound. */
function objectMention(ast: ObjectSubject | BindingSubject, place: Place): readonly Mention[] {
  if (ast.type === 'binding') return []
  const { ref, label } = referenceOf(ast, place)
  return [{ ref, label, span: ast.span }]
}

/** Is the object of a sentence one that neither the scenario nor the cluster has ever heard of? */
export const isNobody = (ast: SubjectAst, place: Place): boolean =>
  ast.type === 'object' && isUnheard(ast, place) && !everStored(place, referenceOf(ast, place).ref)
/** Neither the scenario nor a file that it has applied says the name anywhere else, and it is no name that is known beyond them. */
const isUnheard = ({ unheard, name, kind }: ObjectSubject, { driver, context }: Place): boolean =>
  unheard === true && !tellsOfCluster.has(kindOf(kind, driver).kind) && !builtInName.test(name) && !filesSaid(context).some(text => text.includes(name))

function nearest({ resource, namespace, name }: Mention['ref'], driver: Driver): string {
  const [near] = suggest(name, driver.storedList(resource, namespace).map(o => o.metadata.name), 1)
  return near === undefined ? '' : ` (did you mean ${near}?)`
}
