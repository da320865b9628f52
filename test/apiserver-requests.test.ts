import { expect, test } from 'vitest'
import { expandManagedFields } from '../src/runtime-model/api/managed-fields.ts'
import { WIDGETS } from './support/api-objects.ts'
import { observations, startServers, textOf } from './support/api-servers.ts'

/** What is said to an API server, and what it answers, in order. */
function transcript(...lines: readonly (readonly [string, string])[]): void {
  const servers = startServers()
  for (const [line, answer] of lines) expect(`${line} → ${servers.say(line)}`).toBe(`${line} → ${answer}`)
}

test('objects are created, read, changed and removed', () => transcript(
  ['create configmaps default/a {"data":{"a":"1"}}', '201 configmap a'],
  ['create configmaps default/a', '409 AlreadyExists configmaps "a" already exists'],
  ['get configmaps default/a', '200 configmap a'],
  ['get configmaps default/b', '404 NotFound configmaps "b" not found'],
  ['list configmaps default', '200 a'],
  ['update configmaps default/a {"metadata":{"name":"a"},"data":{"a":"2"}}', '200 configmap a'],
  [
    'update configmaps default/a {"metadata":{"name":"a","resourceVersion":"3"},"data":{"a":"2"}}',
    '409 Conflict Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  ],
  ['update configmaps default/a {"metadata":{"name":"b"}}', '400 BadRequest the name of the object (b) does not match the name on the URL (a)'],
))

test('deletes answer with the object or a Status, by kind', () => transcript(
  ['create configmaps default/a', '201 configmap a'],
  ['delete configmaps default/a', '200 Success'],
  ['delete configmaps default/a', '404 NotFound configmaps "a" not found'],
  ['create serviceaccounts default/a', '201 serviceaccount a'],
  ['delete serviceaccounts default/a', '200 serviceaccount a'],
  ['create configmaps default/x', '201 configmap x'],
  ['create configmaps default/y', '201 configmap y'],
  ['deletecollection configmaps default', '200 x y'],
  ['list configmaps default', '200 '],
))

test('finalizers and preconditions hold an object', () => transcript(
  ['create configmaps default/a {"metadata":{"finalizers":["example.com/hold"]}}', '201 configmap a'],
  ['delete configmaps default/a', '200 configmap a'],
  ['create configmaps default/a', '409 AlreadyExists object is being deleted: configmaps "a" already exists'],
  [
    'patch configmaps default/a {"metadata":{"finalizers":["example.com/hold","example.com/more"]}}',
    '422 Invalid ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
  ],
  ['patch configmaps default/a {"metadata":{"finalizers":null}}', '200 configmap a'],
  ['get configmaps default/a', '404 NotFound configmaps "a" not found'],
))

test('a pod with a node ends gracefully, one without at once', () => {
  const servers = startServers(), pod = '{"spec":{"containers":[{"name":"c","image":"i"}]}}'
  servers.say('create serviceaccounts default/default')
  servers.say(`create pods default/loose ${pod}`)
  expect(servers.say('delete pods default/loose')).toBe('200 pod loose')
  expect(servers.say('get pods default/loose')).toContain('404')
  servers.say(`create pods default/bound ${pod}`)
  expect(servers.say('create pods/binding default/bound {"target":{"kind":"Node","name":"n"}}')).toBe('201 Success')
  expect(servers.say('create pods/binding default/bound {"target":{"kind":"Node","name":"m"}}')).toBe(
    '409 Conflict Operation cannot be fulfilled on pods/binding "bound": pod bound is already assigned to node "n"'
  )
  const marked = servers.ask({ verb: 'delete', resource: 'pods', namespace: 'default', name: 'bound' }).body
  expect(marked.metadata).toMatchObject({ generation: 2, deletionGracePeriodSeconds: 30 })
  const mark = servers.kernel.trace.count
  expect(servers.say('delete pods default/bound {"gracePeriodSeconds":0}')).toBe('200 pod bound')
  expect(observations(servers, mark).filter(o => o.type === 'object').map(o => (o as any).change)).toEqual(['MODIFIED', 'DELETED'])
})

test('a namespace waits for its finalizer', () => transcript(
  ['create namespaces team', '201 namespace team'],
  ['delete namespaces team', '200 namespace team'],
  ['create configmaps team/a', '403 Forbidden configmaps "a" is forbidden: unable to create new content in namespace team because it is being terminated'],
  ['create configmaps nowhere/a', '404 NotFound namespaces "nowhere" not found'],
  ['update namespaces/finalize team {"metadata":{"name":"team"},"spec":{}}', '200 namespace team'],
  ['get namespaces team', '404 NotFound namespaces "team" not found'],
  ['delete namespaces kube-system', '403 Forbidden namespaces "kube-system" is forbidden: this namespace may not be deleted'],
))

const web =
  '{"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}'
test('status, scale and the rest are written apart', () => {
  const servers = startServers()
  const created = servers.ask({
    verb: 'create', group: 'apps', resource: 'deployments', namespace: 'default',
    body: { metadata: { name: 'web' }, ...JSON.parse(web), status: { replicas: 7 } },
  }).body
  expect(created).toMatchObject({ metadata: { generation: 1 }, spec: { progressDeadlineSeconds: 600 }, status: {} })
  expect(servers.say('patch deployments.apps/status default/web {"status":{"replicas":2},"spec":{"replicas":9}}')).toBe('200 deployment web')
  const now = servers.ask({ verb: 'get', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web' }).body
  expect(now).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 2 }, status: { replicas: 2 } })
  expect(servers.ask({ verb: 'get', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'default', name: 'web' }).body).toMatchObject(
    { kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 2, selector: 'app=web' } }
  )
  expect(servers.say('patch deployments.apps/scale default/web {"spec":{"replicas":5}}')).toBe('200 scale web')
  expect(servers.say('patch deployments.apps/scale default/web {"spec":{"replicas":-5}}')).toBe(
    '422 Invalid Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -5: must be greater than or equal to 0'
  )
  expect(servers.ask({ verb: 'get', group: 'apps', resource: 'deployments', namespace: 'default', name: 'web' }).body).toMatchObject(
    { metadata: { generation: 2 }, spec: { replicas: 5 }, status: { replicas: 2 } }
  )
})

test('a write that changes nothing is not stored', () => {
  const servers = startServers()
  servers.say('create configmaps default/a {"data":{"a":"1"}}')
  const before = servers.ask({ verb: 'get', resource: 'configmaps', namespace: 'default', name: 'a' }).body
  for (const line of ['patch configmaps default/a {"data":{"a":"1"}}', 'update configmaps default/a {"metadata":{"name":"a"},"data":{"a":"1"}}']) {
    expect(servers.say(line)).toBe('200 configmap a')
    expect(
      servers.ask({ verb: 'get', resource: 'configmaps', namespace: 'default', name: 'a' }).body.metadata.resourceVersion
    ).toBe(before.metadata.resourceVersion)
  }
})

test('what a client may not say is refused in the words of the API server', () => transcript(
  [
    `create deployments.apps default/web ${web.replace('"replicas":2', '"replicas":-1')}`,
    '422 Invalid Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'create deviceclasses.resource.k8s.io - {"metadata":{"name":"a","generateName":"example.com/a"}}',
    '422 Invalid DeviceClass.resource.k8s.io "a" is invalid: metadata.generateName: Invalid value: "example.com/a": may not contain \'/\'',
  ],
  ['create configmaps default {"metadata":{}}', '422 Invalid ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
  [
    'create configmaps default/a {"apiVersion":"v2"}',
    '400 BadRequest ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
  ],
  [
    'create configmaps default/a {"kind":"Pod"}',
    '400 BadRequest Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
  ],
  [
    'create configmaps default/a {"kind":1}',
    '400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1,"metadata":{"name":" ...)',
  ],
  ['update configmaps default/a {"metadata":{}}', '400 BadRequest the name of the object (a based on URL) was undeterminable: name must be provided'],
  [
    'delete configmaps default/a {"propagationPolicy":"x"}',
    '422 Invalid DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"',
  ],
  [
    'delete configmaps default/a {"gracePeriodSeconds":"x"}',
    '400 BadRequest json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
  ],
  [
    'create configmaps default/a {"metadata":{"name":"a","namespace":"other"}}',
    '400 BadRequest the namespace of the provided object does not match the namespace sent on the request',
  ],
  ['create configmaps default/a {"metadata":{"name":"a","resourceVersion":"1"}}', '500 resourceVersion should not be set on objects to be created'],
  [
    'create configmaps default/a {"data":{"a":1}}',
    '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  ['list pods default {}', '200 '],
  ['delete leases.coordination.k8s.io default/none', '404 NotFound leases.coordination.k8s.io "none" not found'],
  ['patch configmaps default/none {}', '404 NotFound configmaps "none" not found'],
  ['create servicecidrs.networking.k8s.io more {"spec":{"cidrs":["10.1.0.0/16"]}}', '201 servicecidr more'],
  ['list statefulsets.apps default', '200 '],
))

test('unknown fields are an error, a warning or nothing', () => {
  const servers = startServers(), line = 'create configmaps default/a {"dta":{}}'
  expect(servers.say(line, { fieldValidation: 'Strict' })).toBe(
    '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"'
  )
  expect(servers.say(line, { fieldValidation: 'Warn', dryRun: true })).toBe('201 configmap a warning: unknown field "dta"')
  expect(servers.say(line, { fieldValidation: 'Ignore', dryRun: true })).toBe('201 configmap a')
  expect(servers.say('get configmaps default/a')).toContain('404')
})

test('generated names are tried again', () => {
  const servers = startServers(), names = new Set<string>()
  for (let i = 0; i < 20; i++) {
    names.add(servers.ask({ verb: 'create', resource: 'configmaps', namespace: 'default', body: { metadata: { generateName: 'x-' } } }).body.metadata.name)
  }
  expect(names.size).toBe(20)
  for (const name of names) expect(name).toMatch(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})

test('lists select, cut and go on where they were', () => {
  const servers = startServers()
  for (let i = 0; i < 5; i++) servers.say(`create configmaps default/c${i} {"metadata":{"labels":{"even":"${i % 2 === 0}"}}}`)
  const list = (rest: object) => servers.ask({ verb: 'list', resource: 'configmaps', namespace: 'default', ...rest })
  expect(textOf(list({ labelSelector: 'even=true' }))).toBe('200 c0 c2 c4')
  expect(textOf(list({ fieldSelector: 'metadata.name!=c1' }))).toBe('200 c0 c2 c3 c4')
  expect(textOf(list({ labelSelector: 'a in' }))).toContain('400 BadRequest unable to parse requirement')
  expect(textOf(list({ fieldSelector: 'foo=bar' }))).toBe('400 BadRequest "foo" is not a known field selector: only "metadata.name", "metadata.namespace"')
  expect(textOf(list({ resourceVersionMatch: 'Exact' }))).toContain('resourceVersionMatch is forbidden unless resourceVersion is provided')
  const first = list({ limit: 2 })
  expect(textOf(first)).toBe('200 c0 c1')
  expect(first.body.metadata.remainingItemCount).toBe(3)
  servers.say('delete configmaps default/c3')
  const second = list({ limit: 2, continue: first.body.metadata.continue })
  expect(textOf(second)).toBe('200 c2 c3') // as it was when the first page was read
  expect(textOf(list({ continue: second.body.metadata.continue }))).toBe('200 c4')
  expect(textOf(list({ continue: '!' }))).toBe('400 BadRequest invalid continue token: continue key is not valid: illegal base64 data at input byte 0')
  expect(textOf(list({ continue: second.body.metadata.continue, resourceVersion: '5' }))).toBe(
    '400 BadRequest specifying resource version is not allowed when using continue'
  )
  expect(textOf(list({ resourceVersion: 'x' }))).toBe(
    '400 BadRequest invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'
  )
  expect(textOf(list({ resourceVersion: '1', resourceVersionMatch: 'Foo' }))).toBe(
    '422 Invalid ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""'
  )
  expect(textOf(list({ resourceVersion: '99999' }))).toMatch(/^504 Timeout Timeout: Too large resource version: 99999, current: \d+$/)
})

test('a service gets an address that is its own, and gives it back', () => {
  const servers = startServers(), spec = '{"spec":{"ports":[{"port":80}],"selector":{"a":"b"}}}'
  const one = servers.ask({ verb: 'create', resource: 'services', namespace: 'default', body: { metadata: { name: 'one' }, ...JSON.parse(spec) } }).body
  expect(one.spec.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./)
  expect(servers.say(`get ipaddresses.networking.k8s.io ${one.spec.clusterIP}`)).toBe(`200 ipaddress ${one.spec.clusterIP}`)
  const clash = spec.replace('"ports"', `"clusterIP":"${one.spec.clusterIP}","ports"`)
  expect(servers.say(`create services default/two ${clash}`)).toBe(
    `422 Invalid Service "two" is invalid: spec.clusterIPs: Invalid value: ["${one.spec.clusterIP}"]: failed to allocate IP ${one.spec.clusterIP}: provided IP is already allocated`
  )
  servers.say('delete services default/one')
  expect(servers.say(`create services default/two ${clash}`)).toBe('201 service two')
  const node = '{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30123}]}}'
  expect(servers.say(`create services default/three ${node}`)).toBe('201 service three')
  expect(servers.say(`create services default/four ${node}`)).toBe(
    '422 Invalid Service "four" is invalid: spec.ports[0].nodePort: Invalid value: 30123: provided port is already allocated'
  )
})

test('a service that is only tried takes nothing: it is shown the beginning of the range, and ports beyond those there are', () => {
  const servers = startServers()
  const tried = (spec: object): any => servers.ask({
    verb: 'create', resource: 'services', namespace: 'default', dryRun: true, body: { metadata: { name: 'one' }, spec },
  }).body.spec
  const ports = [{ port: 80, name: 'a' }, { port: 81, name: 'b', nodePort: 30_005 }, { port: 82, name: 'c' }]
  expect(tried({ ports: [{ port: 80 }] })).toMatchObject({ clusterIP: '10.96.0.0', clusterIPs: ['10.96.0.0'] })
  const balanced = tried({ ports, type: 'LoadBalancer', externalTrafficPolicy: 'Local' })
  expect(balanced.ports.map((p: any) => p.nodePort)).toEqual([32_769, 30_005, 32_770])
  expect(balanced.healthCheckNodePort).toBe(32_771)
  expect(servers.say('list ipaddresses.networking.k8s.io')).not.toContain('10.96.0.0')
})

test('every stage of a request is seen, and the one that refuses', () => {
  const servers = startServers()
  const stages = (from: number): string[] =>
    observations(servers, from).flatMap(o => o.type === 'stage' ? [o.refused === undefined ? o.stage : `${o.stage}: ${o.refused}`]
    : o.type === 'etcd' ? [`etcd ${o.operation}`]
    : o.type === 'answer' ? [`answers ${o.code}`]
    : [])
  let mark = servers.kernel.trace.count
  servers.say('create configmaps default/a')
  expect(stages(mark)).toEqual([
    'authentication', 'authorization', 'mutating admission', 'validation', 'validating admission', 'etcd put', 'storage', 'answers 201',
  ])
  mark = servers.kernel.trace.count
  servers.say('create configmaps default/b', { credentials: { user: 'ana', groups: [] } })
  expect(stages(mark)).toEqual([
    'authentication', 'authorization: configmaps is forbidden: User "ana" cannot create resource "configmaps" in API group "" in the namespace "default"',
    'answers 403',
  ])
})

test('health, version and discovery', () => {
  const servers = startServers(), get = (path: string, query = {}) => servers.ask({ path, query })
  expect(get('/healthz').body).toBe('ok')
  expect(get('/readyz', { verbose: '' }).body).toMatch(/^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd ok\n[\s\S]*\nreadyz check passed\n$/)
  expect(get('/readyz/etcd').body).toBe('ok')
  expect(get('/version').body.gitVersion).toBe('v1.35.4')
  expect(get('/api/v1').body.resources.map((r: any) => r.name)).toContain('pods/eviction')
  expect(get('/apis').body.groups.map((g: any) => g.name)).toContain('apps')
  expect(get('/nothing').code).toBe(404)
})

test('a patch that does not fit shows the document as it is written again: names in order in what the patch went into, the rest as it was', () => {
  const servers = startServers(), spec = { scaleTargetRef: { kind: 'Deployment', name: 'w', apiVersion: 'apps/v1' }, minReplicas: 1, maxReplicas: 3 }
  const at = { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', namespace: 'default' }
  servers.ask({ verb: 'create', ...at, body: { metadata: { name: 'h' }, spec } })
  const shown = (patchType: any, body: any): string => servers.ask({
    verb: 'patch', ...at, name: 'h', patchType, body,
  }).body.details.causes[0].message.replaceAll('\\"', '"')
  const merged = shown('application/merge-patch+json', { spec: { maxReplicas: 'x', behavior: { scaleUp: { policies: [{ value: 1, type: 'Pods' }] } } } })
  expect(merged).toContain('"metadata":{"name":"h","namespace":"default","uid"')
  expect(merged).toContain('"spec":{"behavior":{"scaleUp":{"policies":[{"value":1,"type":"Pods"}]}},"maxReplicas":"x"')
  expect(merged).toMatch(/"minReplicas":1,"scaleTargetRef":\{"kind":"Deployment","name":"w","apiVersion":"apps\/v1"\}/)
  expect(shown('application/merge-patch+json', { metadata: { name: 'h' }, spec: 1 })).toMatch(/"metadata":\{"creationTimestamp":.*"managedFields":\[\{"manager"/)
  expect(shown('application/json-patch+json', [{ op: 'move', from: '/spec/metrics', path: '/metadata/annotations' }])).toContain(
    '"metadata":{"annotations":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}],"creationTimestamp"'
  )
})

test('an object that is being deleted keeps the time of that, whatever a client says', () => {
  const servers = startServers()
  servers.say('create configmaps default/c {"metadata":{"finalizers":["example.com/stay"]}}')
  servers.say('delete configmaps default/c')
  const { body } = servers.ask({ resource: 'configmaps', namespace: 'default', name: 'c' })
  const later = { ...body, metadata: { ...body.metadata, deletionTimestamp: '2030-01-01T00:00:00Z', labels: { a: 'b' } } }
  const answer = servers.ask({ verb: 'update', resource: 'configmaps', namespace: 'default', name: 'c', body: later })
  expect([answer.code, answer.body.metadata.deletionTimestamp]).toEqual([200, body.metadata.deletionTimestamp])
})

test('what a server has to say of its own documents: where each stands, those of definitions in full, the rest by name', () => {
  const servers = startServers(), at = (path: string) => servers.ask({ verb: 'get', path }).body
  const paths = Object.keys(at('/openapi/v3').paths)
  expect(paths.filter(path => /^(a|o|v)/.test(path)).slice(0, 5)).toEqual(['api', 'api/v1', 'apis', 'apis/admissionregistration.k8s.io', 'apis/admissionregistration.k8s.io/v1'])
  expect(paths).toContain('openid/v1/jwks')
  expect(at('/openapi/v3').paths['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/)
  expect(at('/openapi/v3/apis/apps/v1').info).toEqual({ title: 'Kubernetes', version: '1.35' })
  expect(at('/openapi/v2').swagger).toBe('2.0')
  expect(at('/openapi/v3/apis/nobody.example.com/v1')).toBe('')
})

test('what a cluster is set up with tells who has made it, and an apply to it is an apply to theirs', () => {
  const servers = startServers(), rbac = 'rbac.authorization.k8s.io'
  const writers = (request: object): string[] => expandManagedFields(servers.ask(request).body).map(e => [e.operation, e.manager, ...e.subresource ?? []].join(' '))
  expect(writers({ resource: 'namespaces', name: 'default' })).toEqual(['Update kube-apiserver'])
  expect(writers({ group: rbac, resource: 'clusterroles', name: 'view' })).toEqual(['Apply clusterrole-aggregation-controller', 'Update kube-apiserver'])
  expect(writers({ group: 'flowcontrol.apiserver.k8s.io', resource: 'flowschemas', name: 'exempt' }).map(w => w.split(' ')[1])).toEqual([
    'api-priority-and-fairness-config-consumer-v1', 'api-priority-and-fairness-config-producer-v1',
  ])
  expect(servers.ask({
    verb: 'patch', group: rbac, resource: 'clusterroles', name: 'system:node-proxier', patchType: 'application/apply-patch+yaml', fieldManager: 'me',
    body: { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'system:node-proxier' }, rules: [] },
  }).body.message).toBe('Apply failed with 1 conflict: conflict with "kube-apiserver" using rbac.authorization.k8s.io/v1: .rules')
})

test('managedFields that cannot be read take nothing from those who are noted', () => {
  const servers = startServers(), one = { resource: 'configmaps', namespace: 'default', name: 'c' }
  servers.say('create configmaps default/c {"data":{"a":"1"}}')
  const { body } = servers.ask(one), managedFields = [{ ...expandManagedFields(body)[0], fieldsV1: { 'f:data': 'all' } }]
  expect(servers.ask({ verb: 'update', ...one, body: { ...body, metadata: { ...body.metadata, managedFields } } }).code).toBe(200)
  servers.ask({ verb: 'patch', ...one, patchType: 'application/merge-patch+json', body: { data: { b: '2' } }, userAgent: 'other' })
  expect(expandManagedFields(servers.ask(one).body).map(e => [e.manager, Object.keys(e.fieldsV1!['f:data']!)])).toEqual([['kubectl', ['.', 'f:a']], ['other', ['f:b']]])
})

test('a patch that a kind does not take is refused before anybody looks whether there is such an object', () => {
  const servers = startServers()
  servers.ask({ verb: 'create', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', body: WIDGETS })
  servers.kernel.runTo(servers.kernel.now + 6000)
  const patch = { verb: 'patch', group: 'shop.example.com', resource: 'widgets', namespace: 'default', name: 'w', body: {} } as const
  const answer = (patchType: any): string => textOf(servers.ask({ ...patch, patchType }))
  expect(answer('application/strategic-merge-patch+json')).toMatch(/^415 UnsupportedMediaType the body of the request was in an unknown format/)
  expect(answer('application/merge-patch+json')).toBe('404 NotFound widgets.shop.example.com "w" not found')
})

test('who asks for tokens without saying where they come is warned whenever that changes', () => {
  const servers = startServers(), tokens = (audience: string) => `{"spec":{"tokenRequests":[{"audience":"${audience}"}]}}`
  const warnings = (line: string): number => servers.say(line).split(' warning: ').length - 1
  expect(warnings(`create csidrivers.storage.k8s.io d.example.com ${tokens('a')}`)).toBe(1)
  expect(warnings(`patch csidrivers.storage.k8s.io d.example.com ${tokens('b')}`)).toBe(1)
  expect(warnings('patch csidrivers.storage.k8s.io d.example.com {"spec":{"requiresRepublish":true}}')).toBe(0)
})
