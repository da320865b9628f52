import { hashHex } from '../../../base/hash.ts'
import type { KindDefinition } from '../../kinds/index.ts'

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
 * The OpenAPI v3 document of a group and version of custom resources, as far as clients read it to explain fields (those of what is built in: `../openapi`).
 * Source: k8s.io/apiextensions-apiserver pkg/controller/openapi/builder.
 */
export function openApiDocument(path: string, kinds: readonly KindDefinition[]): any {
  const m = /^\/openapi\/v3\/apis\/([^/]+)\/([^/]+)$/.exec(path), found = m ? kinds.filter(k => k.group === m[1] && k.version === m[2]) : []
  return found.length === 0
    ? undefined
    : {
      openapi: '3.0.0', info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }, paths: {},
      components: { schemas: Object.fromEntries(found.map(k => [schemaName(k), schemaOf(k)])) },
    }
}
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
  const own = (schema ?? {}) as any
  return { ...own, type: 'object', properties: { ...own.properties, ...common }, 'x-kubernetes-group-version-kind': [{ group, kind, version }] }
}
