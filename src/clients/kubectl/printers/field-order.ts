import { structOf, typeName, type TypeSchema } from '../../../runtime-model/api/schema.ts'

/** A value whose mappings know in which order their fields stand. */
export type Ordered = string | number | boolean | null | readonly Ordered[] | ReadonlyMap<string, Ordered>

/** Go writes a map by its keys, in order of code units. Source: encoding/json (mapEncoder). */
export const inKeyOrder = (value: unknown): Ordered => ordered(value, undefined)

/**
 * …and an object of its own types in the order of the structs, `kind` and `apiVersion` first; one of kubectl's own as it stands. Source: encoding/json
 * (structEncoder).
 */
export function inStructOrder(kind: { readonly group: string; readonly version: string; readonly kind: string }, object: unknown): Ordered {
  const type = { is: 'struct', name: typeName(kind.group, kind.version, kind.kind) } as const
  return structOf(type) ? ordered(object, type, true) : asItStands(object)
}
function asItStands(value: unknown): Ordered {
  if (Array.isArray(value)) return value.map(asItStands)
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value).map(([key, v]) => [key, asItStands(v)])) : value as Ordered
}

function ordered(value: unknown, type: TypeSchema | undefined, root = false): Ordered {
  if (Array.isArray(value)) return value.map(item => ordered(item, type?.is === 'list' ? type.items : undefined))
  if (typeof value !== 'object' || value === null) return (value ?? null) as Ordered
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  const struct = type?.is === 'struct' ? structOf(type) : undefined
  if (!struct) {
    const values = type?.is === 'map' ? type.values : undefined
    return new Map(entries.sort(([a], [b]) => a < b ? -1 : 1).map(([key, v]) => [key, ordered(v, values)]))
  }
  const { fields, byName } = struct, places = new Map(fields.map((f, i) => [f.name, i]))
  const place = (key: string): number => (root ? leading[key] : undefined) ?? places.get(key) ?? fields.length
  return new Map(entries.sort(([a], [b]) => place(a) - place(b)).map(([key, v]) => [key, ordered(v, byName.get(key)?.type)]))
}
/** the inlined TypeMeta of an object */
const leading: Readonly<Record<string, number>> = { kind: -2, apiVersion: -1 }
