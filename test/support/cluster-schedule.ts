import { invariant } from '../../src/base/invariant.ts'
import type { ApiRequest, ApiResponse, KubeObject } from '../../src/runtime-model/api/request.ts'
import { createCluster, type Cluster } from '../../src/runtime-model/cluster.ts'
import { pair, WELL } from '../../src/runtime-model/network/links.ts'
import { drawOf, pick, type Draw } from './api-objects.ts'
import { admin } from './api-servers.ts'

/** Three control-plane machines and three workers, with a few Deployments that people change while things go wrong. */
const workers = ['worker-1', 'worker-2', 'worker-3'], masters = ['cp-1', 'cp-2', 'cp-3'], names = ['web', 'api']
let prepared: Cluster | undefined
function world(): Cluster {
  if (prepared) return prepared.fork()
  const cluster = createCluster({ controlPlaneNodes: masters.length, nodes: workers.map(name => ({ name })), trace: 'none' })
  for (const name of names) invariant(ask(cluster, 'create', name, { body: deployment(name, 3, 'v1') }).code === 201, `${name} is refused`)
  cluster.advance(60_000)
  prepared = cluster
  return cluster.fork()
}
const target = { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default', credentials: admin, userAgent: 'test' } as const
const ask = (cluster: Cluster, verb: ApiRequest['verb'], name: string, rest: Partial<ApiRequest> = {}): ApiResponse =>
  cluster.request({ ...target, verb, name: verb === 'create' ? undefined : name, ...rest })
const deployment = (name: string, replicas: number, tag: string): any => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
  spec: {
    replicas, selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: `example.com/${name}:${tag}` }] } },
  },
})

const processes = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet']
const mishaps: readonly ((cluster: Cluster, draw: Draw) => void)[] = [
  ({ kernel }, draw) => { kernel.stop(pick(draw, kernel.ids(pick(draw, processes)))) },
  ({ kernel }, draw) => { kernel.stop(pick(draw, kernel.ids(pick(draw, processes)))) },
  ({ kernel }, draw) => { kernel.start(pick(draw, kernel.ids(pick(draw, processes)))) },
  ({ kernel }, draw) => { kernel.crash(pick(draw, kernel.ids(pick(draw, processes)))) },
  ({ kernel }, draw) => { kernel.hang(pick(draw, kernel.ids(pick(draw, processes)))) }, ({ kernel }) => { for (const id of kernel.ids()) kernel.resume(id) },
  ({ kernel }, draw) => { kernel.hostDown(pick(draw, [...workers, ...masters])) },
  ({ kernel }, draw) => { kernel.hostUp(pick(draw, [...workers, ...masters])) },
  ({ kernel }, draw) => {
    const all = [...workers, ...masters], side = all.filter(() => draw(3) === 0)
    kernel.setLinks(links => ({ ...links, blocked: new Set(side.flatMap(a => all.filter(b => !side.includes(b)).map(b => pair(a, b)))) }))
  },
  ({ kernel }) => { kernel.setLinks(() => WELL) },
]
function change(cluster: Cluster, draw: Draw, step: number): void {
  const name = pick(draw, names), merge = { patchType: 'application/merge-patch+json' as const }
  const submit = (verb: ApiRequest['verb'], rest: Partial<ApiRequest>): void => {
    cluster.submit({ ...target, verb, name: verb === 'create' ? undefined : name, ...rest })
  }
  switch (draw(5)) {
    case 0: case 1: return submit('patch', { ...merge, body: { spec: { replicas: draw(6) } } })
    case 2:
      return submit('patch', {
        patchType: 'application/strategic-merge-patch+json',
        body: { spec: { template: { spec: { containers: [{ name: 'app', image: `example.com/${name}:v${step}` }] } } } },
      })
    case 3: return submit('delete', { body: { propagationPolicy: pick(draw, ['Background', 'Foreground']) } })
    default: return submit('create', { body: deployment(name, 1 + draw(4), 'v1') })
  }
}

/** Half an hour of bad luck, then all is healed; answers what is not as it should be after that. */
export function runClusterSchedule(seed: number, rounds = 6): { readonly wrong: readonly string[]; readonly deployments: number; readonly pods: number } {
  const cluster = world(), { kernel } = cluster, draw = drawOf(seed)
  for (let round = 0; round < rounds; round++) {
    for (let k = draw(3); k > 0; k--) pick(draw, mishaps)(cluster, draw)
    for (let k = draw(3); k > 0; k--) { change(cluster, draw, round); cluster.advance(pick(draw, [0, 5, 400])) }
    cluster.advance(pick(draw, [0, 100, 3000, 20_000, 60_000, 400_000]))
  }
  kernel.setLinks(() => WELL)
  for (const host of [...workers, ...masters]) kernel.hostUp(host)
  for (const id of kernel.ids()) { kernel.start(id); kernel.resume(id) }
  cluster.advance(20 * 60_000)
  const wrong = notConverged(cluster), deployments = cluster.storedList('deployments.apps', 'default').length
  const pods = cluster.storedList('pods', 'default').length
  return { wrong: [...wrong, ...secondReconcile(cluster)], deployments, pods }
}

const isReady = (o: KubeObject): boolean => o.status.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
const ownerOf = (o: KubeObject): string | undefined => o.metadata.ownerReferences?.find(r => r.controller)?.uid
function notConverged(cluster: Cluster): string[] {
  const wrong: string[] = [], deployments = cluster.storedList('deployments.apps', 'default'), sets = cluster.storedList('replicasets.apps', 'default')
  const pods = cluster.storedList('pods', 'default')
  for (const node of cluster.storedList('nodes')) {
    if (!isReady(node) || node.spec.taints?.some((t: any) => /unreachable|not-ready/.test(t.key))) {
      wrong.push(`node ${node.metadata.name} is not well: ${JSON.stringify(node.spec.taints)}`)
    }
  }
  for (const d of deployments) {
    const own = pods.filter(p => sets.some(s => s.metadata.uid === ownerOf(p) && ownerOf(s) === d.metadata.uid)), ready = own.filter(isReady).length
    const { replicas } = d.spec, told = d.status
    if (own.length !== replicas || ready !== replicas) wrong.push(`${d.metadata.name} wants ${replicas} and has ${own.length}, ${ready} of them ready`)
    if ((told.readyReplicas ?? 0) !== replicas || (told.updatedReplicas ?? 0) !== replicas || told.observedGeneration !== d.metadata.generation) {
      wrong.push(`${d.metadata.name} of generation ${d.metadata.generation} says ${JSON.stringify({ ...told, conditions: undefined })}`)
    }
  }
  for (const s of sets) if (!deployments.some(d => d.metadata.uid === ownerOf(s))) wrong.push(`replica set ${s.metadata.name} is an orphan`)
  for (const p of pods) {
    if (!sets.some(s => s.metadata.uid === ownerOf(p))) wrong.push(`pod ${p.metadata.name} is an orphan`)
    if (p.metadata.deletionTimestamp) wrong.push(`pod ${p.metadata.name} is still being deleted`)
    if (cluster.stored('nodes', '', p.spec.nodeName) === undefined) wrong.push(`pod ${p.metadata.name} is on ${p.spec.nodeName}`)
  }
  const running = workers.flatMap(node => cluster.nodeTruth().podsOn(node).filter(p => p.namespace === 'default').map(p => ({ ...p, node })))
  for (const r of running) if (!pods.some(p => p.metadata.uid === r.uid && p.spec.nodeName === r.node)) wrong.push(`${r.name} still runs on ${r.node}`)
  return wrong
}

/** All who decide begin anew and look at everything: nothing is left for them to do. */
function secondReconcile(cluster: Cluster): string[] {
  const { kernel } = cluster, changed: string[] = []
  const stop = cluster.observe(
    o => {
      // that they were started again is seen in their own mirror pods
      if (o.type === 'object' && !['leases.coordination.k8s.io', 'events'].includes(o.resource) && !/^kube-(controller-manager|scheduler)-/.test(o.name)) {
        changed.push(`${o.actor}: ${o.change} ${o.kind} ${o.name} once more`)
      }
    },
    ['object']
  )
  for (const component of ['kube-controller-manager', 'kube-scheduler']) for (const id of kernel.ids(component)) { kernel.stop(id); kernel.start(id) }
  cluster.advance(10 * 60_000)
  stop()
  return changed
}
