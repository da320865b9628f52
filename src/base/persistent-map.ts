import { hashString } from './hash.ts'

/** Signed, so that V8 keeps it in the node itself: a number beyond 31 bits is an object of its own. */
const hashOf = (key: string): number => hashString(key) | 0

/**
 * A string-keyed map that forks in constant time: a hash array mapped trie whose nodes carry an owner. A node is changed in
 * place while its map owns it and copied on the first write after a fork, so that a run that never forks pays for no copies.
 * Iteration follows the hashes of the keys: it depends on the keys alone, never on the history of the map or of its forks.
 */
interface Leaf<V> { owner: Owner; hash: number; key: string; value: V; kind: 0 }
interface Branch<V> { owner: Owner; bitmap: number; slots: TrieNode<V>[]; kind: 1 }
/** Keys with equal hashes, sorted by key so that their order has no history either. */
interface Collision<V> { owner: Owner; hash: number; leaves: Leaf<V>[]; kind: 2 }
type TrieNode<V> = Leaf<V> | Branch<V> | Collision<V>
interface Owner { readonly map: 'owner' }
const newOwner = (): Owner => ({ map: 'owner' })

export class PersistentMap<V> {
  #root: TrieNode<V> | undefined
  #owner: Owner = newOwner()
  #size = 0

  static from<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const map = new PersistentMap<V>()
    for (const [key, value] of entries) map.set(key, value)
    return map
  }

  get size(): number { return this.#size }

  get(key: string): V | undefined {
    let node = this.#root
    if (node === undefined) return undefined
    const hash = hashOf(key)
    for (let shift = 0; ; shift += 5) {
      if (node.kind === 0) return node.key === key ? node.value : undefined
      if (node.kind === 2) return node.hash === hash ? node.leaves.find(leaf => leaf.key === key)?.value : undefined
      const bit = 1 << ((hash >>> shift) & 31)
      if ((node.bitmap & bit) === 0) return undefined
      node = node.slots[countBits(node.bitmap & (bit - 1))]
    }
  }

  has(key: string): boolean { return this.get(key) !== undefined }

  /** Values must not be undefined: that is what an absent key answers. */
  set(key: string, value: V): this {
    const hash = hashOf(key)
    this.#root = this.#root === undefined ? this.#leaf(hash, key, value) : this.#put(this.#root, 0, hash, key, value)
    return this
  }

  delete(key: string): boolean {
    if (this.#root === undefined) return false
    const before = this.#size
    this.#root = this.#remove(this.#root, 0, hashOf(key), key)
    return this.#size < before
  }

  clear(): void { this.#root = undefined; this.#size = 0 }

  /** A map with the same content; from here on both copy what they change. */
  fork(): PersistentMap<V> {
    const twin = new PersistentMap<V>()
    twin.#root = this.#root
    twin.#size = this.#size
    this.#owner = newOwner()
    return twin
  }

  * entries(): IterableIterator<[string, V]> { if (this.#root) yield * walk(this.#root) }
  * keys(): IterableIterator<string> { for (const [key] of this.entries()) yield key }
  * values(): IterableIterator<V> { for (const [, value] of this.entries()) yield value }
  [Symbol.iterator](): IterableIterator<[string, V]> { return this.entries() }

  forEach(visit: (value: V, key: string) => void): void { if (this.#root) visitAll(this.#root, visit) }

  /** Entries in the order of their keys' code units. */
  sorted(): [string, V][] { return [...this.entries()].sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) }

  #leaf(hash: number, key: string, value: V): Leaf<V> { this.#size++; return { owner: this.#owner, hash, key, value, kind: 0 } }

  #put(node: TrieNode<V>, shift: number, hash: number, key: string, value: V): TrieNode<V> {
    if (node.kind === 1) {
      const bit = 1 << ((hash >>> shift) & 31), at = countBits(node.bitmap & (bit - 1))
      if ((node.bitmap & bit) !== 0) {
        const child = node.slots[at], next = this.#put(child, shift + 5, hash, key, value)
        if (next === child) return node
        const own = this.#own(node)
        own.slots[at] = next
        return own
      }
      const slots = inserted(node.slots, at, this.#leaf(hash, key, value))
      if (node.owner !== this.#owner) return { owner: this.#owner, bitmap: node.bitmap | bit, slots, kind: 1 }
      node.slots = slots
      node.bitmap |= bit
      return node
    }
    if (node.kind === 0) {
      if (node.key === key) {
        if (node.owner === this.#owner) { node.value = value; return node }
        return { owner: this.#owner, hash, key, value, kind: 0 }
      }
      return this.#split(node, this.#leaf(hash, key, value), shift)
    }
    if (node.hash !== hash) return this.#split(node, this.#leaf(hash, key, value), shift)
    const leaves = [...node.leaves], at = leaves.findIndex(leaf => leaf.key >= key)
    if (at >= 0 && leaves[at].key === key) leaves[at] = { owner: this.#owner, hash, key, value, kind: 0 }
    else leaves.splice(at < 0 ? leaves.length : at, 0, this.#leaf(hash, key, value))
    return { owner: this.#owner, hash, leaves, kind: 2 }
  }

  #split(a: Leaf<V> | Collision<V>, b: Leaf<V>, shift: number): TrieNode<V> {
    if (a.hash === b.hash) {
      const leaves = a.kind === 2 ? [...a.leaves, b] : [a, b]
      return { owner: this.#owner, hash: a.hash, leaves: leaves.sort((x, y) => x.key < y.key ? -1 : 1), kind: 2 }
    }
    const i = (a.hash >>> shift) & 31, j = (b.hash >>> shift) & 31
    if (i === j) return { owner: this.#owner, bitmap: 1 << i, slots: [this.#split(a, b, shift + 5)], kind: 1 }
    return { owner: this.#owner, bitmap: (1 << i) | (1 << j), slots: i < j ? [a, b] : [b, a], kind: 1 }
  }

  #remove(node: TrieNode<V>, shift: number, hash: number, key: string): TrieNode<V> | undefined {
    if (node.kind === 0) { if (node.key !== key) return node; this.#size--; return undefined }
    if (node.kind === 2) {
      const leaves = node.leaves.filter(leaf => leaf.key !== key)
      if (leaves.length === node.leaves.length) return node
      this.#size--
      return leaves.length === 1 ? leaves[0] : { owner: this.#owner, hash: node.hash, leaves, kind: 2 }
    }
    const bit = 1 << ((hash >>> shift) & 31)
    if ((node.bitmap & bit) === 0) return node
    const at = countBits(node.bitmap & (bit - 1)), child = node.slots[at], next = this.#remove(child, shift + 5, hash, key)
    if (next === child) return node
    if (next === undefined && node.slots.length === 1) return undefined
    const own = this.#own(node)
    if (next === undefined) { own.slots.splice(at, 1); own.bitmap &= ~bit } else own.slots[at] = next
    return own.slots.length === 1 && own.slots[0].kind !== 1 ? own.slots[0] : own
  }

  #own(branch: Branch<V>): Branch<V> {
    return branch.owner === this.#owner ? branch : { owner: this.#owner, bitmap: branch.bitmap, slots: [...branch.slots], kind: 1 }
  }
}

/** An array of just the size: one that grows in place takes room for a dozen more, of which most nodes never see any. */
function inserted<T>(items: readonly T[], at: number, item: T): T[] {
  const grown = new Array<T>(items.length + 1)
  for (let i = 0; i < at; i++) grown[i] = items[i]
  grown[at] = item
  for (let i = at; i < items.length; i++) grown[i + 1] = items[i]
  return grown
}

function countBits(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function * walk<V>(node: TrieNode<V>): IterableIterator<[string, V]> {
  if (node.kind === 0) yield [node.key, node.value]
  else if (node.kind === 2) for (const leaf of node.leaves) yield [leaf.key, leaf.value]
  else for (const child of node.slots) yield * walk(child)
}

function visitAll<V>(node: TrieNode<V>, visit: (value: V, key: string) => void): void {
  if (node.kind === 0) visit(node.value, node.key)
  else if (node.kind === 2) for (const leaf of node.leaves) visit(leaf.value, leaf.key)
  else for (const child of node.slots) visitAll(child, visit)
}
