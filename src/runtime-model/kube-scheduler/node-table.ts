import type { KubeObject } from '../api/request.ts'
import { NodeInfo } from './node-info.ts'
import type { Owner } from './node-info.ts'
import { sameLabels } from './pod-info.ts'
import type { PodInfo } from './pod-info.ts'
import { PodCounts } from './pod-counts.ts'

/** On how many nodes an image is, and how large it is: as the first node said that told of it. Source: backend/cache/cache.go (addNodeImageStates) */
interface ImageState { readonly nodes: number; readonly bytes: number }

/**
 * All nodes with their pods: the scheduler's cache and, as a decision takes no time here, its snapshot too. Each change costs the same however
 * many pods there are. A fork shares the nodes and copies one when it first changes it. Source: pkg/scheduler/backend/cache/{cache,node_tree}.go
 */
export class NodeTable {
  #owner: Owner = {}
  #byName = new Map<string, NodeInfo>()
  /** registered nodes, zone by zone in turn; made anew when a node comes, goes or moves */
  #list: NodeInfo[] | undefined
  /** by name */
  #images = new Map<string, ImageState>()
  /** key of a pod → its node, assumed pods too */
  #places = new Map<string, string>()
  readonly counts = new PodCounts(this)
  /** pods (of all nodes) with terms of pod affinity, and with required anti-affinity */
  withAffinity = 0
  withAntiAffinity = 0
  /** names of the nodes that these are on */
  #affine = new Set<string>()
  /** nodes with a PreferNoSchedule taint */
  softTainted = 0

  get list(): readonly NodeInfo[] { return this.#list ??= inZoneOrder(this.#byName) }
  get(name: string): NodeInfo | undefined { return this.#byName.get(name) }
  /** Nodes with pods that have terms of pod affinity, in no order that means anything. */
  get affine(): readonly NodeInfo[] {
    if (this.counts.suspended) return this.list.filter(info => info.withAffinity > 0)
    const found: NodeInfo[] = []
    for (const name of this.#affine) { const info = this.#byName.get(name)!; if (info.node) found.push(info) }
    return found
  }
  nodeOf(podKey: string): string | undefined { return this.#places.get(podKey) }
  pod(key: string): PodInfo | undefined { const name = this.#places.get(key); return name === undefined ? undefined : this.#byName.get(name)?.pods.get(key) }
  image(name: string): ImageState | undefined { return this.#images.get(name) }
  get hasImages(): boolean { return this.#images.size > 0 }

  setNode(node: KubeObject): void {
    const { name } = node.metadata, before = this.#byName.get(name), info = this.#own(name)
    if (!before?.node || zoneOf(before.node) !== zoneOf(node)) this.#list = undefined
    if (!before?.node && info.pods.size > 0) this.counts.forget()
    const images = info.images, soft = info.softTaints.length
    if (before?.node && !sameLabels(before.labels, node.metadata.labels)) this.counts.forget()
    info.setNode(node)
    this.softTainted += Number(info.softTaints.length > 0) - Number(soft > 0)
    if (info.images !== images) this.#recountImages(images, info.images)
  }
  removeNode(name: string): void {
    const before = this.#byName.get(name)
    if (!before?.node) return
    this.#list = undefined
    if (before.softTaints.length) this.softTainted--
    this.#recountImages(before.images, new Map())
    if (before.pods.size === 0) { this.#byName.delete(name); return }
    this.counts.forget()
    const empty = new NodeInfo(name, this.#owner) // its pods are forgotten one by one, as they go
    for (const pod of before.pods.values()) empty.addPod(pod)
    this.#byName.set(name, empty)
  }

  /** Adds or replaces a pod on its node. */
  setPod(pod: PodInfo, nodeName: string): void {
    const place = this.#places.get(pod.key)
    if (place !== undefined) {
      const before = this.#byName.get(place)!.pods.get(pod.key)!
      if (place === nodeName && before.requests === pod.requests && before.labels === pod.labels && before.terminating === pod.terminating) {
        this.#own(nodeName).pods.set(pod.key, pod)
        return
      }
      this.removePod(pod.key)
    }
    const info = this.#own(nodeName)
    info.addPod(pod)
    this.#places.set(pod.key, nodeName)
    this.#count(pod, info, 1)
  }
  removePod(key: string): void {
    const place = this.#places.get(key)
    if (place === undefined) return
    const info = this.#own(place), pod = info.removePod(key)!
    this.#places.delete(key)
    this.#count(pod, info, -1)
    if (!info.node && info.pods.size === 0) this.#byName.delete(place)
  }

  /** What `decide` finds if a node looked like `hypothetical`. */
  supposing<T>(hypothetical: NodeInfo, decide: () => T): T {
    const list = this.list as NodeInfo[], at = list.findIndex(n => n.name === hypothetical.name), real = list[at]
    const { withAffinity, withAntiAffinity } = this
    list[at] = hypothetical; this.#byName.set(real.name, hypothetical)
    this.withAffinity += hypothetical.withAffinity - real.withAffinity; this.withAntiAffinity += hypothetical.withAntiAffinity - real.withAntiAffinity
    this.counts.suspend(true)
    // an expression that cannot be answered ends the thought too
    try { return decide() } finally {
      this.counts.suspend(false)
      list[at] = real; this.#byName.set(real.name, real)
      this.withAffinity = withAffinity; this.withAntiAffinity = withAntiAffinity
    }
  }

  fork(): NodeTable {
    const twin = new NodeTable()
    twin.#byName = new Map(this.#byName); twin.#images = new Map(this.#images); twin.#places = new Map(this.#places)
    twin.#affine = new Set(this.#affine); twin.counts.begin(this.counts)
    twin.withAffinity = this.withAffinity; twin.withAntiAffinity = this.withAntiAffinity; twin.softTainted = this.softTainted
    this.#owner = {}
    return twin
  }

  #own(name: string): NodeInfo {
    const known = this.#byName.get(name)
    if (known?.owner === this.#owner) return known
    const own = known ? known.copy(this.#owner) : new NodeInfo(name, this.#owner)
    this.#byName.set(name, own)
    if (known && this.#list) { const at = this.#list.indexOf(known); if (at >= 0) this.#list[at] = own }
    return own
  }
  #count(pod: PodInfo, { name, withAffinity }: NodeInfo, sign: 1 | -1): void {
    if (pod.affinity) {
      this.withAffinity += sign
      if (pod.affinity.requiredAnti.length) this.withAntiAffinity += sign
      if (withAffinity > 0) this.#affine.add(name); else this.#affine.delete(name)
    }
    this.counts.change(pod, name, sign)
  }
  #recountImages(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): void {
    for (const image of before.keys()) {
      const { nodes, bytes } = this.#images.get(image)!
      if (nodes > 1) this.#images.set(image, { nodes: nodes - 1, bytes }); else this.#images.delete(image)
    }
    for (const [image, size] of after) {
      const { nodes, bytes } = this.#images.get(image) ?? { nodes: 0, bytes: size }
      this.#images.set(image, { nodes: nodes + 1, bytes })
    }
  }
}

export const zoneLabel = 'topology.kubernetes.io/zone', regionLabel = 'topology.kubernetes.io/region', hostLabel = 'kubernetes.io/hostname'
const zoneOf = (node: KubeObject): string => `${node.metadata.labels?.[regionLabel] ?? ''}:${node.metadata.labels?.[zoneLabel] ?? ''}`

/** One node of each zone in turn; zones and their nodes in the order in which they came. */
function inZoneOrder(nodes: ReadonlyMap<string, NodeInfo>): NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>(), list: NodeInfo[] = []
  for (const info of nodes.values()) {
    if (!info.node) continue
    const zone = zoneOf(info.node), members = zones.get(zone)
    if (members) members.push(info); else zones.set(zone, [info])
  }
  for (let i = 0, left = zones.size; left > 0; i++) {
    left = 0
    for (const members of zones.values()) if (i < members.length) { list.push(members[i]); left++ }
  }
  return list
}
