interface Pair { readonly a: number; readonly b: number; readonly connection: number }

/**
 * Connections between processes that keep one to each other for good (members of a Raft group). Each unbroken connection has a number
 * of its own; 0 says that there is none now. Their keep-alives and heartbeats are closed forms: both ends are told at once when a
 * connection breaks or is made, and wait themselves for as long as they would have waited for a heartbeat that does not come.
 */
export class Peers {
  /** plain frozen data, replaced on change: forks share it */
  #pairs: readonly Pair[] = []
  #last = 0

  attend(a: number, b: number): void {
    const [low, high] = a < b ? [a, b] : [b, a]
    if (!this.#pairs.some(p => p.a === low && p.b === high)) this.#pairs = [...this.#pairs, { a: low, b: high, connection: 0 }]
  }
  forget(a: number): void { this.#pairs = this.#pairs.filter(p => p.a !== a && p.b !== a) }

  connection(a: number, b: number): number {
    for (const p of this.#pairs) if ((p.a === a && p.b === b) || (p.a === b && p.b === a)) return p.connection
    return 0
  }

  /** Looks at all pairs again; answers those whose connection broke or was made. */
  review(well: (a: number, b: number) => boolean): readonly Pair[] {
    let changed: Pair[] | undefined
    for (const p of this.#pairs) {
      const now = well(p.a, p.b)
      if (now !== p.connection > 0) (changed ??= []).push({ ...p, connection: now ? ++this.#last : 0 })
    }
    if (changed === undefined) return []
    this.#pairs = this.#pairs.map(p => changed.find(c => c.a === p.a && c.b === p.b) ?? p)
    return changed
  }

  fork(): Peers { const twin = new Peers(); twin.#pairs = this.#pairs; twin.#last = this.#last; return twin }
}
