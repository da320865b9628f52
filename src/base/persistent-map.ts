import { hashString } from './hash.ts'

/** Signed, so that V8 keeps it where it is: a number beyond 31 bits is an object of its own. */
const hashOf = (key: string): number => hashString(key) | 0

/**
 * A string-keyed map that forks in constant time: a hash array mapped trie whose nodes carry an owner. A node is changed in
 * place while its map owns it and copied on the first write after a fork, so that a run that never forks pays for no copies.
 * Iteration follows the hashes of the keys: it depends on the keys alone, never on the history of the map or of its forks.
 *
 * A node is one array, of just the size that it needs, since large clusters keep millions of entries: its owner, a bitmap of the
 * branches that it has, and for each of them, in order, a key and its value, or `CHILD` and a node. A node whose bitmap is empty holds
 * keys with equal hashes instead, sorted by key so that their order has no history either.
 */
type Node = any[]
const OWNER = 0, BITMAP = 1, FIRST = 2, CHILD = 0
let owners = 0

export class PersistentMap<V> {
  #root: Node | undefined
  #owner = ++owners
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
      const bitmap: number = node[BITMAP], bit = 1 << ((hash >>> shift) & 31)
      if ((bitmap & bit) === 0) return bitmap === 0 ? amongEqual(node, key) : undefined
      const at = place(bitmap, bit), found = node[at]
      if (found !== CHILD) return found === key ? node[at + 1] : undefined
      node = node[at + 1] as Node
    }
  }

  has(key: string): boolean { return this.get(key) !== undefined }

  /** Values must not be undefined: that is what an absent key answers. */
  set(key: string, value: V): this {
    const hash = hashOf(key)
    if (this.#root === undefined) { this.#size++; this.#root = nodeOf(this.#owner, 1 << (hash & 31), key, value) }
    else this.#root = this.#put(this.#root, 0, hash, key, value)
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
    this.#owner = ++owners
    return twin
  }

  * entries(): IterableIterator<[string, V]> { if (this.#root) yield * walk(this.#root) }
  * keys(): IterableIterator<string> { for (const [key] of this.entries()) yield key }
  * values(): IterableIterator<V> { for (const [, value] of this.entries()) yield value }
  [Symbol.iterator](): IterableIterator<[string, V]> { return this.entries() }

  forEach(visit: (value: V, key: string) => void): void { if (this.#root) visitAll(this.#root, visit) }

  /** Entries in the order of their keys' code units. */
  sorted(): [string, V][] {
    const list: [string, V][] = []
    this.forEach((value, key) => { list.push([key, value]) })
    return list.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)
  }

  #put(node: Node, shift: number, hash: number, key: string, value: V): Node {
    const bitmap: number = node[BITMAP], bit = 1 << ((hash >>> shift) & 31)
    if (bitmap === 0) return this.#putAmongEqual(node, shift, hash, key, value)
    const at = place(bitmap, bit)
    if ((bitmap & bit) === 0) { this.#size++; return inserted(node, this.#owner, bitmap | bit, at, key, value) }
    const found = node[at], there = node[at + 1]
    if (found === CHILD) {
      const next = this.#put(there, shift + 5, hash, key, value)
      return next === there ? node : this.#with(node, at, CHILD, next)
    }
    if (found === key) return this.#with(node, at, key, value)
    this.#size++
    return this.#with(node, at, CHILD, this.#split(hashOf(found), found, there, hash, key, value, shift + 5))
  }

  #putAmongEqual(node: Node, shift: number, hash: number, key: string, value: V): Node {
    const theirs = hashOf(node[FIRST])
    if (theirs !== hash) { this.#size++; return this.#split(theirs, CHILD, node, hash, key, value, shift) }
    let at = FIRST
    while (at < node.length && node[at] < key) at += 2
    if (node[at] === key) return this.#with(node, at, key, value)
    this.#size++
    return inserted(node, this.#owner, 0, at, key, value)
  }

  /** A node for what is there (an entry, or as `CHILD` a node of equal hashes) and another entry. */
  #split(theirs: number, there: string | typeof CHILD, content: any, hash: number, key: string, value: V, shift: number): Node {
    const owner = this.#owner
    if (theirs === hash) return there as string < key ? nodeOf(owner, 0, there, content, key, value) : nodeOf(owner, 0, key, value, there, content)
    const i = (theirs >>> shift) & 31, j = (hash >>> shift) & 31
    if (i === j) return nodeOf(owner, 1 << i, CHILD, this.#split(theirs, there, content, hash, key, value, shift + 5))
    const bitmap = (1 << i) | (1 << j)
    return i < j ? nodeOf(owner, bitmap, there, content, key, value) : nodeOf(owner, bitmap, key, value, there, content)
  }

  /** What is left of a node; undefined when that is nothing. */
  #remove(node: Node, shift: number, hash: number, key: string): Node | undefined {
    const bitmap: number = node[BITMAP], bit = 1 << ((hash >>> shift) & 31)
    if (bitmap === 0) {
      for (let at = FIRST; at < node.length; at += 2) if (node[at] === key) { this.#size--; return this.#without(node, 0, at) }
      return node
    }
    if ((bitmap & bit) === 0) return node
    const at = place(bitmap, bit), found = node[at]
    if (found !== CHILD) {
      if (found !== key) return node
      this.#size--
      return this.#without(node, bitmap & ~bit, at)
    }
    const child: Node = node[at + 1], next = this.#remove(child, shift + 5, hash, key)
    if (next === child) return node
    if (next === undefined) return this.#without(node, bitmap & ~bit, at)
    // one entry needs no node of its own
    if (next.length === FIRST + 2 && next[FIRST] !== CHILD) return this.#with(node, at, next[FIRST], next[FIRST + 1])
    return this.#with(node, at, CHILD, next)
  }

  #with(node: Node, at: number, key: string | typeof CHILD, value: any): Node {
    let own = node
    if (node[OWNER] !== this.#owner) { own = node.slice(); own[OWNER] = this.#owner }
    own[at] = key
    own[at + 1] = value
    return own
  }

  #without(node: Node, bitmap: number, at: number): Node | undefined {
    if (node.length === FIRST + 2) return undefined
    const own: Node = new Array(node.length - 2)
    for (let i = FIRST; i < at; i++) own[i] = node[i]
    for (let i = at; i < own.length; i++) own[i] = node[i + 2]
    own[OWNER] = this.#owner
    own[BITMAP] = bitmap
    return own
  }
}

const amongEqual = (node: Node, key: string): any => {
  for (let at = FIRST; at < node.length; at += 2) if (node[at] === key) return node[at + 1]
  return undefined
}

function nodeOf(owner: number, bitmap: number, key: string | typeof CHILD, value: any, otherKey?: string | typeof CHILD, otherValue?: any): Node {
  const node: Node = new Array(otherKey === undefined ? FIRST + 2 : FIRST + 4)
  node[OWNER] = owner
  node[BITMAP] = bitmap
  node[FIRST] = key
  node[FIRST + 1] = value
  if (otherKey !== undefined) { node[FIRST + 2] = otherKey; node[FIRST + 3] = otherValue }
  return node
}

/** An array of just the size: one that grows in place takes room for a dozen more, of which most nodes never see any. */
function inserted(node: Node, owner: number, bitmap: number, at: number, key: string, value: any): Node {
  const grown: Node = new Array(node.length + 2)
  grown[OWNER] = owner
  grown[BITMAP] = bitmap
  for (let i = FIRST; i < at; i++) grown[i] = node[i]
  grown[at] = key
  grown[at + 1] = value
  for (let i = at; i < node.length; i++) grown[i + 2] = node[i]
  return grown
}

/** Where in a node the branch of a bit is, or would be. */
function place(bitmap: number, bit: number): number {
  const bits = bitmap & (bit - 1)
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return FIRST + 2 * (Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24)
}

function * walk<V>(node: Node): IterableIterator<[string, V]> {
  for (let at = FIRST; at < node.length; at += 2) {
    if (node[at] === CHILD) yield * walk<V>(node[at + 1])
    else yield [node[at], node[at + 1]]
  }
}

function visitAll<V>(node: Node, visit: (value: V, key: string) => void): void {
  for (let at = FIRST, { length } = node; at < length; at += 2) {
    if (node[at] === CHILD) visitAll(node[at + 1], visit)
    else visit(node[at + 1], node[at])
  }
}
