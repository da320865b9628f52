import { lowerBound } from '../../base/lower-bound.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import type { EtcdKey } from '../api/etcd.ts'
import { objectKey } from '../api/object-key.ts'
import type { KubeObject } from '../api/request.ts'

export interface Item {
  readonly object: KubeObject
  readonly revision: number
  /** by what */
  readonly encrypted?: string
  /** revision at which the key was made, and how often it has been put since */
  readonly created: number
  readonly version: number
  /** the lease of an operator under which it is */
  readonly lease?: string
}

/** The last part of a key of etcd: `default/catalog`, or `worker-1` of a cluster-scoped resource. */
export const keyText = (namespace: string, name: string): string => namespace === '' ? name : objectKey(namespace, name)

export const keyOf = (resource: string, { object: { metadata } }: Item): EtcdKey => ({ resource, namespace: metadata.namespace ?? '', name: metadata.name })

/** All keys of one resource, in the order of their bytes. Sorting waits until somebody lists, and its result serves until a key comes or goes. */
export class Table {
  #items = new PersistentMap<Item>()
  /** keys in order; may still hold some that are gone, never changed in place: forks share it */
  #sorted: readonly string[] = []
  /** keys that are not in `sorted` yet */
  #fresh: string[] = []
  #gone = 0
  #all: readonly KubeObject[] | undefined

  get size(): number { return this.#items.size }
  get(key: string): Item | undefined { return this.#items.get(key) }

  put(key: string, item: Item): void {
    const before = this.#items.size
    this.#items.set(key, item)
    if (this.#items.size > before) this.#fresh.push(key)
    this.#all = undefined
  }
  delete(key: string): void { if (this.#items.delete(key)) { this.#gone++; this.#all = undefined } }

  list(namespace?: string): readonly KubeObject[] {
    if (namespace === undefined) return this.#all ??= this.#objects(this.#keys())
    const keys = this.#keys(), prefix = `${namespace}/`
    return this.#objects(keys.slice(lowerBound(keys, prefix), lowerBound(keys, `${namespace}0`))) // '0' comes after '/'
  }
  items(): readonly (readonly [string, Item])[] {
    return this.#keys().flatMap(key => { const item = this.#items.get(key); return item ? [[key, item] as const] : [] })
  }

  fork(): Table {
    const twin = new Table()
    twin.#items = this.#items.fork(); twin.#sorted = this.#sorted; twin.#fresh = [...this.#fresh]; twin.#gone = this.#gone; twin.#all = this.#all
    return twin
  }

  #objects(keys: readonly string[]): KubeObject[] {
    const objects: KubeObject[] = []
    for (const key of keys) { const item = this.#items.get(key); if (item) objects.push(item.object) }
    return objects
  }
  #keys(): readonly string[] {
    if (this.#gone > 16 && this.#gone * 2 > this.#sorted.length) { this.#sorted = this.#sorted.filter(key => this.#items.has(key)); this.#gone = 0 }
    if (this.#fresh.length) { this.#sorted = merge(this.#sorted, this.#fresh.sort()); this.#fresh = [] }
    return this.#sorted
  }
}

/** Two sorted lists as one, each key once; a fresh key may be one that had gone. */
function merge(a: readonly string[], b: readonly string[]): string[] {
  const merged: string[] = []
  let i = 0, last: string | undefined
  const add = (key: string): void => { if (key !== last) merged.push(last = key) }
  for (const key of b) { while (i < a.length && a[i] <= key) add(a[i++]); add(key) }
  while (i < a.length) add(a[i++])
  return merged
}
