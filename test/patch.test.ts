import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { sameValue } from '../src/base/equal.ts'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'
import { applyPatch, expandManagedFields, updateManagedFields } from '../src/runtime-model/kube-apiserver/patch/index.ts'
import type { PatchOptions } from '../src/runtime-model/kube-apiserver/patch/index.ts'
import type { PatchType } from '../src/runtime-model/api/request.ts'
import { startServers } from './support/api-servers.ts'
import { mergePatch } from '../src/runtime-model/kube-apiserver/patch/merge-patch.ts'

const deployment = registry.byResource('deployments.apps')!, configMap = registry.byResource('configmaps')!, pod = registry.byResource('pods')!
const object = (text: string): any => {
  const document = parse(text), kind = registry.find(document.kind)!
  return { ...decode(kind, document).object, apiVersion: document.apiVersion, kind: document.kind }
}
const options: PatchOptions = { manager: 'kubectl', force: false, nowText: '2026-01-01T00:00:00Z' }
const types: Readonly<Record<string, PatchType>> = {
  json: 'application/json-patch+json', merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}
function patched(type: string, current: any, patch: any, more: Partial<PatchOptions> = {}): any {
  const kind = registry.byGroupKind(current?.apiVersion.includes('/') ? current.apiVersion.split('/')[0] : '', current?.kind ?? 'ConfigMap')!
  const result = applyPatch(kind, types[type], current, typeof patch === 'string' && patch.includes('\n') ? parse(patch) : patch, { ...options, ...more })
  return 'status' in result ? result.status.message : result.object
}
const shop = object(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {a: "1", b: "2"}, finalizers: [x.io/a, x.io/b]}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
      - {name: app, image: "shop:1", env: [{name: A, value: "1"}, {name: B, value: "2"}]}
      - {name: side, image: "side:1"}
      volumes: [{name: v, emptyDir: {}}]
`)
const containers = (d: any): string => d.spec.template.spec.containers.map((c: any) => `${c.name}=${c.image}`).join(' ')

describe('strategic merge', () => {
  const cases: readonly (readonly [does: string, patch: any, read: (d: any) => any, expected: any])[] = [
    ['merges lists by key', { spec: { template: { spec: { containers: [{ name: 'app', image: 'shop:2' }] } } } }, containers, 'app=shop:2 side=side:1'],
    [
      'adds what is new in front', { spec: { template: { spec: { containers: [{ name: 'new', image: 'n:1' }] } } } }, containers,
      'new=n:1 app=shop:1 side=side:1',
    ],
    [
      'orders as it is told', { spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] } } } }, containers,
      'side=side:1 app=shop:1',
    ],
    [
      'orders what it merges',
      {
        spec: {
          template: {
            spec: { '$setElementOrder/containers': [{ name: 'app' }, { name: 'side' }, { name: 'new' }], containers: [{ name: 'new', image: 'n:1' }] },
          },
        },
      },
      containers, 'app=shop:1 side=side:1 new=n:1',
    ],
    ['deletes an item', { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } }, containers, 'app=shop:1'],
    ['replaces a list', { spec: { template: { spec: { containers: [{ name: 'only', image: 'o:1' }, { $patch: 'replace' }] } } } }, containers, 'only=o:1'],
    ['deletes by null', { metadata: { labels: { a: null, c: '3' } } }, d => d.metadata.labels, { b: '2', c: '3' }],
    ['merges lists of scalars as sets', { metadata: { finalizers: ['x.io/c', 'x.io/a'] } }, d => d.metadata.finalizers, ['x.io/c', 'x.io/a', 'x.io/b']],
    ['deletes from lists of scalars', { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.io/a'] } }, d => d.metadata.finalizers, ['x.io/b']],
    [
      'keeps only what it retains',
      { spec: { template: { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] } } } },
      d => d.spec.template.spec.volumes, [{ name: 'v', configMap: { name: 'c' } }],
    ],
    ['replaces a map', { metadata: { labels: { $patch: 'replace', z: '1' } } }, d => d.metadata.labels, { z: '1' }],
  ]
  test.each(cases)('%s', (_, patch, read, expected) => expect(read(patched('strategic', shop, patch))).toEqual(expected))
  test('leaves what it does not touch the same value', () => {
    const next = patched('strategic', shop, { metadata: { labels: { c: '3' } } })
    expect(next.spec).toBe(shop.spec)
  })
})

describe('the words of patches that do not fit', () => {
  const cases: readonly (readonly [type: string, patch: any, message: string])[] = [
    ['json', [{ op: 'test', path: '/spec/replicas', value: 5 }], 'the server rejected our request due to an error in our request'],
    ['json', [{ op: 'remove', path: '/spec/nothing' }], 'the server rejected our request due to an error in our request'],
    ['strategic', { spec: { replicas: 'many' } }, ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:many]]": unrecognized type: int32'],
    ['strategic', '{not json', "invalid character 'n' looking for beginning of object key string"],
    ['strategic', { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }, 'map: map[image:x] does not contain declared merge key: name'],
    [
      'strategic', { spec: { template: { spec: { containers: ['x'] } } } },
      'list element types are not identical: [[map[env:[map[name:A value:1] map[name:B value:2]] image:shop:1 name:app resources:map[]] map[image:side:1 name:side resources:map[]]] [x]]',
    ],
    ['strategic', { spec: [{}] }, ' "" is invalid: patch: Invalid value: "map[spec:[map[]]]": cannot restore struct from: slice'],
    ['strategic', [], 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['merge', [], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'], ['merge', null, 'Invalid JSON Patch'],
    ['json', {}, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    ['json', [1], 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    ['json', [{ op: 'remove', path: '/metadata/name/0' }], 'the server rejected our request due to an error in our request'],
    [
      'apply', [],
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['apply', { kind: 'Deployment' }, 'invalid object type: /, Kind=Deployment'],
    [
      'apply', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace: 'x' }, spec: { foo: 1 } },
      'failed to create typed patch object (x/shop; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
    ],
  ]
  test.each(cases)('%s %j', (type, patch, message) => expect(patched(type, shop, patch)).toBe(message))
  test('an unknown field is a warning, or strictly an error', () => {
    const lax = applyPatch(deployment, types.merge, shop, { spec: { foo: 1 } }, options)
    expect(lax).toMatchObject({ warnings: ['unknown field "spec.foo"'] })
    expect(patched('strategic', shop, { spec: { foo: 1 } }, { fieldValidation: 'Strict' })).toContain('strict decoding error: unknown field "spec.foo"')
  })
})

describe('server-side apply', () => {
  const config = (data: any, more: any = {}): any => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...more }, data })
  const as = (manager: string, current: any, document: any, force = false): any => {
    const result = applyPatch(configMap, types.apply, current, document, { ...options, manager, force })
    return 'status' in result ? result.status.message : result.object
  }
  const owners = (o: any): any => Object.fromEntries(expandManagedFields(o).map(e => [`${e.manager} ${e.operation}`, e.fieldsV1]))
  const data = (...keys: string[]): any => ({ 'f:data': Object.fromEntries(keys.map(k => [`f:${k}`, {}])) })

  test('owns what it sets, removes what it no longer sets', () => {
    const first = as('ci', undefined, config({ a: '1', b: '2' }))
    expect(owners(first)).toEqual({ 'ci Apply': data('a', 'b') })
    const second = as('ci', first, config({ a: '9' }))
    expect(second.data).toEqual({ a: '9' })
    expect(owners(second)).toEqual({ 'ci Apply': data('a') })
  })
  test('shares what is equal, refuses what differs, takes it by force', () => {
    const first = as('ci', undefined, config({ a: '1', b: '2' })), shared = as('team', first, config({ a: '1' }))
    expect(owners(shared)).toEqual({ 'ci Apply': data('a', 'b'), 'team Apply': data('a') })
    expect(as('team', shared, config({ a: '2', b: '3' }))).toBe('Apply failed with 2 conflicts: conflicts with "ci":\n- .data.a\n- .data.b')
    const forced = as('team', shared, config({ a: '2' }), true)
    expect(forced.data).toEqual({ a: '2', b: '2' })
    expect(owners(forced)).toEqual({ 'ci Apply': data('b'), 'team Apply': data('a') })
  })
  test('an update takes ownership; an apply against it is a conflict', () => {
    const made = as('ci', undefined, config({ a: '1' })), changed = { ...made, data: { a: '2' } }
    const edited = updateManagedFields(configMap, made, changed, { manager: 'kubectl-edit', operation: 'Update', nowText: options.nowText })
    expect(owners(edited)).toEqual({ 'kubectl-edit Update': data('a') })
    expect(as('ci', edited, config({ a: '1' }))).toBe('Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .data.a')
  })
  test('the creator owns what it created, maps included', () => {
    const created = updateManagedFields(
      configMap, undefined, object('{apiVersion: v1, kind: ConfigMap, metadata: {name: x, labels: {a: b}}, data: {k: v}}'),
      { manager: 'kubectl-create', operation: 'Update', nowText: options.nowText }
    )
    expect(owners(created)).toEqual({ 'kubectl-create Update': { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:data': { '.': {}, 'f:k': {} } } })
  })
  test('list items are owned by key', () => {
    const applied = patched(
      'apply', object('{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: "i:1"}]}}'),
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i:2' }] } }, { force: true }
    )
    expect(owners(applied)['kubectl Apply']).toEqual({ 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } })
  })
})

describe('laws', () => {
  const name = fc.constantFrom('a', 'b', 'c'), text = fc.constantFrom('1', '2', '3')
  const labels = fc.dictionary(name, text), nulled = fc.dictionary(name, fc.option(text, { nil: null }))
  const env = fc.uniqueArray(fc.record({ name, value: text }), { selector: e => e.name })
  const list = fc.uniqueArray(fc.record({ name, image: text, env }), { selector: c => c.name, minLength: 1 })
  const podOf = (l: any, c: any): any =>
    ({ apiVersion: 'v1', kind: 'Pod', ...decode(pod, { metadata: { name: 'p', labels: l }, spec: { containers: c } }).object })
  const anyPod = fc.tuple(labels, list).map(([l, c]) => podOf(l, c))
  const anyPatch = fc.record({ metadata: fc.record({ labels: nulled }), spec: fc.record({ containers: list }) })

  test('a merge or strategic patch applied twice is applied once', () => {
    fc.assert(fc.property(anyPod, anyPatch, fc.constantFrom('merge', 'strategic'), (current, patch, type) => {
      const once = patched(type, current, patch)
      expect(patched(type, once, patch)).toEqual(once)
    }), { numRuns: 60 })
  })
  test('a strategic patch of the difference yields the target', () => {
    fc.assert(fc.property(anyPod, anyPod, (from, to) => { expect(patched('strategic', from, difference(from, to))).toEqual(to) }), { numRuns: 60 })
  })
  test('a merge patch of the difference yields the target', () => {
    fc.assert(fc.property(anyJson, anyJson, (a, b) => {
      const from = { x: a }, to = { x: withoutNulls(b) }
      return sameValue(mergePatch(from, mergeDifference(from, to)), to)
    }), { numRuns: 100 })
  })
  test('an apply applied twice is applied once, ownership and all', () => {
    fc.assert(fc.property(anyPod, anyPod, (current, config) => {
      const once = patched('apply', current, config, { force: true })
      expect(patched('apply', once, config, { nowText: '2027-01-01T00:00:00Z' })).toEqual(once)
    }), { numRuns: 60 })
  })

  /** The patch that leads from one pod to another, as kubectl makes it for the parts that vary here. */
  function difference(from: any, to: any): any {
    const gone = (a: any, b: any): any => Object.fromEntries(Object.keys(a ?? {}).filter(k => !(k in (b ?? {}))).map(k => [k, null]))
    const items = (a: readonly any[] = [], b: readonly any[] = [], inner: (x: any, y: any) => any): any => ({
      list: [
        ...b.map(item => inner(a.find(i => i.name === item.name), item)),
        ...a.filter(i => !b.some(j => j.name === i.name)).map(i => ({ name: i.name, $patch: 'delete' })),
      ],
      order: b.map(i => ({ name: i.name })),
    })
    const cs = items(from.spec.containers, to.spec.containers, (old, now) => {
      const e = items(old?.env, now.env, (_, v) => v)
      return e.list.length > 0 ? { ...now, env: e.list, '$setElementOrder/env': e.order } : now
    })
    return {
      metadata: { labels: { ...gone(from.metadata.labels, to.metadata.labels), ...to.metadata.labels } },
      spec: { containers: cs.list, '$setElementOrder/containers': cs.order },
    }
  }
  const isMap = (v: any): boolean => typeof v === 'object' && v !== null && !Array.isArray(v)
  function mergeDifference(from: any, to: any): any {
    if (!isMap(from) || !isMap(to)) return to
    return Object.fromEntries([
      ...Object.keys(from).filter(k => !Object.hasOwn(to, k)).map(k => [k, null]),
      ...Object.keys(to).filter(k => !sameValue(from[k], to[k])).map(k => [k, mergeDifference(from[k], to[k])]),
    ])
  }
  /** no field is called as what JavaScript keeps for itself */
  const anyJson = fc.jsonValue().filter(value => !JSON.stringify(value).includes('__proto__'))
  // A merge patch cannot say null.
  const withoutNulls = (v: any): any =>
    v === null ? 0 : Array.isArray(v) ? v : isMap(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, withoutNulls(x)])) : v
})

test('to apply what is there makes a co-owner, applied again nothing changes', () => {
  const servers = startServers()
  const apply = (fieldManager: string): any =>
    servers.ask({
      verb: 'patch', resource: 'configmaps', namespace: 'default', name: 'a', patchType: types.apply, fieldManager,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } },
    }).body
  apply('ci')
  const shared = apply('team')
  // who changes nothing is noted without a time, and so stands first
  expect(expandManagedFields(shared).map(e => [e.manager, e.time !== undefined])).toEqual([['team', false], ['ci', true]])
  expect(apply('team').metadata.resourceVersion).toBe(shared.metadata.resourceVersion)
})
