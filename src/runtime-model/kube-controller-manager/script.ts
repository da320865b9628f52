import type { ApiRequest, ApiResponse } from '../api/request.ts'
import type { Controller, ControllerEffect, View } from './controller.ts'

/** Thrown where a script cannot go on in this round: its request has no answer yet, or it has failed. Never leaves this file. */
const STOP = Object.freeze({ stop: true })
interface Carried<S> { readonly snapshot: S; readonly done: number; readonly looks: readonly unknown[] }

/**
 * A reconcile written as the straight line that upstream's code is: `begin` takes what the reconcile works on (frozen data: objects, the time;
 * undefined: nothing to do), `run` asks and acts. Each answer runs it again from the top with the replies so far, so `run` must depend on the
 * snapshot, the answers and its `look`s alone; effects of earlier rounds are not repeated.
 */
export function script<S>(begin: (key: string, view: View) => S | undefined, run: (io: Script, snapshot: S, view: View) => void): Controller['reconcile'] {
  return (key, view, replies, carried: Carried<S> | undefined) => {
    const snapshot = carried ? carried.snapshot : begin(key, view)
    if (snapshot === undefined) return { effects: [] }
    const io = new Script(replies, carried?.done ?? 0, carried?.looks ?? [])
    try { run(io, snapshot, view) } catch (stop) {
      if (stop !== STOP) throw stop
      if (io.waits) return { effects: io.effects, again: { snapshot, done: io.done, looks: io.looks } }
    }
    return { effects: io.effects }
  }
}

export class Script {
  readonly #replies: readonly ApiResponse[]
  readonly #skip: number
  readonly #looks: unknown[]
  #asked = 0
  #looked = 0
  #count = 0
  /** what this round adds */
  readonly effects: ControllerEffect[] = []
  waits = false

  constructor(replies: readonly ApiResponse[], skip: number, looks: readonly unknown[]) { this.#replies = replies; this.#skip = skip; this.#looks = [...looks] }

  /** effects of this and all earlier rounds */
  get done(): number { return this.#count }

  get looks(): readonly unknown[] { return this.#looks }

  /** What `see` finds when the script first gets here, as upstream reads the cache mid-way; frozen data. Effects of the same round have not happened yet. */
  look<T>(see: () => T): T {
    if (this.#looked === this.#looks.length) this.#looks.push(see())
    return this.#looks[this.#looked++] as T
  }
  /** Any effect but a request. */
  do(effect: Exclude<ControllerEffect, { do: 'request' | 'requests' }>): void { if (this.#count++ >= this.#skip) this.effects.push(effect) }
  /** The answer; a refusal whose code is not accepted ends the reconcile, and the key comes back. */
  ask(request: () => ApiRequest, accept?: readonly number[] | 'any'): ApiResponse {
    this.#count++
    if (this.#asked < this.#replies.length) return this.#replies[this.#asked++]
    this.effects.push({ do: 'request', request: request(), accept })
    this.waits = true
    throw STOP
  }
  /** The answers to requests that are sent together, as upstream's goroutines send them; none ends the reconcile. */
  askAll(requests: () => readonly ApiRequest[], count: number): readonly ApiResponse[] {
    if (count === 0) return []
    this.#count++
    const from = this.#asked
    if (from < this.#replies.length) { this.#asked += count; return this.#replies.slice(from, from + count) }
    this.effects.push({ do: 'requests', requests: requests() })
    this.waits = true
    throw STOP
  }
  /** The last request of the reconcile: nothing follows from its answer, but a refusal brings the key back. */
  end(request: ApiRequest): never {
    this.effects.push({ do: 'request', request })
    throw STOP
  }
  /** Ends the reconcile as failed. */
  fail(why: string): never {
    this.do({ do: 'retry', why })
    throw STOP
  }
}

/** What an error says, as Go's `err.Error()` gives it. */
export const errorText = (response: ApiResponse): string => response.body?.message ?? `request failed: ${response.failure ?? response.code}`
export const isOk = (response: ApiResponse): boolean => response.code >= 200 && response.code < 300
/** The namespace is being deleted: nothing can be created in it any more. Source: apimachinery errors.HasStatusCause(NamespaceTerminatingCause) */
export const isNamespaceTerminating = (response: ApiResponse): boolean =>
  response.body?.details?.causes?.some((c: any) => c.reason === 'NamespaceTerminating') ?? false
