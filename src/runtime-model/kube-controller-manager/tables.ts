import { PersistentMap } from '../../base/persistent-map.ts'
import type { KubeObject } from '../api/request.ts'
import type { Delta } from '../network/informer.ts'
import type { Index } from './controller.ts'

/** What an index has under one key: names in the informer's store. Replaced on every change, never changed in place, so that forks may share it. */
interface Bucket { readonly names: PersistentMap<true>; readonly counts: Readonly<Record<string, number>> }
/** Declared indexes by name: key → bucket. */
export type Tables = { readonly forkable: true } & { readonly [index: string]: any }

export function emptyTables(indexes: readonly Index[]): Tables {
  const tables: Record<string, any> = { forkable: true }
  for (const index of indexes) tables[index.name] = new PersistentMap<Bucket>()
  return tables as Tables
}
const tableOf = (tables: Tables, index: Index): PersistentMap<Bucket> => tables[index.name]

/** Brings the index up to date with a change of the store. An object that keeps its keys costs nothing but its counts. */
export function updateTable(tables: Tables, index: Index, delta: Delta): void {
  const table = tableOf(tables, index)
  if (index.sameKeys && delta.stored && delta.new && index.sameKeys(delta.stored, delta.new)) {
    if (index.counts && countsDiffer(index.counts, delta)) for (const key of index.keysOf(delta.new)) recount(table, index.counts, key, delta)
    return
  }
  const before = delta.stored ? index.keysOf(delta.stored) : none, after = delta.new ? index.keysOf(delta.new) : none
  for (const key of before) if (!after.includes(key)) leave(table, index, key, delta)
  for (const key of after) {
    if (before.includes(key)) {
      if (index.counts && countsDiffer(index.counts, delta)) recount(table, index.counts, key, delta)
    } else join(table, index, key, delta)
  }
}
const none: readonly string[] = []
const noCounts: Bucket['counts'] = {}

function join(table: PersistentMap<Bucket>, index: Index, key: string, delta: Delta): void {
  const bucket = table.get(key), names = bucket ? bucket.names.fork() : new PersistentMap<true>()
  table.set(key, {
    names: names.set(delta.name, true), counts: index.counts ? counted(index.counts, bucket?.counts ?? noCounts, undefined, delta.new) : noCounts,
  })
}
function leave(table: PersistentMap<Bucket>, index: Index, key: string, delta: Delta): void {
  const bucket = table.get(key)!, names = bucket.names.fork()
  names.delete(delta.name)
  if (names.size === 0) table.delete(key)
  else table.set(key, { names, counts: index.counts ? counted(index.counts, bucket.counts, delta.stored, undefined) : noCounts })
}
function recount(table: PersistentMap<Bucket>, counts: NonNullable<Index['counts']>, key: string, { stored, new: now }: Delta): void {
  const bucket = table.get(key)!
  table.set(key, { names: bucket.names, counts: counted(counts, bucket.counts, stored, now) })
}
function countsDiffer(counts: NonNullable<Index['counts']>, { stored, new: now }: Delta): boolean {
  for (const name in counts) if (counts[name](stored!) !== counts[name](now!)) return true
  return false
}
function counted(counts: NonNullable<Index['counts']>, before: Bucket['counts'], old: KubeObject | undefined, now: KubeObject | undefined): Bucket['counts'] {
  const sums: Record<string, number> = {}
  for (const name in counts) sums[name] = (before[name] ?? 0) - (old ? counts[name](old) : 0) + (now ? counts[name](now) : 0)
  return sums
}

/** Names under a key, sorted: once for as long as they stay the same. */
export function namesUnder(tables: Tables, index: Index, key: string): readonly string[] {
  const names = tableOf(tables, index).get(key)?.names
  if (!names) return none
  let list = sorted.get(names)
  if (!list) sorted.set(names, list = [...names.keys()].sort())
  return list
}
const sorted = new WeakMap<PersistentMap<true>, readonly string[]>()
export function countUnder(tables: Tables, index: Index, key: string, count?: string): number {
  const bucket = tableOf(tables, index)?.get(key) // a kind may have been added since this process began
  if (!bucket) return 0
  return count === undefined ? bucket.names.size : bucket.counts[count]
}
