import { PersistentMap } from '../../base/persistent-map.ts'
import type { KubeObject } from '../api/request.ts'
import type { Delta } from '../network/informer.ts'
import type { Index } from './controller.ts'

/** What an index has under one key. Replaced on every change, never changed in place, so that forks may share it. */
interface Bucket { readonly objects: PersistentMap<KubeObject>; readonly counts: Readonly<Record<string, number>> }
/** Declared indexes by name: key → bucket. */
export type Tables = { readonly forkable: true } & { readonly [index: string]: any }

export function emptyTables(indexes: readonly Index[]): Tables {
  const tables: Record<string, any> = { forkable: true }
  for (const index of indexes) tables[index.name] = new PersistentMap<Bucket>()
  return tables as Tables
}
const tableOf = (tables: Tables, index: Index): PersistentMap<Bucket> => tables[index.name]

/** Brings the index up to date with a change of the store. */
export function updateTable(tables: Tables, index: Index, delta: Delta): void {
  const table = tableOf(tables, index), before = delta.stored ? index.keysOf(delta.stored) : [], after = delta.new ? index.keysOf(delta.new) : []
  for (const key of before) if (!after.includes(key)) change(table, index, key, delta.name, delta.stored, undefined)
  for (const key of after) change(table, index, key, delta.name, before.includes(key) ? delta.stored : undefined, delta.new)
}

function change(table: PersistentMap<Bucket>, index: Index, key: string, name: string, old: KubeObject | undefined, now: KubeObject | undefined): void {
  const bucket = table.get(key), objects = bucket ? bucket.objects.fork() : new PersistentMap<KubeObject>()
  if (now) objects.set(name, now); else objects.delete(name)
  if (objects.size === 0) table.delete(key)
  else table.set(key, { objects, counts: index.counts ? counted(index.counts, bucket?.counts, old, now) : none })
}
const none = Object.freeze({})
function counted(counts: NonNullable<Index['counts']>, before: Bucket['counts'] | undefined, old: KubeObject | undefined, now: KubeObject | undefined): Bucket['counts'] {
  const sums: Record<string, number> = {}
  for (const name in counts) sums[name] = (before?.[name] ?? 0) - (old ? counts[name](old) : 0) + (now ? counts[name](now) : 0)
  return sums
}

export function objectsUnder(tables: Tables, index: Index, key: string): readonly KubeObject[] {
  const bucket = tableOf(tables, index).get(key)
  if (!bucket) return []
  if (bucket.objects.size > 1) return bucket.objects.sorted().map(([, object]) => object)
  return [...bucket.objects.values()]
}
export function countUnder(tables: Tables, index: Index, key: string, count?: string): number {
  const bucket = tableOf(tables, index).get(key)
  if (!bucket) return 0
  return count === undefined ? bucket.objects.size : bucket.counts[count]
}
