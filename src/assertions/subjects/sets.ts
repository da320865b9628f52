import type { KubeObject } from '../../runtime-model/api/request.ts'
import { parseLabelSelector } from '../../runtime-model/api/selectors.ts'
import type { SetSubject } from '../../dsl/step-ast.ts'
import type { ResolvedSubject } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import { containerOf } from './containers.ts'
import { kindOf } from './kinds.ts'
import type { ServedKind } from './kinds.ts'
import { nodeOfBound, referenceOf, shortKind } from './objects.ts'
import type { Place } from './objects.ts'
import { belongsTo } from './owners.ts'
import type { Owner } from './owners.ts'

/** A set as a question to each object: does it belong? */
export interface Selection {
  readonly kind: ServedKind
  /** only this namespace; undefined: all (but kube-system, where `exceptSystem`) */
  readonly namespace?: string
  readonly exceptSystem: boolean
  /** whose they are, where that is said: of one of these */
  readonly owners: readonly Owner[]
  /** resources whose changes may change who belongs, besides the members' own */
  readonly alsoReads: readonly string[]
  belongs(object: KubeObject, place: Place): boolean
}

/** language.md §3, "Scope": pods, pods of …, pods labelled …: the current namespace; running pods, all pods, pods on node …: all but kube-system. */
export function selectionOf(ast: SetSubject, place: Place): Selection {
  const { refinements, scope } = ast, kind = kindOf(ast.kind, place.driver)
  const { owner, owners: said = owner ? [owner] : [] } = refinements
  const owners = said.map(o => ownerOf(o, scope.type === 'named' ? scope.namespace : undefined, place))
  const owned = owners.length > 0, home = owners.every(o => o.namespace === owners[0].namespace) ? owners[0]?.namespace ?? place.context.namespace : undefined
  const wide = scope.type === 'any' || (scope.type === 'default' && (ast.all || refinements.running || refinements.node !== undefined) && !owned)
  const namespace = !kind.namespaced || wide ? undefined : scope.type === 'named' ? scope.namespace : home
  const exceptSystem = kind.namespaced && wide && scope.type === 'default'
  const labelled = refinements.selector === undefined ? undefined : parseLabelSelector(refinements.selector)
  if (labelled?.error !== undefined) throw new CannotRun(`labelled ${refinements.selector}: ${labelled.error}`)
  const node = nodeName(refinements.node, place)
  return {
    kind, namespace, exceptSystem, owners,
    alsoReads: owned ? [...new Set(['replicasets.apps', 'jobs.batch', ...owners.map(o => o.resource)])].filter(r => r !== kind.resource) : [],
    belongs: (object, at) =>
      (ast.names === undefined || ast.names.includes(object.metadata.name))
      && (namespace === undefined || object.metadata.namespace === namespace) && !(exceptSystem && object.metadata.namespace === 'kube-system')
      && (labelled === undefined || labelled.matches(object.metadata.labels)) && (node === undefined || object.spec?.nodeName === node)
      && (!owned || owners.some(owner => belongsTo(object, owner, at.driver))) && (!refinements.running || isRunning(object, kind, at)),
  }
}

function ownerOf(ast: NonNullable<SetSubject['refinements']['owner']>, scope: string | undefined, place: Place): Owner {
  const { ref } = referenceOf(ast.type === 'object' && !ast.namespace && scope ? { ...ast, namespace: scope } : ast, place)
  return ref
}

function nodeName(node: SetSubject['refinements']['node'], { context, driver }: Place): string | undefined {
  if (node === undefined || typeof node === 'string') return node
  const bound = context.bindings.get(node.name)
  return bound?.resource === 'pods' ? nodeOfBound(bound, driver) : bound?.name
}

export const calendar = ({ driver }: Place): number => driver.epochMs + driver.now()
const isRunning = (object: KubeObject, kind: ServedKind, place: Place): boolean =>
  kind.statusWord ? kind.statusWord(object, calendar(place)) === 'Running' : object.status?.phase === 'Running'

export function memberOf(ast: SetSubject, selection: Selection, object: KubeObject): ResolvedSubject {
  const { kind } = selection, { name, namespace, uid } = object.metadata
  const member: ResolvedSubject = {
    type: 'object', label: `${shortKind(kind)} ${name}`,
    ref: { group: kind.group, kind: kind.kind, resource: kind.resource, name, uid, ...(kind.namespaced ? { namespace } : {}) }, object,
    statusWord: kind.statusWord, ast,
  }
  return ast.container === undefined
    ? member
    : containerOf(member, { type: 'container', container: ast.container, pod: { type: 'object', kind: ast.kind, name, namespace, span: ast.span }, span: ast.span })
}

/** All members at this moment, in order of namespace and name. */
export function membersOf(ast: SetSubject, place: Place): readonly ResolvedSubject[] {
  const selection = selectionOf(ast, place)
  return place.driver.storedList(selection.kind.resource, selection.namespace).filter(o => selection.belongs(o, place)).map(o => memberOf(ast, selection, o))
}
