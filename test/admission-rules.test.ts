import { describe, expect, test } from 'vitest'
import { podBody as pod, serversThatHave as servers } from './support/api-servers.ts'
import type { Servers } from './support/api-servers.ts'

/** Which of two words counts, and what is exactly at a bound: rules of admission that no refusal tells. */
const podOf = (s: Servers, name = 'p'): any => s.ask({ verb: 'get', resource: 'pods', namespace: 'default', name }).body

describe('a service account', () => {
  const mounts = (account: boolean | undefined, own: boolean | undefined): boolean => {
    const s = servers(`create serviceaccounts default/bot ${JSON.stringify({ automountServiceAccountToken: account })}`)
    expect(s.say(`create pods default/p ${pod({ serviceAccountName: 'bot', automountServiceAccountToken: own })}`)).toMatch(/^201/)
    return podOf(s).spec.volumes !== undefined
  }
  test('gives a token unless the pod, or else the account, says otherwise', () => {
    expect([mounts(undefined, undefined), mounts(false, undefined), mounts(true, undefined)]).toEqual([true, false, true])
    expect([mounts(false, true), mounts(true, false)]).toEqual([true, false])
  })
  test('gives its pull secrets to pods that bring none', () => {
    const s = servers('create serviceaccounts default/bot {"imagePullSecrets":[{"name":"shared"}]}')
    s.say(`create pods default/own ${pod({ serviceAccountName: 'bot', imagePullSecrets: [{ name: 'own' }] })}`)
    s.say(`create pods default/none ${pod({ serviceAccountName: 'bot' })}`)
    expect(['own', 'none'].map(name => podOf(s, name).spec.imagePullSecrets)).toEqual([[{ name: 'own' }], [{ name: 'shared' }]])
  })
})

describe('a limit range', () => {
  const range = (limit: any): string => `create limitranges default/r ${JSON.stringify({ spec: { limits: [{ type: 'Container', ...limit }] } })}`
  const answer = (limit: any, resources: any): string => servers(range(limit)).say(`create pods default/p ${pod({}, { resources })}`)
  test('lets in what is exactly at a bound', () => {
    const limit = { maxLimitRequestRatio: { cpu: '2' } }
    expect(answer(limit, { requests: { cpu: '100m' }, limits: { cpu: '200m' } })).toMatch(/^201/)
    expect(answer(limit, { requests: { cpu: '100m' }, limits: { cpu: '201m' } })).toContain('but provided ratio is 2.010000')
    const bounds = { min: { cpu: '100m' }, max: { cpu: '200m' } }
    expect(answer(bounds, { requests: { cpu: '100m' }, limits: { cpu: '200m' } })).toMatch(/^201/)
    expect(answer(bounds, { requests: { cpu: '99m' }, limits: { cpu: '200m' } })).toContain('minimum cpu usage per Container is 100m, but request is 99m')
  })
  test('fills in init containers too', () => {
    const s = servers(range({ default: { cpu: '200m' }, defaultRequest: { cpu: '100m' } }))
    s.say(`create pods default/p ${pod({ initContainers: [{ name: 'first', image: 'i' }] })}`)
    expect(podOf(s).spec.initContainers[0].resources).toEqual({ limits: { cpu: '200m' }, requests: { cpu: '100m' } })
    expect(podOf(s).metadata.annotations['kubernetes.io/limit-ranger']).toContain('cpu request for init container first')
  })
})

test('a claim that grows is counted by the quota', () => {
  const s = servers(
    'create resourcequotas default/q {"spec":{"hard":{"requests.storage":"3Gi"}}}',
    'create storageclasses.storage.k8s.io fast {"provisioner":"csi.example.com","allowVolumeExpansion":true}'
  )
  s.say('patch resourcequotas/status default/q {"status":{"hard":{"requests.storage":"3Gi"},"used":{"requests.storage":"0"}}}')
  const claim = (size: string): string =>
    JSON.stringify({ spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } } })
  expect(s.say(`create persistentvolumeclaims default/c ${claim('2Gi')}`)).toMatch(/^201/)
  s.say('patch persistentvolumeclaims/status default/c {"status":{"phase":"Bound"}}')
  expect(s.say('patch persistentvolumeclaims default/c {"spec":{"resources":{"requests":{"storage":"4Gi"}}}}')).toContain('exceeded quota: q')
  expect(s.say('patch persistentvolumeclaims default/c {"spec":{"resources":{"requests":{"storage":"3Gi"}}}}')).toMatch(/^200/)
})

test('of two default classes the newer one is taken, of equally old ones the first by name', () => {
  const marked = (name: string): string =>
    `create storageclasses.storage.k8s.io ${name} ${JSON.stringify({
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'csi.example.com',
    })}`
  const s = servers(marked('zebra'), marked('b'), marked('a'))
  const claim = (name: string): any => {
    s.say(`create persistentvolumeclaims default/${name} {"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}`)
    return s.ask({ verb: 'get', resource: 'persistentvolumeclaims', namespace: 'default', name }).body.spec.storageClassName
  }
  expect(claim('first')).toBe('a')
  s.kernel.runTo(s.kernel.now + 2000)
  s.say(marked('newest'))
  s.kernel.runTo(s.kernel.now + 100)
  expect(claim('second')).toBe('newest')
})

test('Pod Security looks at an update only if it changes what the level is about', () => {
  const s = servers(`create pods default/p ${pod()}`, 'patch namespaces default {"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}')
  s.kernel.runTo(s.kernel.now + 100)
  const { tolerations, containers } = podOf(s).spec, patch = (spec: any): string => s.say(`patch pods default/p ${JSON.stringify({ spec })}`)
  expect(patch({ tolerations: [...tolerations, { key: 'slow', operator: 'Exists' }] })).toMatch(/^200/)
  expect(patch({ activeDeadlineSeconds: 600 })).toMatch(/^200/)
  expect(s.say('patch pods default/p {"metadata":{"labels":{"a":"b"}}}')).toMatch(/^200/)
  expect(patch({ containers: [{ ...containers[0], image: 'other' }] })).toContain('violates PodSecurity "restricted:latest"')
})

test('a kubelet makes mirror pods of its own node only, without accounts', () => {
  const s = servers('create nodes a', 'create nodes b'), credentials = { user: 'system:node:a', groups: ['system:nodes'] }
  const uid = s.ask({ verb: 'get', resource: 'nodes', name: 'a' }).body.metadata.uid
  const make = (spec: any): string => s.say(`create pods default/p ${JSON.stringify({
    metadata: {
      annotations: { 'kubernetes.io/config.mirror': 'x' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'a', uid, controller: true }],
    },
    spec: { containers: [{ name: 'app', image: 'i' }], ...spec },
  })}`, { credentials, dryRun: true })
  expect(make({ nodeName: 'b' })).toBe('403 Forbidden pods "p" is forbidden: node "a" can only create pods with spec.nodeName set to itself')
  expect(make({ nodeName: 'a', serviceAccountName: 'default' })).toContain('node "a" can not create pods that reference a service account')
  expect(make({ nodeName: 'a' })).toMatch(/^201/)
})

test('a priority that is given by number must be that of the class, be it larger or smaller', () => {
  const create = (priority: number): string => servers().say(`create pods default/p ${pod({ priority })}`)
  expect(create(0)).toMatch(/^201/)
  for (const priority of [-5, 5]) expect(create(priority)).toContain(`the integer value of priority (${priority}) must not be provided in pod spec`)
})

test('a toleration without an effect is one of NoExecute too', () => {
  const s = servers(), [notReady, unreachable] = ['not-ready', 'unreachable'].map(word => `node.kubernetes.io/${word}`)
  s.say(`create pods default/p ${pod({ tolerations: [{ key: notReady, operator: 'Exists' }] })}`)
  expect(podOf(s).spec.tolerations.map((t: any) => [t.key, t.tolerationSeconds])).toEqual([[notReady, undefined], [unreachable, 300]])
})

test('a pod that was there before a limit range is not held to it by an update', () => {
  const s = servers(`create pods default/p ${pod({}, { resources: { requests: { cpu: '2' }, limits: { cpu: '2' } } })}`)
  s.say('create limitranges default/r {"spec":{"limits":[{"type":"Container","max":{"cpu":"1"}}]}}')
  expect(s.say('patch pods default/p {"metadata":{"labels":{"a":"b"}}}')).toMatch(/^200/)
  expect(s.say(`create pods default/q ${pod({}, { resources: { requests: { cpu: '2' }, limits: { cpu: '2' } } })}`)).toContain('maximum cpu usage per Container is 1')
})

test('a claim that is not bound cannot grow', () => {
  const s = servers('create storageclasses.storage.k8s.io fast {"provisioner":"csi.example.com","allowVolumeExpansion":true}')
  const size = (storage: string): any => ({ resources: { requests: { storage } } })
  s.say(`create persistentvolumeclaims default/c ${JSON.stringify({ spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], ...size('1Gi') } })}`)
  const grow = (): string => s.say(`patch persistentvolumeclaims default/c ${JSON.stringify({ spec: size('2Gi') })}`)
  expect(grow()).toMatch(/^(403|422)/)
  s.say('patch persistentvolumeclaims/status default/c {"status":{"phase":"Bound"}}')
  expect(grow()).toMatch(/^200/)
})

describe('a policy', () => {
  const refuses = (rule: any, constraints: any = {}): Servers => {
    const group = 'admissionregistration.k8s.io', s = servers()
    const make = (resource: string, spec: any): unknown => s.ask({ verb: 'create', group, resource, body: { metadata: { name: 'no' }, spec } })
    make('validatingadmissionpolicies', {
      matchConstraints: { resourceRules: [{ operations: ['CREATE'], ...rule }], ...constraints }, validations: [{ expression: 'false', message: 'never' }],
    })
    make('validatingadmissionpolicybindings', { policyName: 'no', validationActions: ['Deny'] })
    s.kernel.runTo(s.kernel.now + 2000)
    return s
  }
  const scaler = 'create horizontalpodautoscalers.autoscaling default/h {"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},"maxReplicas":2}}'
  test('with a selector of namespaces is about what lies in none, whatever that says', () => {
    const roles = { apiGroups: ['rbac.authorization.k8s.io'], apiVersions: ['v1'], resources: ['clusterroles'] }
    const s = refuses(roles, { namespaceSelector: { matchLabels: { team: 'none' } } })
    expect(s.say('create clusterroles.rbac.authorization.k8s.io r {"rules":[]}')).toContain('denied request: never')
    const maps = refuses({ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }, { namespaceSelector: { matchLabels: { team: 'none' } } })
    expect(maps.say('create configmaps default/c')).toMatch(/^201/)
  })
  test('about another version of a resource is about this one too, unless it matches exactly', () => {
    const rule = { apiGroups: ['autoscaling'], apiVersions: ['v1'], resources: ['horizontalpodautoscalers'] }
    expect(refuses(rule).say(scaler)).toContain('denied request: never')
    expect(refuses(rule, { matchPolicy: 'Exact' }).say(scaler)).toMatch(/^201/)
  })
})
