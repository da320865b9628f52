import type { LabelSelector } from '../api/selectors.ts'
import type { PodInfo } from './pod-info.ts'
import type { NodeInfo } from './node-info.ts'

/** Which pods are counted; `id` is equal for equal sets. `among`: all of them are of this namespace and have this label. */
export interface PodSet { readonly id: string; readonly has: (pod: PodInfo) => boolean; readonly among?: string }
const labelled = (namespace: string, key: string, value: string): string => `${namespace}/${key}=${value}`
/** What all pods of a namespace have in common that a selector selects. */
export function commonLabel(namespace: string, selector: LabelSelector | undefined): string | undefined {
  for (const key in selector?.matchLabels) return labelled(namespace, key, selector.matchLabels[key])
  return undefined
}

/**
 * How many pods of a set each node has, kept as pods come and go, so that spreading and affinity need no walk over all pods. Everything
 * here follows from the nodes: a fork begins with nothing and counts anew what it is asked.
 */
export class PodCounts {
  readonly #nodes: Nodes
  #sets = new Map<string, Counted>()
  /** the same by what their pods have in common: a cluster has sets for thousands of controllers, of which a pod is in one or two */
  #among = new Map<string | undefined, Counted[]>()
  /** how many pods have a label; who is the first of them need not be looked for */
  #labelled = new Map<string, number>()
  #suspended = false
  constructor(nodes: Nodes) { this.#nodes = nodes }
  /** What a fork takes over. */
  begin(other: PodCounts): void { this.#labelled = new Map(other.#labelled) }

  /** node → how many; nodes without any are not in it */
  of(set: PodSet): ReadonlyMap<string, number> { return this.#counted(set).byNode }
  /** value of a node label → how many on all nodes that have it */
  byDomain(set: PodSet, topologyKey: string): ReadonlyMap<string, number> {
    const counted = this.#counted(set), known = counted.byDomain.get(topologyKey)
    if (known) return known
    const domains = new Map<string, number>()
    for (const [name, n] of counted.byNode) add(domains, this.#nodes.get(name)?.labels[topologyKey], n)
    counted.byDomain.set(topologyKey, domains)
    return domains
  }

  change(pod: PodInfo, node: string, sign: 1 | -1): void {
    this.#changeAmong(undefined, pod, node, sign)
    for (const key in pod.labels) {
      const common = labelled(pod.namespace, key, pod.labels[key])
      add(this.#labelled, common, sign)
      this.#changeAmong(common, pod, node, sign)
    }
  }
  /** While nodes are only supposed to be as they are, nothing is remembered. */
  suspend(on: boolean): void { this.#suspended = on }
  get suspended(): boolean { return this.#suspended }
  /** Namespaces or nodes were relabelled, or a node came with pods already on it: what is known may be wrong. */
  forget(): void { this.#sets.clear(); this.#among.clear() }

  #changeAmong(common: string | undefined, pod: PodInfo, node: string, sign: 1 | -1): void {
    for (const { set, byNode, byDomain } of this.#among.get(common) ?? nothing) {
      if (!set.has(pod)) continue
      add(byNode, node, sign)
      for (const [key, domains] of byDomain) add(domains, this.#nodes.get(node)?.labels[key], sign)
    }
  }

  #counted(set: PodSet): Counted {
    const known = this.#suspended ? undefined : this.#sets.get(set.id)
    if (known) return known
    const byNode = new Map<string, number>(), none = set.among !== undefined && !this.#suspended && !this.#labelled.has(set.among)
    if (!none) for (const info of this.#nodes.list) {
      let n = 0
      for (const pod of info.pods.values()) if (set.has(pod)) n++
      if (n > 0) byNode.set(info.name, n)
    }
    const counted: Counted = { set, byNode, byDomain: new Map() }
    if (this.#suspended) return counted
    if (this.#sets.size >= setLimit) this.forget()
    this.#sets.set(set.id, counted)
    const alike = this.#among.get(set.among)
    if (alike) alike.push(counted); else this.#among.set(set.among, [counted])
    return counted
  }
}
interface Nodes { readonly list: readonly NodeInfo[]; get(name: string): NodeInfo | undefined }
interface Counted { readonly set: PodSet; readonly byNode: Map<string, number>; readonly byDomain: Map<string, Map<string, number>> }
const setLimit = 2000, nothing: readonly never[] = []
function add(counts: Map<string, number>, key: string | undefined, n: number): void {
  if (key === undefined) return
  const sum = (counts.get(key) ?? 0) + n
  if (sum > 0) counts.set(key, sum); else counts.delete(key)
}
