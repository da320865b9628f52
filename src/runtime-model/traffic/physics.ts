import type { Kernel } from '../kernel/kernel.ts'
import type { StepContext } from '../kernel/actor.ts'

/** The nodes as they are at this moment, for what stands for physics: packets do not ask a component for its opinion. */
export interface Physics {
  peek: StepContext['peek']
  instances(component: string): readonly string[]
  /** do packets pass between two machines? */
  linked(a: string, b: string): boolean
}
export const physicsOf = (kernel: Kernel): Physics => ({
  peek: id => kernel.has(id) ? { state: kernel.stateOf(id), status: kernel.statusOf(id) } : undefined,
  instances: component => kernel.ids(component),
  linked: (a, b) => kernel.linked(a, b),
})
export const hostOf = (id: string): string => id.slice(id.indexOf('/') + 1)
/** is the machine on and running? */
export const nodeAlive = (physics: Physics, node: string): boolean => physics.peek(`container-runtime/${node}`)?.status === 'up'
export const nodesWithProxy = (physics: Physics): readonly string[] => physics.instances('kube-proxy').map(hostOf)
/** A pod as the runtime of its node has it. */
export function physicalPod(physics: Physics, node: string, uid: string): any {
  const pods = physics.peek(`container-runtime/${node}`)?.state.pods
  return pods?.get(uid) ?? pods?.get(onNode(physics, node, uid))
}
/** The uid by which a node knows a pod: that of a mirror pod stands for another. Source: pkg/kubelet/pod/pod_manager.go (TranslatePodUID) */
export const onNode = (physics: Physics, node: string, uid: string): string => physics.peek(`kubelet/${node}`)?.state.mirrors[uid] ?? uid
