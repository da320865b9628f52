import type { ClusterOptions, Driver } from '../drivers/driver.ts'

/** so many clusters that have just come up are kept, the latest used */
const limit = 24

/** Equal options come up equally: a cluster is brought up once and every scenario is given a fork of it. */
export function cachedClusters(create: (world: ClusterOptions) => Driver): (world: ClusterOptions) => Driver {
  const up = new Map<string, Driver>()
  return world => {
    const key = JSON.stringify(world)
    const found = up.get(key) ?? create(world)
    up.delete(key); up.set(key, found)
    if (up.size > limit) up.delete(up.keys().next().value!)
    return found.fork?.() ?? found
  }
}
