import { preempt } from '../../src/runtime-model/kube-scheduler/preemption.ts'
import { NodeTable } from '../../src/runtime-model/kube-scheduler/node-table.ts'
import { podInfo } from '../../src/runtime-model/kube-scheduler/pod-info.ts'
import type { ClusterView } from '../../src/runtime-model/kube-scheduler/plugin.ts'
import { schedulePod } from '../../src/runtime-model/kube-scheduler/schedule-pod.ts'
import { unfitMessage } from '../../src/runtime-model/kube-scheduler/unfit-message.ts'
import type { KubeObject } from '../../src/runtime-model/api/request.ts'

/** Nodes and pods in a few words, and what the scheduler makes of them. */
export interface NodeWords {
  readonly cpu?: string
  readonly memory?: string
  readonly pods?: string
  readonly labels?: Record<string, string>
  readonly taints?: readonly string[]
  readonly cordoned?: boolean
  readonly images?: readonly any[]
}
export interface PodWords {
  readonly on?: string
  readonly labels?: Record<string, string>
  readonly requests?: Record<string, string>
  readonly spec?: any
  readonly namespace?: string
  readonly status?: any
  readonly owner?: KubeObject
  /** it is being deleted */
  readonly ending?: boolean
}

export function node(name: string, { cpu = '2', memory = '4Gi', pods = '110', labels, taints, cordoned, images }: NodeWords = {}): KubeObject {
  const taintOf = (text: string) => {
    const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text)!
    return { key, effect, ...value ? { value } : {} }
  }
  return {
    apiVersion: 'v1', kind: 'Node', metadata: { name, uid: `node-${name}`, labels: { 'kubernetes.io/hostname': name, ...labels } } as any,
    spec: { taints: taints?.map(taintOf), unschedulable: cordoned }, status: { allocatable: { cpu, memory, pods }, images },
  }
}
export function pod(name: string, { labels, requests, spec, namespace = 'shop', status, owner, ending }: PodWords = {}): KubeObject {
  const metadata = {
    name, namespace, uid: `pod-${name}`, labels, generation: 1, ...ending ? { deletionTimestamp: '2024-01-01T00:00:30Z' } : {},
    ...owner ? { ownerReferences: [{ controller: true, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }] } : {},
  }
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: metadata as any,
    spec: { containers: [{ name: 'app', image: 'example.com/app:1', resources: { requests } }], ...spec }, status,
  }
}

export class World {
  readonly nodes = new NodeTable()
  readonly objects: KubeObject[] = []
  minorVersion = 35
  start = 0
  constructor(nodes: Record<string, NodeWords>, pods: Record<string, PodWords> = {}) {
    for (const [name, words] of Object.entries(nodes)) this.nodes.setNode(node(name, words))
    for (const [name, words] of Object.entries(pods)) this.nodes.setPod(podInfo(pod(name, words)), words.on!)
  }
  with(...objects: KubeObject[]): this { this.objects.push(...objects); return this }
  get cluster(): ClusterView {
    const kinds: Record<string, string> = {
      persistentvolumeclaims: 'PersistentVolumeClaim', persistentvolumes: 'PersistentVolume', 'storageclasses.storage.k8s.io': 'StorageClass',
      'replicasets.apps': 'ReplicaSet', 'poddisruptionbudgets.policy': 'PodDisruptionBudget', services: 'Service', namespaces: 'Namespace',
      'csinodes.storage.k8s.io': 'CSINode',
    }
    const of = (resource: string) => this.objects.filter(o => o.kind === kinds[resource])
    return {
      list: of, get: (resource, namespace, name) => of(resource).find(o => o.metadata.name === name && (o.metadata.namespace ?? '') === namespace),
      servicesIn: namespace => of('services').filter(s => s.metadata.namespace === namespace),
      namespaceLabels: namespace => of('namespaces').find(n => n.metadata.name === namespace)?.metadata.labels,
    }
  }
  /** name of the node, or the message */
  decide(words: PodWords = {}, choose: (n: number) => number = () => 0): string {
    const cycle = { pod: podInfo(pod('new', words)), nodes: this.nodes, cluster: this.cluster, minorVersion: this.minorVersion }
    const decision = schedulePod(cycle, { start: this.start, choose })
    this.start = decision.nextStart
    if ('node' in decision) return decision.node.name
    const outcome = preempt(cycle, decision.unfit, { choose })
    return 'post' in outcome
      ? unfitMessage(decision.unfit, outcome.post)
      : `${unfitMessage(decision.unfit, '')} ends ${outcome.victims.map(v => v.pod.metadata.name).join(', ')} on ${outcome.node}`
  }
  /** decides and puts the pod there */
  place(name: string, words: PodWords = {}): string {
    const place = this.decide(words)
    if (this.nodes.get(place)) this.nodes.setPod(podInfo(pod(name, words)), place)
    return place
  }
}
