import { componentCrash, componentDown, componentHang } from './component.ts'
import { containerCrash, containerHang, containerOom } from './container.ts'
import { etcdDiskLoss, etcdNospace } from './etcd.ts'
import type { FaultDefinition } from './fault.ts'
import { instanceReclaimed, instanceStopped, instanceTerminated } from './cloud.ts'
import { clockSkew, controlPlaneNodeDown, kubeletStop, nodeDown, nodeHang, nodePressure, nodeReboot } from './node.ts'
import { networkPluginMissing } from './network-plugin.ts'
import { nodeLeft } from './node-left.ts'
import { nodeShutdown } from './node-shutdown.ts'
import { networkPartition, partition } from './partition.ts'
import { zoneDown } from './zone.ts'
import { webhookDown, webhookHang } from './webhook.ts'
import { apiFlood } from './flood.ts'
import { apiDelay, apiFail, registryUnreachable, watchDelay, watchDrop } from './requests.ts'

export const faults: readonly FaultDefinition[] = [
  componentDown, componentCrash, componentHang,
  nodeDown, controlPlaneNodeDown, nodeReboot, nodeShutdown, nodeHang, kubeletStop, clockSkew, nodePressure,
  networkPluginMissing, nodeLeft,
  partition, networkPartition, zoneDown, instanceTerminated, instanceStopped, instanceReclaimed,
  containerCrash, containerOom, containerHang,
  apiDelay, apiFail, apiFlood, watchDelay, watchDrop, registryUnreachable,
  etcdDiskLoss, etcdNospace,
  webhookDown, webhookHang,
]
