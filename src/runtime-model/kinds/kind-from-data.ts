import { structSchema, typeName } from '../api/schema.ts'
import type { FieldError, KindDefinition, Requester } from './kind.ts'
import { normalise } from './decode.ts'
import { deepEqual } from './meta/errors.ts'
import { age, type Cell } from './meta/cells.ts'
import { subdomainName, type NameRule } from '../api/names.ts'
import { keepMeta, keepMetaForStatus, metaOfUpdate, namesInPath, validateMeta, type MetaOfUpdate } from './meta/object-meta.ts'

/** One line of `data/resources.json`: discovery and Table columns of a 1.35.4 API server. */
export interface ResourceData {
  readonly group: string; readonly version: string; readonly resource: string; readonly kind: string; readonly singular: string; readonly namespaced: boolean
  readonly verbs: readonly string[]; readonly shortNames?: readonly string[]; readonly categories?: readonly string[]; readonly type?: string
  readonly subresources?: KindDefinition['subresources']
  readonly columns?: readonly (readonly [string, string, number, string?])[]
}

/**
 * What a kind's file says beyond data. Rules about metadata are common; `validate` and `validateUpdate` here are about the rest of the object.
 * Where something is left out, the common strategy holds: status is cleared on create and kept on update, spec and the rest are kept on a status update.
 */
export interface KindRules {
  /** `pods`, `deployments.apps` */
  readonly resource: string
  /** of a resource that is served in several, the one these rules are for; left out: all without rules of their own */
  readonly version?: string
  readonly modelled?: boolean
  readonly nameRule?: NameRule
  /** metadata.generation starts at 1 and counts changes of what `generationOf` returns (default: spec) */
  readonly generation?: boolean | ((object: any) => any)
  /** the generation counts an empty list in place of none, too */
  readonly countsEmpties?: boolean
  /** a new object has no generation yet; the first change makes it 1 */
  readonly uncountedWhenNew?: boolean
  /** finalizers need not be qualified by a domain */
  readonly anyFinalizer?: boolean
  /**
   * when metadata of a new object is told of, where the kind's own validation does not begin with it: if nothing else is wrong (all of it, or names), or after
   * the rest
   */
  readonly metaOfCreate?: 'unless own' | 'names unless own' | 'after own'
  /** what the kind's own validation of an update, and of one of status, says of metadata besides the common one; default: 'U' */
  readonly metaOfUpdate?: MetaOfUpdate
  readonly metaOfStatusUpdate?: MetaOfUpdate
  /** a write to status changes nothing of metadata, or nothing that a client writes there; default: it may */
  readonly statusKeepsMeta?: 'all' | 'most'
  /** the metadata of a new object as validation sees it, where storage adds to it afterwards */
  readonly judgedMeta?: (object: any) => any
  /** status given on create stays */
  readonly keepsStatusOnCreate?: boolean
  readonly fieldSelectors?: KindDefinition['fieldSelectors']
  readonly unknownField?: KindDefinition['unknownField']
  readonly deprecated?: string
  readonly storedAs?: KindDefinition['storedAs']
  readonly errorKind?: KindDefinition['errorKind']
  readonly whenRead?: KindDefinition['whenRead']
  readonly subresourceStrategies?: KindDefinition['subresourceStrategies']
  readonly needsResourceVersion?: boolean
  readonly uidStream?: string
  readonly defaults?: (object: any) => any
  readonly asWritten?: KindDefinition['asWritten']
  readonly beforeCreate?: (object: any, user?: Requester) => any
  readonly beforeUpdate?: (object: any, old: any) => any
  readonly beforeStatusUpdate?: (object: any, old: any, nowMs?: number) => any
  readonly validate?: (object: any) => readonly FieldError[]
  readonly validateUpdate?: (object: any, old: any) => readonly FieldError[]
  readonly validateStatusUpdate?: (object: any, old: any) => readonly FieldError[]
  readonly warnings?: KindDefinition['warnings']
  readonly gracePeriodSeconds?: KindDefinition['gracePeriodSeconds']
  readonly markDeleted?: KindDefinition['markDeleted']
  readonly heldBack?: KindDefinition['heldBack']
  readonly kept?: KindDefinition['kept']
  readonly garbageCollection?: KindDefinition['garbageCollection']
  readonly deletionWarning?: string
  readonly statusWord?: KindDefinition['statusWord']
  readonly rowOrder?: KindDefinition['rowOrder']
  readonly cells?: KindDefinition['cells']
}

/** Source: k8s.io/apiserver pkg/registry/rest/create.go (BeforeCreate): what all objects have in common is validated once the kind has nothing to say. */
function inItsTurn(turn: NonNullable<KindRules['metaOfCreate']>, meta: readonly FieldError[], own: readonly FieldError[]): readonly FieldError[] {
  if (turn === 'after own') return [...own, ...meta]
  if (turn === 'unless own') return own.length > 0 ? own : meta
  const all = [...meta.filter(e => !isOfName(e)), ...own]
  return all.length > 0 ? all : meta
}
const isOfName = ({ field, type }: FieldError): boolean => type === 'FieldValueInvalid' && (field === 'metadata.name' || field === 'metadata.generateName')
const defaultColumns: KindDefinition['columns'] = [{ name: 'Name', type: 'string', format: 'name', priority: 0 }, { name: 'Age', type: 'string', priority: 0 }]
const answersWithObject = new Set([
  'pods', 'services', 'namespaces', 'serviceaccounts', 'persistentvolumes', 'persistentvolumeclaims', 'resourcequotas', 'podtemplates',
])
/** Source: AllowCreateOnUpdate of the strategies in pkg/registry; each was tried on a 1.35.4 API server. */
const madeByUpdate = new Set([
  'endpoints', 'events', 'limitranges', 'services', 'leases.coordination.k8s.io', 'events.events.k8s.io', 'runtimeclasses.node.k8s.io',
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map(resource => `${resource}.rbac.authorization.k8s.io`),
])
const noErrors: readonly FieldError[] = []

export const storageName = (group: string, resource: string): string => group === '' ? resource : `${resource}.${group}`

export function kindFromData(data: ResourceData, rules?: KindRules): KindDefinition {
  const columns = data.columns?.map(([name, type, priority, format]) => format ? { name, type, priority, format } : { name, type, priority }) ?? defaultColumns
  const nameRule = rules?.nameRule ?? subdomainName
  return {
    group: data.group, version: data.version, kind: data.kind, resource: data.resource, singular: data.singular, namespaced: data.namespaced, verbs: data.verbs,
    shortNames: data.shortNames ?? [], categories: data.categories ?? [], subresources: data.subresources ?? {},
    modelled: rules?.modelled ?? rules !== undefined, columns,
    statusSubresource: data.subresources?.['status'] !== undefined,
    deleteReturnsObject: data.group === '' ? answersWithObject.has(data.resource) : data.group === 'storage.k8s.io' || data.group === 'resource.k8s.io',
    fieldSelectors: rules?.fieldSelectors ?? {}, unknownField: rules?.unknownField, deprecated: rules?.deprecated, storedAs: rules?.storedAs,
    errorKind: rules?.errorKind, whenRead: rules?.whenRead, asWritten: rules?.asWritten, subresourceStrategies: rules?.subresourceStrategies,
    uidStream: rules?.uidStream, needsResourceVersion: rules?.needsResourceVersion, updateCreates: madeByUpdate.has(storageName(data.group, data.resource)),
    ...strategy(data, rules ?? { resource: data.resource }),
    ...rules?.countsEmpties ? { exactlyCounted: countedOf(rules) } : undefined,
    withMetadata: (object, metadata) => ({ ...object, metadata }),
    validate: object => {
      const meta = validateMeta(rules?.judgedMeta?.(object) ?? object.metadata ?? {}, data.namespaced, nameRule, rules?.anyFinalizer)
      const own = rules?.validate?.(object) ?? noErrors
      if (meta.length === 0) return own.length === 0 ? namesInPath(object.metadata ?? {}) : own
      return rules?.metaOfCreate ? inItsTurn(rules.metaOfCreate, meta, own) : [...meta, ...own]
    },
    validateUpdate: (object, old) => {
      const meta = metaOfUpdate(object.metadata, old.metadata, rules?.metaOfUpdate ?? 'U', nameRule, data.namespaced, rules?.anyFinalizer)
      const own = rules?.validateUpdate?.(object, old) ?? rules?.validate?.(object) ?? noErrors
      return meta.length === 0 ? own : [...meta, ...own]
    },
    validateStatusUpdate: (object, old) => {
      const meta = metaOfUpdate(object.metadata, old.metadata, rules?.metaOfStatusUpdate ?? 'U', nameRule, data.namespaced, rules?.anyFinalizer)
      const own = rules?.validateStatusUpdate?.(object, old) ?? noErrors
      return meta.length === 0 ? own : [...meta, ...own]
    },
    warnings: rules?.warnings, gracePeriodSeconds: rules?.gracePeriodSeconds, markDeleted: rules?.markDeleted, heldBack: rules?.heldBack,
    kept: rules?.kept, garbageCollection: rules?.garbageCollection, deletionWarning: rules?.deletionWarning, statusWord: rules?.statusWord,
    rowOrder: rules?.rowOrder,
    cells: rules?.cells ?? ((object, nowMs) => columns.map(c => genericCell(c.name, c.type, object, nowMs))),
  }
}

const countedOf = ({ generation }: KindRules): ((object: any) => any) | undefined =>
  generation === true ? o => o.spec : typeof generation === 'function' ? generation : undefined

function strategy(data: ResourceData, rules: KindRules): Pick<KindDefinition, 'defaults' | 'beforeCreate' | 'beforeUpdate' | 'beforeStatusUpdate'> {
  const hasStatus = data.subresources?.['status'] !== undefined
  const counted = countedOf(rules)
  let emptyStatus: any
  const freshStatus = (): any => emptyStatus ??= initialStatus(data)
  return {
    defaults: rules.defaults ?? (object => object),
    beforeCreate: (object, user) => {
      let fresh = object
      if (hasStatus && !rules.keepsStatusOnCreate) fresh = { ...fresh, status: freshStatus() }
      if (counted && !rules.uncountedWhenNew) fresh = { ...fresh, metadata: { ...fresh.metadata, generation: 1 } }
      return rules.beforeCreate ? rules.beforeCreate(fresh, user) : fresh
    },
    beforeUpdate: (object, old) => {
      let fresh = hasStatus ? { ...object, status: old.status } : object
      if (rules.beforeUpdate) fresh = rules.beforeUpdate(fresh, old)
      const generation = counted && !deepEqual(counted(fresh), counted(old)) ? (old.metadata.generation ?? 0) + 1 : old.metadata.generation
      return { ...fresh, metadata: keepMeta(fresh.metadata, old.metadata, generation) }
    },
    beforeStatusUpdate: (object, old, nowMs) => {
      const { statusKeepsMeta: keeps } = rules
      const meta = keeps === 'all' ? { ...old.metadata, managedFields: object.metadata.managedFields }
        : keeps ? keepMetaForStatus(object.metadata, old.metadata)
        : object.metadata
      const fresh = { ...old, status: object.status, metadata: keepMeta(meta, old.metadata, old.metadata.generation) }
      return rules.beforeStatusUpdate ? rules.beforeStatusUpdate(fresh, old, nowMs) : fresh
    },
  }
}

/** the status of an object that nobody reported on, as Go writes it: `{}`, `{ replicas: 0 }`, `{ loadBalancer: {} }` */
function initialStatus(data: ResourceData): any {
  const status = structSchema(typeName(data.group, data.version, data.kind))?.byName.get('status')
  return status?.type.is === 'struct' ? normalise(status.type.name, {}) : {}
}

function genericCell(name: string, type: string, object: any, nowMs: number): Cell {
  if (name === 'Name') return object.metadata?.name ?? ''
  if (name === 'Age') return age(object, nowMs)
  if (name === 'Created At') return object.metadata?.creationTimestamp ?? ''
  const field = name[0].toLowerCase() + name.slice(1).replace(/[- ](\w)/g, (_, c: string) => c.toUpperCase())
  const value = object.spec?.[field] ?? object.status?.[field] ?? object[field]
  if (type === 'integer') return typeof value === 'number' ? value : Array.isArray(value) ? value.length : 0
  if (type === 'boolean') return value === true
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : '<none>'
}
