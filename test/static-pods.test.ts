import { describe, expect, test } from 'vitest'
import { createCluster, type LibraryCluster } from '../src/library.ts'
import { putManifest } from '../src/runtime-model/operations/manifests.ts'

/** Pods of manifest files. Source: what kubelets of 1.35 did with such files; https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/ */
const app = { name: 'app', image: 'shop/web:1' }
const pod = (spec: any = { containers: [app] }, metadata: any = { name: 'web' }): any => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec })
function world(document: any = pod()) {
  const cluster = createCluster({ nodes: 1 }), notes: string[] = []
  cluster.observe((o: any) => { if (o.type === 'note') notes.push(o.text) })
  const put = (file: string, what: any): string | void => putManifest(cluster.model, { node: 'worker-1', file, document: what })
  return { cluster, notes, put, first: put('web.yaml', document) }
}
const mirror = (cluster: LibraryCluster, name = 'web-worker-1'): any => cluster.stored('Pod', name)

describe('a manifest file', () => {
  test('becomes a pod with the marks of its source, which the Node owns', () => {
    const { cluster } = world()
    cluster.advance('3s')
    const { metadata, spec, status } = mirror(cluster), hash = metadata.annotations['kubernetes.io/config.hash']
    expect(hash).toMatch(/^[0-9a-f]{32}$/)
    expect(metadata.annotations).toMatchObject({ 'kubernetes.io/config.mirror': hash, 'kubernetes.io/config.source': 'file' })
    expect(metadata.ownerReferences).toEqual([expect.objectContaining({ kind: 'Node', name: 'worker-1', controller: true })])
    expect(spec).toMatchObject({ nodeName: 'worker-1', tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] })
    expect(spec.volumes).toBeUndefined()
    expect([status.phase, status.observedGeneration, metadata.uid === hash]).toEqual(['Running', undefined, false])
  })
  test.each([
    ['a Secret', pod({ containers: [app], volumes: [{ name: 's', secret: { secretName: 's' } }] }), 'static pods may not reference secrets'],
    ['a variable of a ConfigMap', pod({ containers: [{ ...app, envFrom: [{ configMapRef: { name: 'c' } }] }] }), 'static pods may not reference configmaps'],
    ['an account', pod({ containers: [app], serviceAccountName: 'a' }), 'static pods may not reference serviceaccounts'],
    ['a claim', pod({ containers: [app], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'd' } }] }),
      'static pods may not reference persistentvolumeclaims'],
    ['no container', pod({ containers: [] }), 'invalid pod: [spec.containers: Required value]'],
    ['another kind', { apiVersion: 'v1', kind: 'Service' }, `couldn't parse as pod(no kind "Service" of version "v1"), please check config file`],
  ])('with %s is complained of, and is no pod', (_, document, why) => {
    const { cluster, notes } = world(document)
    cluster.advance('1m')
    expect(mirror(cluster)).toBeUndefined()
    expect(notes).toContain(`Unable to process watch event: can't process config file "/etc/kubernetes/manifests/web.yaml": ${why}`)
  })
  test('that is broken by a change ends its pod when the folder is read again', () => {
    const { cluster, put } = world()
    cluster.advance('5s')
    put('web.yaml', pod({ containers: [] }))
    cluster.advance('1s')
    expect(mirror(cluster).status.phase).toBe('Running')
    cluster.advance('25s')
    expect(mirror(cluster)).toBeUndefined()
  })
  test('of the same content as before is no news', () => {
    const { cluster, put } = world()
    cluster.advance('5s')
    const { uid } = mirror(cluster).metadata
    put('web.yaml', pod())
    cluster.advance('30s')
    expect(mirror(cluster).metadata.uid).toBe(uid)
  })
  test('survives its kubelet and its machine', () => {
    const { cluster } = world()
    cluster.advance('5s')
    const { uid } = mirror(cluster).metadata, start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.advance('5s'); start(); cluster.advance('20s')
    expect([mirror(cluster).metadata.uid, mirror(cluster).status.containerStatuses[0].restartCount]).toEqual([uid, 0])
    cluster.inject('node-reboot', { node: 'worker-1' })
    cluster.advance('3m')
    expect([mirror(cluster).metadata.uid, mirror(cluster).status.containerStatuses[0].restartCount]).toEqual([uid, 1])
  })
  test.each([['1s', true], ['9s', false]])('that goes ends its pod: whether its end after %s is told is %s, as the kubelet soon gives up what it knows of it', (after, isTold) => {
    const { cluster } = world(pod({ containers: [app], terminationGracePeriodSeconds: 20 }, {
      name: 'web', annotations: { 'behaviour.kscenario.dev/app': `term: {after: ${after}, code: 3}` },
    })), told: string[] = []
    cluster.advance('10s')
    cluster.observe((o: any) => {
      const now = o.type === 'object' && o.resource === 'pods' && o.new?.metadata.name === 'web-worker-1' && o.new.status
      if (now) told.push(Object.keys(now.containerStatuses[0].state)[0])
    })
    putManifest(cluster.model, { node: 'worker-1', file: 'web.yaml', remove: true })
    expect(cluster.until(() => mirror(cluster) === undefined, '30s')).toBe(true)
    expect([told.length > 0, told.includes('terminated')]).toEqual([true, isTold])
  })
  test('makes a pod that no taint and no pressure turns away, and that is never evicted', () => {
    const { cluster, put } = world()
    cluster.advance('3s')
    cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
    put('late.yaml', pod(undefined, { name: 'late' }))
    cluster.advance('1m')
    expect([mirror(cluster).status.phase, mirror(cluster, 'late-worker-1').status.phase]).toEqual(['Running', 'Running'])
  })
})

describe('a kubelet that starts while no API server answers', () => {
  const sized = { ...app, resources: { requests: { cpu: '500m', memory: '64Mi' } } }
  test('knows how large its machine is, and starts a pod of a file that asks for some of it', () => {
    const { cluster } = world(pod({ containers: [sized] }))
    cluster.advance('5s')
    const back = [cluster.inject('component-down', { component: 'kube-apiserver' }), cluster.inject('node-down', { node: 'worker-1' })]
    cluster.advance('10s')
    back[1]()
    cluster.advance('10s')
    expect(cluster.model.nodeTruth().podsOn('worker-1').map((p: any) => p.containers.map((c: any) => c.state))).toContainEqual(['running'])
    back[0]()
    cluster.advance('1m')
    expect(mirror(cluster).status.phase).toBe('Running')
  })
  test.each([1, 5, 12, 30])('takes its pods of before again, once a server answers %i s later', seconds => {
    const { cluster } = world(), names = ['a', 'b', 'c']
    cluster.client.patch('Node', 'worker-1', { metadata: { labels: { disk: 'ssd' } } })
    cluster.advance('1s')
    for (const name of names) {
      cluster.client.create({ kind: 'Pod', metadata: { name }, spec: { nodeName: 'worker-1', nodeSelector: { disk: 'ssd' }, containers: [sized] } } as any)
    }
    cluster.advance('5s')
    const back = [cluster.inject('component-down', { component: 'kube-apiserver' }), cluster.inject('node-down', { node: 'worker-1' })]
    cluster.advance('3s')
    back[1]()
    cluster.advance(`${seconds}s`)
    back[0]()
    cluster.advance('90s')
    const told = (name: string): string => { const { phase, reason }: any = cluster.stored('Pod', name)!.status; return `${phase} ${reason ?? ''}`.trim() }
    expect(names.map(told)).toEqual(['Running', 'Running', 'Running'])
  })
})
