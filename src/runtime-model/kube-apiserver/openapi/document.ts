import type { KindDefinition } from '../../kinds/index.ts'
import { meta, referred, type Reference } from './names.ts'
import { answers, calledBy } from './operations.ts'
import { pathsOf } from './paths.ts'
import { whatIsSaid } from './said.ts'
import { schemaOf } from './schemas.ts'

/**
 * An OpenAPI v3 document of what is built in: of a group and version (`/apis/apps/v1`), a group, or a path of neither; undefined: there is none.
 * Fields are those of 1.35, also of an API server that is older. Source: the documents of a 1.35.4 API server, which these are equal to (test/openapi.test.ts).
 */
export function builtInDocument(path: string, kinds: readonly KindDefinition[], version: string): any {
  const paths = pathsAt(path, kinds)
  if (paths === undefined) return undefined
  return {
    openapi: '3.0.0', info: { title: 'Kubernetes', version: version.split('.').slice(0, 2).join('.') }, paths,
    components: { ...withSchemas(paths), securitySchemes },
  }
}
const securitySchemes = { BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' } }

function pathsAt(path: string, kinds: readonly KindDefinition[]): any {
  const others = whatIsSaid().paths, [, group = '', version] = /^\/apis?(?:\/([^/]+\.[^/]+|(?!v\d)[^/]+))?(?:\/(v\d\w*))?$/.exec(path) ?? []
  if (Object.hasOwn(others, path.slice(1))) return others[path.slice(1)]
  if (!/^\/apis?(\/|$)/.test(path)) return undefined
  const own = kinds.filter(k => k.group === group && (version === undefined || k.version === version))
  if (own.length === 0) return undefined
  return version === undefined ? groupPaths(group) : pathsOf(group, version, own)
}
const groupPaths = (group: string): any => {
  const { operation, tag } = calledBy(group)
  return {
    [`/apis/${group}/`]: {
      get: { tags: [tag], description: 'get information of a group', operationId: `get${operation}APIGroup`, responses: answers([200], meta('APIGroup')) },
    },
  }
}

/** All schemas that paths speak of, and that those speak of; `own`: those that are no built-in ones. */
export function withSchemas(paths: any, own: Readonly<Record<string, any>> = {}): { readonly schemas?: any } {
  const found = new Map<string, any>()
  const visit = (value: any): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof value.$ref === 'string') {
      const name = referred(value as Reference)
      if (!found.has(name)) { found.set(name, undefined); const schema = own[name] ?? schemaOf(name); found.set(name, schema); visit(schema) }
    } else for (const inner of Object.values(value)) visit(inner)
  }
  visit(paths)
  return found.size ? { schemas: Object.fromEntries([...found].sort(([a], [b]) => a < b ? -1 : 1)) } : {}
}
