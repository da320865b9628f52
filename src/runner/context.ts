import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import type { Credentials } from '../runtime-model/api/request.ts'
import type { Binding, CommandOutcome, ScenarioContext } from '../steps/context.ts'

/** The step cannot run as written: undefined, exit 2. Thrown where a value cannot be returned. */
export class CannotRun extends Error { override readonly name = 'CannotRun' }

/** kubeadm's admin.conf before 1.29 and kind's: in system:masters, which RBAC never refuses (kubernetes.io/docs/reference/access-authn-authz/rbac). */
export const ADMIN: Credentials = {
  user: 'kubernetes-admin', groups: ['system:masters'],
  // it is a certificate, which no scenario outlives: a server knows its fingerprint
  valid: { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER },
}

/** What one scenario needs of its surroundings. */
export interface Surroundings {
  /** `namespace`: what names without one mean */
  readonly createDriver: (world: ClusterOptions, namespace: string) => Driver
  /** reads a file beside the feature file, then under --manifests */
  readonly readFile: (path: string) => string | undefined
  readonly listFiles?: (folder: string, deep: boolean) => readonly string[] | undefined
  readonly deadlineMs: number
  readonly observeMs: number
  readonly world?: ClusterOptions
  readonly namespace?: string
  readonly commandMs?: number
  readonly anyGeneration?: boolean
  /** called once, when the cluster has been started */
  readonly onStart?: (driver: Driver) => void
}

/** Two workers cannot share a name, a managed control plane has no nodes of its own: what no cluster could be. */
function contradiction(world: ClusterOptions): string | undefined {
  const names = (world.nodes ?? []).map(n => n.name)
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice) return `two nodes are called ${twice}`
  if (world.managed && (world.controlPlaneNodes ?? 0) > 1) return 'a managed cluster has no control-plane nodes of its own'
  return undefined
}

/** The context that the steps of one scenario share; the cluster starts when a step first asks for it. */
export function createContext(surroundings: Surroundings, seed: number): RunningContext { return contextOver(surroundings, { seed }) }

export interface RunningContext extends ScenarioContext {
  /** The same with a fork of its cluster, which must have been started. */
  fork(): RunningContext
  stop(): Promise<void>
}
function contextOver(surroundings: Surroundings, { seed, driver }: { readonly seed: number; driver?: Driver }): RunningContext {
  const context = {
    world: { ...surroundings.world, seed } as ClusterOptions,
    driver(): Driver {
      if (driver) return driver
      const wrong = contradiction(context.world)
      if (wrong) throw new CannotRun(wrong)
      driver = surroundings.createDriver(context.world, surroundings.namespace ?? 'default')
      for (const prepare of context.atStart) prepare(driver)
      surroundings.onStart?.(driver)
      context.afterStart?.(driver)
      context.afterStart = undefined
      return driver
    },
    started: () => driver !== undefined,
    atStart: [] as ((driver: Driver) => void)[],
    afterStart: undefined as ((driver: Driver) => void) | undefined,
    namespace: surroundings.namespace ?? 'default',
    bindings: new Map<string, Binding>(),
    moments: new Map<string, any>(),
    commands: [] as CommandOutcome[],
    credentials: ADMIN,
    beforeLatest: { at: 0, observation: 0 },
    beforeWhen: undefined as ScenarioContext['beforeWhen'],
    readFile: surroundings.readFile, listFiles: surroundings.listFiles,
    deadlineMs: surroundings.deadlineMs,
    observeMs: surroundings.observeMs,
    commandMs: surroundings.commandMs,
    anyGeneration: surroundings.anyGeneration,
    kept: new Map<string, unknown>(),
    users: new Map<string, readonly string[]>(),
    fork(): RunningContext {
      const twin = contextOver(surroundings, { seed, driver: driver!.fork!() })
      const data = Object.entries(context).filter(([, value]) => typeof value !== 'function')
      return Object.assign(
        twin, Object.fromEntries(data.map(([name, value]) => [name, value instanceof Map ? new Map(value) : Array.isArray(value) ? [...value] : value]))
      )
    },
    async stop() { await driver?.close() },
  }
  return context
}
