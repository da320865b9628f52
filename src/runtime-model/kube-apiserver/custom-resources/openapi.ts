import { hashHex } from '../../../base/hash.ts'
import type { KindDefinition } from '../../kinds/index.ts'
import { customPaths } from '../openapi/custom-paths.ts'
import { withSchemas } from '../openapi/document.ts'
import { meta } from '../openapi/names.ts'
import { schemaOf as builtIn } from '../openapi/schemas.ts'

/**
 * What a server says of its own documents: where each stands, under a hash of its content. `groups`: `/apis/apps`, `/apis/apps/v1` of what is built in.
 * Source: k8s.io/kube-openapi pkg/handler3.
 */
export function openApiRoot(groups: readonly string[], custom: readonly KindDefinition[]): any {
  const own = custom.map(({ group, version }) => `apis/${group}/${version}`)
  const paths = [...new Set(['.well-known/openid-configuration', 'api', 'api/v1', 'apis', 'openid/v1/jwks', 'version', ...groups.map(g => g.slice(1)), ...own])]
  return {
    paths: Object.fromEntries(paths.sort().map(path => {
      const content = own.includes(path) ? JSON.stringify(custom.filter(k => path === `apis/${k.group}/${k.version}`).map(schemaOf)) : path
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(content)}` }]
    })),
  }
}
/** as long as that of a real server */
const hashOf = (content: string): string => hashHex(content, 16).toUpperCase()

/**
 * The OpenAPI v3 document of a group and version of custom resources (those of what is built in: `../openapi`).
 * Source: k8s.io/apiextensions-apiserver pkg/controller/openapi/builder.
 */
export function openApiDocument(path: string, kinds: readonly KindDefinition[]): any {
  const m = /^\/openapi\/v3\/apis\/([^/]+)\/([^/]+)$/.exec(path), found = m ? kinds.filter(k => k.group === m[1] && k.version === m[2]) : []
  if (found.length === 0) return undefined
  const paths = customPathsOf(found)
  return {
    openapi: '3.0.0', info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }, paths,
    components: withSchemas(paths, { ...customSchemas(found), ...deleteOptions() }),
  }
}
/** As the server of definitions knows them, which has fewer groups. */
function deleteOptions(): Readonly<Record<string, any>> {
  const name = meta('DeleteOptions'), schema = builtIn(name), kinds = 'x-kubernetes-group-version-kind'
  return { [name]: { ...schema, [kinds]: schema[kinds].filter(({ group }: any) => !foreign.includes(group)) } }
}
const foreign = ['admission.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'imagepolicy.k8s.io']
export const customPathsOf = (kinds: readonly KindDefinition[]): any =>
  Object.assign({}, ...kinds.map(kind => customPaths(kind, schemaName(kind))))
/** By its whole name, the schema of each kind and of its list. */
export const customSchemas = (kinds: readonly KindDefinition[]): Readonly<Record<string, any>> =>
  Object.fromEntries(kinds.flatMap(k => [[schemaName(k), schemaOf(k)], [`${schemaName(k)}List`, listOf(k)]]))
/** `com.example.stable.v1.CronTab` */
const schemaName = ({ group, version, kind }: KindDefinition): string => `${group.split('.').reverse().join('.')}.${version}.${kind}`
const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md'
const common = {
  apiVersion: {
    description:
      `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`,
    type: 'string',
  },
  kind: {
    description:
      `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
    type: 'string',
  },
  metadata: {
    description: `Standard object's metadata. More info: ${conventions}#metadata`,
    allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
  },
}
function schemaOf({ group, version, kind, schema }: KindDefinition): any {
  const own = spelledOut(schema ?? {})
  return { ...own, type: 'object', properties: { ...own.properties, ...common }, 'x-kubernetes-group-version-kind': [{ group, kind, version }] }
}
/** What extensions mean, for clients that do not know them: a number or a text, an object of its own kind. Source: the same (addEmbeddedProperties). */
function spelledOut(schema: any): any {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema
  const { properties, items, additionalProperties } = schema, isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  return {
    ...schema, ...schema['x-kubernetes-int-or-string'] && !schema.anyOf && !schema.allOf ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {},
    ...properties || isEmbedded ? { properties: { ...each(properties ?? {}), ...isEmbedded ? embedded : {} } } : {},
    ...isEmbedded ? { required: [...new Set([...schema.required ?? [], 'kind', 'apiVersion'])] } : {},
    ...items ? { items: spelledOut(items) } : {}, ...additionalProperties ? { additionalProperties: spelledOut(additionalProperties) } : {},
  }
}
const each = (properties: any): any => Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, spelledOut(inner)]))
const embedded = {
  apiVersion: {
    description: `apiVersion defines the versioned schema of this representation of an object. More info: ${conventions}#resources`, type: 'string',
  },
  kind: { description: `kind is a string value representing the type of this object. In CamelCase. More info: ${conventions}#types-kinds`, type: 'string' },
  metadata: common.metadata,
}
const listOf = (kind: KindDefinition): any => ({
  description: `${kind.kind}List is a list of ${kind.kind}`, type: 'object', required: ['items'],
  properties: {
    ...common,
    items: {
      description: `List of ${kind.resource}. More info: ${conventions}`, type: 'array', items: { $ref: `#/components/schemas/${schemaName(kind)}` },
    },
    metadata: {
      description: `Standard list metadata. More info: ${conventions}#types-kinds`,
      allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta' }],
    },
  },
  'x-kubernetes-group-version-kind': [{ group: kind.group, kind: `${kind.kind}List`, version: kind.version }],
})
