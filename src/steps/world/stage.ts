import type { ClusterOptions, NodeOptions } from '../../drivers/driver.ts'
import type { StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'

/** What the world steps have said so far of a cluster that does not run yet; the order in which they said it does not matter. */
export interface Stage {
  /** what the runner gave: seed, a bare world */
  readonly given: ClusterOptions
  /** `a cluster …` as it was said */
  readonly said?: string
  readonly workers?: number
  readonly rows: readonly NodeOptions[]
  readonly each: Partial<NodeOptions>
  readonly versions: Readonly<Record<string, string>>
  readonly cluster: Partial<ClusterOptions>
}

/** Source: https://kubernetes.io/docs/setup/best-practices/cluster-large/. */
export const mostNodes = 5000

const stages = new WeakMap<ScenarioContext, Stage>()

/** Adds to the description and gives it to the runner; a cluster that runs already cannot be described any more. */
export function describe(context: ScenarioContext, change: (stage: Stage) => Stage | { readonly cannotRun: string }): StepOutcome {
  if (context.started()) return { cannotRun: 'the cluster runs already: this must be said before the first step that uses it' }
  const next = change(stages.get(context) ?? { given: context.world, rows: [], each: {}, versions: {}, cluster: {} })
  if ('cannotRun' in next) return next
  stages.set(context, next)
  context.world = { ...next.given, ...next.cluster, ...optionsOf(next) }
}

function optionsOf({ workers, rows, each, versions }: Stage): Pick<ClusterOptions, 'nodes'> {
  const names = rows.length > 0 && workers === undefined ? [] : Array.from({ length: workers ?? 1 }, (_, i) => `worker-${i + 1}`)
  const byName = new Map<string, NodeOptions>(names.map(name => [name, { name }]))
  const twice: NodeOptions[] = []
  for (const row of rows) {
    if (rows.some(other => other !== row && other.name === row.name) && byName.has(row.name)) twice.push(row)
    byName.set(row.name, { ...byName.get(row.name), ...row })
  }
  const nodes = [...byName.values(), ...twice].map(node => ({ ...each, ...node, ...(versions[node.name] ? { version: versions[node.name] } : {}) }))
  return { nodes }
}
