const chunkLength = 1024
interface Chunk<T> { owner: object; items: T[] }

/**
 * An append-only list that forks by sharing its full chunks: growth never copies what is already there, and a fork copies one
 * chunk on its next append. Old entries may be dropped from the front (compaction, bounded history).
 */
export class PersistentLog<T> {
  #chunks: Chunk<T>[] = []
  #owner: object = {}
  #length = 0
  /** index of the first entry still kept */
  #first = 0

  get length(): number { return this.#length }
  get first(): number { return this.#first }

  append(item: T): void {
    const at = this.#length % chunkLength
    if (at === 0) this.#chunks.push({ owner: this.#owner, items: [item] })
    else {
      let last = this.#chunks[this.#chunks.length - 1]
      if (last.owner !== this.#owner) this.#chunks[this.#chunks.length - 1] = last = { owner: this.#owner, items: [...last.items] }
      last.items.push(item)
    }
    this.#length++
  }

  /** undefined outside of what is kept. */
  get(index: number): T | undefined {
    if (index < this.#first || index >= this.#length) return undefined
    const base = Math.floor(this.#first / chunkLength)
    return this.#chunks[Math.floor(index / chunkLength) - base].items[index % chunkLength]
  }

  /** Forgets entries before `index`; memory goes in whole chunks. */
  dropBefore(index: number): void {
    const to = Math.min(index, this.#length)
    if (to <= this.#first) return
    const drop = Math.floor(to / chunkLength) - Math.floor(this.#first / chunkLength)
    if (drop > 0) this.#chunks = this.#chunks.slice(drop)
    this.#first = to
  }

  fork(): PersistentLog<T> {
    const twin = new PersistentLog<T>()
    twin.#chunks = [...this.#chunks]
    twin.#length = this.#length
    twin.#first = this.#first
    this.#owner = {}
    return twin
  }

  * [Symbol.iterator](): IterableIterator<T> { for (let i = this.#first; i < this.#length; i++) yield this.get(i)! }
}
