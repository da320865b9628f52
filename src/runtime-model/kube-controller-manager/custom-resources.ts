import { PersistentMap } from '../../base/persistent-map.ts'
import { customKindsOf, customResourceOf, definitionsResource } from '../kinds/index.ts'
import type { Identity } from '../network/client.ts'
import { addWatched, dropWatched, store } from '../network/informer.ts'
import type { Watched } from '../network/informer.ts'
import type { Setup } from './setup.ts'
import type { ManagerState } from './state.ts'
import type { Work } from './worker.ts'

/**
 * Custom resources come and go with their definitions: the manager watches those that are established, for controllers that care for objects of any kind.
 * Source: pkg/controller/garbagecollector/garbagecollector.go (Sync), which asks discovery every 30 s; here the definitions themselves tell at once.
 */
export function followDefinitions(work: Work, identity: Identity): Work {
  const { state, context, effects } = work, before = state.custom, wanted = served(state)
  const same = (a: Watched, b: Watched): boolean => a.key === b.key && a.version === b.version
  const gone = before.filter(b => !wanted.some(w => same(w, b))), fresh = wanted.filter(w => !before.some(b => same(w, b)))
  if (gone.length + fresh.length === 0) return work
  for (const w of gone) {
    effects.push(dropWatched(state.informers, w))
    for (const index of customIndexes(work.setup, w.key)) delete (state.tables as Record<string, any>)[index.name]
  }
  for (const w of fresh) {
    for (const index of customIndexes(work.setup, w.key)) (state.tables as Record<string, any>)[index.name] = new PersistentMap()
    effects.push(addWatched(state.informers, w, identity, context))
  }
  return { ...work, state: { ...state, custom: wanted }, views: new Map() }
}

function served(state: ManagerState): readonly Watched[] {
  return store(state.informers, definitionsResource).sorted().flatMap(([, definition]) => {
    const [kind] = definition.metadata.deletionTimestamp ? [] : customKindsOf(definition), resource = customResourceOf(definition)
    return kind ? [{ key: resource, resource, version: kind.version }] : []
  })
}
const customIndexes = (setup: Setup, resource: string) => setup.custom.flatMap(({ custom }) => custom!.index ? [custom!.index(resource)] : [])

const all = new WeakMap<readonly Watched[], { readonly always: readonly Watched[]; readonly list: readonly Watched[] }>()
/** Everything that is watched now. */
export function watchedNow(setup: Setup, { custom, awake }: ManagerState): readonly Watched[] {
  const always = awake.length > 0 ? withWoken(setup, awake) : setup.watched
  if (custom.length === 0) return always
  let found = all.get(custom)
  if (found?.always !== always) all.set(custom, found = { always, list: [...always, ...custom] })
  return found!.list
}
const full = new WeakMap<readonly string[], readonly Watched[]>()
function withWoken(setup: Setup, awake: readonly string[]): readonly Watched[] {
  let list = full.get(awake)
  if (!list) full.set(awake, list = [...setup.watched, ...watchedByWoken(setup, awake)])
  return list
}
/** What is watched for these sleepers alone. */
export function watchedByWoken(setup: Setup, awake: readonly string[]): readonly Watched[] {
  return setup.later.filter(w => setup.sleepers.some(c => awake.includes(c.name) && c.watches.some(x => x.resource === w.resource)))
}
export const isCustom = ({ custom }: ManagerState, key: string): boolean => custom.some(w => w.key === key)
