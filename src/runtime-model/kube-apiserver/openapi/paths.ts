import { typeName } from '../../api/schema.ts'
import type { KindDefinition } from '../../kinds/index.ts'
import { meta, schemaName } from './names.ts'
import {
  NAMESPACE, PATH, answers, calledBy, capital, deletionTaken, inQuery, nameOf, patchTaken, pathItem, queries, streams, taken, text, textForms,
  type Called, type Gvk, type Operation,
} from './operations.ts'
import { whatIsSaid } from './said.ts'

/** The paths of a group and version with what can be asked of each. Sources: k8s.io/apiserver pkg/endpoints/installer.go, pkg/endpoints/openapi. */
export function pathsOf(group: string, version: string, kinds: readonly KindDefinition[]): any {
  const base = `${group === '' ? '/api' : `/apis/${group}`}/${version}`, called = calledBy(group, version), paths = new Map<string, Record<string, Operation>>()
  const add: Add = (path, method, operation) => { const at = paths.get(path) ?? {}; paths.set(path, at); at[method] = { tags: [called.tag], ...operation } }
  add(`${base}/`, 'get', {
    description: 'get available resources', operationId: `get${called.operation}APIResources`, responses: answers([200], meta('APIResourceList')),
  })
  for (const kind of kinds) describeKind(kind, base, called, add)
  return Object.fromEntries([...paths].map(([path, operations]) => [path, pathItem(operations)] as const).sort(([a], [b]) => a < b ? -1 : 1))
}
type Add = (path: string, method: string, operation: Operation) => void

function describeKind(kind: KindDefinition, base: string, called: Called, add: Add): void {
  const { namespaced, resource, verbs, subresources } = kind, has = (verb: string): boolean => verbs.includes(verb)
  const place: Place = {
    kind, type: schemaName(typeName(kind.group, kind.version, kind.kind)), called: called.operation, within: namespaced ? [NAMESPACE] : [],
    scope: namespaced ? 'Namespaced' : '', gvk: gvkOf(kind),
  }
  const all = `${base}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`, one = `${all}/{name}`
  for (const [verb, path, method, operation] of operationsOf(place, all, one)) if (has(verb)) add(path, method, operation)
  if (has('list') && namespaced) add(`${base}/${resource}`, 'get', listing(place, `list${called.operation}${kind.kind}ForAllNamespaces`, []))
  if (has('watch')) watches(place, base, all, one, add)
  for (const [name, { verbs: own, ...served }] of Object.entries(subresources)) {
    const type = schemaName(typeName(served.group, served.version, served.kind))
    const sub: Place = { ...place, gvk: gvkOf(served), type, within: [nameOf(served.kind), ...place.within] }
    if (served.kind.endsWith('Options')) connects(sub, name, `${one}/${name}`, add)
    else if (name === 'log') add(`${one}/log`, 'get', { ...reading(sub, name), ...withOptions(sub, 'pods/log'), responses: text(textForms) })
    else subresource(sub, name, own, `${one}/${name}`, add)
  }
}
interface Place {
  readonly kind: KindDefinition
  /** of what is read and written there */
  readonly type: string
  readonly gvk: Gvk
  readonly called: string
  readonly scope: string
  readonly within: readonly any[]
}
const gvkOf = ({ group, version, kind }: Gvk): Gvk => ({ group, version, kind })
const done = (action: string, gvk: Gvk): any => ({ 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': gvk })
/** `a Pod`, `an Ingress`; of what is many already: nothing. Source: apiserver pkg/endpoints/installer.go (GetArticleForNoun) */
const article = (kind: string): string => /[^s]s$/.test(kind) ? '' : /^[AEIOU]/.test(kind) ? 'an ' : 'a '

/** of which a document says that a deletion is answered by a Status, though it is by the object */
const saysStatus = new Set(['Namespace', 'CSIStorageCapacity'])
type Described = readonly [verb: string, path: string, method: string, operation: Operation]
function operationsOf(place: Place, all: string, one: string): readonly Described[] {
  const { kind: { kind, deleteReturnsObject }, type, gvk, called, scope, within } = place, named = [nameOf(kind), ...within], a = article(kind)
  return [
    ['list', all, 'get', listing(place, `list${called}${scope}${kind}`, within)],
    ['create', all, 'post', {
      description: `create ${a}${kind}`, operationId: `create${called}${scope}${kind}`, parameters: [...within, ...inQuery(queries.write)],
      requestBody: taken(type), responses: answers([200, 201, 202], type), ...done('post', gvk),
    }],
    ['deletecollection', all, 'delete', {
      description: `delete collection of ${kind}`, operationId: `delete${called}Collection${scope}${kind}`,
      parameters: [...within, ...inQuery(queries.deleteCollection)], requestBody: deletionTaken(), responses: answers([200], meta('Status')),
      ...done('deletecollection', gvk),
    }],
    ['get', one, 'get', {
      description: `read the specified ${kind}`, operationId: `read${called}${scope}${kind}`, parameters: [...named, ...inQuery(queries.read)],
      responses: answers([200], type), ...done('get', gvk),
    }],
    ['update', one, 'put', {
      description: `replace the specified ${kind}`, operationId: `replace${called}${scope}${kind}`, parameters: [...named, ...inQuery(queries.write)],
      requestBody: taken(type), responses: answers([200, 201], type), ...done('put', gvk),
    }],
    ['delete', one, 'delete', {
      description: `delete ${a}${kind}`, operationId: `delete${called}${scope}${kind}`, parameters: [...named, ...inQuery(queries.delete)],
      requestBody: deletionTaken(), responses: answers([200, 202], deleteReturnsObject && !saysStatus.has(kind) ? type : meta('Status')),
      ...done('delete', gvk),
    }],
    ['patch', one, 'patch', {
      description: `partially update the specified ${kind}`, operationId: `patch${called}${scope}${kind}`, parameters: [...named, ...inQuery(queries.patch)],
      requestBody: patchTaken(), responses: answers([200, 201], type), ...done('patch', gvk),
    }],
  ]
}
const listing = ({ kind: { kind, verbs }, type, gvk }: Place, operationId: string, within: readonly any[]): Operation => ({
  description: `list ${verbs.includes('watch') ? 'or watch ' : ''}objects of kind ${kind}`, operationId, parameters: [...within, ...inQuery(queries.list)],
  responses: streams(`${type}List`), ...done('list', gvk),
})

function watches(place: Place, base: string, all: string, one: string, add: Add): void {
  const { kind: { kind, namespaced, resource }, gvk, called, scope, within } = place
  const below = (path: string): string => `${base}/watch${path.slice(base.length)}`
  const better = "deprecated: use the 'watch' parameter with a list operation instead", list = inQuery(queries.list)
  const watch = (path: string, description: string, operationId: string, parameters: readonly any[], action: string): void =>
    add(path, 'get', { description, operationId, parameters, responses: streams(meta('WatchEvent')), ...done(action, gvk) })
  const ofList = `watch individual changes to a list of ${kind}. ${better}.`
  watch(below(all), ofList, `watch${called}${scope}${kind}List`, [...within, ...list], 'watchlist')
  watch(
    below(one), `watch changes to an object of kind ${kind}. ${better}, filtered to a single item with the 'fieldSelector' parameter.`,
    `watch${called}${scope}${kind}`, [nameOf(kind), ...within, ...list], 'watch'
  )
  if (namespaced) watch(`${base}/watch/${resource}`, ofList, `watch${called}${kind}ListForAllNamespaces`, list, 'watchlist')
}

const reading = ({ kind: { kind }, type, gvk, called, scope, within }: Place, name: string): Operation => ({
  description: `read ${name} of the specified ${kind}`, operationId: `read${called}${scope}${kind}${capital(name)}`,
  parameters: [...within, ...inQuery(queries.read)], responses: answers([200], type), ...done('get', gvk),
})
function subresource(place: Place, name: string, verbs: readonly string[], path: string, add: Add): void {
  const { kind: { kind }, type, gvk, called, scope, within } = place, end = `${called}${scope}${kind}${capital(name)}`
  const has = (verb: string): boolean => verbs.includes(verb), write = { parameters: [...within, ...inQuery(queries.write)], requestBody: taken(type) }
  if (has('get')) add(path, 'get', reading(place, name))
  if (has('update')) {
    add(path, 'put', {
      description: `replace ${name} of the specified ${kind}`, operationId: `replace${end}`, ...write, responses: answers([200, 201], type),
      ...done('put', gvk),
    })
  }
  if (has('create')) {
    add(path, 'post', {
      description: `create ${name} of ${article(kind)}${kind}`, operationId: `create${end}`, ...write, responses: answers([200, 201, 202], type),
      ...done('post', gvk),
    })
  }
  if (has('patch')) {
    add(path, 'patch', {
      description: `partially update ${name} of the specified ${kind}`, operationId: `patch${end}`, parameters: [...within, ...inQuery(queries.patch)],
      requestBody: patchTaken(), responses: answers([200, 201], type), ...done('patch', gvk),
    })
  }
}

const everyMethod = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']
/** Connections: exec, attach, port-forward, and a proxy, which any method goes through and any path. */
function connects(place: Place, name: string, path: string, add: Add): void {
  const { kind: { kind, resource }, gvk, called, scope } = place, { parameters } = withOptions(place, `${resource}/${name}`), isProxy = name === 'proxy'
  for (const method of isProxy ? everyMethod : ['get', 'post']) {
    const operation = {
      description: `connect ${method.toUpperCase()} requests to ${name} of ${kind}`,
      operationId: `connect${called}${capital(method)}${scope}${kind}${capital(name)}`,
      parameters, responses: text(), ...done('connect', gvk),
    }
    add(path, method, operation)
    if (isProxy) add(`${path}/{path}`, method, { ...operation, operationId: `${operation.operationId}WithPath`, parameters: [...parameters, PATH] })
  }
}
function withOptions({ within }: Place, of: string): { readonly parameters: readonly any[] } {
  const options = whatIsSaid().options[of], pretty = of.endsWith('/log') ? inQuery(queries.read) : []
  return { parameters: [...within, ...inQuery(Object.keys(options), options), ...pretty] }
}
