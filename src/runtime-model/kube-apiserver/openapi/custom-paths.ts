import type { KindDefinition } from '../../kinds/index.ts'
import { meta, refTo } from './names.ts'
import { NAMESPACE, calledBy, inQuery, nameOf, pathItem, queries, type Operation } from './operations.ts'

/** The paths of a kind that a definition adds; `name`: of its schema. Source: k8s.io/apiextensions-apiserver pkg/controller/openapi/builder/builder.go */
export function customPaths(kind: KindDefinition, name: string): any {
  const { group, version, resource, namespaced, subresources } = kind, called = calledBy(group, version)
  const base = `/apis/${group}/${version}`, all = `${base}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`, within = namespaced ? [NAMESPACE] : []
  const own = [nameOf(kind.kind), ...within]
  const operation = (method: string, does: string, said: string, ending = ''): Operation => ({
    tags: [called.tag], description: said,
    operationId: `${does}${called.operation}${does === 'delete' && method === 'deletecollection' ? 'Collection' : ''}${namespaced ? 'Namespaced' : ''}${kind.kind}${ending}`,
    'x-kubernetes-action': method, 'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
  })
  const listing = (operationId: string | undefined, parameters: readonly any[]): Operation => {
    const usual = operation('list', 'list', `list objects of kind ${kind.kind}`)
    return { ...usual, ...operationId ? { operationId } : {}, parameters: [...parameters, ...inQuery(queries.list)], responses: answers([200], `${name}List`) }
  }
  const one = (type: string, part: string): Record<string, Operation> => {
    const of = part ? `${part} of ` : '', ending = part && part[0].toUpperCase() + part.slice(1)
    return {
      get: {
        ...operation('get', 'read', `read ${of}the specified ${kind.kind}`, ending), parameters: [...own, ...inQuery([...queries.read, 'resourceVersion'])],
        responses: answers([200], type),
      },
      put: {
        ...operation('put', 'replace', `replace ${of}the specified ${kind.kind}`, ending), parameters: [...own, ...inQuery(queries.write)],
        requestBody: taken(type), responses: answers([200, 201], type),
      },
      ...part ? {} : {
        delete: {
          ...operation('delete', 'delete', `delete ${article(kind.kind)}${kind.kind}`), parameters: [...own, ...inQuery(queries.delete)],
          requestBody: { content: inForms(written, meta('DeleteOptions')) }, responses: answers([200, 202], meta('Status')),
        },
      },
      patch: {
        ...operation('patch', 'patch', `partially update ${of}the specified ${kind.kind}`, ending), parameters: [...own, ...inQuery(queries.patch)],
        requestBody: { content: inForms(patches, meta('Patch')), required: true }, responses: answers([200], type),
      },
    }
  }
  return Object.fromEntries(Object.entries({
    [all]: {
      get: listing(undefined, within),
      post: {
        ...operation('post', 'create', `create ${article(kind.kind)}${kind.kind}`), parameters: [...within, ...inQuery(queries.write)], requestBody: taken(name),
        responses: answers([200, 201, 202], name),
      },
      delete: {
        ...operation('deletecollection', 'delete', `delete collection of ${kind.kind}`), parameters: [...within, ...inQuery(queries.list)],
        responses: answers([200], meta('Status')),
      },
    },
    [`${all}/{name}`]: one(name, ''),
    ...subresources['status'] ? { [`${all}/{name}/status`]: one(name, 'status') } : {},
    ...subresources['scale'] ? { [`${all}/{name}/scale`]: one('io.k8s.api.autoscaling.v1.Scale', 'scale') } : {},
    ...namespaced ? { [`${base}/${resource}`]: { get: listing(`list${called.operation}${kind.kind}ForAllNamespaces`, []) } } : {},
  }).map(([path, operations]) => [path, pathItem(operations)]))
}
const written = ['application/json', 'application/yaml']
const patches = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']
const words: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' }
const inForms = (types: readonly string[], name: string): any => Object.fromEntries(types.map(type => [type, { schema: refTo(name) }]))
const taken = (name: string): any => ({ content: inForms(written, name), required: true })
const answers = (codes: readonly number[], name: string): any =>
  ({ ...Object.fromEntries(codes.map(code => [code, { description: words[code], content: inForms(written, name) }])), 401: { description: 'Unauthorized' } })
const article = (kind: string): string => /^[AEIOU]/.test(kind) ? 'an ' : 'a '
