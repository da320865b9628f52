import type { EtcdEvent, EtcdOperation } from '../../api/etcd.ts'
import { withManagedFields } from '../../api/managed-fields.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { approvalOf, cleanupFinalizer, conditionOf, customResourceOf, definitionsResource, hasCondition } from '../../kinds/index.ts'
import { askOwn } from '../etcd-client.ts'
import type { Turn } from '../state.ts'
import { cached, listCached } from '../watch-cache.ts'
import { registrations, servicesResource } from './registration.ts'

/**
 * What every API server does about CustomResourceDefinitions by itself: it accepts names and establishes them, judges protected groups, and clears a
 * definition's objects away before its end. Each server tries; who comes second finds the work done.
 * Source: k8s.io/apiextensions-apiserver pkg/controller/{status,establish,finalizer,apiapproval}.
 */
export function followDefinitions(turn: Turn, events: readonly EtcdEvent[]): void {
  for (const { key, type, object, old } of events) {
    if (key.resource === definitionsResource) {
      if (type === 'DELETE' || old?.spec !== object.spec) register(turn, key.name, (object.spec as any).group)
      if (type === 'PUT') reconcile(turn, object)
      // names that are free again may be what another definition waits for
      else for (const other of definitions(turn)) if ((other.spec as any).group === (object as any).spec.group
        && !hasCondition(other, 'NamesAccepted')) reconcile(turn, other)
    } else if (type === 'DELETE' && key.resource === servicesResource) {
      register(turn, key.name, key.name.slice(key.name.indexOf('.') + 1))
    } else if (type === 'DELETE' && turn.state.cache.definitions !== undefined) {
      const definition = cached(turn.state.cache, definitionsResource, '', key.resource)
      if (definition?.metadata.deletionTimestamp) reconcile(turn, definition)
    }
  }
}
function register(turn: Turn, name: string, group: string): void {
  for (const operation of registrations(turn, group)) askOwn(turn, operation, `definition ${name}`)
}
export function reviewDefinitions(turn: Turn): void { for (const definition of definitions(turn)) reconcile(turn, definition) }
const definitions = (turn: Turn): readonly KubeObject[] => turn.state.cache.definitions === undefined ? [] : listCached(turn.state.cache, definitionsResource)

/** Purposes of own calls that begin so are of this file; what becomes of them is seen in the stream. */
export const isOwnPurpose = (purpose: string): boolean => purpose.startsWith('definition ')
/** A call went wrong: the definition is looked at again. */
export function retryDefinition(turn: Turn, purpose: string): void {
  const definition = cached(turn.state.cache, definitionsResource, '', purpose.slice('definition '.length))
  if (definition) reconcile(turn, definition)
}
const ask = (turn: Turn, definition: any, operation: EtcdOperation): void => askOwn(turn, operation, `definition ${definition.metadata.name}`)
const revisionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion)
const keyOf = (definition: any) => ({ resource: definitionsResource, namespace: '', name: definition.metadata.name })

function reconcile(turn: Turn, definition: any): void {
  if (definition.metadata.deletionTimestamp) return finalize(turn, definition)
  const nowText = formatTime(turn.context.wallMs), status = established(approved(named(definition, definitions(turn), nowText), definition, nowText), nowText)
  if (status !== definition.status) store(turn, definition, status, nowText)
}
function store(turn: Turn, definition: any, status: any, nowText: string): void {
  const value = withManagedFields(definition, { ...definition, status }, { manager: 'kube-apiserver', operation: 'Update', subresource: 'status', nowText })
  ask(turn, definition, { op: 'put', key: keyOf(definition), expected: revisionOf(definition), value })
}

function withCondition(status: any, condition: any, nowText: string): any {
  const before = status.conditions?.find((c: any) => c.type === condition.type)
  if (before && before.status === condition.status && before.reason === condition.reason && before.message === condition.message) return status
  const full = {
    lastTransitionTime: before?.status === condition.status ? before.lastTransitionTime : nowText, message: condition.message, reason: condition.reason,
    status: condition.status, type: condition.type,
  }
  return { ...status, conditions: before ? status.conditions.map((c: any) => c === before ? full : c) : [...status.conditions ?? [], full] }
}

/** Names are accepted unless another definition of the group has them. */
function named(definition: any, all: readonly any[], nowText: string): any {
  const { names } = definition.spec
  const others = all.filter(d => d.spec.group === definition.spec.group && d.metadata.name !== definition.metadata.name).map(d => d.status?.acceptedNames ?? {})
  const resources = new Set(others.flatMap(n => [n.plural, n.singular, ...n.shortNames ?? []])), kinds = new Set(others.flatMap(n => [n.kind, n.listKind]))
  const accepted = { ...definition.status?.acceptedNames }, problems: [reason: string, name: string][] = []
  const take = (field: string, taken: ReadonlySet<string>, reason: string): void => {
    const clash = [names[field]].flat().filter(n => n !== undefined && taken.has(n))
    if (clash.length > 0) problems.push([reason, clash[0]])
    else if (names[field] !== undefined) accepted[field] = names[field]
    else delete accepted[field]
  }
  take('plural', resources, 'PluralConflict')
  take('singular', resources, 'SingularConflict')
  take('shortNames', resources, 'ShortNamesConflict')
  take('kind', kinds, 'KindConflict')
  take('listKind', kinds, 'ListKindConflict')
  if (names.categories) accepted.categories = names.categories
  const [problem] = problems.slice(-1), status = { ...definition.status, acceptedNames: ordered(accepted) }
  const condition = problem
    ? { type: 'NamesAccepted', status: 'False', reason: problem[0], message: `${JSON.stringify(problem[1])} is already in use` }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  const next = withCondition(status, condition, nowText)
  return next === status && JSON.stringify(accepted) === JSON.stringify(definition.status?.acceptedNames ?? {}) ? definition.status : next
}
const ordered = ({ categories, kind, listKind, plural, shortNames, singular }: any): any => ({
  plural, ...singular ? { singular } : undefined, ...shortNames ? { shortNames } : undefined, kind, ...listKind ? { listKind } : undefined,
  ...categories ? { categories } : undefined,
})

/** First the names, in a change of its own, then the way is open. */
function established(status: any, nowText: string): any {
  const is = (type: string): string | undefined => status.conditions?.find((c: any) => c.type === type)?.status
  if (is('Established') === 'True') return status
  if (is('NamesAccepted') !== 'True') {
    return withCondition(status, { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }, nowText)
  }
  const installing = status.conditions.find((c: any) => c.type === 'Established')?.reason === 'Installing'
  return withCondition(
    status,
    installing
      ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
      : { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' },
    nowText
  )
}

const approvals: Readonly<Record<string, readonly [status: string, reason: string, message: (annotation: string) => string]>> = {
  approved: ['True', 'ApprovedAnnotation', a => `approved in ${a}`], bypassed: ['False', 'UnapprovedAnnotation', a => `not approved: ${JSON.stringify(a)}`],
  missing: [
    'False', 'MissingAnnotation',
    () => 'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
  ],
  invalid: [
    'False', 'InvalidAnnotation',
    a =>
      `protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved": ${JSON.stringify(a)}`,
  ],
}
function approved(status: any, { spec, metadata }: any, nowText: string): any {
  const annotation = metadata.annotations?.['api-approved.kubernetes.io'], found = approvals[approvalOf(spec.group, annotation)]
  return found
    ? withCondition(status, { type: 'KubernetesAPIApprovalPolicyConformant', status: found[0], reason: found[1], message: found[2](annotation ?? '') }, nowText)
    : status
}

/** All objects go first; those with finalizers of their own are waited for. */
function finalize(turn: Turn, definition: any): void {
  if (!definition.metadata.finalizers?.includes(cleanupFinalizer)) return
  const nowText = formatTime(turn.context.wallMs), resource = customResourceOf(definition), left = listCached(turn.state.cache, resource)
  const serves = hasCondition(definition, 'Established')
  if (serves && left.length > 0) {
    if (conditionOf(definition, 'Terminating')?.reason === 'InstanceDeletionPending') {
      return store(
        turn, definition,
        withCondition(
          definition.status, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' },
          nowText
        ),
        nowText
      )
    }
    for (const object of left) if (!object.metadata.deletionTimestamp) end(turn, definition, resource, object, nowText)
    return
  }
  const finalizers = definition.metadata.finalizers.filter((f: string) => f !== cleanupFinalizer)
  if (finalizers.length === 0) return ask(turn, definition, { op: 'delete', key: keyOf(definition), expected: revisionOf(definition) })
  const status = withCondition(
    definition.status, { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' }, nowText
  )
  ask(turn, definition, {
    op: 'put', key: keyOf(definition), expected: revisionOf(definition), value: { ...definition, metadata: { ...definition.metadata, finalizers }, status },
  })
}
function end(turn: Turn, definition: any, resource: string, object: KubeObject, nowText: string): void {
  const key = { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name }, expected = revisionOf(object)
  if (!object.metadata.finalizers?.length) return ask(turn, definition, { op: 'delete', key, expected })
  const metadata = { ...object.metadata, deletionTimestamp: nowText, deletionGracePeriodSeconds: 0, generation: (object.metadata.generation ?? 0) + 1 }
  ask(turn, definition, { op: 'put', key, expected, value: { ...object, metadata } })
}
