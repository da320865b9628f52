import type { StepDefinition } from '../../extension.ts'
import { clusters } from './cluster.ts'
import { contents } from './contents.ts'
import { images } from './image.ts'
import { ingress } from './ingress.ts'
import { kubelet } from './kubelet.ts'
import { made } from './made.ts'
import { network } from './network.ts'
import { nodes } from './nodes.ts'
import { objects } from './objects.ts'
import { policies } from './policies.ts'
import { settings } from './settings.ts'
import { storage } from './storage.ts'
import { workloads } from './workloads.ts'

export const world: readonly StepDefinition[] = [
  ...clusters, ...nodes, ...settings, ...images, ...objects, ...workloads, ...contents, ...storage, ...ingress, ...network, ...kubelet, ...policies,
  ...made,
]
