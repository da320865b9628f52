import { customKindsOf, customResourceOf, definitionsResource, type KindDefinition } from '../../kinds/index.ts'
import { visitCached, type WatchCache } from '../watch-cache.ts'

/**
 * The kinds that the definitions in a server's cache add, worked out once for each state of the definitions: forks share it, and a server that lags serves what
 * it knows of. Source: k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go.
 */
export interface Served {
  readonly kinds: readonly KindDefinition[]
  /** by `group/version/resource` */
  readonly byPath: ReadonlyMap<string, KindDefinition>
  /** the version that is stored (or the first that is served), by storage name */
  readonly byResource: ReadonlyMap<string, KindDefinition>
}
const nothing: Served = { kinds: [], byPath: new Map(), byResource: new Map() }
const known = new WeakMap<object, Served>()

export function served(cache: WatchCache): Served {
  if (cache.definitions === undefined) return nothing
  let found = known.get(cache.definitions)
  if (!found) known.set(cache.definitions, found = workOut(cache))
  return found
}

function workOut(cache: WatchCache): Served {
  const byPath = new Map<string, KindDefinition>(), byResource = new Map<string, KindDefinition>(), definitions: any[] = []
  visitCached(cache, definitionsResource, d => definitions.push(d))
  for (const definition of definitions.sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1)) {
    const kinds = customKindsOf(definition), stored = definition.spec.versions.find((v: any) => v.storage)?.name
    for (const kind of kinds) byPath.set(`${kind.group}/${kind.version}/${kind.resource}`, kind)
    const own = kinds.find(k => k.version === stored) ?? kinds[0]
    if (own) byResource.set(customResourceOf(definition), own)
  }
  return { kinds: [...byPath.values()], byPath, byResource }
}
