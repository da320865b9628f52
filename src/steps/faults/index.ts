import type { StepDefinition } from '../../extension.ts'
import { cloudFaults, zoneFaults } from './cloud.ts'
import { componentFaults } from './component.ts'
import { containerFaults } from './container.ts'
import { etcdFaults } from './etcd.ts'
import { networkPluginFaults } from './network-plugin.ts'
import { nodeLeftFaults } from './node-left.ts'
import { nodeFaults } from './node.ts'
import { partitions } from './partition.ts'
import { requestFaults } from './requests.ts'
import { shutdown } from './shutdown.ts'
import { webhookFaults } from './webhook.ts'

export const faults: readonly StepDefinition[] = [
  ...componentFaults, ...nodeFaults, shutdown, ...partitions, ...zoneFaults, ...cloudFaults, ...containerFaults, ...requestFaults, ...etcdFaults,
  ...webhookFaults, ...networkPluginFaults, ...nodeLeftFaults,
]
