import { expect, test } from 'vitest'
import { startServers, textOf } from './support/api-servers.ts'

const rbac = 'rbac.authorization.k8s.io', ana = { user: 'ana', groups: [] }
function bind(servers: ReturnType<typeof startServers>, user: string, role: string, rules: readonly object[]): void {
  servers.ask({ verb: 'create', group: rbac, resource: 'roles', namespace: 'default', body: { metadata: { name: role }, rules } })
  servers.ask({
    verb: 'create', group: rbac, resource: 'rolebindings', namespace: 'default',
    body: { metadata: { name: `${user}-${role}` }, subjects: [{ kind: 'User', name: user }], roleRef: { apiGroup: rbac, kind: 'Role', name: role } },
  })
}

test('a user may do what a binding in the namespace says, and nothing else', () => {
  const servers = startServers(), as = { credentials: ana }
  expect(servers.say('list pods default', as)).toBe(
    '403 Forbidden pods is forbidden: User "ana" cannot list resource "pods" in API group "" in the namespace "default"'
  )
  bind(servers, 'ana', 'reader', [
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] }, { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'] },
  ])
  expect(servers.say('list pods default', as)).toBe('200 ')
  expect(servers.say('list pods kube-system', as)).toContain('in the namespace "kube-system"')
  expect(servers.say('list pods', as)).toContain('at the cluster scope')
  expect(servers.say('get configmaps default/one', as)).toBe('404 NotFound configmaps "one" not found')
  expect(servers.say('get configmaps default/two', as)).toBe(
    '403 Forbidden configmaps "two" is forbidden: User "ana" cannot get resource "configmaps" in API group "" in the namespace "default"'
  )
  expect(servers.say('create pods default/p', { credentials: { user: '', groups: [] } })).toBe(
    '403 Forbidden pods is forbidden: User "system:anonymous" cannot create resource "pods" in API group "" in the namespace "default"'
  )
  expect(textOf(servers.ask({ path: '/readyz', credentials: { user: '', groups: [] } }))).toBe('200 ok')
  expect(textOf(servers.ask({ path: '/metrics', credentials: ana }))).toBe('403 Forbidden forbidden: User "ana" cannot get path "/metrics"')
})

test('a refusal tells of roles that bindings name and nobody has made', () => {
  const servers = startServers(), as = { credentials: ana }
  bind(servers, 'ana', 'reader', [])
  servers.ask({ verb: 'delete', group: rbac, resource: 'roles', namespace: 'default', name: 'reader' })
  const refusal = '403 Forbidden pods is forbidden: User "ana" cannot list resource "pods" in API group "" in the namespace "default": RBAC: '
  expect(servers.say('list pods default', as)).toBe(`${refusal}role.${rbac} "reader" not found`)
  servers.ask({
    verb: 'create', group: rbac, resource: 'clusterrolebindings',
    body: { metadata: { name: 'all' }, subjects: [{ kind: 'User', name: 'ana' }], roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'reader' } },
  })
  expect(servers.say('list pods default', as)).toBe(`${refusal}[clusterrole.${rbac} "reader" not found, role.${rbac} "reader" not found]`)
  expect(servers.say('list pods kube-system', as)).toContain(`RBAC: clusterrole.${rbac} "reader" not found`)
})

test('aggregated roles have the rules of those they select once a controller has written them there', () => {
  const servers = startServers(), as = { credentials: ana }
  servers.ask({
    verb: 'create', group: rbac, resource: 'clusterroles',
    body: { metadata: { name: 'sum' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] }, rules: [] },
  })
  servers.ask({
    verb: 'create', group: rbac, resource: 'clusterrolebindings',
    body: { metadata: { name: 'sum' }, subjects: [{ kind: 'User', name: 'ana' }], roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'sum' } },
  })
  expect(servers.say('list nodes', as)).toContain('403')
  servers.ask({
    verb: 'create', group: rbac, resource: 'clusterroles',
    body: { metadata: { name: 'part', labels: { part: 'yes' } }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['nodes'] }] },
  })
  expect(servers.say('list nodes', as)).toContain('403')
  const answer = servers.ask({
    verb: 'patch', group: rbac, resource: 'clusterroles', name: 'sum', patchType: 'application/merge-patch+json',
    body: { rules: [{ verbs: ['list'], apiGroups: [''], resources: ['nodes'] }] },
  })
  expect(answer.code).toBe(200)
  expect(servers.say('list nodes', as)).toBe('200 ')
})

test('nobody grants more than they have', () => {
  const servers = startServers()
  bind(servers, 'ana', 'granter', [{ verbs: ['create'], apiGroups: [rbac], resources: ['roles', 'rolebindings'] }])
  expect(textOf(servers.ask({
    verb: 'create', group: rbac, resource: 'roles', namespace: 'default', credentials: ana,
    body: { metadata: { name: 'secrets' }, rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] }] },
  })))
    .toBe(
      '403 Forbidden roles.rbac.authorization.k8s.io "secrets" is forbidden: user "ana" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}'
    )
})

test('a node reads what concerns it', () => {
  const servers = startServers(), node = { credentials: { user: 'system:node:n', groups: ['system:nodes'] } }
  servers.say('create serviceaccounts default/default')
  servers.say('create secrets default/used')
  servers.say('create pods default/p {"spec":{"containers":[{"name":"c","image":"i","envFrom":[{"secretRef":{"name":"used"}}]}]}}')
  expect(servers.say('get secrets default/used', node)).toBe(
    '403 Forbidden secrets "used" is forbidden: User "system:node:n" cannot get resource "secrets" in API group "" in the namespace "default": no relationship found between node \'n\' and this object'
  )
  servers.say('create pods/binding default/p {"target":{"kind":"Node","name":"n"}}')
  expect(servers.say('get secrets default/used', node)).toBe('200 secret used')
  expect(servers.say('list pods', node)).toContain('can only list/watch pods with spec.nodeName field selector')
  expect(servers.say('list pods', { ...node, fieldSelector: 'spec.nodeName=n' })).toBe('200 p')
  expect(servers.say('list services', node)).toBe('200 kubernetes')
  expect(servers.say('create deployments.apps default/d', node)).toContain('403')
})

test('reviews answer what a user may do', () => {
  const servers = startServers()
  const review = (credentials: any, resourceAttributes: object) =>
    servers.ask({
      verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', credentials, body: { spec: { resourceAttributes } },
    }).body.status
  expect(review(ana, { verb: 'list', resource: 'pods', namespace: 'default' })).toEqual({ allowed: false })
  expect(review({ user: 'root', groups: ['system:masters'] }, { verb: '*', resource: '*' })).toEqual({ allowed: true })
  bind(servers, 'ana', 'reader', [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }])
  expect(review(ana, { verb: 'list', resource: 'pods', namespace: 'default' })).toEqual({
    allowed: true, reason: 'RBAC: allowed by RoleBinding "ana-reader/default" of Role "reader" to User "ana"',
  })
  const rules = servers.ask({
    verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews', credentials: ana, body: { spec: { namespace: 'default' } },
  }).body.status
  expect(rules.resourceRules.at(-1)).toEqual({ verbs: ['list'], apiGroups: [''], resources: ['pods'] })
  expect(
    servers.ask({ verb: 'create', group: 'authentication.k8s.io', resource: 'selfsubjectreviews', credentials: ana, body: {} }).body.status.userInfo
  ).toEqual({ username: 'ana', groups: ['system:authenticated'] })
})

test('who may impersonate is asked first', () => {
  const servers = startServers(), impersonate = { user: 'ana', groups: [] as string[] }
  expect(servers.say('list pods default', { credentials: { user: 'bob', groups: [], impersonate } })).toBe(
    '403 Forbidden users "ana" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope'
  )
  expect(servers.say('list pods default', { credentials: { user: 'root', groups: ['system:masters'], impersonate } })).toContain('User "ana" cannot list')
})

test('a kubelet reads the secrets that its pods pull images with, and those of containers that were added for debugging', () => {
  const servers = startServers(), as = { credentials: { user: 'system:node:worker-1', groups: ['system:nodes'] } }
  const status = (name: string): string => servers.say(`get secrets default/${name}`, as).slice(0, 3)
  servers.say('create serviceaccounts default/default')
  servers.ask({
    verb: 'create', resource: 'pods', namespace: 'default',
    body: { metadata: { name: 'p' }, spec: { nodeName: 'worker-1', imagePullSecrets: [{ name: 'pull' }], containers: [{ name: 'a', image: 'i' }] } },
  })
  expect([status('pull'), status('other')]).toEqual(['404', '403'])
  const env = [{ name: 'E', valueFrom: { secretKeyRef: { name: 'debug', key: 'k' } } }]
  expect(status('debug')).toBe('403')
  expect(servers.ask({
    verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers', namespace: 'default', name: 'p', patchType: 'application/strategic-merge-patch+json',
    body: { spec: { ephemeralContainers: [{ name: 'd', image: 'i', env }] } },
  }).code).toBe(200)
  expect(status('debug')).toBe('404')
})

test('nobody grants more than they have: less is granted, names are no more than all, and who only takes finalizers away grants nothing', () => {
  const servers = startServers(), as = { credentials: ana }
  const role = (name: string, rule: object): string =>
    textOf(servers.ask({ verb: 'create', group: rbac, resource: 'roles', namespace: 'default', body: { metadata: { name }, rules: [rule] }, ...as })).slice(0, 3)
  const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] }, one = { ...pods, resources: ['secrets'], resourceNames: ['one'] }
  bind(servers, 'ana', 'granter', [{ verbs: ['create', 'patch', 'get'], apiGroups: [rbac], resources: ['roles'] }, { ...pods, verbs: ['get', 'list'] }, one])
  expect([role('all', pods), role('named', { ...pods, resourceNames: ['a'] }), role('one', one)]).toEqual(['201', '201', '201'])
  expect([role('every', { ...pods, resources: ['secrets'] }), role('two', { ...one, resourceNames: ['two'] }), role('more', { ...pods, verbs: ['delete'] })])
    .toEqual(['403', '403', '403'])
  bind(servers, 'nobody', 'strong', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }])
  const patch = (body: object): number =>
    servers.ask({ verb: 'patch', group: rbac, resource: 'roles', namespace: 'default', name: 'strong', patchType: 'application/merge-patch+json', body, ...as }).code
  expect([patch({ metadata: { finalizers: ['example.com/x'] } }), patch({ metadata: { labels: { a: 'b' } } })]).toEqual([200, 403])
  expect(patch({ rules: [{ verbs: ['*'], apiGroups: [''], resources: ['*'] }] })).toBe(403)
})
