import type { Cluster } from '../cluster.ts'
import type { Observation } from '../kernel/observation.ts'

/** What must hold in any cluster, looked at after every observation without being asked for. */
export interface CheckerDefinition {
  readonly id: string
  readonly doc: string
  readonly source: string
  /** answers a check fed every observation: a sentence when the invariant is broken */
  start(cluster: Cluster): (observation: Observation) => string | undefined
}
export const defineChecker = (definition: CheckerDefinition): CheckerDefinition => definition
