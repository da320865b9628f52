import type { FieldSchema, StructSchema, TypeSchema } from '../../api/schema.ts'
import { valuesOf, type Schema } from './schema.ts'

/** A schema as merging and ownership of fields need it: what kind of list, map or value is where. Source: kube-openapi pkg/schemaconv. */
export function typeOfSchema(schema: Schema, root = true, statusApart = false): TypeSchema {
  const values = valuesOf(schema)
  if (values) return { is: 'map', values: typeOfSchema(values, false) }
  if (schema.type === 'array') return { is: 'list', items: schema.items ? typeOfSchema(schema.items, false) : any }
  if (schema['x-kubernetes-int-or-string']) return { is: 'scalar', name: 'intstr' }
  if (schema.type !== 'object' && !schema.properties) return schema.type !== undefined && schema.type in scalars ? scalars[schema.type] : any
  const fields = Object.entries(schema.properties ?? {})
    .filter(([name]) => !(root && name in common))
    .map(([name, part]) => fieldOf(name, typeOfSchema(part, false), part))
  return structOf(
    [...root ? commonFields : [], ...fields], schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : undefined, root && !statusApart,
    schema['x-kubernetes-preserve-unknown-fields'] === true
  )
}
const any: TypeSchema = { is: 'scalar', name: 'any' }
const scalars: Readonly<Record<string, TypeSchema>> = {
  string: { is: 'scalar', name: 'string' }, boolean: { is: 'scalar', name: 'bool' }, integer: { is: 'scalar', name: 'int64' },
  number: { is: 'scalar', name: 'float64' },
}
const common: Readonly<Record<string, TypeSchema>> = {
  apiVersion: { is: 'scalar', name: 'string' }, kind: { is: 'scalar', name: 'string' }, metadata: { is: 'struct', name: 'meta.v1.ObjectMeta' },
}
const commonFields: readonly FieldSchema[] = Object.entries(common).map(([name, type]) => ({ ...fieldOf(name, type), pointer: false }))

function structOf(fields: readonly FieldSchema[], map: StructSchema['map'], ownsStatus: boolean, open: boolean): TypeSchema {
  return { is: 'struct', name: '', schema: { name: '', fields, byName: new Map(fields.map(f => [f.name, f])), map, ownsStatus, open } }
}
function fieldOf(name: string, type: TypeSchema, schema: Schema = {}): FieldSchema {
  const list = schema['x-kubernetes-list-type'] ?? (schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : undefined)
  return {
    name, type, pointer: true, omitEmpty: true, omitZero: false, required: false, go: '', goName: name, list, keys: schema['x-kubernetes-list-map-keys'],
    ...schema.default === undefined ? undefined : { default: schema.default },
  }
}
