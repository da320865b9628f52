import type { Observation, ObservationBody } from '../../runtime-model/kernel/observation.ts'

/** What has been observed since a scenario began, and who is told of it. */
export class ObservationLog {
  readonly all: Observation[] = []
  readonly #now: () => number
  readonly #listeners = new Set<(observation: Observation) => void>()
  #wake: () => void = () => {}
  #broken: { readonly error: unknown } | undefined
  constructor(now: () => number) { this.#now = now }

  /** Answers the id. What a listener throws is kept for who waits: whoever brings the news cannot know what to do about it. */
  record(actor: string, body: ObservationBody, at = this.#now()): number {
    const observation: Observation = { id: this.all.length + 1, at, cause: 0, actor, ...body }
    this.all.push(observation)
    for (const listener of [...this.#listeners]) {
      try { listener(observation) } catch (error) { this.#broken ??= { error } }
    }
    this.#wake()
    return observation.id
  }
  observe(listener: (observation: Observation) => void, types?: readonly Observation['type'][]): () => void {
    const told = types ? (o: Observation): void => { if (types.includes(o.type)) listener(o) } : listener
    this.#listeners.add(told)
    return () => { this.#listeners.delete(told) }
  }

  /** Resolved by the next observation. Throws what a listener has thrown. */
  next(): Promise<void> {
    const { error } = this.#broken ?? {}
    if (this.#broken) { this.#broken = undefined; throw error }
    return new Promise(woke => { this.#wake = woke })
  }
}
