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

const all = new WeakMap<readonly Watched[], readonly Watched[]>()
/** Everything that is watched now. */
export function watchedNow(setup: Setup, { custom, awake }: ManagerState): readonly Watched[] {
  const always = awake ? everything(setup) : setup.watched
  if (custom.length === 0) return always
  let list = all.get(custom)
  if (!list || awake && list.length < always.length + custom.length) all.set(custom, list = [...always, ...custom])
  return list
}
const full = new WeakMap<Setup, readonly Watched[]>()
function everything(setup: Setup): readonly Watched[] {
  let list = full.get(setup)
  if (!list) full.set(setup, list = [...setup.watched, ...setup.later])
  return list
}
export const isCustom = ({ custom }: ManagerState, key: string): boolean => custom.some(w => w.key === key)
