import { hashString, mix32 } from '../../base/hash.ts'
import { PersistentMap } from '../../base/persistent-map.ts'

/**
 * Counter-based random streams: draw i of a stream depends on (seed, name of the stream, i) alone, so that a new draw in one
 * component moves no draw of another. Each draw is a choice; a list of choices replays a run even when its seed is gone.
 * Source of the technique: counter-based generators (Salmon et al., 2011).
 */
export class RandomStreams {
  #counters = new PersistentMap<number>()
  readonly seed: number
  readonly overrides: ReadonlyMap<string, number>

  constructor(seed: number, overrides: ReadonlyMap<string, number> = new Map()) { this.seed = seed; this.overrides = overrides }

  /** A choice among 0 … n-1. Seed 0 always chooses 0, the least surprising one. */
  choose(stream: string, n: number): number {
    const i = this.#next(stream)
    const forced = this.overrides.size ? this.overrides.get(`${stream}#${i}`) : undefined
    if (forced !== undefined) return Math.min(forced, n - 1)
    return this.seed === 0 || n <= 1 ? 0 : this.#bits(stream, i) % n
  }

  /** 32 random bits that name things (uids, generated names): no choice, so also random under seed 0. */
  bits(stream: string): number { return this.#bits(stream, this.#next(stream)) }

  /** So many times `bits` at once. */
  block(stream: string, n: number): number[] {
    const first = this.#counters.get(stream) ?? 0, base = hashString(stream), drawn: number[] = []
    this.#counters.set(stream, first + n)
    for (let i = first; i < first + n; i++) drawn.push(this.#draw(base, i))
    return drawn
  }

  /** Choices made so far, by stream: what a replay token lists. */
  counters(): [string, number][] { return this.#counters.sorted() }

  #next(stream: string): number {
    const i = this.#counters.get(stream) ?? 0
    this.#counters.set(stream, i + 1)
    return i
  }

  #bits(stream: string, i: number): number { return this.#draw(hashString(stream), i) }
  #draw(base: number, i: number): number { return mix32(mix32(base ^ Math.imul(this.seed, 0x9e3779b1)) + Math.imul(i + 1, 0x85ebca77)) }

  fork(): RandomStreams {
    const twin = new RandomStreams(this.seed, this.overrides)
    twin.#counters = this.#counters.fork()
    return twin
  }
}
