import type { StepDefinition } from '../../extension.ts'
import { certificateActions } from './certificates.ts'
import { changes } from './changes.ts'
import { containerActions } from './containers.ts'
import { deletions } from './delete.ts'
import { encryptionActions } from './encryption.ts'
import { manifests } from './manifests.ts'
import { metadata } from './metadata.ts'
import { nodeActions } from './nodes.ts'
import { commands } from './run.ts'
import { staticPods } from './static-pods.ts'
import { upgrades } from './upgrade.ts'
import { webhookActions } from './webhooks.ts'
import { workloads } from './workloads.ts'

export const actions: readonly StepDefinition[] = [
  ...commands, ...certificateActions, ...manifests, ...deletions, ...workloads, ...changes, ...metadata, ...nodeActions, ...upgrades, ...containerActions,
  ...webhookActions, ...staticPods, ...encryptionActions,
]
