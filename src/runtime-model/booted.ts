import type { ModelAdditions } from './additions.ts'
import type { Cluster, ModelOptions } from './cluster.ts'
import { registry } from './kinds/index.ts'

/** so many clusters that have just come up are kept, the latest used, if they are small */
const limit = 24, nodeLimit = 50
const none: ModelAdditions = {}, ups = new WeakMap<ModelAdditions, Map<string, Cluster>>()

/**
 * Equal options come up equally: a small cluster is brought up once, and whoever asks for it is given a fork. Not for clusters with own
 * components or choices, which are no plain data.
 */
export function booted(options: ModelOptions, boot: (options: ModelOptions) => Cluster): Cluster {
  if (options.components !== undefined || options.choices !== undefined || (options.nodes?.length ?? 1) > nodeLimit) return boot(options)
  const { additions = none, ...plain } = options
  let up = ups.get(additions)
  if (!up) ups.set(additions, up = new Map())
  // a kind that a config has added since is not served by clusters from before
  const key = `${registry.all.length} ${JSON.stringify(plain)}`, found = up.get(key) ?? boot(options)
  up.delete(key); up.set(key, found)
  if (up.size > limit) up.delete(up.keys().next().value!)
  return found.fork()
}
