import { definePlugin } from '../plugin.ts'

/** Prefers nodes on which cpu and memory would be used to the same degree. */
export const balancedAllocation = definePlugin({
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore({ pod }) {
    if (pod.bestEffort) return undefined
    const { cpu, memory } = pod.requests
    return {
      score(node) {
        if (node.allocatableCpu === 0 || node.allocatableMemory === 0) return 100
        const a = Math.min(1, (node.cpu + cpu) / node.allocatableCpu), b = Math.min(1, (node.memory + memory) / node.allocatableMemory)
        return Math.floor((1 - Math.abs(a - b) / 2) * 100)
      },
    }
  },
  source: 'pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go',
})
