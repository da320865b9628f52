import type { Cluster } from '../cluster.ts'
import type { Observation } from '../kernel/observation.ts'

/** What must hold in any cluster, looked at after each observation that could break it, without being asked for. */
export interface CheckerDefinition {
  readonly id: string
  readonly doc: string
  readonly source: string
  /** the types it looks at; others it is not told of */
  readonly types: readonly Observation['type'][]
  /** answers a check fed every observation of these types: a sentence when the invariant is broken */
  start(cluster: Cluster): (observation: Observation) => string | undefined
}
export const defineChecker = (definition: CheckerDefinition): CheckerDefinition => definition
