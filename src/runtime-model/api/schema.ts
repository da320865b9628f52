import { schemaText } from './generated/schema-text.ts'

/**
 * Shapes of all served types: fields in the order of the Go structs, with what decides how an object is encoded (pointer, omitempty, omitzero) and how it is
 * merged (list types, keys, patch strategies). Source of the data (`data/schema.json`): the OpenAPI document of a 1.35.4 API server and the struct tags
 * of k8s.io/api v0.35.4. Type names are `core.v1.Pod`, `meta.v1.ObjectMeta`, `apps.v1.Deployment`.
 */
export interface FieldSchema {
  readonly name: string
  readonly type: TypeSchema
  readonly pointer: boolean
  readonly omitEmpty: boolean
  readonly omitZero: boolean
  readonly required: boolean
  /** how Go names the type in error messages: `[]v1.Container`, `v1.Protocol`, `int32` */
  readonly go: string
  /** the Go struct's field, as it stands in diffs: `TTY` */
  readonly goName: string
  readonly inline?: string
  readonly list?: 'atomic' | 'set' | 'map' | 'granular'
  readonly keys?: readonly string[]
  /** x-kubernetes-patch-strategy: `merge`, `retainKeys`, `merge,retainKeys` */
  readonly patch?: string
  readonly patchKey?: string
  readonly enum?: readonly string[]
  /** of a field of a custom resource */
  readonly default?: unknown
}
export type ScalarName = 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'quantity' | 'intstr' | 'time' | 'microtime' | 'bytes' | 'any'
export type TypeSchema =
  | { readonly is: 'scalar'; readonly name: ScalarName }
  | { readonly is: 'struct'; readonly name: string; /** of a custom resource: the struct itself, which has no name */ readonly schema?: StructSchema }
  | { readonly is: 'list'; readonly items: TypeSchema }
  | { readonly is: 'map'; readonly values: TypeSchema }
export interface StructSchema {
  readonly name: string
  readonly fields: readonly FieldSchema[]
  readonly byName: ReadonlyMap<string, FieldSchema>
  readonly map?: 'atomic' | 'granular'
  /** a root whose status is no subresource */
  readonly ownsStatus?: boolean
  /** fields that it does not name fit as well */
  readonly open?: boolean
}

interface RawField {
  go?: string
  goName?: string
  inline?: string
  list?: FieldSchema['list']
  keys?: string[]
  patch?: string
  patchKey?: string
  enum?: string[]
}
type Raw = Record<string, { fields: [string, string, string, RawField?][]; map?: StructSchema['map'] }>
let raw: Raw | undefined
const structs = new Map<string, StructSchema>()

/** `core.v1.Pod` of ('', 'v1', 'Pod') */
export const typeName = (group: string, version: string, kind: string): string =>
  `${group === '' ? 'core' : group.endsWith('.k8s.io') ? group.slice(0, group.indexOf('.')) : group}.${version}.${kind}`
/** the same of an object's `apiVersion: apps/v1` and kind */
export function typeNameOf(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? typeName('', apiVersion, kind) : typeName(apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind)
}

export const structOf = (type: { readonly name: string; readonly schema?: StructSchema }): StructSchema | undefined => type.schema ?? structSchema(type.name)

export function structSchema(name: string): StructSchema | undefined {
  const known = structs.get(name)
  if (known) return known
  raw ??= JSON.parse(schemaText) as Raw
  const data = raw[name]
  if (!data) return undefined
  const fields = data.fields.map(([field, type, flags, more]): FieldSchema => ({
    name: field, type: parseType(type), pointer: flags.includes('p'), omitEmpty: flags.includes('o'), omitZero: flags.includes('z'),
    required: flags.includes('r'),
    ...more, go: more?.go ?? goName(type), goName: more?.goName ?? field[0].toUpperCase() + field.slice(1),
  }))
  const struct: StructSchema = { name, fields, byName: new Map(fields.map(f => [f.name, f])), map: data.map }
  structs.set(name, struct)
  return struct
}

const scalars = new Set(['string', 'bool', 'int32', 'int64', 'float64', 'quantity', 'intstr', 'time', 'microtime', 'bytes', 'any'])
function parseType(text: string): TypeSchema {
  if (text.startsWith('[]')) return { is: 'list', items: parseType(text.slice(2)) }
  if (text.startsWith('map ')) return { is: 'map', values: parseType(text.slice(4)) }
  return scalars.has(text) ? { is: 'scalar', name: text as ScalarName } : { is: 'struct', name: text }
}

const goScalars: Readonly<Record<string, string>> = {
  bytes: '[]uint8', quantity: 'resource.Quantity', intstr: 'intstr.IntOrString', time: 'v1.Time', microtime: 'v1.MicroTime',
}
function goName(text: string): string {
  if (text.startsWith('[]')) return '[]' + goName(text.slice(2))
  if (text.startsWith('map ')) return 'map[string]' + goName(text.slice(4))
  return goScalars[text] ?? text.slice(text.lastIndexOf('.', text.lastIndexOf('.') - 1) + 1)
}

/** The schema under a path of field names (list items and map values need no step): `spec.template.spec.containers` → its field. */
export function fieldAt(type: string, path: readonly string[]): FieldSchema | undefined {
  let struct = structSchema(type), field: FieldSchema | undefined
  for (const step of path) {
    field = struct?.byName.get(step)
    if (!field) return undefined
    const inner = element(field.type)
    struct = inner.is === 'struct' ? structSchema(inner.name) : undefined
  }
  return field
}
/** what is inside of lists and maps */
export const element = (type: TypeSchema): TypeSchema => type.is === 'list' ? element(type.items) : type.is === 'map' ? element(type.values) : type
