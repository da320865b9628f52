/**
 * The one event queue: a 4-ary heap on typed arrays, ordered by (time, tie-break, sequence). Payloads live in a slab of slots.
 * Cancelled events stay as tombstones until they come up. Background events (those that only keep a quiet cluster going:
 * compaction, expiry of old records) do not count as pending work.
 * Source of the layout: measured in comparison with object heaps; see ARCHITECTURE.md, "Kernel".
 */
export interface QueuedEvent {
  readonly at: number
  readonly target: number
  readonly input: any
  readonly cause: number
  readonly background: boolean
  readonly sequence: number
  readonly cancellable: boolean
}

export class EventQueue {
  #at = new Float64Array(256)
  #tie = new Uint32Array(256)
  #sequence = new Float64Array(256)
  #slot = new Int32Array(256)
  #count = 0
  #nextSequence = 1
  #payload: (QueuedEvent | undefined)[] = []
  #free: number[] = []
  #slotOf = new Map<number, number>()
  #foreground = 0

  /** Live events that could change something. */
  get foreground(): number { return this.#foreground }
  get size(): number { return this.#count }

  /** Answers the event's sequence number, by which it can be cancelled when `cancellable`. */
  push(at: number, tie: number, target: number, input: any, cause: number, background: boolean, cancellable: boolean): number {
    const sequence = this.#nextSequence++
    const slot = this.#free.pop() ?? this.#payload.length
    this.#payload[slot] = { at, target, input, cause, background, sequence, cancellable }
    if (cancellable) this.#slotOf.set(sequence, slot)
    if (!background) this.#foreground++
    if (this.#count === this.#at.length) this.#grow()
    this.#siftUp(this.#count++, at, tie, sequence, slot)
    return sequence
  }

  cancel(sequence: number): void {
    const slot = this.#slotOf.get(sequence)
    if (slot === undefined) return
    this.#slotOf.delete(sequence)
    if (!this.#payload[slot]!.background) this.#foreground--
    this.#payload[slot] = undefined
  }

  /** Time of the next live event, Infinity if there is none. */
  nextAt(): number { this.#skipDead(); return this.#count === 0 ? Infinity : this.#at[0] }

  /** Time of the next live foreground event; looks at all pending events, so not for hot paths. */
  nextForegroundAt(): number {
    let next = Infinity
    for (let i = 0; i < this.#count; i++) {
      const p = this.#payload[this.#slot[i]]
      if (p && p.sequence === this.#sequence[i] && !p.background && this.#at[i] < next) next = this.#at[i]
    }
    return next
  }

  pop(): QueuedEvent | undefined {
    this.#skipDead()
    if (this.#count === 0) return undefined
    const slot = this.#slot[0], event = this.#payload[slot]!
    if (event.cancellable) this.#slotOf.delete(event.sequence)
    if (!event.background) this.#foreground--
    this.#payload[slot] = undefined
    this.#removeTop()
    this.#free.push(slot)
    return event
  }

  /** All live events of a target, in order; used when a process ends or hangs. */
  takeOf(target: number): QueuedEvent[] {
    const taken: QueuedEvent[] = []
    for (let i = 0; i < this.#count; i++) {
      const p = this.#payload[this.#slot[i]]
      if (!p || p.target !== target || p.sequence !== this.#sequence[i]) continue
      taken.push(p)
      if (p.cancellable) this.#slotOf.delete(p.sequence)
      if (!p.background) this.#foreground--
      this.#payload[this.#slot[i]] = undefined
    }
    return taken.sort((a, b) => a.at - b.at || a.sequence - b.sequence)
  }

  fork(): EventQueue {
    const twin = new EventQueue()
    twin.#at = this.#at.slice(); twin.#tie = this.#tie.slice(); twin.#sequence = this.#sequence.slice(); twin.#slot = this.#slot.slice()
    twin.#count = this.#count; twin.#nextSequence = this.#nextSequence
    twin.#payload = [...this.#payload]; twin.#free = [...this.#free]; twin.#slotOf = new Map(this.#slotOf); twin.#foreground = this.#foreground
    return twin
  }

  #skipDead(): void {
    while (this.#count > 0 && this.#payload[this.#slot[0]] === undefined) { this.#free.push(this.#slot[0]); this.#removeTop() }
  }

  #grow(): void {
    const size = this.#at.length * 2
    const at = new Float64Array(size), tie = new Uint32Array(size), sequence = new Float64Array(size), slot = new Int32Array(size)
    at.set(this.#at); tie.set(this.#tie); sequence.set(this.#sequence); slot.set(this.#slot)
    this.#at = at; this.#tie = tie; this.#sequence = sequence; this.#slot = slot
  }

  #siftUp(start: number, at: number, tie: number, sequence: number, slot: number): void {
    let i = start
    while (i > 0) {
      const parent = (i - 1) >> 2
      if (!this.#before(at, tie, sequence, parent)) break
      this.#copy(parent, i)
      i = parent
    }
    this.#put(i, at, tie, sequence, slot)
  }

  #removeTop(): void {
    const last = --this.#count
    if (last === 0) return
    const at = this.#at[last], tie = this.#tie[last], sequence = this.#sequence[last], slot = this.#slot[last]
    let i = 0
    for (;;) {
      const first = 4 * i + 1
      if (first >= last) break
      let best = first
      for (let c = first + 1; c < Math.min(first + 4, last); c++) if (this.#before(this.#at[c], this.#tie[c], this.#sequence[c], best)) best = c
      if (this.#before(at, tie, sequence, best)) break
      this.#copy(best, i)
      i = best
    }
    this.#put(i, at, tie, sequence, slot)
  }

  #before(at: number, tie: number, sequence: number, other: number): boolean {
    if (at !== this.#at[other]) return at < this.#at[other]
    if (tie !== this.#tie[other]) return tie < this.#tie[other]
    return sequence < this.#sequence[other]
  }
  #copy(from: number, to: number): void { this.#put(to, this.#at[from], this.#tie[from], this.#sequence[from], this.#slot[from]) }
  #put(i: number, at: number, tie: number, sequence: number, slot: number): void {
    this.#at[i] = at
    this.#tie[i] = tie
    this.#sequence[i] = sequence
    this.#slot[i] = slot
  }
}
