import { chosen } from '../config/load.ts'
import type { World } from '../config/settings.ts'
import type { ClusterOptions } from '../drivers/driver.ts'
import type { ClusterChoice } from '../drivers/real/connection.ts'
import type { Shard } from '../runner/shard.ts'
import { configOf } from './extensions.ts'
import type { Host } from './host.ts'
import { durationOption, namesOption, seedOption, shardOption, tagsOption, wholeOption } from './options.ts'
import { UsageError } from './usage-error.ts'

/** What a run is asked for, as plain data that a worker thread can be given: the command line, over a preset, over the config. */
export interface RunOptions {
  readonly paths: readonly string[]
  readonly tags: readonly string[]
  readonly names: readonly string[]
  readonly seed?: number
  readonly failFast: boolean
  readonly manifests: readonly string[]
  readonly deadlineMs: number
  readonly observeMs: number
  readonly world?: ClusterOptions
  readonly namespace?: string
  readonly formats: readonly string[]
  /** write what is written by default */
  readonly reports: boolean
  /** undefined: as many as are worth it */
  readonly parallel?: number
  readonly shard?: Shard
  /** a cluster that is there already, in place of the model */
  readonly cluster?: ClusterChoice
}

/** Options that say which scenarios are run and how, for every command that runs them. */
export async function runOptions(paths: readonly string[], options: Readonly<Record<string, any>>, host: Host): Promise<RunOptions> {
  const settings = chosen(await configOf(host, options.config), options.preset ?? [])
  if (typeof settings === 'string') throw new UsageError(settings)
  const manifests: readonly string[] = options.manifests ?? settings.manifests ?? []
  for (const directory of manifests) {
    if (host.files.kind(directory) !== 'directory') {
      throw new UsageError(`${options.manifests ? '--manifests' : 'manifests of the config:'} ${directory}: no such folder`)
    }
  }
  const tags: readonly string[] = options.tags ?? (settings.tags ? [settings.tags] : [])
  await tagsOption(tags)
  namesOption(options.name)
  return {
    paths: paths.length ? paths : settings.paths ?? [['scenarios', 'features'].find(d => host.files.kind(d) === 'directory') ?? '.'],
    tags, names: options.name ?? [], seed: seedOption(options.seed) ?? settings.seed, failFast: options.failFast ?? settings.failFast ?? false, manifests,
    deadlineMs: durationOption('--deadline', options.deadline ?? settings.deadline, 60_000),
    observeMs: durationOption('--observe', options.observe ?? settings.observe, 300_000),
    ...worldOf(settings.world), formats: options.format ?? settings.formats ?? [], reports: options.reports !== false && (settings.reports ?? true),
    parallel: wholeOption('--parallel', options.parallel, 1, 256) ?? settings.parallel, shard: shardOption(options.shard),
    ...options.kubeconfig === undefined && options.context === undefined ? {} : { cluster: { kubeconfig: options.kubeconfig, context: options.context } },
  }
}

function worldOf(world: World | undefined): { readonly world?: ClusterOptions; readonly namespace?: string } {
  if (!world) return {}
  const { namespace, workers, ...rest } = world
  const nodes = rest.nodes ?? (workers === undefined ? undefined : Array.from({ length: workers }, (_, i) => ({ name: `worker-${i + 1}` })))
  return { world: { ...rest, ...(nodes ? { nodes } : {}) }, ...(namespace ? { namespace } : {}) }
}
