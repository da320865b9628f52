import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { goJsonInOrder } from '../api/go-json.ts'
import { dns1035Label, dns1123Subdomain } from '../api/names.ts'
import { schemaInGo } from './custom/schema-in-go.ts'
import { customResourceOf, definitionsResource, hasCondition } from './custom/definition.ts'
import { simplePath } from './custom/simple-path.ts'
import { validateSchema } from './custom/structural.ts'
import type { Schema } from './custom/schema.ts'
import { deepEqual, duplicate, forbidden, immutable, invalid, notSupported, required } from './meta/errors.ts'

/**
 * CustomResourceDefinitions. Where all versions say the same of a schema, subresources or columns, the API server speaks of `spec.validation` and so on.
 * Source: k8s.io/apiextensions-apiserver pkg/apis/apiextensions/{v1/defaults.go,validation/validation.go},
 * pkg/registry/customresourcedefinition/{strategy,etcd}.go.
 */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

export const customResourceDefinition: KindRules = {
  resource: definitionsResource,
  generation: true,
  needsResourceVersion: true,
  keepsStatusOnCreate: true,
  anyFinalizer: true,
  nameRule: name => dns1123Subdomain(name),
  defaults: d => {
    const { names = {}, conversion, ...rest } = d.spec ?? {}, { kind } = names
    const full = {
      ...names, ...!names.singular && kind ? { singular: kind.toLowerCase() } : undefined, ...!names.listKind && kind ? { listKind: `${kind}List` } : undefined,
    }
    return deepEqual(full, names) && conversion ? d : { ...d, spec: { ...rest, names: full, conversion: conversion ?? { strategy: 'None' } } }
  },
  beforeCreate: d => ({ ...d, status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: storedVersions([], d).slice(0, 1) } }),
  beforeUpdate: (d, old) => ({ ...d, status: { ...old.status, storedVersions: storedVersions(old.status?.storedVersions ?? [], d) } }),
  validate: d => [...validateName(d), ...validateSpec(d), ...validateStored(d)],
  validateUpdate: (d, old) => [...validateSpec(d, old), ...fixed(d, old), ...validateStored(d)],
  validateStatusUpdate: () => [],
  markDeleted: (d, nowText) => ({
    ...d,
    metadata: {
      ...d.metadata, deletionTimestamp: nowText,
      finalizers: [...(d.metadata.finalizers ?? []).filter((f: string) => f !== cleanupFinalizer), cleanupFinalizer],
    },
    status: {
      ...d.status,
      conditions: [
        ...(d.status?.conditions ?? []).filter((c: any) => c.type !== 'Terminating'),
        {
          type: 'Terminating', status: 'True', lastTransitionTime: nowText, reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
        },
      ],
    },
  }),
  heldBack: d => d.metadata.finalizers?.length > 0,
}
const storedVersions = (known: readonly string[], d: any): readonly string[] =>
  (d.spec.versions ?? []).reduce((all: readonly string[], v: any) => v.storage && !all.includes(v.name) ? [...all, v.name] : all, known)

function validateName(d: any): FieldError[] {
  const { name, annotations } = d.metadata, { group = '', names = {} } = d.spec ?? {}, errors: FieldError[] = []
  if (name && name !== `${names.plural ?? ''}.${group}`) errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'))
  return [...errors, ...validateApproval(group, annotations?.['api-approved.kubernetes.io'])]
}
const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group)
/** `unapproved…` or the address of the approval. */
export function approvalOf(group: string, annotation: string | undefined): 'not needed' | 'missing' | 'bypassed' | 'approved' | 'invalid' {
  if (!isProtected(group)) return 'not needed'
  if (!annotation) return 'missing'
  return annotation.startsWith('unapproved') ? 'bypassed' : /^https?:\/\/\S+$/.test(annotation) ? 'approved' : 'invalid'
}
function validateApproval(group: string, annotation: string | undefined): FieldError[] {
  const at = 'metadata.annotations[api-approved.kubernetes.io]', see = 'see https://github.com/kubernetes/enhancements/pull/1111'
  switch (approvalOf(group, annotation)) {
    case 'missing': return [required(at, `protected groups must have approval annotation "api-approved.kubernetes.io", ${see}`)]
    case 'invalid':
      return [invalid(
        at, annotation,
        `protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", ${see}`
      )]
    default: return []
  }
}

function validateSpec(d: any, old?: any): FieldError[] {
  const spec = d.spec ?? {}, { group = '', scope = '', names = {}, versions: given, conversion } = spec, versions: readonly any[] = given ?? []
  const errors: FieldError[] = [], keptFields = spec.preserveUnknownFields
    ? [invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead')]
    : []
  if (spec.preserveUnknownFields && versions.some(v => hasDefaults(v.schema?.openAPIV3Schema))) {
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'))
  }
  if (group === '') errors.push(required('spec.group'))
  else if (dns1123Subdomain(group).length > 0) errors.push(invalid('spec.group', group, dns1123Subdomain(group).join(',')))
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'))
  if (scope === '') errors.push(required('spec.scope'))
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  versions.forEach((v, i) => { if (!v.schema?.openAPIV3Schema) errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`)) })
  // what all versions say of a part is not told with each
  const shared = new Set(parts.filter(part => versions.every(v => deepEqual(v[part], versions[0][part])))), before: readonly any[] = old?.spec.versions ?? []
  versions.forEach((v, i) => {
    const wrong = dns1035Label(v.name ?? ''), at = `spec.versions[${i}]`
    if (wrong.length > 0) errors.push(invalid(`${at}.name`, v.name, wrong.join(',')))
    errors.push(...validateWarning(v, `${at}.deprecationWarning`))
    for (const part of parts) if (!shared.has(part)) errors.push(...validatePart(part, v, `${at}.${part}`, before, v))
  })
  const shown = (text: string): FieldError => ({
    type: 'FieldValueInvalid', field: 'spec.versions',
    body: `Invalid value: ${given ? `[${versions.map(v => versionInGo(v, !shared.has('schema'))).join(',')}]` : 'null'}: ${text}`,
  })
  if (new Set(versions.map(v => v.name)).size < versions.length) errors.push(shown('must contain unique version names'))
  if (versions.filter(v => v.storage).length !== 1) errors.push(shown('must have exactly one version marked as storage version'))
  if (versions[0]?.name && dns1035Label(versions[0].name).length > 0) {
    errors.push(invalid('spec.version', versions[0].name, dns1035Label(versions[0].name ?? '').join(',')))
  }
  for (const field of ['plural', 'singular', 'kind', 'listKind']) if (!names[field]) errors.push(required(`spec.names.${field}`))
  const status = versions.find(v => v.subresources?.status !== undefined) ?? versions[0]
  errors.push(...validateNames(names, 'spec.names'))
  for (const part of versions.length === 0 ? [] : shared) errors.push(...validatePart(part, versions[0], `spec.${sharedNames[part]}`, before, status))
  return [...errors, ...validateConversion(conversion), ...keptFields]
}
const hasDefaults = (schema: any): boolean => typeof schema === 'object' && schema !== null
  && (schema.default !== undefined || Object.values(schema).some(part => hasDefaults(part)))
function versionInGo(v: any, withParts: boolean): string {
  const { status, scale } = v.subresources ?? {}
  const parts = withParts
    ? {
      Schema: v.schema ? { OpenAPIV3Schema: schemaInGo(v.schema.openAPIV3Schema ?? {}) } : null,
      Subresources: v.subresources
        ? {
          Status: status ?? null,
          Scale: scale
            ? { SpecReplicasPath: scale.specReplicasPath, StatusReplicasPath: scale.statusReplicasPath, LabelSelectorPath: scale.labelSelectorPath ?? null }
            : null,
        }
        : null,
      AdditionalPrinterColumns: v.additionalPrinterColumns?.map((c: any) => ({
        Name: c.name, Type: c.type, Format: c.format ?? '', Description: c.description ?? '', Priority: c.priority ?? 0, JSONPath: c.jsonPath,
      })) ?? null,
      SelectableFields: v.selectableFields?.map((f: any) => ({ JSONPath: f.jsonPath })) ?? null,
    }
    : { Schema: null, Subresources: null, AdditionalPrinterColumns: null, SelectableFields: null }
  return goJsonInOrder({
    Name: v.name, Served: v.served ?? false, Storage: v.storage ?? false, Deprecated: v.deprecated ?? false, DeprecationWarning: v.deprecationWarning ?? null,
    ...parts,
  })
}

function validateNames(names: any, at: string): FieldError[] {
  const errors: FieldError[] = [], label = (field: string, value: string | undefined, mixed = false): void => {
    const wrong = value || value !== undefined && field.endsWith(']') ? dns1035Label(mixed ? value.toLowerCase() : value) : []
    if (wrong.length > 0) errors.push(invalid(`${at}.${field}`, value, (mixed ? 'may have mixed case, but should otherwise match: ' : '') + wrong.join(',')))
  }
  label('plural', names.plural); label('singular', names.singular); label('kind', names.kind, true); label('listKind', names.listKind, true)
  ;(names.shortNames ?? []).forEach((name: string, i: number) => label(`shortNames[${i}]`, name))
  if (names.kind && names.kind === names.listKind) errors.push(invalid(`${at}.listKind`, names.listKind, 'kind and listKind may not be the same'))
  ;(names.categories ?? []).forEach((name: string, i: number) => label(`categories[${i}]`, name))
  return errors
}

/** The parts of a version in which all may agree, and the names under which they are told then. */
const sharedNames = {
  schema: 'validation', subresources: 'subresources', additionalPrinterColumns: 'additionalPrinterColumns', selectableFields: 'selectableFields',
} as const
const parts = Object.keys(sharedNames) as readonly (keyof typeof sharedNames)[]
/** `withStatus`: the version that tells whether status is a subresource */
function validatePart(part: keyof typeof sharedNames, version: any, at: string, old: readonly any[], withStatus: any): FieldError[] {
  const value = version[part], schema: Schema | undefined = version.schema?.openAPIV3Schema
  if (value === undefined) return []
  switch (part) {
    case 'schema': return schema && !deepEqual(old.find(o => o.name === version.name)?.schema, value)
      ? validateSchema(schema, `${at}.openAPIV3Schema`, withStatus.subresources?.status !== undefined)
      : []
    case 'subresources': return value.scale ? validateScale(value.scale, `${at}.scale`) : []
    case 'additionalPrinterColumns': return value.flatMap((c: any, i: number) => validateColumn(c, `${at}[${i}]`))
    case 'selectableFields': return value.length === 0 ? []
      : schema ? validateSelectable(value, at, schema)
      : [invalid(at, '', at === 'spec.selectableFields' ? 'may only be set when validations.schema is included'
        : 'may only be set when `version.schema.openAPIV3Schema` is not included')]
  }
}

function validateWarning({ deprecated, deprecationWarning: text }: any, at: string): FieldError[] {
  if (text === undefined || text === null) return []
  const unprintable = /[^\P{C}]/u.exec(text)
  return [
    ...deprecated ? [] : ['can only be set for deprecated versions'], ...text.length > 256 ? ['must be <= 256 characters'] : [],
    ...text === '' ? ['must not be an empty string'] : [],
    ...unprintable ? [`must only contain printable UTF-8 characters; non-printable character found at index ${unprintable.index}`] : [],
  ].map(why => invalid(at, text, why))
}

function validateScale(scale: any, at: string): FieldError[] {
  const errors: FieldError[] = [], path = (field: string, under: string, where: string, optional = false): void => {
    const value: string = scale[field] ?? ''
    if (value === '') {
      if (!optional) errors.push(required(`${at}.${field}`))
    } else if (!value.startsWith('.')) errors.push(invalid(`${at}.${field}`, value, 'must be a simple json path starting with .'))
    else if (!under.split('|').some(u => value.startsWith(u))) errors.push(invalid(`${at}.${field}`, value, `should be a json path under ${where}`))
  }
  path('specReplicasPath', '.spec.', '.spec')
  path('statusReplicasPath', '.status.', '.status')
  path('labelSelectorPath', '.status.|.spec.', 'either .spec or .status', true)
  return errors
}

const columnTypes = 'boolean,date,integer,number,string', columnFormats = 'byte,date,date-time,double,float,int32,int64,password'
function validateColumn({ name = '', type = '', format = '', jsonPath = '' }: any, at: string): FieldError[] {
  return [
    ...name === '' ? [required(`${at}.name`)] : [],
    ...type === '' ? [required(`${at}.type`, `must be one of ${columnTypes}`)]
      : columnTypes.split(',').includes(type) ? []
      : [invalid(`${at}.type`, type, `must be one of ${columnTypes}`)],
    ...format !== '' && !columnFormats.split(',').includes(format) ? [invalid(`${at}.format`, format, `must be one of ${columnFormats}`)] : [],
    ...jsonPath === '' ? [required(`${at}.JSONPath`)]
      : !jsonPath.startsWith('.') ? [invalid(`${at}.JSONPath`, jsonPath, 'must be a simple json path starting with .')]
      : [],
  ]
}

function validateSelectable(fields: readonly any[], at: string, schema: Schema): FieldError[] {
  const seen = new Set<string>()
  return fields.flatMap(({ jsonPath = '' }: any, i) => {
    const field = `${at}[${i}].jsonPath`, steps = simplePath(jsonPath)
    if (jsonPath === '') return [required(field)]
    if (!jsonPath.startsWith('.')) return [invalid(field, jsonPath, `is an invalid path: expected [ or . but got: ${jsonPath.split(/[.[]/, 1)[0]}`)]
    const found = steps?.reduce((s: Schema | undefined, step) => 'field' in step ? s?.properties?.[step.field] : undefined, schema)
    if (!found) return [invalid(field, jsonPath, 'is an invalid path: does not refer to a valid field')]
    if (!['string', 'boolean', 'integer'].includes(found.type ?? '')) {
      return [invalid(field, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.')]
    }
    if (seen.has(jsonPath)) return [duplicate(field, jsonPath)]
    seen.add(jsonPath)
    return []
  })
}

function validateConversion(conversion: any): FieldError[] {
  if (!conversion) return []
  const { strategy = '', webhook } = conversion, errors: FieldError[] = []
  if (strategy === '') errors.push(required('spec.conversion.strategy'))
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']))
  if (strategy !== 'Webhook') {
    if (webhook?.clientConfig) errors.push(forbidden('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook'))
    if (webhook?.conversionReviewVersions?.length) {
      errors.push(forbidden('spec.conversion.conversionReviewVersions', 'should not be set when strategy is not set to Webhook'))
    }
    return errors
  }
  if (!webhook?.clientConfig) errors.push(required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook'))
  else if (Boolean(webhook.clientConfig.url) === Boolean(webhook.clientConfig.service)) {
    errors.push(required('spec.conversion.webhookClientConfig', 'exactly one of url or service is required'))
  }
  if (!webhook?.conversionReviewVersions?.length) errors.push(required('spec.conversion.conversionReviewVersions'))
  return errors
}

function validateStored(d: any): FieldError[] {
  const stored: readonly string[] = d.status?.storedVersions ?? [], versions: readonly any[] = d.spec.versions ?? [], at = 'status.storedVersions'
  if (stored.length === 0) return [invalid(at, null, 'must have at least one stored version')]
  // a version of a name that is there twice counts once
  const left = new Map(stored.map((name, i) => [name, i] as const)), errors: FieldError[] = []
  for (const { name, storage } of versions) if (!left.delete(name) && storage) errors.push(invalid(at, stored, `must have the storage version ${name}`))
  return [...errors, ...[...left].map(([name, i]) => invalid(
    `${at}[${i}]`, name,
    'missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions'.replaceAll('v1', name)
  ))]
}

/** What decides how objects are stored does not change. */
const fixed = (d: any, old: any): FieldError[] => [
  ...hasCondition(old, 'Established')
    ? [...immutable(d.spec.scope, old.spec.scope, 'spec.scope'), ...immutable(d.spec.names?.kind, old.spec.names.kind, 'spec.names.kind')]
    : [],
  ...customResourceOf(d) === customResourceOf(old)
    ? []
    : [...immutable(d.spec.group, old.spec.group, 'spec.group'), ...immutable(d.spec.names?.plural, old.spec.names.plural, 'spec.names.plural')],
]
