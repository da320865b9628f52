import type { Plugin } from '../plugin.ts'
import { dynamicResources } from './dynamic-resources.ts'
import { balancedAllocation } from './balanced-allocation.ts'
import { imageLocality } from './image-locality.ts'
import { interPodAffinity } from './inter-pod-affinity.ts'
import { nodeAffinity } from './node-affinity.ts'
import { nodeName } from './node-name.ts'
import { nodePorts } from './node-ports.ts'
import { nodeResourcesFit } from './node-resources-fit.ts'
import { nodeUnschedulable } from './node-unschedulable.ts'
import { podTopologySpread } from './pod-topology-spread.ts'
import { taintToleration } from './taint-toleration.ts'
import { nodeVolumeLimits } from './node-volume-limits.ts'
import { volumeBinding } from './volume-binding.ts'
import { volumeRestrictions } from './volume-restrictions.ts'
import { volumeZone } from './volume-zone.ts'

/**
 * The default profile, in its order. SchedulingGates and PrioritySort are the queue's (queue.ts), DefaultPreemption is preemption.ts, DefaultBinder
 * scheduler.ts. Source: pkg/scheduler/apis/config/v1/default_plugins.go
 */
export const plugins: readonly Plugin[] = [
  nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts, nodeResourcesFit, volumeRestrictions, nodeVolumeLimits, volumeBinding, volumeZone,
  podTopologySpread, interPodAffinity, dynamicResources, balancedAllocation, imageLocality,
]
