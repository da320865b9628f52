import { structSchema, typeName, type FieldSchema } from '../api/schema.ts'
import { inStructs } from './in-structs.ts'

/**
 * What storage makes of lists and maps that Go always writes: an empty one is none once it has been stored, as protobuf has no word for it, and reads `null`.
 * Definitions and APIServices are stored as JSON, which has. Source: k8s.io/apimachinery pkg/runtime/serializer/protobuf, seen on a 1.35.4 API server.
 */
const isAlways = ({ type, pointer, omitEmpty }: FieldSchema): boolean => (type.is === 'list' || type.is === 'map') && !pointer && !omitEmpty
const emptied = inStructs(type => {
  const names = (structSchema(type)?.fields ?? []).filter(isAlways).map(f => f.name)
  return names.length === 0 ? undefined : struct => {
    let next = struct
    for (const name of names) if (isEmpty(struct[name])) next = { ...next, [name]: null }
    return next
  }
})
function isEmpty(value: any): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const _ in value) return false
  return true
}
const asJson: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io'])

/** An object as it is after it has been stored; the object itself if storing it changes nothing. */
export const storedForm = (kind: { readonly group: string; readonly version: string; readonly kind: string; readonly schema?: object }, object: any): any =>
  kind.schema || asJson.has(kind.group) ? object : emptied(typeName(kind.group, kind.version, kind.kind), object)
