import { describe, expect, it } from 'vitest'
import { createCluster, type LibraryCluster } from '../src/library.ts'

/** Rules of a kubelet that show only where two things of a pod meet: a container that has ended beside one that waits, a refusal and a later change … */
const podOf = (name: string, behaviours: Readonly<Record<string, string>>, spec: any): any => ({
  kind: 'Pod',
  metadata: { name, annotations: Object.fromEntries(Object.entries(behaviours).map(([c, text]) => [`behaviour.kscenario.dev/${c}`, text])) }, spec,
})
const container = (name: string, more: any = {}): any => ({ name, image: `shop/${name}:1`, ...more })
const sidecar = (name: string, more: any = {}): any => container(name, { restartPolicy: 'Always', ...more })
const probe = (more: any = {}): any => ({ exec: { command: ['check'] }, periodSeconds: 2, failureThreshold: 1, ...more })
function running(behaviours: Readonly<Record<string, string>>, spec: any, seed = 0): LibraryCluster {
  const cluster = createCluster({ nodes: 1, seed })
  cluster.client.create(podOf('web', behaviours, spec))
  return cluster
}
const statusOf = (cluster: LibraryCluster, name: string, pod = 'web'): any => {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = (cluster.stored('Pod', pod) as any).status
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find((c: any) => c.name === name)
}
const events = (cluster: LibraryCluster, reason?: string): any[] =>
  cluster.client.list('Event', { namespace: 'default' }).filter((e: any) => reason ? e.reason === reason : e.source?.component === 'kubelet' && e.involvedObject.kind === 'Pod')
const times = (cluster: LibraryCluster, reason: string): number => events(cluster, reason).reduce((n, e) => n + e.count, 0)

describe('what a kubelet says of a pod', () => {
  it('is limited for the whole pod, not for each container', () => {
    const cluster = running({}, { containers: Array.from({ length: 8 }, (_, i) => container(`c${i}`)) })
    cluster.advance('30s')
    expect(events(cluster).filter(e => e.type === 'Normal').length).toBe(25)
  })
  it('becomes one Event where ten differ in their words alone, whichever container they are of', () => {
    const cluster = running({}, { containers: Array.from({ length: 12 }, (_, i) => container(`c${i}`, { imagePullPolicy: 'Never' })) })
    cluster.advance('5s')
    const told = events(cluster, 'ErrImageNeverPull').map(e => e.message)
    expect(told.filter(m => m.startsWith('(combined from similar events)'))).toHaveLength(1)
    expect(told).toHaveLength(10)
  })
})

describe('a kubelet that starts anew', () => {
  function restarted(cluster: LibraryCluster): Set<boolean> {
    const seen = new Set<boolean>([statusOf(cluster, 'app').ready]), start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.observe((o: any) => { if (o.type === 'object' && o.resource === 'pods') seen.add(statusOf(cluster, 'app').ready) })
    cluster.advance('5s'); start(); cluster.advance('60s')
    return seen
  }
  const ready = { readinessProbe: probe({ periodSeconds: 20 }) }
  it('leaves a pod ready that was', () => {
    const cluster = running({}, { containers: [container('app', ready)] })
    cluster.advance('90s')
    expect([...restarted(cluster)]).toEqual([true])
  })
  it('asks the containers of a pod that was not ready before it believes them', () => {
    const cluster = running({ other: '{exec: [{code: 1}]}' }, { containers: [container('app', ready), container('other', ready)] })
    cluster.advance('90s')
    expect(statusOf(cluster, 'app').ready).toBe(true)
    expect([...restarted(cluster)].sort()).toEqual([false, true])
  })
  it('asks one anew that had run for less than ten seconds', () => {
    const cluster = running({}, { containers: [container('app', ready)] }, 3)
    expect(cluster.until(() => statusOf(cluster, 'app')?.ready === true, '40s')).toBe(true)
    const stop = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.advance('1s'); stop()
    expect(cluster.until(() => !statusOf(cluster, 'app').ready, '10s')).toBe(true)
    expect(cluster.until(() => statusOf(cluster, 'app').ready === true, '40s')).toBe(true)
  })
  it('takes one that was starting up for started', () => {
    const cluster = running({ app: '{exec: [{code: 1}]}' }, { containers: [container('app', { startupProbe: probe({ failureThreshold: 100 }) })] })
    cluster.advance('60s')
    expect(statusOf(cluster, 'app').started).toBe(false)
    const start = cluster.inject('kubelet-stop', { node: 'worker-1' })
    cluster.advance('5s'); start(); cluster.advance('30s')
    expect(statusOf(cluster, 'app')).toMatchObject({ started: true, restartCount: 0 })
  })
})

describe('sidecars', () => {
  it('are made anew when their image changes', () => {
    const cluster = running({}, { initContainers: [sidecar('proxy')], containers: [container('app')] })
    cluster.advance('10s')
    cluster.client.patch('Pod', 'web', { spec: { initContainers: [{ name: 'proxy', image: 'shop/proxy:2' }] } })
    cluster.advance('60s')
    expect(events(cluster, 'Killing').map(e => e.message)).toEqual(['Init container proxy definition changed'])
    expect([statusOf(cluster, 'proxy').image, statusOf(cluster, 'app').restartCount]).toEqual(['docker.io/shop/proxy:2', 0])
  })
  it('come first again: a container that has ended waits for one that is in its back-off', () => {
    const cluster = running(
      { proxy: '{exit: {after: 4s, code: 1, times: 2}}', app: '{exit: {after: 10s, code: 1, times: 1}}' },
      { initContainers: [sidecar('proxy')], containers: [container('app')] }
    )
    expect(cluster.until(() => statusOf(cluster, 'proxy')?.state.waiting?.reason === 'CrashLoopBackOff', '30s')).toBe(true)
    expect(cluster.until(() => !statusOf(cluster, 'app').state.running, '10s')).toBe(true)
    cluster.advance('3s')
    expect([statusOf(cluster, 'app').restartCount, statusOf(cluster, 'proxy').restartCount]).toEqual([0, 1])
    cluster.advance('20s')
    expect([statusOf(cluster, 'app').restartCount, statusOf(cluster, 'proxy').restartCount]).toEqual([1, 2])
  })
  it('do not make a pod pending again whose containers wait in their back-off', () => {
    const cluster = running(
      { proxy: '{exit: {after: 14s, code: 1}, exec: [{from: 0s, code: 1}, {from: 2s, code: 0}]}', app: '{exit: {after: 2s, code: 1}}' },
      { initContainers: [sidecar('proxy', { startupProbe: probe({ failureThreshold: 9 }) })], containers: [container('app')] }
    ), phases: string[] = []
    cluster.observe((o: any) => { if (o.type === 'object' && o.resource === 'pods' && phases.at(-1) !== o.new.status.phase) phases.push(o.new.status.phase) })
    cluster.advance('2m')
    expect(phases).toEqual(['Pending', 'Running'])
  })
  it('are asked by their liveness probe while their pod ends', () => {
    const cluster = running(
      { proxy: '{exec: [{from: 0s, code: 0}, {from: 20s, code: 1}]}', app: '{term: {after: 12s, code: 0}}' },
      { initContainers: [sidecar('proxy', { livenessProbe: probe() })], containers: [container('app')] }
    )
    cluster.advance('17s')
    cluster.client.delete('Pod', 'web')
    cluster.advance('8s')
    expect(events(cluster, 'Unhealthy').map(e => e.message)).toEqual(['Liveness probe failed: '])
  })
  it('have whole seconds of the grace period left', () => {
    const cluster = running({ app: '{term: {after: 2400ms, code: 0}}', proxy: '{term: {ignore: true}}' }, {
      terminationGracePeriodSeconds: 5, initContainers: [sidecar('proxy')], containers: [container('app')],
    })
    cluster.advance('10s')
    const from = cluster.now
    let after = 0
    cluster.observe((o: any) => { if (o.type === 'container' && o.state === 'exited' && o.container === 'proxy') after = cluster.now - from })
    cluster.client.delete('Pod', 'web')
    cluster.advance('10s')
    expect(Math.round(after / 100)).toBe(54)
  })
})

describe('a container that has ended', () => {
  it('for good makes its pod be looked at with every look at the runtime, if it has a probe', () => {
    const pod = (readinessProbe: any): LibraryCluster => running({ done: '{exit: {after: 2s, code: 0}}' }, {
      restartPolicy: 'OnFailure', containers: [container('done', { ...readinessProbe && { readinessProbe } }), container('app', { env: [
        { name: 'A', valueFrom: { secretKeyRef: { name: 'late', key: 'a' } } },
      ] })],
    })
    const [quiet, busy] = [pod(undefined), pod(probe())].map(cluster => { cluster.advance('22s'); return times(cluster, 'Failed') })
    expect([quiet < 6, busy > 15]).toEqual([true, true])
  })
  it('tells that it waits as soon as its probe has found that out', () => {
    const pod = (livenessProbe: any): LibraryCluster => running({ app: '{exit: {after: 4s, code: 1}}' }, {
      containers: [container('app', { ...livenessProbe && { livenessProbe } }), container('other')],
    })
    const waits = (cluster: LibraryCluster): boolean => {
      cluster.until(() => statusOf(cluster, 'app')?.restartCount === 1, '20s')
      return cluster.until(() => statusOf(cluster, 'app').state.waiting?.reason === 'CrashLoopBackOff', '9s')
    }
    expect(waits(pod(probe({ failureThreshold: 3 })))).toBe(true)
  })
  it('is asked on until the kubelet has noticed', () => {
    const cluster = running({ app: '{exit: {after: 5100ms, code: 1, times: 1}, start: 3s}' }, {
      containers: [container('app', { ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } })],
    })
    cluster.advance('20s')
    expect(events(cluster, 'Unhealthy').map(e => e.message)).toEqual([expect.stringMatching(/^Readiness probe failed: dial tcp .*: connect: connection refused$/)])
  })
  it('by its probe comes back by its own policy, not by rules for exit codes', () => {
    const cluster = running({ app: '{exec: [{from: 0s, code: 0}, {from: 4s, code: 1}]}' }, {
      containers: [container('app', {
        livenessProbe: probe(), restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
      }), container('other')],
    })
    cluster.advance('20s')
    expect(events(cluster, 'Killing').map(e => e.message)).toEqual(['Container app failed liveness probe'])
  })
})

describe('a pod', () => {
  it('that was refused is looked at once its spec or its labels change', () => {
    const cluster = running({}, { nodeName: 'worker-1', nodeSelector: { disk: 'ssd' }, containers: [container('app')] })
    cluster.advance('5s')
    expect((cluster.stored('Pod', 'web') as any).status).toMatchObject({ reason: 'NodeAffinity', phase: 'Failed' })
    expect(statusOf(cluster, 'app')).toBeUndefined()
    cluster.client.patch('Pod', 'web', { metadata: { labels: { a: 'b' } } })
    cluster.advance('5s')
    expect(statusOf(cluster, 'app').state.terminated.reason).toBe('ContainerStatusUnknown')
    expect((cluster.stored('Pod', 'web') as any).status).toMatchObject({ reason: 'NodeAffinity', phase: 'Failed' })
  })
  it('whose deadline passes while it ends has failed for it', () => {
    const cluster = running({ app: '{term: {after: 20s, code: 0}}' }, { activeDeadlineSeconds: 15, containers: [container('app')] }), reasons = new Set<string>()
    cluster.observe((o: any) => { if (o.type === 'object' && o.resource === 'pods' && o.new?.status.reason) reasons.add(o.new.status.reason) })
    cluster.advance('8s')
    cluster.client.delete('Pod', 'web')
    cluster.advance('40s')
    expect([...reasons]).toEqual(['DeadlineExceeded'])
  })
  it('that has failed is not ready again for a probe that answers while it ends', () => {
    const cluster = running({ app: '{exec: [{from: 0s, code: 1}, {from: 9s, code: 0}], term: {after: 12s, code: 0}}' }, {
      activeDeadlineSeconds: 6, containers: [container('app', { readinessProbe: probe() })],
    }), ready = new Set<string>()
    cluster.observe((o: any) => {
      if (o.type === 'object' && o.resource === 'pods') ready.add(o.new?.status.conditions?.find((c: any) => c.type === 'Ready')?.status)
    })
    cluster.advance('14s')
    expect([statusOf(cluster, 'app').ready, ready.has('True')]).toEqual([true, false])
  })
  it('is given no debug container that joins one which has never been', () => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'late', key: 'a' } } }]
    const cluster = running({}, { containers: [container('app', { env }), container('other')] })
    cluster.advance('5s')
    cluster.client.patch('Pod', 'web', {
      spec: { ephemeralContainers: [{ name: 'look', image: 'shop/tools:1', targetContainerName: 'app' }] },
    }, { subresource: 'ephemeralcontainers' })
    cluster.advance('15s')
    expect(statusOf(cluster, 'look').state.waiting).toEqual({ reason: 'CreateContainerConfigError', message: 'unable to find target container app' })
  })
})
