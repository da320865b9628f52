import { describe, expect, test } from 'vitest'
import { admissionPlugins } from '../src/runtime-model/kube-apiserver/admission/index.ts'
import { podBody as pod, serversThatHave as servers, startServers } from './support/api-servers.ts'
import type { Servers } from './support/api-servers.ts'

const get = (s: Servers, resource: string, name: string, namespace?: string): any =>
  s.ask({ verb: 'get', group: resource.split('.').slice(1).join('.'), resource: resource.split('.')[0], namespace, name }).body
const podOf = (s: Servers, name: string): any => get(s, 'pods', name, 'default')
/** what an API server with these objects answers to the creation of a pod p */
const refusal = (s: Servers, body: string): string => s.say(`create pods default/p ${body}`)

test('a pod gets an account, a token, tolerations and a priority', () => {
  const s = servers()
  s.say(`create pods default/p ${pod()}`)
  const { spec } = podOf(s, 'p'), [volume] = spec.volumes
  expect(volume.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  expect(volume.projected.sources.map((x: any) => Object.keys(x)[0])).toEqual(['serviceAccountToken', 'configMap', 'downwardAPI'])
  expect(spec.containers[0].volumeMounts).toEqual([{ name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }])
  expect(spec).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' })
  expect(spec.tolerations.map((t: any) => `${t.key}:${t.effect} ${t.tolerationSeconds}`)).toEqual([
    'node.kubernetes.io/not-ready:NoExecute 300', 'node.kubernetes.io/unreachable:NoExecute 300',
  ])
})

describe('what pods are refused for', () => {
  const cases: readonly (readonly [when: readonly string[], body: string, answer: string])[] = [
    [[], pod({ serviceAccountName: 'ci' }), '403 Forbidden pods "p" is forbidden: error looking up service account default/ci: serviceaccount "ci" not found'],
    [[], pod({ priorityClassName: 'gold' }), '403 Forbidden pods "p" is forbidden: no PriorityClass with name gold was found'],
    [
      [], pod({ priority: 7 }),
      '403 Forbidden pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [[], pod({ runtimeClassName: 'kata' }), '403 Forbidden pods "p" is forbidden: pod rejected: RuntimeClass "kata" not found'],
    [
      ['create limitranges default/l {"spec":{"limits":[{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"50m"},"maxLimitRequestRatio":{"cpu":"10"}}]}}'],
      pod({}, { resources: { requests: { cpu: '10m' }, limits: { cpu: '500m' } } }),
      '403 Forbidden pods "p" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, cpu max limit to request ratio per Container is 10, but provided ratio is 50.000000]',
    ],
    [
      ['create limitranges default/l {"spec":{"limits":[{"type":"Pod","max":{"memory":"1Gi"}}]}}'], pod(),
      '403 Forbidden pods "p" is forbidden: maximum memory usage per Pod is 1Gi.  No limit is specified',
    ],
    [
      ['patch namespaces default {"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}'],
      pod({ hostNetwork: true }, { securityContext: { privileged: true } }),
      '403 Forbidden pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), privileged (container "app" must not set securityContext.privileged=true)',
    ],
  ]
  test.each(cases)('%j', (when, body, answer) => expect(refusal(servers(...when), body)).toBe(answer))
})

test('a quota limits nothing until a controller has said what it allows, and all of it until that has counted', () => {
  const s = servers()
  s.say('create resourcequotas default/q {"spec":{"hard":{"pods":"2"}}}')
  s.say(`create pods default/first ${pod()}`)
  const status = (what: object): number => s.ask({
    verb: 'patch', resource: 'resourcequotas', subresource: 'status', namespace: 'default', name: 'q', patchType: 'application/merge-patch+json',
    body: { status: what },
  }).code
  expect([s.say('get pods default/first').slice(0, 3), status({ hard: { pods: '2' } })]).toEqual(['200', 200])
  expect(refusal(s, pod())).toBe('403 Forbidden pods "p" is forbidden: status unknown for quota: q, resources: pods')
})

test('the account default is waited for', () => {
  const s = startServers(), before = s.kernel.now
  expect(s.say(`create pods default/p ${pod()}`)).toBe(
    '403 Forbidden pods "p" is forbidden: error looking up service account default/default: serviceaccount "default" not found'
  )
  expect(s.kernel.now - before).toBeGreaterThan(1000)
})

test('a namespace that is missing or ends takes nothing new', () => {
  const s = servers('create namespaces team', 'create serviceaccounts team/default')
  expect(s.say('create configmaps nowhere/a')).toBe('404 NotFound namespaces "nowhere" not found')
  s.say('delete namespaces team')
  expect(s.say('create configmaps team/a')).toBe(
    '403 Forbidden configmaps "a" is forbidden: unable to create new content in namespace team because it is being terminated'
  )
  expect(s.say('delete namespaces kube-system')).toBe('403 Forbidden namespaces "kube-system" is forbidden: this namespace may not be deleted')
})

test('a LimitRange fills in and notes what it filled in', () => {
  const s = servers(
    'create limitranges default/l {"spec":{"limits":[{"type":"Container","default":{"cpu":"500m","memory":"256Mi"},"defaultRequest":{"cpu":"100m"}}]}}'
  )
  s.say(`create pods default/p ${pod()}`)
  expect(podOf(s, 'p').spec.containers[0].resources).toEqual({ limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } })
  expect(podOf(s, 'p').metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu, memory request for container app; cpu, memory limit for container app',
  })
})

test('classes, finalizers and taints are given', () => {
  const s = servers(
    'create storageclasses.storage.k8s.io fast {"provisioner":"x.io/y","metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}',
    'create nodes n'
  )
  s.say('create persistentvolumeclaims default/c {"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}')
  expect(get(s, 'persistentvolumeclaims', 'c', 'default')).toMatchObject({
    spec: { storageClassName: 'fast' }, metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
  })
  expect(get(s, 'nodes', 'n').spec.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }])
  expect(s.say('patch persistentvolumeclaims default/c {"spec":{"resources":{"requests":{"storage":"2Gi"}}}}')).toMatch(
    /^(403 Forbidden persistentvolumeclaims "c" is forbidden: Only bound persistent volume claims can be expanded|422 )/
  )
})

test('priority comes from the class, or from the default one', () => {
  const s = servers(
    'create priorityclasses.scheduling.k8s.io gold {"value":1000,"preemptionPolicy":"Never"}',
    'create priorityclasses.scheduling.k8s.io usual {"value":10,"globalDefault":true}'
  )
  s.say(`create pods default/p ${pod({ priorityClassName: 'gold' })}`)
  s.say(`create pods default/q ${pod()}`)
  expect(podOf(s, 'p').spec).toMatchObject({ priority: 1000, preemptionPolicy: 'Never' })
  expect(podOf(s, 'q').spec).toMatchObject({ priority: 10, priorityClassName: 'usual' })
  expect(s.say('create priorityclasses.scheduling.k8s.io other {"value":1,"globalDefault":true}')).toBe(
    '403 Forbidden priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist'
  )
})

test('Pod Security warns of templates and of what is there, and checks its own labels', () => {
  const s = servers('patch namespaces default {"metadata":{"labels":{"pod-security.kubernetes.io/warn":"restricted"}}}')
  const answer = s.say(`create pods default/p ${pod()}`)
  expect(answer).toContain(
    'warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'
  )
  expect(s.say('patch namespaces default {"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"strict"}}}')).toBe(
    '422 Invalid Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted'
  )
  expect(s.say('patch namespaces default {"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}')).toBe(
    '200 namespace default warning: existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest" warning: p: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile'
  )
})

test('a kubelet asks for certificates of its own name', () => {
  // openssl req -subj /O=system:nodes/CN=system:node:n1, n2
  const n1 = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIc01JR1NBZ0VBTURBeEZUQVRCZ05WQkFvTURITjVjM1JsYlRwdWIyUmxjekVYTUJVR0ExVUVBd3dPYzNsegpkR1Z0T201dlpHVTZiakV3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVIzbUZBQjV5QStvRmloCmt6MGhaUUJhclhYRmMxSjJZei9HeDRjMU9UV0k2Smp5WWthZ1VIbzhjSGlneTUveCtjekdqb1RQdXEzWDJEeWMKOXJBdWVWdGZvQUF3Q2dZSUtvWkl6ajBFQXdJRFNRQXdSZ0loQUpLM1RpZnorSWVLb1RsbmMwNzd4UThZQ1dscQpQL3hVQkx2RVpUZW9DMkgxQWlFQXpUMWR5YVovRURXbmxpc2FPVHJDRzgvdHFCRW9LYS9kZjhCTFpMaE1GU1E9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo='
  const n2 = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIcU1JR1NBZ0VBTURBeEZUQVRCZ05WQkFvTURITjVjM1JsYlRwdWIyUmxjekVYTUJVR0ExVUVBd3dPYzNsegpkR1Z0T201dlpHVTZiakl3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVRpOFN4UUwwQjY2cnFCCkFaamVuNkl5dkZQKy9EcVIyVC9WVG5FeVZZampFUURObTBMTDdFRGVOM1c0UFViRFdKSVZLTUFFb2lLNnZiaFEKMkZEWG5EbDVvQUF3Q2dZSUtvWkl6ajBFQXdJRFJ3QXdSQUlnQTFyM3BVK0tWK2hhaVg0c0hKdFBibXBWZDNHYgp1WmJIQXE1Qm0vM2dFVUlDSUUyaENvaUx0UzVDZ3BLaEZtMmZpcUpkd2g1U0U0RXV0L1hRdk9kcFVwZXcKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg=='
  const s = servers(), ask = (request: string, signer: string, usage: string): string => s.say(
    `create certificatesigningrequests a {"spec":{"request":"${request}","signerName":"kubernetes.io/${signer}","usages":["digital signature","${usage}"]}}`,
    { credentials: { user: 'system:node:n1', groups: ['system:nodes'] }, dryRun: true }
  )
  const refused = '403 Forbidden certificatesigningrequests.certificates.k8s.io "a" is forbidden: can only create a node CSR with CN=system:node:n1'
  expect(ask(n1, 'kube-apiserver-client-kubelet', 'client auth')).toBe('201 certificatesigningrequest a')
  expect(ask(n2, 'kube-apiserver-client-kubelet', 'client auth')).toBe(refused)
  expect(ask(n1, 'kubelet-serving', 'server auth')).toBe('201 certificatesigningrequest a')
  expect(ask(n2, 'kubelet-serving', 'server auth')).toBe(refused)
  expect(ask(n2, 'kube-apiserver-client', 'client auth')).toBe('201 certificatesigningrequest a')
})

test('a kubelet touches only what is its own', () => {
  const s = servers('create nodes a', 'create nodes b'), credentials = { user: 'system:node:a', groups: ['system:nodes'] }
  const as = (line: string): string => s.say(line, { credentials })
  expect(as('patch nodes b {"metadata":{"labels":{"x":"y"}}}')).toBe('403 Forbidden nodes "b" is forbidden: node "a" is not allowed to modify node "b"')
  expect(as('patch nodes a {"spec":{"taints":null}}')).toBe('403 Forbidden nodes "a" is forbidden: node "a" is not allowed to modify taints')
  expect(as('patch nodes a {"metadata":{"labels":{"node-role.kubernetes.io/x":""}}}')).toBe(
    '403 Forbidden nodes "a" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/x'
  )
  expect(as('patch nodes a {"metadata":{"labels":{"team":"x"}}}')).toBe('200 node a')
  expect(as(`create pods default/p ${pod()}`)).toBe(
    '403 Forbidden pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "a" can only create mirror pods'
  )
})

test('every plugin names its source and what it reads', () => {
  for (const p of admissionPlugins) expect(p.source.length > 0 && (p.mutate !== undefined || p.validate !== undefined), p.name).toBe(true)
})
