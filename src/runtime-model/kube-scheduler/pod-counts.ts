import type { PodInfo } from './pod-info.ts'
import type { NodeInfo } from './node-info.ts'

/** Which pods are counted; `id` is equal for equal sets. */
export interface PodSet { readonly id: string; readonly has: (pod: PodInfo) => boolean }

/**
 * How many pods of a set each node has, kept as pods come and go, so that spreading and affinity need no walk over all pods. Everything
 * here follows from the nodes: a fork begins with nothing and counts anew what it is asked.
 */
export class PodCounts {
  readonly #nodes: { readonly list: readonly NodeInfo[] }
  #sets = new Map<string, { readonly set: PodSet; readonly byNode: Map<string, number> }>()
  #suspended = false
  constructor(nodes: { readonly list: readonly NodeInfo[] }) { this.#nodes = nodes }

  /** node → how many; nodes without any are not in it */
  of(set: PodSet): ReadonlyMap<string, number> {
    const known = this.#suspended ? undefined : this.#sets.get(set.id)
    if (known) return known.byNode
    const byNode = new Map<string, number>()
    for (const info of this.#nodes.list) {
      let n = 0
      for (const pod of info.pods.values()) if (set.has(pod)) n++
      if (n > 0) byNode.set(info.name, n)
    }
    if (this.#suspended) return byNode
    if (this.#sets.size >= setLimit) this.#sets.clear()
    this.#sets.set(set.id, { set, byNode })
    return byNode
  }

  change(pod: PodInfo, node: string, sign: 1 | -1): void {
    for (const { set, byNode } of this.#sets.values()) {
      if (!set.has(pod)) continue
      const n = (byNode.get(node) ?? 0) + sign
      if (n > 0) byNode.set(node, n); else byNode.delete(node)
    }
  }
  /** While nodes are only supposed to be as they are, nothing is remembered. */
  suspend(on: boolean): void { this.#suspended = on }
  /** Namespaces were relabelled, or a node came with pods already on it: what is known may be wrong. */
  forget(): void { this.#sets.clear() }
}
const setLimit = 2000
