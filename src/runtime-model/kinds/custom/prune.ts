import { child, isObject, keepsUnknown, under, valuesOf, type Schema } from './schema.ts'

/**
 * What becomes of a client's document before it is looked at: fields that the schema does not know go, defaults come, nulls that may not be go.
 * Values that stay as they are stay the same values. Source: k8s.io/apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}.
 */
const alwaysThere: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** `unknown` gathers the paths of what went. `resource`: the value is a whole object, with metadata of its own. */
export function pruned(schema: Schema, value: any, unknown: string[], path = '', resource = false): any {
  if (Array.isArray(value)) {
    return schema.items
      ? each(value, (item, i) => pruned(schema.items!, item, unknown, under(path, i), schema.items!['x-kubernetes-embedded-resource']))
      : value
  }
  if (!isObject(value)) return value
  const values = valuesOf(schema), all = keepsUnknown(schema) || schema.additionalProperties === true
  return eachField(value, (key, field) => {
    if (resource && alwaysThere.has(key)) return field
    const known = schema.properties?.[key] ?? values
    if (known) return pruned(known, field, unknown, child(path, key), known['x-kubernetes-embedded-resource'])
    if (all) return field
    unknown.push(child(path, key))
    return undefined
  })
}

/** Defaults for what is missing or null, without the nulls that a field may not have. Applied twice it changes nothing more. */
export function defaulted(schema: Schema, value: any): any {
  if (Array.isArray(value)) return schema.items ? each(value, item => defaulted(schema.items!, item)) : value
  if (!isObject(value)) return value
  const values = valuesOf(schema), { properties } = schema
  let full = value
  for (const key in properties) {
    const known = properties[key]
    if (known.default !== undefined && (full[key] === undefined || (full[key] === null && !known.nullable))) {
      if (full === value) full = { ...value }
      full[key] = known.default
    }
  }
  return eachField(full, (key, field) => {
    const known = properties?.[key] ?? values
    if (!known) return field
    return field === null && !known.nullable ? undefined : defaulted(known, field)
  })
}

type KnownFields = (metadata: any) => ReadonlySet<string>
/**
 * Metadata of whole objects inside of others, without what no metadata has; `known` tells which fields it has of what stands there.
 * Source: pkg/apiserver/schema/objectmeta/coerce.go
 */
export function withKnownMetadata(schema: Schema, value: any, known: KnownFields, unknown: string[], path = '', resource = false): any {
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? each(value, (item, i) => withKnownMetadata(items, item, known, unknown, under(path, i), items['x-kubernetes-embedded-resource'])) : value
  }
  if (!isObject(value)) return value
  const values = valuesOf(schema)
  return eachField(value, (key, field) => {
    const at = child(path, key)
    if (resource && key === 'metadata' && isObject(field)) {
      const names = known(field)
      return eachField(field, (name, inner) => { if (names.has(name)) return inner; unknown.push(child(at, name)); return undefined })
    }
    const inside = schema.properties?.[key] ?? values
    return inside ? withKnownMetadata(inside, field, known, unknown, at, inside['x-kubernetes-embedded-resource']) : field
  })
}

function each(list: readonly any[], change: (item: any, index: number) => any): readonly any[] {
  let changed = false
  const next = list.map((item, i) => { const now = change(item, i); if (now !== item) changed = true; return now })
  return changed ? next : list
}
/** undefined takes a field away */
function eachField(object: Record<string, any>, change: (key: string, value: any) => any): any {
  let next: Record<string, any> | undefined
  for (const key of Object.keys(object)) {
    const now = change(key, object[key])
    if (now === object[key]) continue
    next ??= { ...object }
    if (now === undefined) delete next[key]; else next[key] = now
  }
  return next ?? object
}
