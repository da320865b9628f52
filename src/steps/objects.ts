import type { BindingSubject, ContainerSubject, ObjectSubject, SubjectAst } from '../dsl/step-ast.ts'
import { membersOf, resolveObject } from '../assertions/subjects/index.ts'
import type { ResolvedSubject } from '../extension.ts'
import type { ScenarioContext } from './context.ts'

/** An object as a command names it: `kind/name`, and `-n` where it is not in the current namespace. */
export interface Named { readonly kind: string; readonly name: string; readonly namespace?: string }

/** A container is named by what holds it. */
export function namedBy(context: ScenarioContext, ast: ObjectSubject | BindingSubject | ContainerSubject): Named {
  if (ast.type === 'container') return namedBy(context, ast.pod)
  if (ast.type === 'object') return { kind: ast.kind, name: ast.name, namespace: ast.namespace }
  const bound = context.bindings.get(ast.name)
  if (!bound) return { kind: 'pod', name: `$${ast.name}` }
  return { kind: bound.kind.toLowerCase(), name: bound.name, namespace: bound.namespace === context.namespace ? undefined : bound.namespace }
}

export const namespaceFlag = (named: Named): readonly string[] => named.namespace ? ['-n', named.namespace] : []

/** `{node}`, `{name}` slots: a name as written, or what was bound (a pod's node, where a node is asked for). */
export function nameIn(context: ScenarioContext, slot: string | { readonly binding: string }): string {
  if (typeof slot === 'string') return slot
  return context.bindings.get(slot.binding)?.name ?? `$${slot.binding}`
}
export function nodeIn(context: ScenarioContext, slot: string | { readonly binding: string }): string {
  if (typeof slot === 'string') return slot
  const bound = context.bindings.get(slot.binding)
  return bound?.resource === 'pods' ? bound.object.spec?.nodeName ?? bound.name : bound?.name ?? `$${slot.binding}`
}

/** Objects that a sentence chooses: the one it names, `a pod of …` the first, `2 pods …` the first two, `pods …` all of them. */
export function chosen(context: ScenarioContext, ast: SubjectAst): readonly ResolvedSubject[] | { readonly failed: string } {
  const at = { driver: context.driver(), context }
  if (ast.type === 'object' || ast.type === 'binding') {
    const found = resolveObject(ast, at)
    return found.object ? [found] : { failed: `there is no ${found.label}` }
  }
  if (ast.type !== 'set') return { failed: 'this is no object of the API' }
  const members = membersOf(ast, at)
  const wanted = ast.quantifier.type === 'count' ? ast.quantifier.count : members.length
  if (members.length === 0 || members.length < wanted) {
    return { failed: `there ${members.length === 1 ? 'is' : 'are'} only ${members.length} of these ${ast.kind}` }
  }
  return members.slice(0, wanted)
}
export const isFailure = (found: readonly ResolvedSubject[] | { readonly failed: string }): found is { readonly failed: string } => 'failed' in found
