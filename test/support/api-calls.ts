import type { ApiRequest, Credentials, PatchType, Verb } from '../../src/runtime-model/api/request.ts'
import { admin } from './api-servers.ts'
import { mutated, pick, served, type Draw, type Served } from './api-objects.ts'

/** Who may ask: everything, little, nothing, as a service account, as a kubelet. */
export const users: Readonly<Record<string, Credentials>> = {
  admin, jane: { user: 'jane', groups: ['shop'] }, anonymous: { user: '', groups: [] },
  account: { user: 'system:serviceaccount:default:default', groups: ['system:serviceaccounts', 'system:serviceaccounts:default'] },
  node: { user: 'system:node:worker-1', groups: ['system:nodes'] },
}
export const namespaces = ['default', 'team-a'], names = ['a', 'b', 'c']
const asking = [...Array.from({ length: 16 }, () => 'admin'), 'jane', 'jane', 'anonymous', 'account', 'node']
const verbs: readonly Verb[] = [
  'create', 'create', 'create', 'update', 'update', 'patch', 'patch', 'patch', 'delete', 'get', 'list', 'watch', 'deletecollection',
]
const patchTypes: readonly PatchType[] = [
  'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml',
]

/** What there is of a kind now, as the administrator reads it: a call is about one of these more often than not. */
export type Known = (what: Served) => readonly any[]

/** One call of anybody, for anything. `focus`: the kinds of this run, so that calls meet each other's objects. */
export function drawCall(draw: Draw, focus: readonly Served[], known: Known): ApiRequest {
  const what = draw(15) === 0 ? pick(draw, served) : pick(draw, focus), verb = pick(draw, verbs), there = known(what)
  const current = there.length > 0 && draw(8) ? pick(draw, there) : undefined
  const namespace = what.namespaced ? current?.metadata.namespace ?? (draw(20) === 0 ? 'nowhere' : pick(draw, namespaces))
    : draw(60) === 0 ? 'default'
    : undefined
  const base = {
    verb, group: what.group, version: what.version, resource: what.resource, namespace, credentials: users[pick(draw, asking)],
    userAgent: pick(draw, ['kubectl', 'curl']), ...draw(20) === 0 ? { fieldManager: 'someone' } : undefined,
  }
  switch (verb) {
    case 'get':
      return {
        ...base, name: current?.metadata.name ?? pick(draw, names), ...draw(6) ? undefined : { as: 'Table' as const },
        subresource: draw(5) ? undefined : anySubresource(draw, what),
      }
    case 'list': return { ...base, ...draw(6) ? undefined : { namespace: undefined }, ...selectors(draw), ...chunks(draw) }
    case 'watch': return { ...base, ...selectors(draw), ...draw(3) ? undefined : { resourceVersion: pick(draw, ['0', '1', '999999']) } }
    case 'delete': return { ...base, name: current?.metadata.name ?? pick(draw, names), ...dry(draw), body: draw(3) ? undefined : deleteOptions(draw, current) }
    case 'deletecollection':
      return { ...base, ...dry(draw), labelSelector: draw(3) ? 'tier=gone' : undefined, body: draw(3) ? undefined : deleteOptions(draw, undefined) }
    default: return write(draw, what, base, current)
  }
}
function write(draw: Draw, what: Served, base: ApiRequest, current: any): ApiRequest {
  const subresource = draw(4) ? undefined : anySubresource(draw, what), name = current?.metadata.name ?? pick(draw, names)
  const options = { ...dry(draw), ...draw(3) ? undefined : { fieldValidation: pick(draw, ['Strict', 'Warn', 'Ignore'] as const) } }
  if (base.verb === 'create' && !subresource) {
    const example = named(draw, what, pick(draw, what.examples), pick(draw, names), base.namespace)
    return { ...base, ...options, body: draw(3) ? example : mutated(draw, example, what) }
  }
  const own = subresource === undefined || subresource === 'status'
    ? current ?? named(draw, what, pick(draw, what.examples), name, base.namespace)
    : documentOf(draw, subresource, name, base.namespace)
  const document = draw(5) > 1 ? mutated(draw, own, what) : own, aim = { ...base, ...options, name, subresource }
  if (base.verb === 'create') return { ...aim, body: document }
  if (base.verb === 'update') {
    return {
      ...aim, body: draw(3) || !document?.metadata?.resourceVersion
        ? document
        : { ...document, metadata: { ...document.metadata, resourceVersion: undefined } },
    }
  }
  return { ...aim, ...patchOf(draw, document, own) }
}
const anySubresource = (draw: Draw, what: Served): string | undefined =>
  what.subresources.length > 0 && draw(10) ? pick(draw, what.subresources) : draw(4) ? undefined : 'status'

/** A document of a subresource that is not the object itself. */
function documentOf(draw: Draw, subresource: string, name: string, namespace: string | undefined): any {
  const metadata = { name, namespace }
  switch (subresource) {
    case 'scale': return { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: draw(5) } }
    case 'eviction': return { apiVersion: 'policy/v1', kind: 'Eviction', metadata, ...draw(3) ? undefined : { deleteOptions: deleteOptions(draw, undefined) } }
    case 'binding': return { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: pick(draw, ['worker-1', 'nowhere']) } }
    case 'token': return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['a'] } }
    default: return { metadata }
  }
}
function named(draw: Draw, what: Served, example: any, name: string, namespace: string | undefined): any {
  const { name: own, generateName: _g, namespace: _n, ...meta } = example.metadata ?? {}
  // the name says what it is of some kinds: `v1.apps`, `widgets.shop.example.com`, `10.96.0.9`
  const called = own && (own.includes('.') || what.resource === 'csinodes') ? { name: own } : draw(12) ? { name } : { generateName: `${name}-` }
  return {
    ...example,
    metadata: {
      ...called, ...what.namespaced && draw(2) ? { namespace } : undefined, ...meta,
      ...draw(3) ? undefined : { labels: { ...meta.labels, tier: pick(draw, ['web', 'gone']) } },
    },
  }
}

function patchOf(draw: Draw, document: any, own: any): Partial<ApiRequest> {
  const patchType = pick(draw, patchTypes), keys = Object.keys(document ?? {}).filter(k => k !== 'apiVersion' && k !== 'kind')
  if (patchType === 'application/apply-patch+yaml') {
    return { patchType, fieldManager: pick(draw, ['one', 'two', '']) || undefined, force: draw(2) === 1, body: withoutSystemFields(document) }
  }
  if (patchType !== 'application/json-patch+json') {
    return {
      patchType,
      body: draw(3)
        ? Object.fromEntries(keys.filter(() => draw(2)).map(k =>
          [k, k === 'metadata' ? { labels: document.metadata?.labels ?? null, annotations: { note: pick(draw, ['x', 'y']) } } : document[k]]))
        : document,
    }
  }
  return { patchType, body: Array.from({ length: 1 + draw(2) }, () => operation(draw, keys, document, own)) }
}
function operation(draw: Draw, keys: readonly string[], document: any, own: any): any {
  const key = keys.length > 0 ? pick(draw, keys) : 'x', inner = Object.keys(own?.[key] ?? {})
  const path = `/${key}${inner.length > 0 && draw(4) ? `/${pick(draw, inner)}` : ''}`
  switch (draw(5)) {
    case 0: return { op: 'remove', path }
    case 1: return { op: 'test', path, value: document[key] }
    case 2: return { op: 'add', path: '/metadata/labels', value: { tier: 'web' } }
    case 3: return { op: pick(draw, ['copy', 'move', 'frobnicate']), from: path, path: '/metadata/annotations' }
    default: return { op: 'replace', path, value: path === `/${key}` ? document[key] : document[key]?.[path.slice(key.length + 2)] ?? 'x' }
  }
}
/** An applied document says what its author wants and nothing of what the server keeps. */
function withoutSystemFields(document: any): any {
  if (typeof document?.metadata !== 'object' || document.metadata === null) return document
  const { managedFields: _m, uid: _u, resourceVersion: _r, creationTimestamp: _c, generation: _g, ...metadata } = document.metadata
  return { ...document, metadata }
}

const dry = (draw: Draw): Partial<ApiRequest> => draw(8) ? {} : { dryRun: true }
const deleteOptions = (draw: Draw, current: any): any => ({
  ...draw(2) ? undefined : { propagationPolicy: pick(draw, ['Foreground', 'Background', 'Orphan', 'Sideways']) },
  ...draw(3) ? undefined : { gracePeriodSeconds: pick(draw, [0, 1, 30]) },
  ...draw(4) ? undefined : { preconditions: pick(draw, [{ uid: current?.metadata.uid ?? 'x' }, { uid: 'other' }, { resourceVersion: '3' }]) },
})
const selectors = (draw: Draw): Partial<ApiRequest> => ({
  ...draw(3) ? undefined : { labelSelector: pick(draw, ['tier=web', 'tier!=web', 'tier in (web,gone)', '!tier', 'tier=', 'a b', 'tier in ()', '-x=1']) },
  ...draw(4)
    ? undefined
    : {
      fieldSelector: pick(draw, [
        'metadata.name=a', 'metadata.namespace!=default', 'spec.nodeName=worker-1', 'status.phase=Pending', 'no.such=1', 'metadata.name', 'type=Opaque',
      ]),
    },
})
const chunks = (draw: Draw): Partial<ApiRequest> => ({
  ...draw(3) ? undefined : { limit: 1 + draw(3) }, ...draw(8) ? undefined : { continue: 'garbage' },
  ...draw(5) ? undefined : { resourceVersion: pick(draw, ['0', '1', '5', '999999', 'x']) },
  ...draw(8) ? undefined : { resourceVersionMatch: pick(draw, ['Exact', 'NotOlderThan'] as const) }, ...draw(6) ? undefined : { as: 'Table' as const },
})
