import { get } from 'node:http'
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createModelDriver } from '../src/drivers/model.ts'
import type { Driver } from '../src/drivers/driver.ts'
import { ADMIN } from '../src/runner/context.ts'
import { listen, type HttpServer } from '../src/serve/http-server.ts'
import { wanted } from '../src/serve/media-types.ts'
import { Pace } from '../src/serve/pace.ts'
import { fromProtobuf } from '../src/serve/protobuf.ts'
import { ServedCluster } from '../src/serve/served-cluster.ts'
import { start } from '../src/serve/index.ts'
import { commandLine } from '../src/cli/main.ts'
import { runOptions } from '../src/cli/run-options.ts'
import { memoryHost } from './support/memory-host.ts'

/** A cluster whose time passes only as requests need it, behind HTTP on a free port. */
let driver: Driver, server: HttpServer
beforeAll(async () => {
  driver = createModelDriver({ nodes: [{ name: 'worker-1' }] })
  server = await listen(new ServedCluster(driver, new Pace(driver, 'steps', () => 0), ADMIN), 0, error => { throw error })
})
afterAll(() => server.close())

const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`, init)
const send = (method: string, path: string, body: unknown, type = 'application/json'): Promise<Response> =>
  call(path, {
    method, headers: { 'content-type': type, 'user-agent': 'kubectl/v1.35.4 (linux/amd64)' }, body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const pods = '/api/v1/namespaces/default/pods'
const configMap = (name: string, data: Readonly<Record<string, string>>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
const maps = '/api/v1/namespaces/default/configmaps'

describe('a served cluster answers as an API server does', () => {
  test('objects are made, read, patched and deleted', async () => {
    const made = await send('POST', maps, configMap('prices', { bread: '3' }))
    expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/json'])
    const { metadata: { managedFields } } = await made.json() as any
    expect(managedFields[0].manager).toBe('kubectl')
    expect((await send('POST', maps, configMap('prices', {}))).status).toBe(409)
    const patched = await send('PATCH', `${maps}/prices`, { data: { bread: '4' } }, 'application/merge-patch+json')
    expect((await patched.json() as any).data).toEqual({ bread: '4' })
    const document = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: b}\n'
    const applied = await send('PATCH', `${maps}/applied?fieldManager=me`, document, 'application/apply-patch+yaml')
    expect(applied.status).toBe(201)
    expect((await (await call(maps)).json() as any).items.map((o: any) => o.metadata.name)).toEqual(['applied', 'kube-root-ca.crt', 'prices'])
    expect((await call(`${maps}/prices?dryRun=All`, { method: 'DELETE' })).status).toBe(200)
    expect((await call(`${maps}/prices`)).status).toBe(200)
    expect((await call(`${maps}/prices`, { method: 'DELETE' })).status).toBe(200)
    expect(await (await call(`${maps}/prices`)).json()).toMatchObject({ kind: 'Status', code: 404, message: 'configmaps "prices" not found' })
  })
  test('rows, discovery in one document, yaml, warnings', async () => {
    const rows = await call('/api/v1/nodes', { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } })
    expect((await rows.json() as any).rows.map((r: any) => r.cells.slice(0, 3))).toEqual([['cp-1', 'Ready', 'control-plane'], ['worker-1', 'Ready', '<none>']])
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', groups = await call('/apis', { headers: { accept: type } })
    expect(groups.headers.get('content-type')).toBe(type)
    expect((await groups.json() as any).items[0].metadata.name).toBe('apiregistration.k8s.io')
    const yaml = await call('/api/v1/namespaces/default', { headers: { accept: 'application/yaml' } })
    expect(await yaml.text()).toContain('kind: Namespace\n')
    const warned = await send('POST', `${pods}?fieldValidation=Warn`, {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'odd' }, spec: { containers: [{ name: 'a', image: 'a', odd: 1 }] },
    })
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.containers[0].odd\\""')
  })
  test('who asks in other ways than a client of Kubernetes is refused as by a real one; as seen at 1.35.4', async () => {
    const said = async (method: string, path: string, init: RequestInit = {}): Promise<string> => {
      const answer = await call(path, { method, ...init }), text = await answer.text()
      return `${answer.status} ${text.startsWith('{') ? JSON.parse(text).message : text}`
    }
    const unknown = 'the object provided is unrecognized (must be of type ConfigMap): ', json = { 'content-type': 'application/json' }
    expect(await said('POST', maps, { headers: json, body: 'xx' })).toBe(`400 ${unknown}couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value (7878)`)
    expect(await said('POST', maps, { headers: { 'content-type': 'application/yaml' }, body: 'a: b: c' })).toBe(`400 ${unknown}yaml: mapping values are not allowed in this context (613a20623a2063)`)
    expect(await (await call(maps, { method: 'POST', headers: json, body: '' })).text()).toContain('(\\u003cempty\\u003e)')
    expect(await said('PATCH', `${maps}/prices`, { headers: json, body: '{}' })).toBe('415 415: Unsupported Media Type')
    expect(await said('PATCH', `${maps}/prices`, { headers: { 'content-type': 'application/merge-patch+json' }, body: '{' })).toBe('400 error decoding patch: unexpected end of JSON input')
    expect(await said('PATCH', maps, { headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' })).toMatch(/^405 /)
    expect(await said('DELETE', `${maps}/prices`, { headers: json, body: '{"kind":"Nope"}' }))
      .toBe('400 no kind "Nope" is registered for version "meta.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"')
    expect(await said('GET', maps, { headers: { 'impersonate-group': 'shop' } })).toBe('400 requested [{Group  shop    }] without impersonating a user')
    expect([await said('HEAD', maps), await said('PUT', '/healthz'), (await said('POST', '/version')).slice(0, 3)]).toEqual(['405 ', '200 ok', '405'])
    expect(await said('GET', '/openapi/v3/nope')).toBe('404 ')
    const watched = await said('GET', '/api/v1/watch/namespaces/default/configmaps/kube-root-ca.crt?resourceVersion=x')
    expect(watched).toMatch(/^500 resourceVersion: Invalid value: "x"/)
    const yaml = await (await call(`${maps}/kube-root-ca.crt`, { headers: { accept: 'application/yaml' } })).text()
    expect(yaml.split('\n').filter(line => /^\w/.test(line))).toEqual(['apiVersion: v1', 'data:', 'kind: ConfigMap', 'metadata:'])
    const table = await call(maps, { headers: { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' } })
    expect((await table.json() as any).apiVersion).toBe('meta.k8s.io/v1beta1')
  })
  test('what is handed on to a kubelet comes back as it is, or says where it would be', async () => {
    const healthy = await call('/api/v1/nodes/worker-1/proxy/healthz')
    expect([healthy.status, await healthy.text()]).toEqual([200, 'ok'])
    const moved = await call('/api/v1/nodes/worker-1/proxy?x=y', { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/api/v1/nodes/worker-1/proxy/?x=y'])
    expect((await (await call('/api/v1/nodes/worker-1/proxy/configz')).json() as any).message).toBe('not modelled: /configz of a kubelet')
    expect((await call('/api/v1/nodes/nobody/proxy/healthz')).status).toBe(404)
    expect(await (await call('/metrics')).text()).toContain('apiserver_storage_objects{resource="nodes"} 2\n')
  })
  test('as somebody else, and with a token that is none', async () => {
    const refused = await call(pods, { headers: { 'impersonate-user': 'ana', 'impersonate-group': 'shop' } })
    expect((await refused.json() as any).message).toBe('pods is forbidden: User "ana" cannot list resource "pods" in API group "" in the namespace "default"')
    expect((await call(pods, { headers: { authorization: 'Bearer nobody' } })).status).toBe(401)
  })
  test('what it cannot read, write or do has a status', async () => {
    expect((await send('POST', maps, '{"kind"')).status).toBe(400)
    expect((await send('POST', maps, 'x', 'text/csv')).status).toBe(415)
    expect((await send('PATCH', `${maps}/a`, {}, 'application/json')).status).toBe(415)
    expect((await call(pods, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).status).toBe(406)
    expect((await call(maps, { method: 'OPTIONS' })).status).toBe(405)
    expect((await call('/nowhere')).status).toBe(404)
  })
  test.each([
    ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'], ['timeoutSeconds=', 'strconv.ParseInt: parsing "": invalid syntax'],
    ['limit=9999999999999999999', 'strconv.ParseInt: parsing "9999999999999999999": value out of range'],
  ])('a query of %s is refused', async (query, why) => {
    expect(await (await call(`${maps}?${query}`)).json()).toMatchObject({ code: 400, message: why })
  })
  test.each([
    ['tailLines=-1', 'PodLogOptions "x" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 'PodLogOptions "x" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 'PodLogOptions "x" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', 'PodLogOptions "x" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified'],
    ['sinceTime=x', 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'], ['tailLines=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['tailLines=1', 'pods "x" not found'],
  ])('a log with %s is refused', async (query, why) => {
    expect(await (await call(`${pods}/x/log?${query}`)).json()).toMatchObject({ message: why })
  })
  test('what is asked for in words is believed, but for false and 0', async () => {
    const kind = async (query: string) => (await (await call(`${maps}?timeoutSeconds=0&${query}`)).json() as any).kind
    expect([await kind('watch=0'), await kind('watch=False')]).toEqual(['ConfigMapList', 'ConfigMapList'])
    const watch = (await call(`${maps}?watch=maybe&timeoutSeconds=5`)).text()
    await driver.advance(6000)
    expect(await watch).toMatch(/^\{"type":"ADDED"/)
    const odd = await send('POST', `${maps}?dryRun=x`, configMap('odd', {}))
    expect(await odd.json()).toMatchObject({ code: 422, message: 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"' })
    const text = await send('PATCH', `${maps}/kube-root-ca.crt`, '"nope"', 'application/strategic-merge-patch+json')
    expect(await text.json()).toMatchObject({ code: 400, message: 'json: cannot unmarshal string into Go value of type map[string]interface {}' })
  })
  test('what is not there is said as a server says it', async () => {
    const said = async (path: string) => { const answer = await call(path); return answer.headers.get('content-type') === 'application/json' ? await answer.json() : answer.text() }
    expect(await said('/apis/none.example.org/v1/things')).toBe('404 page not found\n')
    for (const path of ['/api/v1/nothings', '/apis/apps/v9/deployments', '/api/v1/pods/web', '/apis/apps/v1/deployments/web/scale']) {
      expect(await said(path)).toMatchObject({ code: 404, message: 'the server could not find the requested resource', details: {} })
    }
  })
  test('a watch from nowhere tells when all that was there has come', async () => {
    const types = async (query: string) => {
      const watch = (await call(`${maps}?watch=true&timeoutSeconds=5&${query}`)).text()
      await driver.advance(6000)
      return (await watch).trim().split('\n').map(line => JSON.parse(line)).map(({ type, object }) => `${type} ${object.metadata.annotations?.['k8s.io/initial-events-end'] ?? ''}`).at(-1)
    }
    expect([await types('allowWatchBookmarks=true'), await types('allowWatchBookmarks=true&resourceVersion=0'), await types('')]).toEqual(['BOOKMARK true', 'BOOKMARK true', 'ADDED '])
  })
  test('discovery says how objects are stored', async () => {
    const hashes = async (path: string) => Object.fromEntries((await (await call(path)).json() as any).resources.map((r: any) => [r.name, r.storageVersionHash]))
    expect(await hashes('/apis/autoscaling/v1')).toEqual({ horizontalpodautoscalers: 'qwQve8ut294=', 'horizontalpodautoscalers/status': undefined })
    expect(await hashes('/apis/events.k8s.io/v1')).toEqual({ events: 'r2yiGXH7wu8=' })
    expect((await hashes('/api/v1'))['bindings']).toBe(undefined)
  })
  test('what is not modelled says so, though it is listed', async () => {
    expect(await (await call('/metrics/slis')).json()).toMatchObject({ code: 501, message: 'not modelled: /metrics/slis of an API server' })
    expect((await (await call('/.well-known/openid-configuration')).json() as any).issuer).toBe('https://kubernetes.default.svc.cluster.local')
    expect(await (await call('/version')).text()).toMatch(/^\{\n {2}"major": "1",\n/)
  })
  test('a page that a browser was led to by another name is not answered', async () => {
    const status = (host: string): Promise<number | undefined> => new Promise(done => {
      get({ port: server.port, host: '127.0.0.1', path: '/version', headers: { host } }, answer => { answer.resume(); done(answer.statusCode) })
    })
    expect(await Promise.all(['evil.example.com', `localhost:${server.port}`].map(status))).toEqual([403, 200])
  })
  test('a watch goes on until it has lasted as long as it was to', async () => {
    const { metadata: { resourceVersion } } = await (await call(maps)).json() as any
    const watch = await call(`${maps}?watch=true&resourceVersion=${resourceVersion}&timeoutSeconds=30`), lines = watch.text()
    await send('POST', maps, configMap('seen', {}))
    await call(`${maps}/seen`, { method: 'DELETE' })
    await driver.advance(31_000)
    expect((await lines).trim().split('\n').map(line => { const { type, object } = JSON.parse(line); return `${type} ${object.metadata.name}` }))
      .toEqual(['ADDED seen', 'DELETED seen'])
  })
  test('a watch whose client has gone is over for the server too', async () => {
    const leaving = new AbortController(), open = (): number => (driver as any).cluster.kernel.stateOf('kube-apiserver/cp-1').watches.open.size
    await driver.advance(10)
    const before = open()
    await call(`${maps}?watch=true`, { signal: leaving.signal })
    expect(open()).toBe(before + 1)
    leaving.abort()
    await expect.poll(async () => { await driver.advance(10); return open() }).toBe(before)
  })
})

test('a mistake of ours ends its request, and nothing else', async () => {
  const told: string[] = [], broken = { ...driver, submit() { throw new Error('oh') } }
  const own = await listen(new ServedCluster(broken, new Pace(driver, 'steps', () => 0), ADMIN), 0, error => told.push(error.message))
  for (const _ of [1, 2]) {
    const answer = await fetch(`http://127.0.0.1:${own.port}/version`)
    expect(await answer.json()).toMatchObject({ code: 500, message: 'Internal error occurred: not yours: oh' })
  }
  expect(told).toEqual(['oh', 'oh'])
  await own.close()
})

describe('kubectl writes some objects in protobuf', () => {
  const text = (n: number, value: string) => (w: BinaryWriter): BinaryWriter => w.tag(n, 2).string(value)
  const nested = (n: number, ...fields: ((w: BinaryWriter) => BinaryWriter)[]) => (w: BinaryWriter): BinaryWriter =>
    w.tag(n, 2).bytes(fields.reduce((inner, field) => field(inner), new BinaryWriter()).finish())
  const enveloped = (apiVersion: string, kind: string, ...fields: ((w: BinaryWriter) => BinaryWriter)[]): Uint8Array => {
    const parts = [nested(1, text(1, apiVersion), text(2, kind)), nested(2, ...fields), text(3, ''), text(4, '')]
    const body = parts.reduce((w, field) => field(w), new BinaryWriter())
    return new Uint8Array([0x6b, 0x38, 0x73, 0, ...body.finish()])
  }
  test('which say what JSON says', () => {
    const port = nested(2, w => w.tag(1, 0).int64(1), w => w.tag(2, 0).int32(0), text(3, 'http'))
    const probe = nested(10, nested(1, nested(2, text(1, '/'), port)), w => w.tag(2, 0).int32(5))
    const limits = nested(8, nested(1, text(1, 'cpu'), nested(2, text(1, '100m'))))
    expect(fromProtobuf(enveloped(
      'v1', 'Pod', nested(1, text(1, 'web'), text(2, ''), nested(11, text(1, 'app'), text(2, 'web')), nested(8)),
      nested(2, nested(2, text(1, 'app'), text(2, 'web:1'), text(5, ''), probe, limits), w => w.tag(4, 0).int64(0))
    ))).toEqual({
      kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        // may be absent, so zero is something
        terminationGracePeriodSeconds: 0,
        containers: [{
          name: 'app', image: 'web:1', resources: { limits: { cpu: '100m' } },
          livenessProbe: { httpGet: { path: '/', port: 'http' }, initialDelaySeconds: 5 },
        }],
      },
    })
  })
  test('and are made of it', async () => {
    const bytes = enveloped('v1', 'ConfigMap', nested(1, text(1, 'typed')), nested(2, text(1, 'bread'), text(2, '3')))
    const made = await call(maps, { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: bytes as any })
    expect(made.status).toBe(201)
    expect(await made.text()).toContain('"data":{"bread":"3"}')
    const none = await call(maps, { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: bytes.slice(4) as any })
    expect(none.status).toBe(400)
    expect(fromProtobuf(enveloped('example.com/v1', 'Widget'))).toBe(undefined)
  })
})

test('of several forms the first is given that can be', () => {
  expect(wanted(undefined)).toEqual({})
  expect(wanted('application/vnd.kubernetes.protobuf, application/json')).toEqual({})
  expect(wanted('application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'))
    .toEqual({ as: 'Table', beta: true })
  expect(wanted('application/json;as=Nope;v=v1;g=meta.k8s.io, application/json;q=0.1, application/yaml;q=0.5')).toEqual({ yaml: true })
  expect([wanted('application/cbor'), wanted('text/html'), wanted('text/html', false)]).toMatchObject([{ code: 406 }, { code: 406 }, {}])
})

describe('kscenario serve', () => {
  const feature = `Feature: Shop
  Scenario: Up
    Given a cluster with 2 nodes
    When I run "kubectl create deployment web --image=web:1 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    And pod nobody is present
    And node worker-1 is Ready
`
  const served = async (path?: string, speed: 'steps' | 'free' = 'steps') => {
    const host = memoryHost({ 'shop.feature': feature }), asked = await runOptions(path === undefined ? [] : [path], { reports: false }, host)
    return start({ path, asked, port: 0, speed, host })
  }
  test('begins with a scenario up to what does not pass, and does what is said', async () => {
    const cluster = await served('shop.feature:2')
    if (typeof cluster === 'string') throw new Error(cluster)
    try {
      expect(cluster.told).toContain('✓ Then deployment web eventually has 2 ready replicas\n✗ And pod nobody is present\n')
      expect(cluster.told).not.toContain('worker-1')
      expect(await cluster.say('When node worker-1 goes down')).toMatch(/^✓ passed, t\+[\d.]+s\n$/)
      expect(await cluster.say('node worker-1 eventually NotReady')).toMatch(/^✓ passed/)
      expect(await cluster.say('node worker-1 is Ready')).toMatch(/^✗ failed, t\+[\d.]+s\n {4}\S/)
      expect(await cluster.say('node worker-1 is reddy')).toMatch(/^\? undefined[\s\S]*Ready/)
      const { items } = await (await fetch(`${cluster.url}/api/v1/nodes`)).json() as any
      expect(items.map((n: any) => n.metadata.name)).toEqual(['cp-1', 'worker-1', 'worker-2'])
    } finally { await cluster.close() }
  })
  test('has the calendar of its clients', async () => {
    const cluster = await served(undefined, 'free')
    if (typeof cluster === 'string') throw new Error(cluster)
    const before = Date.now(), made = await fetch(`${cluster.url}${maps}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(configMap('a', {})),
    })
    expect(Math.abs(Date.parse((await made.json() as any).metadata.creationTimestamp) - before)).toBeLessThan(60_000)
    await cluster.close()
  })
  test('tells where it is, and does what is typed until it is ended', async () => {
    const written: Record<string, string> = {}, host = memoryHost({}, ['serve', '--port', '0', '--speed', '60', '--kubeconfig', 'here'])
    let typed = (_: string): void => {}, ends = false
    const code = commandLine({
      ...host, interrupted: async () => ends, lines: told => { typed = told; return { close() {} } },
      file: path => ({ write: text => { written[path] = text }, close() {}, colourLevel: 0 }),
    })
    await expect.poll(() => host.told()).toContain('time passes 60 times as fast as on the wall\n\n  export KUBECONFIG=here\n')
    expect(written['here']).toContain('insecure-skip-tls-verify: true\n')
    expect(written['here']).toMatch(/server: http:\/\/127\.0\.0\.1:\d+\n/)
    typed('node worker-1 goes down')
    await expect.poll(() => host.told()).toContain('✓ passed')
    ends = true
    expect(await code).toBe(0)
  })
  test.each([['--port', 'x'], ['--speed', 'slow'], ['--speed', '0']])('%s %s is refused', async (option, value) => {
    const host = memoryHost({}, ['serve', option, value])
    expect([await commandLine(host), host.told()]).toEqual([2, expect.stringContaining(`${option} ${value}: `)])
  })
  test('says what it cannot serve', async () => {
    expect(await served('none.feature')).toBe('no such file: none.feature')
    expect(await served('shop.feature:99')).toMatch(/^no scenario stands at shop\.feature:99/)
  })
})
