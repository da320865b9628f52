import { unitsOf } from '../api/quantity.ts'
import type { KubeObject } from '../api/request.ts'
import type { PodInfo, Taint } from './pod-info.ts'
import { resourcesOf } from './resources.ts'

export type Owner = object

/**
 * A node with everything that runs or is about to run on it, as sums that change with each pod. Only the table that owns it may
 * change it; others copy it first.
 */
export class NodeInfo {
  owner: Owner
  readonly name: string
  /** undefined: pods name a node that is not registered (yet) */
  node: KubeObject | undefined
  /** by key */
  pods = new Map<string, PodInfo>()
  cpu = 0
  memory = 0
  ephemeral = 0
  scalar: Readonly<Record<string, number>> | undefined
  scoreCpu = 0
  scoreMemory = 0
  allocatableCpu = 0
  allocatableMemory = 0
  allocatableEphemeral = 0
  allocatablePods = 0
  allocatableScalar: Readonly<Record<string, number>> | undefined
  /** NoSchedule and NoExecute */
  hardTaints: readonly Taint[] = []
  /** PreferNoSchedule */
  softTaints: readonly Taint[] = []
  labels: Readonly<Record<string, string>> = {}
  unschedulable = false
  images: ReadonlyMap<string, number> = NO_IMAGES
  /** how many of its pods have terms of pod affinity, and required anti-affinity */
  withAffinity = 0
  withAntiAffinity = 0
  hostPorts = 0

  constructor(name: string, owner: Owner) { this.name = name; this.owner = owner }

  copy(owner: Owner): NodeInfo {
    const twin = Object.assign(new NodeInfo(this.name, owner), this)
    twin.owner = owner
    twin.pods = new Map(this.pods)
    return twin
  }

  setNode(node: KubeObject | undefined): void {
    const before = this.node
    this.node = node
    if (!node) { this.allocatablePods = 0; return }
    const { metadata, spec, status } = node
    if (!before || before.status?.allocatable !== status?.allocatable) {
      const allocatable = resourcesOf(status?.allocatable)
      this.allocatableCpu = allocatable.cpu
      this.allocatableMemory = allocatable.memory
      this.allocatableEphemeral = allocatable.ephemeral
      this.allocatableScalar = allocatable.scalar
      this.allocatablePods = unitsOf(status?.allocatable?.pods)
    }
    const taints: readonly Taint[] = spec?.taints ?? []
    this.hardTaints = taints.filter(t => t.effect === 'NoSchedule' || t.effect === 'NoExecute')
    this.softTaints = taints.filter(t => t.effect === 'PreferNoSchedule')
    this.labels = metadata.labels ?? {}
    this.unschedulable = spec?.unschedulable === true
    if (before?.status?.images !== status?.images) this.images = imagesOf(status?.images)
  }

  addPod(pod: PodInfo): void { this.pods.set(pod.key, pod); this.#count(pod, 1) }
  removePod(key: string): PodInfo | undefined {
    const pod = this.pods.get(key)
    if (!pod) return undefined
    this.pods.delete(key)
    this.#count(pod, -1)
    return pod
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    const { requests, scoreRequests } = pod
    this.cpu += sign * requests.cpu; this.memory += sign * requests.memory; this.ephemeral += sign * requests.ephemeral
    this.scoreCpu += sign * scoreRequests.cpu; this.scoreMemory += sign * scoreRequests.memory
    if (requests.scalar) {
      const scalar: Record<string, number> = { ...this.scalar }
      for (const name in requests.scalar) scalar[name] = (scalar[name] ?? 0) + sign * requests.scalar[name]
      this.scalar = scalar
    }
    if (pod.affinity) { this.withAffinity += sign; if (pod.affinity.requiredAnti.length) this.withAntiAffinity += sign }
    this.hostPorts += sign * pod.ports.length
  }
}

const NO_IMAGES: ReadonlyMap<string, number> = new Map()
function imagesOf(images: readonly any[] | undefined): ReadonlyMap<string, number> {
  if (!images?.length) return NO_IMAGES
  return new Map(images.flatMap(image => (image.names ?? []).map((name: string) => [name, image.sizeBytes ?? 0] as [string, number])))
}
