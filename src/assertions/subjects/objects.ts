import type { Driver } from '../../drivers/driver.ts'
import type { BindingSubject, ContainerSubject, ObjectSubject } from '../../dsl/step-ast.ts'
import type { ResolvedSubject } from '../../extension.ts'
import { registry, storageName } from '../../runtime-model/kinds/index.ts'
import type { Binding, ScenarioContext } from '../../steps/context.ts'
import { CannotRun } from '../errors.ts'
import { kindOf } from './kinds.ts'
import type { ServedKind } from './kinds.ts'

/** Where subjects are looked up: a cluster at a moment (now, or a moment of the past), and what the scenario has said. */
export interface Place {
  readonly driver: Driver
  readonly context: ScenarioContext
  /** id of the latest observation, where that is known */
  readonly observedTo?: number
}
export type Reference = NonNullable<ResolvedSubject['ref']>

/** The object a subject names (of a container: its pod). A binding means the very object that was bound: one of the same name that came later is another. */
export function referenceOf(
  ast: ObjectSubject | BindingSubject | ContainerSubject, place: Place
): { readonly ref: Reference; readonly kind: ServedKind | undefined; readonly label: string } {
  if (ast.type === 'container') return referenceOf(ast.pod, place)
  const { driver, context } = place
  if (ast.type === 'object') {
    const kind = kindOf(ast.kind, driver), namespace = kind.namespaced ? ast.namespace ?? context.namespace : undefined
    const where = ast.namespace && kind.namespaced && ast.namespace !== context.namespace ? ` in namespace ${ast.namespace}` : ''
    return {
      kind, ref: { group: kind.group, kind: kind.kind, resource: kind.resource, name: ast.name, ...(namespace === undefined ? {} : { namespace }) },
      label: `${shortKind(kind)} ${ast.name}${where}`,
    }
  }
  const bound = context.bindings.get(ast.name)
  if (!bound) throw new CannotRun(`nothing is bound as $${ast.name} yet`)
  const said = ast.kind === undefined ? undefined : kindOf(ast.kind, driver)
  if (said && storageName(said.group, said.resource) !== bound.resource) {
    if (said.resource !== 'nodes' || bound.resource !== 'pods') throw new CannotRun(`$${ast.name} is ${bound.kind.toLowerCase()} ${bound.name}, and no ${said.singular}`)
    const node = nodeOfBound(bound, driver)
    if (node === undefined) throw new CannotRun(`pod ${bound.name} has no node yet`)
    return { kind: said, ref: { group: '', kind: 'Node', resource: 'nodes', name: node }, label: `node ${node}` }
  }
  const definition = registry.byResource(bound.resource)
  const kind = definition && kindOf(`${definition.resource}${definition.group ? `.${definition.group}` : ''}`, driver)
  const { resource, name, namespace, uid } = bound
  return {
    kind, ref: { group: definition?.group ?? '', kind: bound.kind, resource, name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}) },
    label: `${bound.kind.toLowerCase()} ${name}`,
  }
}

/** The node of a pod that was bound, perhaps before it had one. */
export const nodeOfBound = ({ object, namespace, name }: Binding, driver: Driver): string | undefined =>
  object.spec?.nodeName ?? driver.stored('pods', namespace ?? '', name)?.spec?.nodeName

export function resolveObject(ast: ObjectSubject | BindingSubject | ContainerSubject, place: Place): ResolvedSubject {
  const { ref, kind, label } = referenceOf(ast, place)
  return resolved(ast, ref, kind, label, place.driver)
}

export function resolved(ast: ResolvedSubject['ast'], ref: Reference, kind: ServedKind | undefined, label: string, driver: Driver): ResolvedSubject {
  const stored = driver.stored(ref.resource, ref.namespace ?? '', ref.name)
  const object = stored && (ref.uid === undefined || stored.metadata.uid === ref.uid) ? stored : undefined
  return { type: 'object', label, ref: object ? { ...ref, uid: object.metadata.uid } : ref, object, statusWord: kind?.statusWord, ast }
}

/** `the node of pod db-0`: where it is bound to. */
export function nodeOfPod(ast: ObjectSubject | BindingSubject, place: Place): string {
  const { ref, object, label } = resolveObject(ast, place), bound = ast.type === 'binding' ? place.context.bindings.get(ast.name) : undefined
  if (ref!.resource !== 'pods') throw new CannotRun(`${label} is no pod, and only pods have a node`)
  const node: string | undefined = bound ? nodeOfBound(bound, place.driver) : object?.spec?.nodeName
  if (!node) throw new CannotRun(object ? `${label} is on no node` : `there is no ${label}`)
  return node
}

/** `pod`, `replicaset`: a kind as sentences call it. */
export const shortKind = (kind: ServedKind): string => kind.singular
export const lowerKind = (ref: Reference): string => ref.group ? `${ref.kind.toLowerCase()}.${ref.group}` : ref.kind.toLowerCase()
