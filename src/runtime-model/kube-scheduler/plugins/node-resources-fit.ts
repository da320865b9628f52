import type { KubeObject } from '../../api/request.ts'
import { unitsOf } from '../../api/quantity.ts'
import { definePlugin, rejection } from '../plugin.ts'
import type { ClusterEvent, Rejection } from '../plugin.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { resourcesOf } from '../resources.ts'

const NAME = 'NodeResourcesFit'

/** Every resource of which too little is left is a reason of its own. A request above the whole node is hopeless. */
function fit({ requests: r }: PodInfo, node: NodeInfo): Rejection | undefined {
  const crowded = node.pods.size + 1 > node.allocatablePods
  const cpu = r.cpu > 0 && r.cpu > node.allocatableCpu - node.cpu, memory = r.memory > 0 && r.memory > node.allocatableMemory - node.memory
  const ephemeral = r.ephemeral > 0 && r.ephemeral > node.allocatableEphemeral - node.ephemeral
  if (!crowded && !cpu && !memory && !ephemeral && r.scalar === undefined) return undefined
  const reasons: string[] = []
  let hopeless = false
  if (crowded) reasons.push('Too many pods')
  if (cpu) { reasons.push('Insufficient cpu'); hopeless ||= r.cpu > node.allocatableCpu }
  if (memory) { reasons.push('Insufficient memory'); hopeless ||= r.memory > node.allocatableMemory }
  if (ephemeral) { reasons.push('Insufficient ephemeral-storage'); hopeless ||= r.ephemeral > node.allocatableEphemeral }
  for (const name of Object.keys(r.scalar ?? {}).sort()) {
    const wanted = r.scalar![name], all = node.allocatableScalar?.[name] ?? 0
    if (wanted > 0 && wanted > all - (node.scalar?.[name] ?? 0)) { reasons.push(`Insufficient ${name}`); hopeless ||= wanted > all }
  }
  return reasons.length ? rejection(NAME, hopeless, ...reasons) : undefined
}

/** Would the empty node hold the pod? */
function couldHold({ requests: r }: PodInfo, node: KubeObject): boolean {
  const all = resourcesOf(node.status?.allocatable)
  return unitsOf(node.status?.allocatable?.pods) > 0 && r.cpu <= all.cpu && r.memory <= all.memory && r.ephemeral <= all.ephemeral
    && Object.keys(r.scalar ?? {}).every(name => r.scalar![name] <= (all.scalar?.[name] ?? 0))
}

/** Does the node have more of something that the pod asks for? Source: fit.go (haveAnyRequestedResourcesIncreased) */
function hasMore({ requests: r }: PodInfo, { old, new: now }: ClusterEvent): boolean {
  const [before, after] = [old, now].map(node => resourcesOf(node!.status?.allocatable))
  return unitsOf(now!.status?.allocatable?.pods) > unitsOf(old!.status?.allocatable?.pods)
    || r.cpu > 0 && after.cpu > before.cpu || r.memory > 0 && after.memory > before.memory || r.ephemeral > 0 && after.ephemeral > before.ephemeral
    || Object.keys(r.scalar ?? {}).some(name => r.scalar![name] > 0 && (after.scalar?.[name] ?? 0) > (before.scalar?.[name] ?? 0))
}

/** Nodes with the larger free share of cpu and memory score higher (LeastAllocated). */
export const nodeResourcesFit = definePlugin({
  name: NAME,
  preFilter: ({ pod }) => ({ filter: node => fit(pod, node) }),
  weight: 1,
  preScore: ({ pod: { scoreRequests: r } }) => ({
    score(node) {
      let total = 0, weights = 0
      if (node.allocatableCpu > 0) { total += freeShare(node.allocatableCpu, node.scoreCpu + r.cpu); weights++ }
      if (node.allocatableMemory > 0) { total += freeShare(node.allocatableMemory, node.scoreMemory + r.memory); weights++ }
      return weights === 0 ? 0 : Math.floor(total / weights)
    },
  }),
  hints: {
    'Node/Add': (pod, event) => couldHold(pod, event.new!), 'Node/UpdateAllocatable': (pod, event) => couldHold(pod, event.new!) && hasMore(pod, event),
    'AssignedPod/Delete': () => true, 'AssignedPod/UpdateScaleDown': () => true, 'UnscheduledPod/UpdateScaleDown': () => true,
  },
  source: 'pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated}.go',
})
const freeShare = (all: number, used: number): number => used > all ? 0 : Math.floor((all - used) * 100 / all)
