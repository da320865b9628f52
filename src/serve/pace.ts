import type { Driver } from '../drivers/driver.ts'

/**
 * How the time of a served cluster passes: so many times as fast as on the wall, `free` (as fast as it can, until nothing is left to happen), or `steps` (only
 * as requests and sentences need it).
 */
export type Speed = number | 'free' | 'steps'

/** a tick takes no longer than this before others get their turn, wall-clock ms; it is looked at after so much cluster time */
const sliceMs = 50, stepMs = 250
/** a request is answered within so much cluster time where nothing is wrong; with what is slower one waits as time passes, or it is let pass */
const promptMs = 200, patienceMs = 180_000

/** Keeps the time of a cluster in step with the wall clock. */
export class Pace {
  readonly #driver: Driver
  readonly #speed: Speed
  readonly #wallMs: () => number
  /** cluster time and wall-clock time that belong together */
  #from: { readonly at: number; readonly wallMs: number }
  #waiting: { readonly at: number; readonly done: () => void }[] = []

  constructor(driver: Driver, speed: Speed, wallMs: () => number) {
    this.#driver = driver; this.#speed = speed; this.#wallMs = wallMs
    this.#from = { at: driver.now(), wallMs: wallMs() }
  }

  /** Lets pass what has passed on the wall since the last time, as far as a slice of work takes it. */
  async tick(): Promise<void> {
    await this.#follow()
    const now = this.#driver.now(), due = this.#waiting.filter(w => w.at <= now)
    if (due.length === 0) return
    this.#waiting = this.#waiting.filter(w => w.at > now)
    for (const { done } of due) done()
  }
  async #follow(): Promise<void> {
    const end = this.#wallMs() + sliceMs
    if (this.#speed === 'free') {
      while (this.#wallMs() < end) if (await this.#driver.runUntil(() => false, this.#driver.now() + stepMs) === 'quiescent') return
      return
    }
    if (this.#speed === 'steps') return
    for (let left = this.#due(); left > 0; left = this.#due()) {
      await this.#driver.advance(Math.min(left, stepMs))
      // it cannot keep up: what was missed is not made up for
      if (this.#wallMs() > end) { this.#from = { at: this.#driver.now(), wallMs: this.#wallMs() }; return }
    }
  }
  #due(): number { return Math.floor(this.#from.at + (this.#wallMs() - this.#from.wallMs) * (this.#speed as number)) - this.#driver.now() }

  /** Lets time run for somebody who waits: not long while it follows the wall, otherwise until it is there. */
  async hurry(isThere: () => boolean): Promise<void> {
    await this.#driver.runUntil(isThere, this.#driver.now() + (typeof this.#speed === 'number' ? promptMs : patienceMs), { toDeadline: true })
  }
  /** Waits until so much has passed: as others wait, while it follows the wall. */
  async pass(ms: number): Promise<void> {
    if (typeof this.#speed !== 'number') return this.#driver.advance(ms)
    const at = this.#driver.now() + ms
    await new Promise<void>(done => { this.#waiting.push({ at, done }) })
  }
  /** Time has passed otherwise (a sentence has let it): the wall clock counts from now. */
  resume(): void { this.#from = { at: this.#driver.now(), wallMs: this.#wallMs() } }
}
