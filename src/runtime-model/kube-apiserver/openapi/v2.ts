import { sha256 } from '../../../base/sha256.ts'
import type { KindDefinition } from '../../kinds/index.ts'
import { builtInDocument } from './document.ts'
import { whatIsSaid } from './said.ts'

/**
 * The one OpenAPI v2 document (swagger): what the documents of v3 say, in its words. Source: that of a
 * 1.35.4 API server, which it is equal to but for what shared parameters are called by (test/openapi.test.ts); k8s.io/kube-openapi pkg/builder.
 */
export function openApiV2(
  kinds: readonly KindDefinition[], custom: { readonly paths: any; readonly schemas: Readonly<Record<string, any>> }, version: string
): any {
  const groups = [...new Set(kinds.flatMap(k => k.group === '' ? ['/api/v1'] : [`/apis/${k.group}`, `/apis/${k.group}/${k.version}`]))]
  const documents = [...Object.keys(whatIsSaid().paths).map(path => `/${path}`), ...groups].map(path => builtInDocument(path, kinds, version))
  const paths: Record<string, any> = {}, definitions: Record<string, any> = {}, parameters: Record<string, any> = {}
  for (const { paths: own, components } of documents) {
    for (const [path, item] of Object.entries(own)) paths[path] = itemOf(item, parameters)
    for (const [name, schema] of Object.entries(components.schemas ?? {})) definitions[name] ??= schemaInV2(schema)
  }
  for (const [path, item] of Object.entries(custom.paths)) paths[path] = itemOf(item, parameters)
  for (const [name, schema] of Object.entries(custom.schemas)) definitions[name] = schemaInV2(withoutRules(schema))
  return {
    swagger: '2.0', info: { title: 'Kubernetes', version: version.split('.').slice(0, 2).join('.') }, paths: inOrder(paths), definitions: inOrder(definitions),
    parameters: inOrder(parameters),
    securityDefinitions: { BearerToken: { description: 'Bearer Token authentication', type: 'apiKey', name: 'authorization', in: 'header' } },
    security: [{ BearerToken: [] }],
  }
}
const inOrder = (named: Readonly<Record<string, any>>): any => Object.fromEntries(Object.entries(named).sort(([a], [b]) => a < b ? -1 : 1))
const forms = ['text/plain', '*/*', 'application/json', 'application/jwk-set+json', 'application/yaml', 'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
const patches = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml']
const customForms = 'application/json,application/yaml'
const inTurn = (types: object, turn: readonly string[]): readonly string[] => turn.filter(type => Object.hasOwn(types, type))

function itemOf({ parameters = [], ...operations }: any, shared: Record<string, any>): any {
  const own = Object.entries(operations).map(([method, operation]) => [method, operationOf(operation as any, shared)] as const)
  return { ...Object.fromEntries(own), ...parameters.length ? { parameters: parameters.map((p: any) => parameterOf(p, shared)) } : {} }
}
function operationOf({ requestBody, responses, parameters = [], tags, description, operationId, ...more }: any, shared: Record<string, any>): any {
  const { content } = responses['200'], produces = inTurn(content, forms), taken = consumed(more, requestBody, produces, schemaOfContent(content))
  const body = requestBody === undefined ? [] : [
    shareable({ name: 'body', in: 'body', ...requestBody.required ? { required: true } : {}, schema: schemaOfContent(requestBody.content) }, shared),
  ]
  const all = [...body, ...parameters.map((p: any) => parameterOf(p, shared))]
  return {
    description, ...taken ? { consumes: taken } : {}, produces, schemes: ['https'], tags, operationId, ...all.length ? { parameters: all } : {},
    responses: Object.fromEntries(Object.entries(responses as Record<string, any>).map(([code, r]) =>
      [code, { description: r.description, ...r.content ? { schema: schemaOfContent(r.content) } : {} }])),
    ...more,
  }
}
const schemaOfContent = (content: any): any => schemaInV2((Object.values(content)[0] as any).schema)
/** Paths of resources take anything but of what a patch is; others say what they answer, or nothing where that is a text. */
function consumed(more: any, requestBody: any, produces: readonly string[], answered: any): readonly string[] | undefined {
  if (more['x-kubernetes-action'] === 'connect') return ['*/*']
  if (requestBody && Object.hasOwn(requestBody.content, patches[0])) return inTurn(requestBody.content, patches)
  // of custom resources it is told in which form they are taken
  if (more['x-kubernetes-action'] !== undefined) return produces.join() === customForms ? produces : ['*/*']
  return answered.type === 'string' ? undefined : produces
}

function parameterOf({ schema: { type, uniqueItems }, description, name, in: place, required }: any, shared: Record<string, any>): any {
  return shareable({ uniqueItems, type, description, name, in: place, ...required ? { required } : {} }, shared)
}
/** Most parameters stand once, under a name with a hash. Source: k8s.io/kube-openapi pkg/builder/parameters.go */
function shareable(parameter: any, shared: Record<string, any>): any {
  const { name, in: place, schema } = parameter
  if (place === 'body' ? !/\.meta\.v1\.(Patch|DeleteOptions)$/.test(schema.$ref ?? '') : ['name', 'dryRun', 'fieldValidation'].includes(name)) return parameter
  const key = `${name}-${sha256(JSON.stringify(parameter)).slice(0, 8)}`
  shared[key] ??= parameter
  return { $ref: `#/parameters/${key}` }
}

/** A schema without what v2 has no words for: defaults, and one of several. */
function schemaInV2(schema: any): any {
  if (Array.isArray(schema)) return schema.map(schemaInV2)
  if (typeof schema !== 'object' || schema === null) return schema
  const { allOf, oneOf, default: _, ...own } = schema, said: any = {}
  for (const [word, value] of Object.entries<any>(own)) {
    said[word] = word === '$ref' ? value.replace('#/components/schemas/', '#/definitions/')
      : word === 'properties' ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, schemaInV2(inner)]))
      : word === 'items' || word === 'additionalProperties' ? schemaInV2(value)
      : value
  }
  return { ...said, ...oneOf ? { type: 'string' } : {}, ...allOf ? schemaInV2(allOf[0]) : {} }
}

/** Of a schema of a definition what kubectl of old can read. Source: k8s.io/apiextensions-apiserver pkg/controller/openapi/v2/conversion.go */
function withoutRules(schema: any): any {
  if (typeof schema !== 'object' || schema === null) return schema
  const { anyOf: _a, oneOf: _o, not: _n, nullable, allOf, default: _d, type, properties, items, additionalProperties, required, ...own } = schema
  const isRef = allOf?.length === 1 && allOf[0].$ref !== undefined, isOpen = nullable || own['x-kubernetes-preserve-unknown-fields'] === true
  if (isOpen) return own
  return {
    ...own, ...type ? { type } : {}, ...required ? { required } : {}, ...isRef ? { allOf } : {},
    ...properties ? { properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, withoutRules(inner)])) } : {},
    ...items ? { items: withoutRules(items) } : {},
    ...additionalProperties ? { additionalProperties: withoutRules(additionalProperties) } : {},
  }
}
