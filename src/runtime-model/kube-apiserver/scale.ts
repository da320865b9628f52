import { intersection, isEmpty, type FieldSet } from '../api/field-set.ts'
import { expandManagedFields, withoutFields, type ManagedFieldsEntry } from '../api/managed-fields.ts'
import type { KubeObject } from '../api/request.ts'
import { fieldAt, typeNameOf } from '../api/schema.ts'
import { conflict, uidConflict } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { selectorText, storageName, type FieldError, type KindDefinition } from '../kinds/index.ts'
import type { Change } from './changes.ts'
import { managerOf } from './create.ts'
import { wrongPlace } from './documents.ts'
import { keyText } from './etcd-client.ts'
import { applyPatch } from './patch/index.ts'

/**
 * autoscaling/v1 Scale: a small view of everything that has replicas. Source: pkg/registry/apps/deployment/storage/storage.go (ScaleREST, scaleFromDeployment).
 */
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const

/** a kind as far as reading a Scale document needs it */
export const asScale = (kind: KindDefinition): KindDefinition => ({ ...kind, ...scaleKind, decode: undefined, type: undefined })

export function scaleOf(kind: KindDefinition, object: KubeObject): any {
  if (kind.scalePaths) return scaleOfCustom(kind.scalePaths, object)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata, selector = object.spec.selector
  return {
    kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: object.spec.replicas ? { replicas: object.spec.replicas } : {},
    status: { replicas: object.status?.replicas ?? 0, selector: selector ? selectorText(isPlain(object) ? { matchLabels: selector } : selector) : '' },
  }
}

/** labels by themselves, as a ReplicationController has them */
const isPlain = ({ apiVersion, kind }: KubeObject): boolean => fieldAt(typeNameOf(apiVersion, kind), ['spec', 'selector'])?.type.is === 'map'

function scaleOfCustom({ spec, status, selector }: NonNullable<KindDefinition['scalePaths']>, object: any): any {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const at = (path: string): any => stepsOf(path).reduce((o, step) => o?.[step], object), selects = selector && at(selector)
  return {
    kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, ...namespace ? { namespace } : undefined, uid, resourceVersion, creationTimestamp },
    spec: at(spec) ? { replicas: at(spec) } : {}, status: { replicas: at(status) ?? 0, ...selects ? { selector: selects } : undefined },
  }
}
const stepsOf = (path: string): readonly string[] => path.slice(1).split('.')
const withAt = (object: any, [step, ...rest]: readonly string[], value: unknown): any =>
  ({ ...object, [step]: rest.length === 0 ? value : withAt(object?.[step] ?? {}, rest, value) })
/** A custom resource must be valid with its new number of replicas, and says itself if it is not. */
export const customScale = (): Change => ({ ...scale, validate: (kind, object, old) => kind.validateUpdate(object, old), errorKind: undefined })

export const scale: Change = {
  compute(turn, flight, kind, old) {
    const { request } = flight, applies = request.verb === 'patch' && request.patchType === 'application/apply-patch+yaml', plain = scaleOf(kind, old!)
    const now = applies ? { ...plain, metadata: { ...plain.metadata, managedFields: ownersOf(kind, old!) } } : plain
    if (request.verb === 'patch') {
      const options = {
        manager: managerOf(request), force: request.force ?? false, nowText: formatTime(turn.context.wallMs), subresource: 'scale',
        fieldValidation: request.fieldValidation,
      }
      const result = applyPatch(asScale(kind), request.patchType!, now, request.body, options)
      if ('status' in result) return result
      const scaled = withReplicas(kind, old!, result.object, request.dryRun)
      const changed = applies && 'object' in scaled ? { object: ownedAs(kind, scaled.object, old!, result.object.metadata.managedFields ?? []) } : scaled
      return 'status' in changed || !result.warnings ? changed : { ...changed, warnings: result.warnings }
    }
    return withReplicas(kind, old!, flight.body, request.dryRun)
  },
  prepare: (kind, object, old) => kind.beforeUpdate(object, old),
  validate: (_kind, object): readonly FieldError[] => object.spec.replicas < 0
    ? [{ type: 'FieldValueInvalid', field: 'spec.replicas', body: `Invalid value: ${object.spec.replicas}: must be greater than or equal to 0` }]
    : [],
  errorKind: scaleKind,
  outcome: (stored, kind) => ({ code: 200, body: scaleOf(kind, stored) }),
}

/**
 * Owners of the replicas, as owners of a field of the Scale; and back, once it has been applied. Source: k8s.io/apimachinery
 * pkg/util/managedfields/scalehandler.go (ToSubresource, ToParent)
 */
const inScale = { 'f:spec': { 'f:replicas': {} } }
function pathIn(kind: KindDefinition): FieldSet {
  return stepsOf(kind.scalePaths?.spec ?? '.spec.replicas').reduceRight<FieldSet>((set, step) => ({ [`f:${step}`]: set }), {})
}
const ownersOf = (kind: KindDefinition, object: KubeObject): readonly ManagedFieldsEntry[] =>
  expandManagedFields(object).filter(e => !isEmpty(intersection(e.fieldsV1!, pathIn(kind)))).map(e => ({
    ...e, apiVersion: 'autoscaling/v1', fieldsV1: inScale,
  }))
function ownedAs(kind: KindDefinition, object: KubeObject, old: KubeObject, owners: readonly ManagedFieldsEntry[]): KubeObject {
  const path = pathIn(kind), same = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean =>
    a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource
  const before = expandManagedFields(old)
  const kept = before.map(e => owners.some(o => same(o, e)) ? e : withoutFields(e, old, path)).filter(e => !isEmpty(e.fieldsV1!))
  const added = owners.filter(o => !before.some(e => same(o, e) && !isEmpty(intersection(e.fieldsV1!, path))))
    .map(({ time: _, ...o }) => ({ ...o, apiVersion: old.apiVersion, fieldsV1: path }))
  return { ...object, metadata: { ...object.metadata, managedFields: [...kept.filter(e => !added.some(a => same(a, e))), ...added] } }
}

function withReplicas(kind: KindDefinition, old: KubeObject, asked: any, dryRun: boolean | undefined): ReturnType<Change['compute']> {
  const version = asked.metadata?.resourceVersion, { uid } = asked.metadata ?? {}, { name, namespace = '' } = old.metadata
  const elsewhere = asked.metadata?.name ? wrongPlace(asked.metadata, name, namespace) : undefined
  if (elsewhere) return { status: elsewhere }
  if (uid && uid !== old.metadata.uid) {
    return { status: uidConflict(kind, name, keyText(storageName(kind.group, kind.resource), namespace, name, dryRun), uid, old.metadata.uid) }
  }
  if (version && version !== old.metadata.resourceVersion) return { status: conflict(kind, old.metadata.name) }
  const path = kind.scalePaths?.spec ?? '.spec.replicas', replicas = asked.spec?.replicas ?? 0
  return { object: stepsOf(path).reduce((at: any, step) => at?.[step], old) === replicas ? withoutOwner(kind, old) : withAt(old, stepsOf(path), replicas) }
}
/**
 * Who has updated the replicas of the object itself is told by another version in its Scale, and not known again: a Scale that is written as it is takes them
 * from it, and gives them to nobody. Source: scalehandler.go (ToParent), fieldmanager.go (BuildManagerIdentifier); seen of a 1.35.4 API server
 */
function withoutOwner(kind: KindDefinition, old: KubeObject): KubeObject {
  const path = pathIn(kind), entries = expandManagedFields(old)
  const owns = (e: ManagedFieldsEntry): boolean => e.operation === 'Update' && e.subresource !== 'scale' && !isEmpty(intersection(e.fieldsV1!, path))
  if (!entries.some(owns)) return old
  const managedFields = entries.map(e => owns(e) ? withoutFields(e, old, path) : e).filter(e => !isEmpty(e.fieldsV1!))
  return { ...old, metadata: { ...old.metadata, managedFields } }
}
