import { componentCrash, componentDown, componentHang } from './component.ts'
import { containerCrash, containerHang, containerOom } from './container.ts'
import { etcdDiskLoss, etcdNospace } from './etcd.ts'
import type { FaultDefinition } from './fault.ts'
import { clockSkew, controlPlaneNodeDown, instanceTerminated, kubeletStop, nodeDown, nodeHang, nodePressure, nodeReboot, partition } from './node.ts'
import { webhookDown, webhookHang } from './webhook.ts'
import { apiDelay, apiFail, registryUnreachable, watchDelay, watchDrop } from './requests.ts'

export const faults: readonly FaultDefinition[] = [
  componentDown, componentCrash, componentHang,
  nodeDown, controlPlaneNodeDown, nodeReboot, nodeHang, kubeletStop, partition, clockSkew, nodePressure, instanceTerminated,
  containerCrash, containerOom, containerHang,
  apiDelay, apiFail, watchDelay, watchDrop, registryUnreachable,
  etcdDiskLoss, etcdNospace,
  webhookDown, webhookHang,
]
