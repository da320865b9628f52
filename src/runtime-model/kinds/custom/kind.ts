import { typeName } from '../../api/schema.ts'
import { parseTime } from '../../api/time.ts'
import { decode } from '../decode.ts'
import { diagnose } from '../decode-errors.ts'
import type { DecodeResult, FieldError, KindDefinition } from '../kind.ts'
import { kindFromData, storageName, type ResourceData } from '../kind-from-data.ts'
import { age, since, type Cell } from '../meta/cells.ts'
import { deepEqual } from '../meta/errors.ts'
import { keepMeta, standardFinalizers, validateMeta, metaOfUpdate } from '../meta/object-meta.ts'
import { subdomainName } from '../../api/names.ts'
import { defaulted, pruned, withKnownMetadata } from './prune.ts'
import { hasRules, validateRules } from './rules.ts'
import { isObject, type Schema } from './schema.ts'
import { typeOfSchema } from './schema-type.ts'
import { successorOf } from './versions.ts'
import { valuesAt } from './simple-path.ts'
import { duplicates, embedded, validateValue } from './values.ts'

/**
 * One version of a custom resource as a kind like any other. Objects are pruned and defaulted when they come in and whenever they are read; versions differ in
 * `apiVersion` alone (conversion by webhook is not modelled).
 * Source: k8s.io/apiextensions-apiserver pkg/registry/customresource/{strategy,status_strategy,validator}.go, pkg/apiserver/customresource_handler.go.
 */
export function customKind(definition: any, version: any): KindDefinition {
  const { group, scope } = definition.spec, names = definition.status?.acceptedNames ?? definition.spec.names
  const schema = schemaOf(definition, version.name)
  const status = version.subresources?.status !== undefined, { scale } = version.subresources ?? {}, apiVersion = `${group}/${version.name}`
  const resource = storageName(group, names.plural)
  const data: ResourceData = {
    group, version: version.name, resource: names.plural, kind: names.kind, singular: names.singular, namespaced: scope === 'Namespaced', verbs,
    shortNames: names.shortNames, categories: names.categories,
    subresources: {
      ...status ? { status: { verbs: subresourceVerbs, kind: names.kind, group, version: version.name } } : undefined,
      ...scale ? { scale: { verbs: subresourceVerbs, kind: 'Scale', group: 'autoscaling', version: 'v1' } } : undefined,
    },
  }
  const check = (object: any, old?: any): FieldError[] => validate(schema, object, old, scale)
  const withMeta = (meta: readonly FieldError[], own: readonly FieldError[]): readonly FieldError[] =>
    meta.some(e => blocking.has(e.type)) && hasRules(schema) && !own.includes(unchecked) ? [...meta, ...own, unchecked]
      : meta.length > 0 ? [...meta, ...own]
      : own
  const stored = definition.spec.versions.find((v: any) => v.storage), storedVersion = `${group}/${stored.name}`
  return {
    ...kindFromData(data, { resource, needsResourceVersion: true }),
    columns: [
      nameColumn,
      ...columnsOf(version).map(column => {
        const { name, type, priority = 0, format, jsonPath } = column, said = `Custom resource definition column (in JSONPath format): ${jsonPath}`
        return { name, type, priority, format, description: column === ageColumn ? undefined : column.description || said }
      }),
    ],
    cells: (object, nowMs) => [object.metadata.name, ...columnsOf(version).map(c => cellOf(c, object, nowMs))],
    terminating: definition.status?.conditions?.some((c: any) => c.type === 'Terminating' && c.status === 'True'),
    deprecated: version.deprecated ? version.deprecationWarning ?? `${apiVersion} ${names.kind} is deprecated${successorOf(definition, version)}` : undefined,
    fieldSelectors: Object.fromEntries((version.selectableFields ?? []).map(({ jsonPath }: any) =>
      [jsonPath.slice(1), (object: any) => text(valuesAt(jsonPath, object)[0] ?? '')])),
    type: typeOfSchema(schema, true, status), schema,
    scalePaths: scale && { spec: scale.specReplicasPath, status: scale.statusReplicasPath, selector: scale.labelSelectorPath },
    storedAs: {
      resource,
      toStored: object => object.apiVersion === storedVersion
        ? object
        : pruned(schemaOf(definition, stored.name), { ...object, apiVersion: storedVersion }, [], '', true),
      fromStored: reader(definition, apiVersion),
    },
    decode: document => decodeCustom(data, schema, document),
    defaults: object => defaulted(schema, object),
    beforeCreate: object => { const { status: _, ...rest } = object; return { ...status ? rest : object, metadata: { ...object.metadata, generation: 1 } } },
    beforeUpdate: (object, old) => {
      const next = status ? withStatus(object, old.status) : object, changed = !deepEqual(contentOf(next, status), contentOf(old, status))
      return { ...next, metadata: keepMeta(next.metadata, old.metadata, (old.metadata.generation ?? 0) + (changed ? 1 : 0)) }
    },
    beforeStatusUpdate: (object, old) => ({ ...withStatus(old, object.status), metadata: { ...old.metadata, managedFields: object.metadata.managedFields } }),
    validate: object => withMeta(validateMeta(object.metadata ?? {}, data.namespaced, subdomainName, true), check(object)),
    validateUpdate: (object, old) => [...metaOfUpdate(object.metadata, old.metadata, 'U', subdomainName, data.namespaced, true), ...check(object, old)],
    warnings: finalizerWarnings,
    validateStatusUpdate: (object, old) => [
      ...metaOfUpdate(object.metadata, old.metadata, 'U', subdomainName, data.namespaced, true), ...check(object, old).map(asStatusError),
    ],
  }
}
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'], subresourceVerbs = ['get', 'patch', 'update']
const nameColumn = { name: 'Name', type: 'string', format: 'name', priority: 0 }

/** Source: k8s.io/apiextensions-apiserver pkg/registry/customresource/strategy.go (generateWarningsFromObj) */
function finalizerWarnings(object: any, old?: any): readonly string[] {
  const { finalizers } = object.metadata, before: readonly string[] = old?.metadata.finalizers ?? []
  return finalizers?.length
    ? finalizers.filter((f: string) => !f.includes('/') && !standardFinalizers.includes(f) && !before.includes(f)).map((f: string) =>
      `metadata.finalizers: ${JSON.stringify(f)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`)
    : noWarnings
}
const noWarnings: readonly string[] = []
/** A status is judged by itself: complaints leave out where it stands. */
const asStatusError = (e: FieldError): FieldError =>
  e.field.startsWith('status.') ? { ...e, body: e.body.replaceAll(`${e.field} in body`, `${e.field.slice('status.'.length)} in body`) } : e
const withStatus = (object: any, status: any): any => { const { status: _, ...rest } = object; return status === undefined ? rest : { ...rest, status } }
/** what counts for metadata.generation */
const contentOf = ({ metadata: _m, status, ...rest }: any, statusApart: boolean): any => statusApart ? rest : { ...rest, status }

const schemaOf = (definition: any, version: string): Schema =>
  definition.spec.versions.find((v: any) => v.name === version)?.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
/**
 * A stored object as this version of its kind, made once: the version that it is stored in drops what it does not know and fills in its defaults, before
 * another one takes it over. Source: k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go (crdConversionRESTOptionsGetter)
 */
function reader(definition: any, apiVersion: string): (stored: any) => any {
  const known = new WeakMap<object, any>(), of = (version: string): Schema => schemaOf(definition, version.slice(version.indexOf('/') + 1))
  return stored => {
    let object = known.get(stored)
    if (!object) {
      const schema = of(stored.apiVersion)
      object = defaulted(schema, pruned(schema, stored, [], '', true))
      if (stored.apiVersion !== apiVersion) object = pruned(of(apiVersion), { ...object, apiVersion }, [], '', true)
      known.set(stored, object)
    }
    return object
  }
}

const objectMeta = { group: 'meta', version: 'v1', kind: 'ObjectMeta' }
function decodeCustom({ kind, version }: ResourceData, schema: Schema, document: any): DecodeResult {
  if (!isObject(document)) {
    return {
      error:
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(document) ? 'array' : typeof document} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      strict: [],
    }
  }
  const { metadata, ...rest } = document, unknown: string[] = [], meta = metadata === undefined || metadata === null ? undefined : decode(objectMeta, metadata)
  if (meta?.error !== undefined) {
    return {
      error:
        `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${diagnose(typeName('meta', 'v1', 'ObjectMeta'), metadata).error ?? meta.error}`,
      strict: [],
    }
  }
  const inside: string[] = [], fieldsOf = (known: any): ReadonlySet<string> => new Set(Object.keys(decode(objectMeta, known).object ?? known))
  const object = withKnownMetadata(schema, pruned(schema, rest, unknown, '', true), fieldsOf, inside)
  const whole = meta ? { ...object, metadata: Object.fromEntries(Object.entries(meta.object).filter(([, v]) => v !== null)) } : object
  const strict = [
    ...unknown.map(path => `unknown field ${JSON.stringify(path)}`), ...(meta?.strict ?? []).map(s => s.replace('unknown field "', 'unknown field "metadata.')),
  ].sort()
  return { object: whole, strict: [...strict, ...inside.sort().map(path => `unknown field ${JSON.stringify(path)}`)] }
}

function validate(schema: Schema, object: any, old: any, scale: any): FieldError[] {
  const { metadata: _m, ...content } = object, before = old && (({ metadata: _, ...rest }) => rest)(old)
  const errors = [
    ...validateValue(schema, content, '', before), ...embedded(schema, content), ...scale ? checkScale(scale, object) : [],
    ...duplicates(schema, content).filter(() => !before || duplicates(schema, before).length === 0),
  ]
  if (!hasRules(schema)) return errors
  if (errors.some(e => blocking.has(e.type))) return [...errors, unchecked]
  return [...errors, ...validateRules(schema, object, old)]
}
const blocking: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid',
])
const unchecked: FieldError = {
  type: 'FieldValueInvalid', field: '<nil>',
  body: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/** What the scale subresource reads must be readable. */
function checkScale(scale: any, object: any): FieldError[] {
  const errors: FieldError[] = []
  for (const path of [scale.specReplicasPath, scale.statusReplicasPath] as string[]) {
    let at: any = object, wrong: string | undefined
    for (const step of path.slice(1).split('.')) {
      if (at === undefined) break
      if (!isObject(at)) { wrong = `${path} accessor error: ${goValue(at)} is of the type ${goType(at)}, expected map[string]interface{}`; break }
      at = at[step]
    }
    if (wrong === undefined && at !== undefined && !Number.isInteger(at)) {
      wrong = `${path} accessor error: ${goValue(at)} is of the type ${goType(at)}, expected int64`
    }
    if (wrong !== undefined) errors.push({ type: 'FieldValueInvalid', field: path, body: `Invalid value: 0: ${wrong}` })
    else if (typeof at === 'number'
      && at < 0) errors.push({ type: 'FieldValueInvalid', field: path, body: `Invalid value: ${at}: should be a non-negative integer` })
    else if (typeof at === 'number'
      && at > 2_147_483_647) errors.push({ type: 'FieldValueInvalid', field: path, body: `Invalid value: ${at}: should be less than or equal to 2147483647` })
  }
  return errors
}
const goType = (value: any): string => value === null ? '<nil>'
  : Array.isArray(value) ? '[]interface {}'
  : typeof value === 'object' ? 'map[string]interface {}'
  : typeof value === 'boolean' ? 'bool'
  : typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64')
  : 'string'
const goValue = (value: any): string => Array.isArray(value) ? `[${value.map(goValue).join(' ')}]`
  : isObject(value) ? `map[${Object.keys(value).sort().map(k => `${k}:${goValue(value[k])}`).join(' ')}]`
  : value === null ? '<nil>'
  : String(value)

interface Column {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly priority?: number
  readonly format?: string
  readonly description?: string
}
const ageColumn: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }
const columnsOf = (version: any): readonly Column[] => version.additionalPrinterColumns?.length ? version.additionalPrinterColumns : [ageColumn]
const text = (value: any): string => typeof value === 'string' ? value : JSON.stringify(value)

/** Source: pkg/registry/customresource/tableconvertor/tableconvertor.go: what is not of the column's type is left empty. */
function cellOf({ type, jsonPath }: Column, object: any, nowMs: number): Cell {
  if (jsonPath === ageColumn.jsonPath) return type === 'date' ? age(object, nowMs) : object.metadata.creationTimestamp
  const [value] = valuesAt(jsonPath, object)
  if (value === undefined) return null
  switch (type) {
    case 'string': return text(value)
    case 'integer': return typeof value === 'number' ? Math.trunc(value) : null
    case 'number': return typeof value === 'number' ? value : null
    case 'boolean': return typeof value === 'boolean' ? value : null
    default: return typeof value !== 'string' ? null : Number.isNaN(parseTime(value)) ? '<invalid>' : since(value, nowMs)
  }
}
