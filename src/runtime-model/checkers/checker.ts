import type { Observation } from '../kernel/observation.ts'

/** What must hold in any cluster, looked at after each observation that could break it, without being asked for. */
export interface CheckerDefinition<S = any> {
  readonly id: string
  readonly doc: string
  readonly source: string
  /** the types it looks at; others it is not told of */
  readonly types: readonly Observation['type'][]
  /** what it keeps from one observation to the next: plain data, copied when the cluster forks */
  initial?(): S
  /** told of every observation of these types: a sentence when the invariant is broken */
  check(observation: Observation, kept: S): string | undefined
}
export const defineChecker = <S = undefined>(definition: CheckerDefinition<S>): CheckerDefinition<S> => definition
