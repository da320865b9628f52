import { describe, expect, test } from 'vitest'
import { createCluster, type LibraryCluster } from '../src/library.ts'
import { joinNode } from '../src/runtime-model/operations/nodes.ts'

/**
 * Which events an object shows in each flow of its life, in which order, with their exact words: `Normal Pulling (kubelet) …`. An event stands where it
 * was first told; sizes of images, uids and ids of sandboxes are marks. Source: pkg/kubelet/events/event.go and who records them; the shapes of
 * flows: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
class Telling {
  readonly cluster: LibraryCluster
  readonly #events: any[] = []
  constructor(nodes = 1) {
    this.cluster = createCluster({ nodes })
    this.cluster.observe((o: any) => { if (o.type === 'object' && o.resource.startsWith('events') && o.new && !o.old) this.#events.push(o.new) })
  }
  pod(name: string, spec: Record<string, unknown>, behaviour: Record<string, string> = {}): this {
    const annotations = Object.fromEntries(Object.entries(behaviour).map(([c, text]) => [`behaviour.kscenario.dev/${c}`, text]))
    this.cluster.client.create({ kind: 'Pod', metadata: { name, annotations }, spec })
    return this
  }
  advance(duration: string): this { this.cluster.advance(duration); return this }
  of(kind: string, name: string): string[] {
    return this.#events.filter(e => e.involvedObject.kind === kind && e.involvedObject.name.startsWith(name)).map(e =>
      `${e.type} ${e.reason} (${e.source?.component || e.reportingComponent}) ${marked(e.message)}`)
  }
}
const marked = (text: string): string =>
  text.replace(/Image size: \d+ bytes/, 'Image size: <bytes> bytes').replace(/[0-9a-f]{64}/g, '<id>').replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '<uid>')
const app = { name: 'app', image: 'shop/app:1' }
/** …which uses these volumes: what nothing uses is not waited for */
const mounting = (...volumes: string[]) => ({ ...app, volumeMounts: volumes.map(name => ({ name, mountPath: `/${name}` })) })
const scheduled = (pod: string, node = 'worker-1'): string => `Normal Scheduled (default-scheduler) Successfully assigned default/${pod} to ${node}`
const pulled = (image: string): string[] => [
  `Normal Pulling (kubelet) Pulling image "${image}"`,
  `Normal Pulled (kubelet) Successfully pulled image "${image}" in 0s (0s including waiting). Image size: <bytes> bytes.`,
]
const present = (image: string): string => `Normal Pulled (kubelet) Container image "${image}" already present on machine and can be accessed by the pod`
const begun = ['Normal Created (kubelet) Container created', 'Normal Started (kubelet) Container started']
const ready = (...before: string[]): string[] => [scheduled('web'), ...before, ...pulled('shop/app:1'), ...begun]

describe('a pod starts', () => {
  test('an image that is not there, then one that is', () => {
    const told = new Telling().pod('web', { containers: [app] }).advance('5s').pod('other', { containers: [app] }).advance('5s')
    expect(told.of('Pod', 'web')).toEqual(ready())
    expect(told.of('Pod', 'other')).toEqual([scheduled('other'), present('shop/app:1'), ...begun])
  })
  test('init containers and sidecars come first', () => {
    const told = new Telling().pod('web', {
      initContainers: [{ name: 'prepare', image: 'shop/prepare:1' }, { name: 'proxy', image: 'shop/proxy:1', restartPolicy: 'Always' }], containers: [app],
    }).advance('15s')
    expect(told.of('Pod', 'web')).toEqual(ready(...pulled('shop/prepare:1'), ...begun, ...pulled('shop/proxy:1'), ...begun))
  })
  test('controllers precede it', () => {
    const told = new Telling()
    told.cluster.client.create({
      kind: 'Deployment', metadata: { name: 'web' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [app] } } },
    })
    told.advance('5s')
    const named = (kind: 'ReplicaSet' | 'Pod'): string => told.cluster.client.list(kind, { namespace: 'default' })[0].metadata!.name!, set = named('ReplicaSet')
    const pod = named('Pod')
    expect(told.of('Deployment', 'web')).toEqual([`Normal ScalingReplicaSet (deployment-controller) Scaled up replica set ${set} from 0 to 1`])
    expect(told.of('ReplicaSet', 'web')).toEqual([`Normal SuccessfulCreate (replicaset-controller) Created pod: ${pod}`])
    expect(told.of('Pod', 'web')).toEqual([scheduled(pod), ...pulled('shop/app:1'), ...begun])
  })
  test('one after the other, and the second pull waits for the first', () => {
    const told = new Telling().pod('web', { containers: [app, { name: 'more', image: 'shop/more:1' }] }, { app:
      'pull: 1500ms', more: 'pull: 65s' }).advance('2m')
    expect(told.of('Pod', 'web')).toEqual([
      scheduled('web'), 'Normal Pulling (kubelet) Pulling image "shop/app:1"',
      'Normal Pulled (kubelet) Successfully pulled image "shop/app:1" in 1.5s (1.5s including waiting). Image size: <bytes> bytes.', ...begun,
      'Normal Pulling (kubelet) Pulling image "shop/more:1"',
      'Normal Pulled (kubelet) Successfully pulled image "shop/more:1" in 1m5s (1m5s including waiting). Image size: <bytes> bytes.', ...begun,
    ])
  })
  test('nowhere: the scheduler says why', () => {
    const told = new Telling().pod('web', { nodeSelector: { disk: 'ssd' }, containers: [app] }).advance('5s')
    expect(told.of('Pod', 'web')).toEqual([
      "Warning FailedScheduling (default-scheduler) 0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ])
  })
})

describe('a pod does not start', () => {
  const notFound =
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/app:1": failed to resolve reference "docker.io/shop/app:1": docker.io/shop/app:1: not found'
  test('an image that does not exist', () => {
    expect(new Telling().pod('web', { containers: [app] }, { app: 'missing: true' }).advance('1m').of('Pod', 'web')).toEqual([
      scheduled('web'), 'Normal Pulling (kubelet) Pulling image "shop/app:1"', `Warning Failed (kubelet) Failed to pull image "shop/app:1": ${notFound}`,
      'Warning Failed (kubelet) Error: ErrImagePull',
      'Normal BackOff (kubelet) Back-off pulling image "shop/app:1"', 'Warning Failed (kubelet) Error: ImagePullBackOff',
    ])
  })
  test('an image that may not be pulled', () => {
    expect(new Telling().pod('web', { containers: [{ ...app, imagePullPolicy: 'Never' }] }).advance('20s').of('Pod', 'web')).toEqual([
      scheduled('web'), 'Warning ErrImageNeverPull (kubelet) Container image "shop/app:1" is not present with pull policy of Never',
      'Warning Failed (kubelet) Error: ErrImageNeverPull',
    ])
  })
  test('a name that is none', () => {
    const said = `Failed to apply default image tag "shop//app": couldn't parse image name "shop//app": invalid reference format`
    expect(new Telling().pod('web', { containers: [{ ...app, image: 'shop//app' }] }).advance('20s').of('Pod', 'web')).toEqual(
      [scheduled('web'), `Warning InspectFailed (kubelet) ${said}`, 'Warning Failed (kubelet) Error: InvalidImageName']
    )
  })
  test('a ConfigMap, a key or a Secret that the environment lacks', () => {
    const from = (env: unknown): string[] => {
      const told = new Telling()
      told.cluster.client.create({ kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } })
      return told.pod('web', { containers: [{ ...app, env: [{ name: 'X', valueFrom: env }] }] }).advance('30s').of('Pod', 'web')
    }
    const lacks = (why: string): string[] => [scheduled('web'), ...pulled('shop/app:1'), `Warning Failed (kubelet) Error: ${why}`, present('shop/app:1')]
    expect(from({ configMapKeyRef: { name: 'c', key: 'k' } })).toEqual(lacks('configmap "c" not found'))
    expect(from({ configMapKeyRef: { name: 'settings', key: 'k' } })).toEqual(lacks("couldn't find key k in ConfigMap default/settings"))
    expect(from({ secretKeyRef: { name: 's', key: 'k' } })).toEqual(lacks('secret "s" not found'))
  })
  test('the runtime refuses to start it', () => {
    const said = `Back-off restarting failed container app in pod web_default(<uid>)`
    expect(new Telling().pod('web', { containers: [app] }, { app: 'startError: "no such file"' }).advance('12s').of('Pod', 'web')).toEqual([
      scheduled('web'), ...pulled('shop/app:1'), 'Normal Created (kubelet) Container created', 'Warning Failed (kubelet) Error: no such file',
      present('shop/app:1'), `Warning BackOff (kubelet) ${said}`,
    ])
  })
  test('volumes that do not come: each failure is told, the end of the wait is not', () => {
    const told = new Telling().pod('web', {
      volumes: [{ name: 'cfg', configMap: { name: 'c' } }, { name: 'key', secret: { secretName: 's' } }], containers: [mounting('cfg', 'key')],
    }).advance('6m')
    expect(told.of('Pod', 'web')).toEqual([
      scheduled('web'), 'Warning FailedMount (kubelet) MountVolume.SetUp failed for volume "cfg" : configmap "c" not found',
      'Warning FailedMount (kubelet) MountVolume.SetUp failed for volume "key" : secret "s" not found',
    ])
  })
  test('what one volume of several sources lacks is told as one', () => {
    const sources = [{ secret: { name: 's' } }, { configMap: { name: 'c' } }, { configMap: { name: 'o', optional: true } }]
    const told = new Telling().pod('web', { volumes: [{ name: 'all', projected: { sources } }], containers: [mounting('all')] }).advance('10s')
    expect(told.of('Pod', 'web')).toEqual([
      scheduled('web'), 'Warning FailedMount (kubelet) MountVolume.SetUp failed for volume "all" : [secret "s" not found, configmap "c" not found]',
    ])
  })
  test('a claim that is not bound, for a pod that names its node', () => {
    const told = new Telling()
    told.cluster.client.create({
      kind: 'PersistentVolumeClaim', metadata: { name: 'data' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    })
    const said = (why: string): string[] => [
      `Warning FailedMount (kubelet) Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/${why}`,
    ]
    told.pod('web', { nodeName: 'worker-1', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], containers: [mounting('data')] })
      .pod('late', { nodeName: 'worker-1', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'more' } }], containers: [mounting('data')] })
      .advance('30s')
    expect(told.of('Pod', 'web')).toEqual(said('data: PVC is not bound'))
    expect(told.of('Pod', 'late')).toEqual(said('more: failed to fetch PVC from API server: persistentvolumeclaims "more" not found'))
  })
  test('a resolver that is given more than it takes', () => {
    const searches = Array.from({ length: 31 }, (_, i) => `s${i}.example`)
    const told = new Telling().pod('web', { dnsConfig: { nameservers: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], searches }, containers: [app] })
      .pod('fits', { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], searches }, containers: [app] }).advance('5s')
    const line = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local', ...searches].slice(0, 32).join(' ')
    expect(told.of('Pod', 'web')).toEqual(ready(
      'Warning DNSConfigForming (kubelet) Nameserver limits were exceeded, some nameservers have been omitted, '
        + 'the applied nameserver line is: 10.96.0.10 192.0.2.1 192.0.2.2',
      `Warning DNSConfigForming (kubelet) Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${line}`
    ))
    expect(told.of('Pod', 'fits')).toEqual([scheduled('fits'), present('shop/app:1'), ...begun])
  })
  test('a secret for pulling that is missing is no reason not to try', () => {
    expect(new Telling().pod('web', { imagePullSecrets: [{ name: 'one' }, { name: 'two' }], containers: [app] }).advance('5s').of('Pod', 'web')).toEqual(
      ready(
        'Warning FailedToRetrieveImagePullSecret (kubelet) Unable to retrieve some image pull secrets (one, two); attempting to pull the image may not succeed.'
      ))
  })
  test('a RuntimeClass whose handler the node lacks', () => {
    const told = new Telling()
    told.cluster.client.create({ kind: 'RuntimeClass', metadata: { name: 'sandboxed' }, handler: 'runsc' })
    told.cluster.client.create({ kind: 'RuntimeClass', metadata: { name: 'plain' }, handler: 'runc' })
    told.pod('web', { runtimeClassName: 'sandboxed', containers: [app] }).pod('plain', { runtimeClassName: 'plain', containers: [app] }).advance('5s')
    expect(told.of('Pod', 'web')).toEqual([
      scheduled('web'),
      'Warning FailedCreatePodSandBox (kubelet) Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "<id>": no runtime for "runsc" is configured',
    ])
    expect(told.of('Pod', 'plain')).toEqual([scheduled('plain'), ...pulled('shop/app:1'), ...begun])
  })
  test('the node turns it away', () => {
    expect(new Telling().pod('web', { nodeName: 'worker-1', containers: [{ ...app, resources: { requests: { cpu: '64' } } }] })
      .advance('5s')
      .of('Pod', 'web')).toEqual([
      expect.stringMatching(/^Warning OutOfcpu \(kubelet\) Node didn't have enough resource: cpu, requested: 64000, used: \d+, capacity: 4000$/),
    ])
  })
})

describe('a pod runs', () => {
  test('again and again', () => {
    expect(new Telling().pod('web', { containers: [app] }, { app: 'exit: {after: 2s, code: 1}' }).advance('3m').of('Pod', 'web')).toEqual(
      [...ready(), present('shop/app:1'), 'Warning BackOff (kubelet) Back-off restarting failed container app in pod web_default(<uid>)']
    )
  })
  test('until its probe fails', () => {
    const spec = {
      containers: [{
        ...app, livenessProbe: { exec: { command: ['check'] }, periodSeconds: 5, failureThreshold: 2 }, readinessProbe: { httpGet: { path: '/', port: 80 } },
      }],
    }
    expect(new Telling().pod('web', spec, { app: '{http: [{path: /, from: 0s, status: 500}], exec: [{from: 8s, code: 1}]}' })
      .advance('25s')
      .of('Pod', 'web')).toEqual([
      ...ready(), 'Warning Unhealthy (kubelet) Readiness probe failed: HTTP probe failed with statuscode: 500',
      'Warning Unhealthy (kubelet) Liveness probe failed: ', 'Normal Killing (kubelet) Container app failed liveness probe, will be restarted',
      present('shop/app:1'),
    ])
  })
  test('until it is deleted', () => {
    const told = new Telling().pod('web', {
      initContainers: [{ name: 'proxy', image: 'shop/proxy:1', restartPolicy: 'Always' }], containers: [app],
    }).advance('10s')
    const before = told.of('Pod', 'web').length
    told.cluster.client.delete('Pod', 'web')
    expect(told.advance('40s').of('Pod', 'web').slice(before).sort()).toEqual([
      'Normal Killing (kubelet) Stopping container app', 'Normal Killing (kubelet) Stopping container proxy',
    ])
  })
  test('until its deadline', () => {
    expect(new Telling().pod('web', { activeDeadlineSeconds: 5, containers: [app] }).advance('20s').of('Pod', 'web')).toEqual([
      ...ready(), 'Normal DeadlineExceeded (kubelet) Pod was active on the node longer than the specified deadline',
      'Normal Killing (kubelet) Stopping container app',
    ])
  })
  test('until the node has too little memory', () => {
    const told = new Telling().pod('web', { containers: [app] }, { app: 'memory: 300Mi' }).advance('5s')
    told.cluster.inject('node-pressure', { node: 'worker-1', kind: 'memory' })
    expect(told.advance('20s').of('Node', 'worker-1').slice(-2)).toEqual([
      'Warning EvictionThresholdMet (kubelet) Attempting to reclaim memory',
      'Normal NodeHasInsufficientMemory (kubelet) Node worker-1 status is now: NodeHasInsufficientMemory',
    ])
    expect(told.of('Pod', 'web')).toEqual([
      ...ready(),
      'Warning Evicted (kubelet) The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container app was using 300Mi, request is 0, has larger consumption of memory. ',
      'Normal Killing (kubelet) Stopping container app',
    ])
  })
  test('until somebody more important needs its place', () => {
    const told = new Telling()
    told.cluster.client.create({ kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 })
    told.pod('web', { containers: [{ ...app, resources: { requests: { cpu: '3' } } }] })
      .advance('5s')
      .pod('vip', { priorityClassName: 'high', nodeName: undefined, containers: [{ ...app, resources: { requests: { cpu: '3' } } }] })
      .advance('60s')
    expect(told.of('Pod', 'web').slice(-2)).toEqual([
      'Normal Preempted (default-scheduler) Preempted by pod <uid> on node worker-1', 'Normal Killing (kubelet) Stopping container app',
    ])
  })
  test('on, while its node reboots', () => {
    const told = new Telling().pod('web', { containers: [app] }).advance('5s'), heal = told.cluster.inject('node-down', { node: 'worker-1' })
    told.advance('10s')
    heal()
    told.advance('30s')
    expect(told.of('Pod', 'web').slice(ready().length)).toEqual([
      'Normal SandboxChanged (kubelet) Pod sandbox changed, it will be killed and re-created.', present('shop/app:1'), ...begun,
    ])
    expect(told.of('Node', 'worker-1').filter(e => e.includes('Rebooted'))).toEqual([expect.stringMatching(
      /^Warning Rebooted \(kubelet\) Node worker-1 has been rebooted, boot id: <uid>$/
    )])
  })
})

describe('a node', () => {
  const now = (word: string): string => `Normal ${word} (kubelet) Node worker-2 status is now: ${word}`
  const starting = [
    'Normal Starting (kubelet) Starting kubelet.', now('NodeHasSufficientMemory'), now('NodeHasNoDiskPressure'), now('NodeHasSufficientPID'),
    'Normal NodeAllocatableEnforced (kubelet) Updated Node Allocatable limit across pods',
  ]
  test('starts, is cordoned and goes', () => {
    const told = new Telling()
    joinNode(told.cluster.model, { node: 'worker-2' })
    // the node controller looks every 5 s
    expect(told.advance('15s').of('Node', 'worker-2')).toEqual([
      ...starting, now('NodeReady'), 'Normal RegisteredNode (node-controller) Node worker-2 event: Registered Node worker-2 in Controller',
    ])
    told.cluster.client.patch('Node', 'worker-2', { spec: { unschedulable: true } })
    told.advance('11s').cluster.client.patch('Node', 'worker-2', { spec: { unschedulable: false } })
    told.advance('11s').cluster.client.delete('Node', 'worker-2')
    expect(told.advance('6s').of('Node', 'worker-2').slice(7)).toEqual([
      now('NodeNotSchedulable'), now('NodeSchedulable'), 'Normal RemovingNode (node-controller) Node worker-2 event: Removing Node worker-2 from Controller',
    ])
  })
  test('is lost and comes back', () => {
    const told = new Telling(2).pod('web', { nodeName: 'worker-2', containers: [app] }).advance('5s')
    const heal = told.cluster.inject('kubelet-stop', { node: 'worker-2' })
    told.advance('7m')
    heal()
    told.advance('30s')
    expect(told.of('Node', 'worker-2')).toEqual([
      'Normal NodeNotReady (node-controller) Node worker-2 status is now: NodeNotReady', ...starting, now('NodeReady'),
    ])
    expect(told.of('Pod', 'web').slice(4)).toEqual([
      'Warning NodeNotReady (node-controller) Node is not ready',
      'Normal TaintManagerEviction (taint-eviction-controller) Marking for deletion Pod default/web', 'Normal Killing (kubelet) Stopping container app',
    ])
  })
})

test('a machine is switched off in order: what its pods and its Node tell', () => {
  const told = new Telling(2).pod('web', { nodeName: 'worker-2', containers: [app] }, { app: 'term: {after: 3s}' })
    .pod('logs', { nodeName: 'worker-2', priorityClassName: 'system-node-critical', containers: [app] })
    .advance('5s')
  told.cluster.inject('node-shutdown', { node: 'worker-2', graceMs: 20_000, criticalMs: 5000 })
  told.advance('2s').pod('late', { nodeName: 'worker-2', containers: [app] }).advance('15s')
  const status = (name: string): any => told.cluster.stored('Pod', name)!.status
  expect(told.of('Node', 'worker-2')).toEqual(['Normal NodeNotReady (kubelet) Node worker-2 status is now: NodeNotReady'])
  expect(told.of('Pod', 'late')).toEqual(['Warning NodeShutdown (kubelet) Pod was rejected as the node is shutting down.'])
  for (const name of ['web', 'logs']) {
    expect(told.of('Pod', name).at(-1)).toBe('Normal Killing (kubelet) Stopping container app')
    expect(status(name)).toMatchObject({
      phase: 'Failed', reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.',
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' })]),
    })
  }
  const ended = (name: string): number => Date.parse(status(name).containerStatuses[0].state.terminated.finishedAt)
  expect(ended('logs')).toBeGreaterThanOrEqual(ended('web'))
  expect((told.cluster.stored('Node', 'worker-2') as any).status.conditions.find((c: any) => c.type === 'Ready')).toMatchObject(
    { status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down' }
  )
})
