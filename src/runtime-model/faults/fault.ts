import type { Cluster } from '../cluster.ts'

/**
 * Something that goes wrong from outside, and its way back. `inject` answers how many things it altered at once (0: nothing was there to alter; what can
 * only be met later is counted by `met` or `rule`), or a sentence that says why it cannot be. `heal` undoes what is injected now, by the state of the
 * cluster rather than by memory, so that a component comes back whichever fault took it down; it answers whether there was anything. Law: healed, the
 * cluster is whole again.
 */
export interface FaultDefinition {
  readonly id: string
  readonly doc: string
  readonly parameters: Readonly<Record<string, string>>
  /** arguments with which the law is tried on a cluster of 3 workers */
  readonly example: Readonly<Record<string, any>>
  readonly source?: string
  /** `node worker-1`: how the timeline calls the target */
  target(args: Readonly<Record<string, any>>): string
  inject(cluster: Cluster, args: Readonly<Record<string, any>>): number | string
  /** the fault is a rule of the network: its id, under which the kernel counts what it has altered */
  rule?(args: Readonly<Record<string, any>>): string
  /** How often something has met the fault since the cluster began; absent, and no rule: what it alters, it alters at once. */
  met?(cluster: Cluster, args: Readonly<Record<string, any>>): number
  /** absent: it ends by itself */
  heal?(cluster: Cluster, args: Readonly<Record<string, any>>): boolean
}
export const defineFault = (definition: FaultDefinition): FaultDefinition => definition
