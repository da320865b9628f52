import { describe, expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'

/** What a 1.35.4 API server lets the kubelet of worker-1 do, and its words about the rest: beside its own objects only what its pods need. */
const servers = startServers(), as = { credentials: { user: 'system:node:worker-1', groups: ['system:nodes'] } }
const make = (resource: string, name: string, spec: object, group = '', namespace: string | undefined = group === '' ? 'default' : undefined): any => {
  const answer = servers.ask({ verb: 'create', group, resource, namespace, body: { metadata: { name }, ...spec } })
  expect(`${answer.code} ${answer.body.message ?? ''}`).toBe('201 ')
  return answer.body
}
for (const name of ['default', 'mine', 'other']) make('serviceaccounts', name, {})
for (const name of ['publish', 'stage', 'controller', 'mounted', 'free']) make('secrets', name, {})
const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
for (const name of ['claim', 'strange']) make('persistentvolumeclaims', name, { spec: { ...claimSpec, volumeName: `volume-of-${name}` } })
const secret = (name: string) => ({ name, namespace: 'default' }), driver = 'csi.example.com'
const csi = {
  driver, volumeHandle: 'h', nodePublishSecretRef: secret('publish'), nodeStageSecretRef: secret('stage'), controllerPublishSecretRef: secret('controller'),
}
const volume = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] }, claimRef = (name: string) => ({ namespace: 'default', name })
servers.ask({
  verb: 'create', resource: 'persistentvolumes', body: { metadata: { name: 'volume-of-claim' }, spec: { ...volume, csi, claimRef: claimRef('claim') } },
})
servers.ask({
  verb: 'create', resource: 'persistentvolumes',
  body: { metadata: { name: 'volume-of-strange' }, spec: { ...volume, hostPath: { path: '/x' }, claimRef: claimRef('strange') } },
})
for (const node of ['worker-1', 'worker-2']) {
  make('volumeattachments', `to-${node}`, { spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: 'volume-of-claim' } } }, 'storage.k8s.io')
}
const pod = (name: string, nodeName: string, serviceAccountName: string, volumes: readonly any[]): any =>
  make('pods', name, { spec: { nodeName, serviceAccountName, automountServiceAccountToken: volumes.length !== 1, containers: [{ name: 'c', image: 'i' }], volumes } })
const own = pod('own', 'worker-1', 'mine', [
  { name: 'data', persistentVolumeClaim: { claimName: 'claim' } }, { name: 'files', secret: { secretName: 'mounted' } },
])
const elsewhere = pod('elsewhere', 'worker-2', 'mine', [])
const vault = pod('vault', 'worker-1', 'mine', [{ name: 'token', projected: { sources: [{ serviceAccountToken: { audience: 'vault', path: 'x' } }] } }])
servers.kernel.runTo(servers.kernel.now + 100)

const unrelated = "no relationship found between node 'worker-1' and this object"
const why = (line: string, rest: object = {}): string => {
  const [, code, text] = /^(\d+) (.*)$/s.exec(servers.fork().say(line, { ...as, ...rest }))!
  return code === '403' ? text.replace(/^Forbidden /, '').replace(/^.* (at the cluster scope|in the namespace "[^"]*")(: )?/, '') : code
}
describe('reads', () => {
  test.each([
    ['get secrets default/mounted', '200'], ['get secrets default/publish', '200'], ['get secrets default/stage', '200'],
    ['get secrets default/controller', unrelated], ['get secrets default/free', unrelated], ['create secrets default/new', 'can only read resources of this type'],
    ['get persistentvolumeclaims default/claim', '200'], ['get persistentvolumeclaims default/strange', unrelated],
    ['list persistentvolumeclaims default/', 'can only get individual resources of this type'],
    ['delete persistentvolumeclaims default/claim', 'can only get individual resources of this type'],
    ['get persistentvolumes volume-of-claim', '200'], ['get persistentvolumes volume-of-strange', unrelated],
    ['list persistentvolumes', 'can only get individual resources of this type'], ['get volumeattachments.storage.k8s.io to-worker-1', '200'],
    ['get volumeattachments.storage.k8s.io to-worker-2', unrelated], ['get serviceaccounts default/mine', '200'], ['get serviceaccounts default/other', unrelated],
    ['list serviceaccounts default/', 'can only create tokens for individual service accounts'], ['get pods default/own', '200'],
    ['get pods default/elsewhere', unrelated], ['get nodes worker-2', "node 'worker-1' cannot read 'worker-2', only its own Node object"],
    ['delete nodes worker-1', ''], ['list leases.coordination.k8s.io kube-node-lease/', 'can only get, create, update, patch, or delete a node lease'],
    ['get csinodes.storage.k8s.io worker-2', 'can only access CSINode with the same name as the requesting node'],
    ['list csinodes.storage.k8s.io', 'can only get, create, update, patch, or delete a CSINode'],
    ['list resourceslices.resource.k8s.io', 'can only list/watch/deletecollection resourceslices with nodeName field selector'],
  ])('%s: %s', (line, answer) => expect(why(line)).toBe(answer))
  test('a list of one name is that of one object, a deletion of all is not', () => {
    expect(why('list pods default/', { fieldSelector: 'metadata.name=own' })).toBe('200')
    expect(why('list pods default/', { fieldSelector: 'metadata.name=elsewhere' })).toBe(unrelated)
    expect(servers.say('deletecollection configmaps default/', { ...as, fieldSelector: 'metadata.name=own' })).toMatch(/ configmaps is forbidden: /)
  })
})
describe('tokens', () => {
  const token = (name: string, spec: object): string => {
    const answer = servers.fork().ask({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', name, subresource: 'token', body: { spec }, ...as })
    return answer.code === 201 ? '201' : answer.body.message.replace(/^serviceaccounts "\w+" is forbidden: (User .*: )?/, '')
  }
  const of = ({ metadata: { name, uid } }: any, audiences: readonly string[] = []) => ({ audiences, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } })
  test('are for pods that the node runs', () => {
    expect(token('mine', of(own))).toBe('201')
    expect(token('other', of(own))).toBe(unrelated)
    expect(token('mine', {})).toBe('node requested token not bound to a pod')
    expect(token('mine', { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'own' } })).toBe('node requested token with a pod binding without a uid')
    expect(token('mine', of({ metadata: { name: 'own', uid: 'x' } }))).toBe(
      'the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated'
    )
    expect(token('mine', of(elsewhere))).toBe('node requested token bound to a pod scheduled on a different node')
    expect(token('mine', of({ metadata: { name: 'nobody', uid: 'x' } }))).toBe('pod "nobody" not found')
  })
  test('are for whom a volume of the pod is to convince', () => {
    const nobody = (audience: string): string =>
      `audience "${audience}" not found in pod spec volume, system:node:worker-1 is not authorized to request tokens for this audience`
    expect([token('mine', of(vault, ['vault'])), token('mine', of(vault, ['a'])), token('mine', of(vault))]).toEqual(['201', nobody('a'), nobody('')])
    expect(token('mine', of(own, ['a', 'b']))).toBe('node may only request 0 or 1 audiences')
    expect(token('mine', of(own, ['a']))).toBe('error validating audience "a": csidriver.storage.k8s.io "csi.example.com" not found')
  })
})
describe('writes', () => {
  const slice = (nodeName: string): any => ({
    verb: 'create', group: 'resource.k8s.io', resource: 'resourceslices', ...as,
    body: { metadata: { name: 's' }, spec: { driver, nodeName, pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices: [{ name: 'gpu' }] } },
  })
  test('slices of its own devices', () => {
    expect(servers.fork().ask(slice('worker-2')).body.message).toBe(
      'resourceslices.resource.k8s.io "s" is forbidden: can only create ResourceSlice with the same NodeName as the requesting node'
    )
    expect(servers.fork().ask(slice('worker-1')).code).toBe(201)
  })
  test('its own CSINode', () => {
    const csiNode = (name: string): string => servers.fork().say(`create csinodes.storage.k8s.io ${name} {"spec":{"drivers":[]}}`, as)
    expect(csiNode('worker-1')).toBe('201 csinode worker-1')
    expect(csiNode('worker-2')).toMatch(/: can only access CSINode with the same name as the requesting node$/)
  })
  test('of the status of a claim how large it is, and nothing else', () => {
    const patch = (body: object) => servers.fork().ask({
      verb: 'patch', resource: 'persistentvolumeclaims', subresource: 'status', namespace: 'default', name: 'claim',
      patchType: 'application/merge-patch+json', body, ...as,
    })
    expect(patch({ status: { capacity: { storage: '1Gi' } } }).code).toBe(200)
    expect(patch({ status: { phase: 'Bound' } }).body.message).toMatch(
      /is forbidden: node "worker-1" is not allowed to update fields other than status.quantity and status.conditions: @@ -25,7 \+25,7 @@\n/
    )
  })
})
