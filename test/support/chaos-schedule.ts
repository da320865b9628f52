import { createHash } from 'node:crypto'
import type { ApiRequest, KubeObject } from '../../src/runtime-model/api/request.ts'
import { createCluster, type Cluster } from '../../src/runtime-model/cluster.ts'
import { faults } from '../../src/runtime-model/faults/index.ts'
import { drawOf, pick, type Draw } from './api-objects.ts'
import { admin } from './api-servers.ts'

/**
 * A cluster of three control-plane machines with workloads of every kind, to which faults of all kinds happen and are healed while people change things.
 * What must hold: a write that was answered well is there as long as nobody else has changed it; afterwards everything is as in a cluster to which the same
 * was done and no fault happened; a second run is the same, and so is a fork that goes on from the middle.
 */
const workers = ['worker-1', 'worker-2', 'worker-3'], masters = ['cp-1', 'cp-2', 'cp-3'], machines = [...workers, ...masters]
const minute = 60_000
let prepared: Cluster | undefined

const groups: Readonly<Record<string, string>> = {
  pods: '', deployments: 'apps', statefulsets: 'apps', daemonsets: 'apps', jobs: 'batch', configmaps: '', services: '', poddisruptionbudgets: 'policy',
}
const request = (verb: ApiRequest['verb'], resource: string, name: string, rest: Partial<ApiRequest> = {}): any => ({
  verb, group: groups[resource], version: 'v1', resource, namespace: 'default', name: verb === 'create' ? undefined : name, credentials: admin,
  userAgent: 'test', ...rest,
})
const template = (app: string, tag: string, more: any = {}): any =>
  ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'app', image: `example.com/${app}:${tag}` }], terminationGracePeriodSeconds: 2, ...more } })
const selector = (app: string): any => ({ matchLabels: { app } })
const object = (apiVersion: string, kind: string, name: string, spec: any): any => ({ apiVersion, kind, metadata: { name }, spec })
const workload = (app: string, more: any = {}): any => ({ selector: selector(app), template: template(app, 'v1'), ...more })
const objects: readonly (readonly [resource: string, body: any])[] = [
  ['deployments', object('apps/v1', 'Deployment', 'web', workload('web', { replicas: 3 }))],
  ['statefulsets', object('apps/v1', 'StatefulSet', 'db', workload('db', { replicas: 2, serviceName: 'db' }))],
  ['daemonsets', object('apps/v1', 'DaemonSet', 'agent', workload('agent'))],
  ['services', object('v1', 'Service', 'web', { selector: { app: 'web' }, ports: [{ port: 80 }] })],
  ['poddisruptionbudgets', object('policy/v1', 'PodDisruptionBudget', 'web', { minAvailable: 1, selector: selector('web') })],
]
function world(): Cluster {
  if (prepared) return prepared.fork()
  const cluster = createCluster({ controlPlaneNodes: masters.length, nodes: workers.map(name => ({ name })), trace: 'none' })
  for (const [resource, body] of objects) if (cluster.request(request('create', resource, '', { body })).code !== 201) throw new Error(`${resource} is refused`)
  cluster.advance(2 * minute)
  prepared = cluster
  return cluster.fork()
}

/** A fault and how it is healed; some heal by themselves. */
interface Trouble { readonly id: string; readonly args: Readonly<Record<string, any>> }
const ends = ['component-down', 'component-crash', 'component-hang'], watchers = ['kube-scheduler', 'kube-controller-manager', 'kubelet']
const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy']
const troubles: readonly ((draw: Draw, cluster: Cluster) => Trouble)[] = [
  draw => ({ id: pick(draw, ends), args: { component: pick(draw, components) } }),
  draw => ({ id: pick(draw, ends), args: { component: pick(draw, components.slice(0, 3)), node: pick(draw, masters) } }),
  draw => ({ id: pick(draw, ends), args: { component: 'etcd', member: `etcd-${1 + draw(3)}` } }),
  draw => ({ id: pick(draw, ['node-down', 'node-hang', 'kubelet-stop', 'partition', 'network-plugin-missing']), args: { node: pick(draw, workers) } }),
  draw => ({ id: 'node-reboot', args: { node: pick(draw, workers), forMs: 1000 * (5 + draw(400)) } }),
  draw => ({ id: 'control-plane-node-down', args: { node: pick(draw, masters) } }),
  draw => ({ id: 'clock-skew', args: { node: pick(draw, workers), aheadMs: (draw(20) - 10) * minute } }),
  draw => ({ id: 'node-pressure', args: { node: pick(draw, workers), kind: pick(draw, ['memory', 'disk', 'pid']) } }),
  draw => ({ id: 'network-partition', args: { a: pick(draw, machines.slice(0, 3)), b: pick(draw, machines.slice(3)) } }),
  draw => ({ id: 'network-partition', args: { a: 'cp-1', b: pick(draw, ['cp-2', 'cp-3']) } }),
  draw => ({ id: 'api-delay', args: { delayMs: 10 + draw(3000) } }), draw => ({ id: 'api-fail', args: { code: pick(draw, [429, 500, 503, 504]) } }),
  draw => ({ id: pick(draw, ['watch-delay', 'watch-drop']), args: { component: pick(draw, watchers), delayMs: 5000 } }),
  () => ({ id: 'registry-unreachable', args: { registry: 'example.com' } }), () => ({ id: 'etcd-nospace', args: {} }),
  () => ({ id: 'etcd-disk-loss', args: { member: 'etcd-3' } }), // of two it would be the end
  (draw, cluster) => {
    const pods = cluster.storedList('pods', 'default'), pod = pods.length ? pick(draw, pods).metadata.name : 'none'
    return { id: pick(draw, ['container-crash', 'container-oom', 'container-hang']), args: { pod, namespace: 'default', container: 'app' } }
  },
]

/** What people do; the same with and without faults, so nothing depends on what is there. */
type Change = readonly [verb: ApiRequest['verb'], resource: string, name: string, rest: Partial<ApiRequest>]
const merge = { patchType: 'application/merge-patch+json' as const }
function changeOf(draw: Draw, step: number): Change {
  switch (draw(7)) {
    case 0: return ['patch', 'deployments', 'web', { ...merge, body: { spec: { replicas: 1 + draw(5) } } }]
    case 1: return ['patch', 'statefulsets', 'db', { ...merge, body: { spec: { replicas: draw(4) } } }]
    case 2: {
      const [resource, name] = pick(draw, [['deployments', 'web'], ['statefulsets', 'db'], ['daemonsets', 'agent']] as const)
      const containers = [{ name: 'app', image: `example.com/${name}:v${step}` }]
      return ['patch', resource, name, { patchType: 'application/strategic-merge-patch+json', body: { spec: { template: { spec: { containers } } } } }]
    }
    case 3: {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${step}` }, data: { step: String(step) } }
      return ['create', 'configmaps', `c${step}`, { body }]
    }
    case 4: return ['patch', 'services', 'web', { ...merge, body: { spec: { ports: [{ port: 80 + draw(5) }] } } }]
    case 5: return ['patch', 'poddisruptionbudgets', 'web', { ...merge, body: { spec: { minAvailable: draw(3) } } }]
    default: return ['patch', 'daemonsets', 'agent', { ...merge, body: { metadata: { labels: { step: String(step) } } } }]
  }
}

const isThere = (cluster: Cluster, [, resource, name, { body }]: Change): boolean =>
  within(body, cluster.stored(groups[resource] ? `${resource}.${groups[resource]}` : resource, 'default', name))
const within = (part: any, all: any): boolean => typeof part !== 'object' || part === null ? part === all
  : typeof all === 'object' && all !== null && Object.keys(part).every(k => within(part[k], all[k]))

export interface ChaosFigures { readonly faults: number; readonly changes: number; readonly committed: number; readonly refused: number; readonly idle: number }
type Outcome = 'yes' | 'no' | 'unknown'
interface Run {
  readonly outcomes: readonly Outcome[]
  readonly cluster: Cluster
  readonly figures: ChaosFigures
  readonly wrong: readonly string[]
  readonly twin?: Cluster
}

/** `CHAOS=1`: what happens, to find out why something is wrong. */
const tell = (cluster: Cluster, what: string, of: unknown): void => { if (process.env.CHAOS) console.log(cluster.now, what, JSON.stringify(of)) }

/** `faulty`: with the faults; `forkAt`: the round after which a fork is made that goes on by itself. */
function run(seed: number, rounds: number, faulty: boolean, applied: readonly boolean[], forkAt = -1): Run {
  let cluster = world(), twin: Cluster | undefined
  const draw = drawOf(seed), healing = drawOf(seed + 1_000_000), outcomes: Outcome[] = [], wrong: string[] = []
  const figures = { faults: 0, changes: 0, committed: 0, refused: 0, idle: 0 }
  const act = (c: Cluster, what: (c: Cluster) => void): void => { what(c); if (twin) what(twin) }
  const open: Trouble[] = []
  for (let round = 0; round < rounds; round++) {
    for (let k = draw(3); k > 0; k--) {
      const kind = pick(draw, troubles), seedOf = draw(1 << 30)
      if (!faulty) continue
      const trouble = kind(drawOf(seedOf), cluster)
      let done: number | string = 0
      act(cluster, c => { done = c.inject(trouble.id, trouble.args) })
      if (typeof done !== 'number' || done === 0) { figures.idle++; continue }
      figures.faults++; tell(cluster, 'inject', trouble)
      if (faults.find(f => f.id === trouble.id)!.heal) open.push(trouble)
    }
    for (let k = draw(3); k > 0; k--) {
      const change = changeOf(draw, round * 3 + k), wait = pick(draw, [0, 5, 400, 5000]), at = outcomes.length
      if (!faulty && !applied[at]) { outcomes.push('no'); continue }
      figures.changes++; tell(cluster, 'change', change)
      let code = 0
      act(cluster, c => { code = c.request(request(...change)).code; c.advance(wait) })
      const ok = code >= 200 && code < 300 || faulty && isThere(cluster, change)
      outcomes.push(ok ? 'yes' : code >= 400 && code < 500 ? 'no' : 'unknown')
      if (ok) figures.committed++; else figures.refused++
      if (!ok && !faulty) wrong.push(`without faults ${change.slice(0, 3).join(' ')} is answered with ${code}`)
    }
    const pause = pick(draw, [0, 100, 3000, 20_000, 60_000, 400_000])
    act(cluster, c => c.advance(pause))
    for (const trouble of [...open]) if (healing(2) === 0 || round === rounds - 1) {
      open.splice(open.indexOf(trouble), 1)
      tell(cluster, 'heal', trouble)
      act(cluster, c => { c.heal(trouble.id, trouble.args) })
    }
    if (round === forkAt) twin = cluster.fork()
  }
  if (faulty) act(cluster, whole)
  act(cluster, c => c.advance(15 * minute))
  act(cluster, withoutFailed)
  act(cluster, c => c.advance(15 * minute))
  return { cluster, twin, figures, wrong, outcomes }
}
/** Whatever is still down, hung, cut or full is not any more. */
function whole(cluster: Cluster): void {
  const { kernel } = cluster
  for (const host of machines) kernel.hostUp(host)
  for (const id of kernel.ids()) { kernel.start(id); kernel.resume(id) }
}

/** Pods that kubelets have evicted or turned away stay until somebody takes them away. */
function withoutFailed(cluster: Cluster): void {
  for (const { metadata: { name }, status } of cluster.storedList('pods', 'default')) {
    if (status.phase === 'Failed') cluster.request(request('delete', 'pods', name))
  }
}

const isReady = (o: KubeObject): boolean => o.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
/** What a cluster has come to, but for names, times and places. */
export function endOf(cluster: Cluster): readonly string[] {
  const told: string[] = [], list = (resource: string): readonly any[] => cluster.storedList(resource, resource === 'nodes' ? undefined : 'default')
  const add = (what: string, value: unknown): void => { told.push(`${what} ${JSON.stringify(value)}`) }
  for (const n of list('nodes')) add(`node ${n.metadata.name}`, [isReady(n), (n.spec.taints ?? []).map((t: any) => t.key).sort()])
  for (const [resource, keys] of [
    ['deployments.apps', ['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'unavailableReplicas']],
    ['statefulsets.apps', ['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'currentReplicas']],
    ['daemonsets.apps', ['desiredNumberScheduled', 'numberReady', 'updatedNumberScheduled', 'numberMisscheduled']],
    ['poddisruptionbudgets.policy', ['currentHealthy', 'desiredHealthy', 'disruptionsAllowed', 'expectedPods']],
  ] as const) {
    for (const o of list(resource)) {
      add(`${resource} ${o.metadata.name}`, [o.spec.replicas, o.spec.template?.spec.containers[0].image, o.metadata.generation === o.status.observedGeneration,
        ...keys.map(k => o.status[k] ?? 0), o.metadata.labels ?? {}, o.spec.minAvailable])
    }
  }
  const podOf = ({ metadata: { deletionTimestamp }, spec, status, ...p }: any): string =>
    [spec.containers[0].image, status.phase, isReady({ ...p, status } as any), deletionTimestamp !== undefined].join(' ')
  add('pods', list('pods').map(podOf).sort())
  for (const c of list('configmaps')) add(`configmap ${c.metadata.name}`, c.data?.step)
  for (const s of list('services')) add(`service ${s.metadata.name}`, s.spec.ports.map((p: any) => p.port))
  const slices = list('endpointslices.discovery.k8s.io').filter(s => s.metadata.labels['kubernetes.io/service-name'] === 'web')
  add('endpoints', slices.flatMap(s => s.endpoints ?? []).map((e: any) => e.conditions.ready))
  const stored = new Set(list('pods').map(p => p.metadata.uid))
  const onNodes = workers.flatMap(w => cluster.nodeTruth().podsOn(w).filter(p => p.namespace === 'default'))
  add('runs without being stored', onNodes.filter(p => !stored.has(p.uid)).map(p => p.name))
  add('leaders', ['kube-controller-manager', 'kube-scheduler'].map(c => cluster.components().filter(x => x.component === c && x.leader).length))
  return told
}
/** All that is stored, to the last letter. */
export function hashOf(cluster: Cluster): string {
  const hash = createHash('sha256')
  const workloads = ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'pods']
  for (const resource of [...workloads, 'nodes', 'events', 'configmaps', 'leases.coordination.k8s.io']) {
    for (const o of cluster.storedList(resource)) hash.update(JSON.stringify(o))
  }
  return `${hash.digest('hex').slice(0, 16)} ${cluster.now}`
}

/** Answers what is not as it should be. */
export function runChaos(seed: number, { rounds = 6, again = false } = {}): { readonly wrong: readonly string[]; readonly figures: ChaosFigures } {
  const first = run(seed, rounds, true, [], again ? Math.floor(rounds / 2) : -1), ended = endOf(first.cluster), wrong: string[] = []
  // of what got no answer nobody knows whether it comes to be: either is right
  const outcomes = variants(first.outcomes).map(applied => run(seed, rounds, false, applied))
    .map(plain => [...plain.wrong, ...differences(endOf(plain.cluster), ended)])
  if (outcomes.every(o => o.length > 0)) wrong.push(...outcomes[0])
  if (first.twin && hashOf(first.twin) !== hashOf(first.cluster)) wrong.push('the fork ended otherwise')
  if (again && hashOf(run(seed, rounds, true, []).cluster) !== hashOf(first.cluster)) wrong.push('the second run ended otherwise')
  return { wrong, figures: first.figures }
}
const differences = (wanted: readonly string[], ended: readonly string[]): string[] =>
  [...wanted.filter(line => !ended.includes(line)).map(line => `wanted ${line}`), ...ended.filter(line => !wanted.includes(line)).map(line => `ended  ${line}`)]
/** All that outcomes may stand for, most likely first; of many unknown ones the last five are tried both ways. */
function variants(outcomes: readonly Outcome[]): boolean[][] {
  const open = outcomes.flatMap((o, i) => o === 'unknown' ? [i] : []).slice(-5)
  return Array.from({ length: 1 << open.length }, (_, bits) => outcomes.map((o, i) => o === 'yes' || open.includes(i) && (bits >> open.indexOf(i) & 1) === 1))
}
