import { structSchema, typeName, type FieldSchema, type ScalarName, type TypeSchema } from '../../api/schema.ts'
import { registry } from '../../kinds/index.ts'
import { meta, refTo, schemaName } from './names.ts'
import { descriptionOf, whatIsSaid } from './said.ts'

/**
 * Types as OpenAPI schemas, as a server makes them of its Go types: what is always written has its zero value for a default, structs that are no pointers an
 * empty one. Source: k8s.io/kube-openapi pkg/generators (openapi.go), pkg/schemaconv.
 */
const plain: Partial<Record<ScalarName, any>> = {
  string: { type: 'string' }, bool: { type: 'boolean' }, int32: { type: 'integer', format: 'int32' }, int64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' }, bytes: { type: 'string', format: 'byte' },
}
const zero: Partial<Record<ScalarName, unknown>> = { string: '', bool: false, int32: 0, int64: 0, float64: 0 }
const named: Partial<Record<ScalarName, string>> = {
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity', intstr: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString', time: meta('Time'),
  microtime: meta('MicroTime'), any: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
}

/** An item of a list, a value of a map. */
function element(type: TypeSchema): any {
  if (type.is === 'list') return { type: 'array', items: element(type.items) }
  if (type.is === 'map') return { type: 'object', additionalProperties: element(type.values) }
  if (type.is === 'struct') return { default: {}, allOf: [refTo(schemaName(type.name))] }
  const own = plain[type.name]
  return own ? { ...own, ...type.name in zero ? { default: zero[type.name] } : {} } : refTo(named[type.name]!)
}
function valueOf({ type, pointer, omitEmpty }: FieldSchema): any {
  if (type.is === 'list' || type.is === 'map') return element(type)
  if (type.is === 'struct') return { ...pointer ? {} : { default: {} }, allOf: [refTo(schemaName(type.name))] }
  const own = plain[type.name]
  return own ? { ...own, ...!omitEmpty && !pointer && type.name in zero ? { default: zero[type.name] } : {} } : { allOf: [refTo(named[type.name]!)] }
}
function property(of: string, field: FieldSchema): any {
  const { list, keys, patch, patchKey, enum: values, type } = field, description = descriptionOf(of, field.name), other = whatIsSaid().fields[of]?.[field.name]
  return {
    ...description === undefined ? {} : { description },
    ...other ?? {
      ...valueOf(field), ...values ? { enum: values } : {}, ...keys ? { 'x-kubernetes-list-map-keys': keys } : {},
      ...list && list !== 'granular' ? { [type.is === 'list' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type']: list } : {},
      ...patchKey ? { 'x-kubernetes-patch-merge-key': patchKey } : {}, ...patch ? { 'x-kubernetes-patch-strategy': patch } : {},
    },
  }
}

/** The schema of a whole name; undefined: nobody has such a type. */
export function schemaOf(name: string): any {
  const { schemas } = whatIsSaid()
  if (Object.hasOwn(schemas, name)) return schemas[name]
  const [kind, version, group] = name.split('.').reverse(), type = `${group}.${version}.${kind}`
  return structSchema(type) ? ofType(type) : kind.endsWith('List') ? ofList(type.slice(0, -'List'.length)) : undefined
}
function ofType(type: string): any {
  const { fields, map } = structSchema(type)!, required = fields.filter(f => f.required).map(f => f.name), description = descriptionOf(type)
  return {
    ...description === undefined ? {} : { description }, type: 'object', ...required.length ? { required } : {},
    ...fields.length ? { properties: Object.fromEntries(fields.map(f => [f.name, property(type, f)] as const).sort(byName)) } : {},
    ...map ? { 'x-kubernetes-map-type': map } : {}, ...kindsOf(type, ''), ...whatIsSaid().more[type],
  }
}
function ofList(type: string): any {
  const [description, ofItems, ofMetadata] = whatIsSaid().lists[type] ?? []
  if (description === undefined) return undefined
  return {
    description, type: 'object', required: ['items'],
    properties: {
      apiVersion: { description: descriptionOf(type, 'apiVersion'), type: 'string' },
      items: { ...ofItems ? { description: ofItems } : {}, type: 'array', items: { default: {}, allOf: [refTo(schemaName(type))] } },
      kind: { description: descriptionOf(type, 'kind'), type: 'string' },
      metadata: { ...ofMetadata ? { description: ofMetadata } : {}, default: {}, allOf: [refTo(meta('ListMeta'))] },
    },
    ...kindsOf(type, 'List'),
  }
}
/** as which kind a type is served */
function kindsOf(type: string, ending: string): any {
  const kind = registry.all.find(k => typeName(k.group, k.version, k.kind) === type)
  return kind ? { 'x-kubernetes-group-version-kind': [{ group: kind.group, kind: kind.kind + ending, version: kind.version }] } : {}
}
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => a < b ? -1 : 1
