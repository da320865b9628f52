import type { BindingSubject, ContainerSubject, ObjectSubject, SetSubject, SubjectAst } from '../dsl/step-ast.ts'
import { membersOf, nodeOfBound, nodeOfPod, resolveObject } from '../assertions/subjects/index.ts'
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
export type NodeSlot = string | { readonly binding: string } | { readonly nodeOf: ObjectSubject | BindingSubject }
export function nodeIn(context: ScenarioContext, slot: NodeSlot): string {
  if (typeof slot === 'string') return slot
  if ('nodeOf' in slot) return nodeOfPod(slot.nodeOf, { driver: context.driver(), context })
  const bound = context.bindings.get(slot.binding)
  return (bound?.resource === 'pods' ? nodeOfBound(bound, context.driver()) : bound?.name) ?? `$${slot.binding}`
}

/** Objects that a sentence chooses: the one it names, `a pod of …` the first, `2 pods …` the first two, `pods …` all of them. */
export function chosen(context: ScenarioContext, ast: SubjectAst): readonly ResolvedSubject[] | NotChosen {
  const at = { driver: context.driver(), context }
  if (ast.type === 'object' || ast.type === 'binding') {
    const found = resolveObject(ast, at)
    return found.object ? [found] : { failed: `there is no ${found.label}` }
  }
  if (ast.type !== 'set') return { failed: 'this is no object of the API' }
  const vague = vagueness(ast)
  if (vague) return { cannotRun: vague }
  const members = membersOf(ast, at), missing = ast.names?.find(name => !members.some(m => m.ref?.name === name))
  if (missing !== undefined) return { failed: `there is no ${ast.kind.replace(/s$/, '')} ${missing}` }
  const wanted = ast.quantifier.type === 'count' ? ast.quantifier.count : ast.single ? 1 : members.length
  if (ast.single && members.length > 1) return { cannotRun: `there are ${members.length} of these, and one is meant: say which, or \`a ${ast.kind} of …\`` }
  if (members.length === 0 || members.length < wanted) {
    return { failed: `there ${members.length === 1 ? 'is' : 'are'} only ${members.length} of these ${ast.kind}` }
  }
  return members.slice(0, wanted)
}
export type NotChosen = { readonly failed: string } | { readonly cannotRun: string }
export const isFailure = (found: readonly ResolvedSubject[] | NotChosen): found is NotChosen => !('length' in found)

/** How many are meant must be said: `at most 2` may be none, and `no pod` is. */
function vagueness({ quantifier, kind }: SetSubject): string | undefined {
  if (quantifier.type !== 'count') return undefined
  if (quantifier.percent) return `how many ${kind} are ${quantifier.count} %? Say a number`
  if (quantifier.comparison === 'between') return `how many ${kind} are between ${quantifier.count} and ${quantifier.most}? Say a number`
  if (quantifier.count === 0 || quantifier.comparison === 'at most') return `nothing is chosen by \`${quantifier.count === 0 ? 'no' : 'at most'} …\`: say how many`
  return quantifier.comparison === 'more than' ? `how many ${kind} are more than ${quantifier.count}? Say a number` : undefined
}
/** The one that is chosen where only one can be meant. */
export function chosenOne(context: ScenarioContext, ast: SubjectAst, role: string): ResolvedSubject | NotChosen {
  const found = chosen(context, ast)
  if (isFailure(found)) return found
  return found.length === 1 ? found[0] : { cannotRun: `${found.length} ${ast.type === 'set' ? ast.kind : 'objects'} are meant, and one ${role}: say which, or \`a pod of …\`` }
}
