import { expect, test } from 'vitest'
import { kubeControllerManager } from '../src/runtime-model/kube-controller-manager/index.ts'
import { startServers } from './support/api-servers.ts'
import type { Servers } from './support/api-servers.ts'

/** API servers with a controller manager, and nothing that runs pods. */
interface Managed extends Servers { seconds(n: number): void; object(what: string): any; changes(): string[] }
function managed(host = 'cp-1'): Managed {
  const servers = startServers({ actors: [kubeControllerManager({ host, version: '1.35.4' })] })
  servers.kernel.runTo(20_000)
  const mark = servers.kernel.trace.count
  return {
    ...servers,
    seconds: n => servers.kernel.runTo(servers.kernel.now + n * 1000),
    object: what => {
      const [resource, path] = what.split(' '), [namespace, name] = path.includes('/') ? path.split('/') : [undefined, path]
      const answer = servers.ask({ verb: 'get', group: resource.split('.').slice(1).join('.'), resource: resource.split('.')[0], namespace, name })
      return answer.code === 200 ? answer.body : undefined
    },
    changes: () => [...servers.kernel.trace.history()].filter(o =>
      o.id > mark && o.type === 'object' && o.resource !== 'leases.coordination.k8s.io' && o.resource !== 'events').map(o => {
      const c = o as any
      return `${c.change} ${c.resource} ${c.name}`
    }),
  }
}
const events = (c: Managed, namespace = 'default'): string[] =>
  c.ask({ verb: 'list', resource: 'events', namespace }).body.items.map((e: any) => `${e.type} ${e.reason} ${e.involvedObject.name}: ${e.message}`).sort()
const pod = (more: any = {}): string => JSON.stringify({
  spec: { containers: [{ name: 'c', image: 'i', ...more.resources ? { resources: more.resources } : {} }], ...more.spec }, metadata: more.metadata,
})

test('a new cluster settles: accounts and certificates everywhere, then silence', () => {
  const c = managed()
  expect(c.say('list serviceaccounts')).toBe('200 default default default default')
  expect(c.ask({ verb: 'list', resource: 'configmaps', labelSelector: '' }).body.items.filter((o: any) =>
    o.metadata.name === 'kube-root-ca.crt')).toHaveLength(4)
  const revision = c.ask({ verb: 'list', resource: 'namespaces' }).body.metadata.resourceVersion
  c.seconds(3600)
  expect(c.ask({ verb: 'list', resource: 'namespaces' }).body.metadata.resourceVersion).toBe(revision)
})

test('what belongs to every namespace comes back when it is deleted', () => {
  const c = managed()
  c.say('delete configmaps default/kube-root-ca.crt')
  c.say('delete serviceaccounts default/default')
  c.seconds(1)
  expect(c.object('configmaps default/kube-root-ca.crt')).toBeDefined()
  expect(c.object('serviceaccounts default/default')).toBeDefined()
})

test('a namespace ends five seconds later, pods first', () => {
  const c = managed()
  c.say('create namespaces team')
  c.seconds(1)
  for (const line of ['create configmaps team/a', `create pods team/p ${pod()}`, 'delete namespaces team']) c.say(line)
  c.seconds(4)
  expect(c.say('list configmaps team')).toBe('200 a kube-root-ca.crt')
  expect(c.say('create configmaps team/late')).toBe(
    '403 Forbidden configmaps "late" is forbidden: unable to create new content in namespace team because it is being terminated'
  )
  c.seconds(2)
  expect(c.say('get namespaces team')).toBe('404 NotFound namespaces "team" not found')
  const gone = c.changes().filter(x => x.startsWith('DELETED'))
  expect(gone[0]).toBe('DELETED pods p')
  expect(gone.at(-1)).toBe('DELETED namespaces team')
})

test('a finalizer holds a namespace, and it says so', () => {
  const c = managed()
  c.say('create namespaces team')
  c.seconds(1)
  c.say('create configmaps team/held {"metadata":{"finalizers":["example.com/hold"]}}')
  c.say('delete namespaces team')
  c.seconds(7)
  const conditions = Object.fromEntries(c.object('namespaces team').status.conditions.map((x: any) => [x.type, `${x.status} ${x.reason} ${x.message}`]))
  expect(conditions).toMatchObject({
    NamespaceContentRemaining: 'True SomeResourcesRemain Some resources are remaining: configmaps. has 1 resource instances',
    NamespaceFinalizersRemaining: 'True SomeFinalizersRemain Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    NamespaceDeletionContentFailure: 'False ContentDeleted All content successfully deleted, may be waiting on finalization',
  })
  c.say('patch configmaps team/held {"metadata":{"finalizers":null}}')
  c.seconds(12)
  expect(c.object('namespaces team')).toBeUndefined()
})

test('dependents follow their owner: background, foreground, orphaned, dangling', () => {
  const c = managed()
  const owned = (owner: any, more: any = {}): string =>
    JSON.stringify({ metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid, ...more }] } })
  const make = (name: string): any => { c.say(`create configmaps default/${name}`); return c.object(`configmaps default/${name}`) }
  const remove = (name: string, propagationPolicy: string): void => {
    c.say(`delete configmaps default/${name} ${JSON.stringify({ propagationPolicy })}`)
    c.seconds(2)
  }
  const a = make('a'); c.say(`create configmaps default/a-child ${owned(a)}`)
  remove('a', 'Background')
  expect(c.object('configmaps default/a-child')).toBeUndefined()
  const b = make('b'); c.say(`create configmaps default/b-child ${owned(b, { blockOwnerDeletion: true })}`)
  const mark = c.changes().length
  remove('b', 'Foreground')
  expect(c.changes().slice(mark)).toEqual(['MODIFIED configmaps b', 'DELETED configmaps b-child', 'DELETED configmaps b'])
  const d = make('d'); c.say(`create configmaps default/d-child ${owned(d)}`)
  remove('d', 'Orphan')
  expect(c.object('configmaps default/d')).toBeUndefined()
  expect(c.object('configmaps default/d-child').metadata.ownerReferences).toBeUndefined()
  c.say(`create configmaps default/dangling ${owned({ metadata: { name: 'nobody', uid: '11111111-2222-3333-4444-555555555555' } })}`)
  c.seconds(2)
  expect(c.object('configmaps default/dangling')).toBeUndefined()
})

test('all dependents of an owner that leaves them are freed at the same time', () => {
  const c = managed('cp-2'), freed: number[] = [] // a request takes some time there
  c.say('create configmaps default/owner')
  const { uid } = c.object('configmaps default/owner').metadata, ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }]
  for (let i = 0; i < 20; i++) c.say(`create secrets default/child-${i} ${JSON.stringify({ metadata: { ownerReferences } })}`)
  c.kernel.observe(o => { if (o.type === 'object' && o.kind === 'Secret' && o.change === 'MODIFIED') freed.push(o.at) })
  c.say('delete configmaps default/owner {"propagationPolicy":"Orphan"}')
  c.seconds(5)
  expect(freed).toHaveLength(20)
  expect(Math.max(...freed) - Math.min(...freed)).toBeLessThan(5)
  expect(c.object('secrets default/child-7').metadata.ownerReferences).toBeUndefined()
  expect(c.object('configmaps default/owner')).toBeUndefined()
})

test('of two owners the one that is left keeps the dependent', () => {
  const c = managed(), ref = (o: any): any => ({ apiVersion: 'v1', kind: 'ConfigMap', name: o.metadata.name, uid: o.metadata.uid })
  for (const name of ['a', 'b']) c.say(`create configmaps default/${name}`)
  c.say(`create configmaps default/child ${JSON.stringify({ metadata: { ownerReferences: ['a', 'b'].map(n => ref(c.object(`configmaps default/${n}`))) } })}`)
  c.say('delete configmaps default/a')
  c.seconds(2)
  expect(c.object('configmaps default/child').metadata.ownerReferences.map((o: any) => o.name)).toEqual(['b'])
})

test('a quota is counted, charged, and given back', () => {
  const c = managed()
  c.say('create resourcequotas default/budget {"spec":{"hard":{"pods":"2","requests.memory":"1Gi","configmaps":"3"}}}')
  c.seconds(1)
  expect(c.object('resourcequotas default/budget').status.used).toEqual({ pods: '0', 'requests.memory': '0', configmaps: '1' })
  expect(c.say(`create pods default/vague ${pod()}`)).toBe('403 Forbidden pods "vague" is forbidden: failed quota: budget: must specify requests.memory for: c')
  const small = { resources: { requests: { memory: '256Mi' } } }
  c.say(`create pods default/a ${pod(small)}`)
  c.say(`create pods default/b ${pod(small)}`)
  expect(c.object('resourcequotas default/budget').status.used).toEqual({ pods: '2', 'requests.memory': '512Mi', configmaps: '1' })
  expect(c.say(`create pods default/c ${pod(small)}`)).toBe(
    '403 Forbidden pods "c" is forbidden: exceeded quota: budget, requested: pods=1, used: pods=2, limited: pods=2'
  )
  c.say('delete pods default/a')
  c.seconds(1)
  expect(c.object('resourcequotas default/budget').status.used).toEqual({ pods: '1', 'requests.memory': '256Mi', configmaps: '1' })
})

test('pods of a node that is gone are ended after the quarantine', () => {
  const c = managed()
  c.say('create nodes n')
  c.say(`create pods default/p ${pod({ spec: { nodeName: 'n' } })}`)
  c.say('delete nodes n')
  c.seconds(39)
  expect(c.object('pods default/p')).toBeDefined()
  c.seconds(25)
  expect(c.object('pods default/p')).toBeUndefined()
  const failed = [...c.kernel.trace.history()].find(o => o.type === 'object' && o.resource === 'pods' && o.new?.status.phase === 'Failed') as any
  expect(failed.new.status.conditions.at(-1)).toMatchObject({
    type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists',
  })
})

test('an aggregated role follows what it aggregates', () => {
  const c = managed()
  c.say('create clusterroles.rbac.authorization.k8s.io sum {"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"team":"a"}}]},"rules":[]}')
  c.say(
    'create clusterroles.rbac.authorization.k8s.io one {"metadata":{"labels":{"team":"a"}},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}'
  )
  c.seconds(1)
  expect(c.object('clusterroles.rbac.authorization.k8s.io sum').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }])
})

const claim = (name: string, more: any = {}): string =>
  `create persistentvolumeclaims default/${name} ${JSON.stringify({ spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...more } })}`
const volume = (name: string, size: string, more: any = {}): string =>
  `create persistentvolumes ${name} ${JSON.stringify({ spec: { capacity: { storage: size }, accessModes: ['ReadWriteOnce'], hostPath: { path: `/data/${name}` }, ...more } })}`

test('a claim takes the smallest volume that is large enough, and frees it when it goes', () => {
  const c = managed()
  for (const line of [volume('big', '10Gi'), volume('right', '2Gi'), volume('small', '500Mi')]) c.say(line)
  c.seconds(1)
  c.say(claim('data'))
  c.seconds(1)
  expect(c.object('persistentvolumeclaims default/data')).toMatchObject({
    spec: { volumeName: 'right' }, status: { phase: 'Bound', capacity: { storage: '2Gi' } },
  })
  expect(c.object('persistentvolumes right').status.phase).toBe('Bound')
  c.say('delete persistentvolumeclaims default/data')
  c.seconds(1)
  expect(c.object('persistentvolumeclaims default/data')).toBeUndefined()
  expect(c.object('persistentvolumes right').status.phase).toBe('Released')
})

test('a claim without a volume says what it waits for, and takes a volume that comes later', () => {
  const c = managed()
  c.say('create storageclasses.storage.k8s.io later {"provisioner":"example.com/later","volumeBindingMode":"WaitForFirstConsumer"}')
  c.say('create storageclasses.storage.k8s.io now {"provisioner":"example.com/now"}')
  for (const line of [
    claim('none'), claim('unknown', { storageClassName: 'unknown' }), claim('later', { storageClassName: 'later' }), claim('now', { storageClassName: 'now' }),
  ]) {
    c.say(line)
  }
  c.seconds(1)
  expect(events(c)).toEqual([
    "Normal ExternalProvisioning now: Waiting for a volume to be created either by the external provisioner 'example.com/now' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    'Normal FailedBinding none: no persistent volumes available for this claim and no storage class is set',
    'Normal WaitForFirstConsumer later: waiting for first consumer to be created before binding',
    'Warning ProvisioningFailed unknown: storageclass.storage.k8s.io "unknown" not found',
  ])
  c.say(volume('v', '1Gi'))
  c.seconds(16)
  expect(c.object('persistentvolumeclaims default/none').status.phase).toBe('Bound')
})

test('the local provisioner makes a volume for the chosen node, and removes it with its claim', () => {
  const c = managed()
  c.say(
    'create storageclasses.storage.k8s.io standard {"provisioner":"rancher.io/local-path","volumeBindingMode":"WaitForFirstConsumer","metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}'
  )
  c.say(claim('data'))
  c.seconds(1)
  expect(c.object('persistentvolumeclaims default/data').spec.storageClassName).toBe('standard')
  c.say('patch persistentvolumeclaims default/data {"metadata":{"annotations":{"volume.kubernetes.io/selected-node":"worker-1"}}}')
  c.seconds(5)
  const bound = c.object('persistentvolumeclaims default/data'), name = `pvc-${bound.metadata.uid}`
  expect(bound).toMatchObject({ spec: { volumeName: name }, status: { phase: 'Bound' } })
  expect(events(c).filter(e => e.includes('rovision') && !e.includes('External')).at(-1)).toBe(
    `Normal ProvisioningSucceeded data: Successfully provisioned volume ${name}`
  )
  c.say('delete persistentvolumeclaims default/data')
  c.seconds(2)
  expect(c.object(`persistentvolumes ${name}`)).toBeUndefined()
})

test('a claim in use stays until its pod is gone', () => {
  const c = managed()
  c.say(claim('data'))
  c.say(`create pods default/p ${pod({ spec: { nodeName: 'n', volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] } })}`)
  c.seconds(1)
  c.say('delete persistentvolumeclaims default/data')
  c.seconds(1)
  expect(c.object('persistentvolumeclaims default/data').metadata.deletionTimestamp).toBeDefined()
  c.say('delete pods default/p {"gracePeriodSeconds":0}')
  c.seconds(1)
  expect(c.object('persistentvolumeclaims default/data')).toBeUndefined()
})
