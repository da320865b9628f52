/**
 * A cache of what was asked for lately: two maps of at most `size` entries; what is not asked for while the young one fills up is forgotten.
 * Costs a look-up or two, and keeps no more than twice `size` entries alive.
 */
export class Recent<V> {
  #young = new Map<string, V>()
  #old = new Map<string, V>()
  readonly #size: number
  constructor(size: number) { this.#size = size }
  get(key: string): V | undefined {
    const found = this.#young.get(key)
    if (found !== undefined) return found
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }
  set(key: string, value: V): void {
    if (this.#young.size >= this.#size) { this.#old = this.#young; this.#young = new Map() }
    this.#young.set(key, value)
  }
}
