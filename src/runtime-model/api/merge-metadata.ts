import { structOf, structSchema, typeName, type FieldSchema, type TypeSchema } from './schema.ts'

/**
 * How parts of objects merge, by schema: for strategic merge patches (strategy, merge key), server-side apply (list types and keys, atomic maps) and
 * partial matches (by what an item of a list is known). Walk along with `typeOf` and `memberOf`.
 * Source: x-kubernetes-* of the API server's OpenAPI; k8s.io/apimachinery pkg/util/strategicpatch; structured-merge-diff.
 */
export interface Member {
  readonly type: TypeSchema
  /** strategic merge: into the old one, of a list by `patchKey` (or as a set of scalars), or in its place */
  readonly patch: 'merge' | 'replace'
  readonly retainKeys: boolean
  readonly patchKey?: string
  /** server-side apply: who owns. Lists: whole, item by value, item by keys. Maps and structs: whole or field by field. */
  readonly topology: 'atomic' | 'set' | 'map' | 'granular'
  readonly keys: readonly string[]
}

export const typeOf = (group: string, version: string, kind: string): TypeSchema | undefined => {
  const name = typeName(group, version, kind)
  return structSchema(name) ? { is: 'struct', name } : undefined
}

/** The member of a struct or map under `key`; undefined: the schema does not know it. */
export function memberOf(type: TypeSchema | undefined, key: string): Member | undefined {
  if (type?.is === 'map') {
    return { type: type.values, patch: 'merge', retainKeys: false, topology: type.values.is === 'list' ? 'atomic' : 'granular', keys: none }
  }
  if (type?.is !== 'struct') return undefined
  const field = structOf(type)?.byName.get(key)
  return field && toMember(field)
}
const none: readonly string[] = []
const members = new WeakMap<FieldSchema, Member>()
function toMember(field: FieldSchema): Member {
  const known = members.get(field)
  if (known) return known
  const strategies = field.patch?.split(',') ?? [], list = field.type.is === 'list', own = field.type.is === 'struct' ? structOf(field.type)?.map : undefined
  const member: Member = {
    type: field.type, patch: strategies.includes('merge') ? 'merge' : list || strategies.includes('replace') ? 'replace' : 'merge', retainKeys: strategies.includes('retainKeys'),
    patchKey: field.patchKey,
    topology: field.list ?? own ?? (list || isOpaque(field) ? 'atomic' : 'granular'), keys: field.keys ?? none,
  }
  members.set(field, member)
  return member
}
/** an object of any kind within a built-in one (runtime.RawExtension) has one owner; in a custom resource the fields of such a part have */
const isOpaque = ({ type, go }: FieldSchema): boolean => type.is === 'scalar' && type.name === 'any' && go !== ''
export const itemOf = (member: Member): TypeSchema => member.type.is === 'list' ? member.type.items : member.type

/** What a field that is always written is by itself. */
function zeroOf(type: TypeSchema, name: string): unknown {
  const field = type.is === 'struct' ? structOf(type)?.byName.get(name) : undefined
  if (!field || field.omitEmpty || field.pointer || field.type.is !== 'scalar') return undefined
  return field.type.name === 'string' ? '' : field.type.name === 'int32' ? 0 : undefined
}
/** Keys that items of a keyed list may leave out. Source: defaults in the API server's OpenAPI v3. */
const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' }
/** The value of an item's keys, with defaults: `{ containerPort: 80, protocol: 'TCP' }`; undefined if all are missing. */
export function keyOf(member: Member, item: any): Readonly<Record<string, unknown>> | undefined {
  const key: Record<string, unknown> = {}, type = itemOf(member), own = type.is === 'struct' ? type.schema : undefined
  let any = false
  for (const name of member.keys) {
    const value = item?.[name] ?? (own ? own.byName.get(name)?.default : keyDefaults[name] ?? zeroOf(type, name))
    if (value === undefined) continue
    key[name] = value
    any = true
  }
  return any ? key : undefined
}

/** By what one tells items of a list apart, for partial matches: list keys, merge key, else a required `name`, `type` or `ip`; empty: by position. */
export function identityOf(member: Member): readonly string[] {
  if (member.keys.length > 0) return member.keys
  if (member.patchKey) return [member.patchKey]
  const item = itemOf(member), struct = item.is === 'struct' ? structOf(item) : undefined
  const telling = ['name', 'type', 'ip'].find(name => struct?.byName.get(name)?.required)
  return telling ? [telling] : none
}
