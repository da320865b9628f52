import type { PredicateDefinition } from '../../extension.ts'
import { addresses } from './addresses.ts'
import { cluster } from './cluster.ts'
import { ofContainers } from './containers.ts'
import { contents } from './contents.ts'
import { counts } from './counts.ts'
import { declared } from './declared.ts'
import { endpointPredicates } from './endpoints.ts'
import { events } from './events.ts'
import { fieldPredicates } from './fields.ts'
import { files } from './files.ts'
import { network } from './network.ts'
import { ofNodes } from './node-pods.ts'
import { outcomes } from './outcomes.ts'
import { owners } from './owners.ts'
import { relative } from './relative.ts'
import { rights } from './rights.ts'
import { rollouts } from './rollouts.ts'
import { settings } from './settings.ts'
import { statuses } from './status.ts'
import { storage } from './storage.ts'
import { traffic } from './traffic.ts'

/** Everything that can be said of a subject; language.md §3, "Predicates". */
export const predicates: readonly PredicateDefinition[] = [
  ...statuses, ...counts, ...endpointPredicates, ...fieldPredicates, ...events, ...owners, ...relative, ...outcomes, ...traffic, ...network, ...cluster,
  ...storage, ...rollouts, ...contents, ...files, ...declared, ...ofNodes, ...ofContainers, ...addresses, ...settings,
  ...rights,
]
