/**
 * Is there an order of the operations of a history, each between its call and its return, in which a sequential object gives every answer that was given?
 * After J. Wing and C. Gong, Testing and Verifying Concurrent Objects (1993), with G. Lowe's memory of what was tried, and split by key as in Porcupine
 * (https://github.com/anishathalye/porcupine).
 */
export interface Operation<Input = any, Output = any> {
  /** operations of different keys have nothing to do with each other */
  readonly key: string
  /** positions in the history, none twice; `returned` is Infinity if nobody knows how it ended: it may happen at any time after, or never */
  readonly called: number
  readonly returned: number
  readonly input: Input
  readonly output?: Output
}
/** A sequential object. `step` answers the state after an operation, undefined if it would not have answered so. States with the same text are the same. */
export interface Model<State extends string, Input = any, Output = any> {
  readonly initial: State
  step(state: State, input: Input, output: Output | undefined): State | undefined
}

/** The keys whose operations have no such order. */
export function notLinearizable<State extends string>(model: Model<State>, history: readonly Operation[]): string[] {
  const byKey = new Map<string, Operation[]>()
  for (const o of history) { const list = byKey.get(o.key); if (list) list.push(o); else byKey.set(o.key, [o]) }
  return [...byKey].filter(([, operations]) => !isLinearizable(model, operations)).map(([key]) => key).sort()
}

/** A call or a return in the list of what is not yet ordered; calls know their return. */
interface Entry { readonly operation: Operation; readonly index: number; match?: Entry; before?: Entry; after?: Entry }

export function isLinearizable<State extends string>(model: Model<State>, operations: readonly Operation[]): boolean {
  const head = linked(operations), certain = operations.filter(o => o.returned !== Infinity).length, tried = new Set<string>()
  const stack: { readonly entry: Entry; readonly state: State }[] = []
  let state = model.initial, done = 0n, left = certain, entry = head.after
  while (left > 0) {
    if (entry?.match) {
      // a call: it may be what happened next
      const next = model.step(state, entry.operation.input, entry.operation.output), with_ = done | 1n << BigInt(entry.index)
      if (next !== undefined && !tried.has(`${with_} ${next}`)) {
        tried.add(`${with_} ${next}`)
        stack.push({ entry, state })
        state = next; done = with_
        if (entry.operation.returned !== Infinity) left--
        lift(entry)
        entry = head.after
      } else entry = entry.after
      continue
    }
    // a return of what has not happened yet, or the end: something before was chosen wrongly
    const last = stack.pop()
    if (!last) return false
    state = last.state; done &= ~(1n << BigInt(last.entry.index))
    if (last.entry.operation.returned !== Infinity) left++
    unlift(last.entry)
    entry = last.entry.after
  }
  return true
}

function linked(operations: readonly Operation[]): Entry {
  const events = operations.flatMap((operation, index) => {
    const end: Entry = { operation, index }, call: Entry = { operation, index, match: end }
    return [{ at: operation.called, entry: call }, { at: operation.returned, entry: end }]
  }).sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0)
  const head: Entry = { operation: undefined as never, index: -1 }
  let last = head
  for (const { entry } of events) { last.after = entry; entry.before = last; last = entry }
  return head
}
/** Takes a call and its return out of the list, and puts them back where they were. */
function lift(call: Entry): void { for (const e of [call, call.match!]) { e.before!.after = e.after; if (e.after) e.after.before = e.before } }
function unlift(call: Entry): void { for (const e of [call.match!, call]) { e.before!.after = e; if (e.after) e.after.before = e } }

// ---- an object of the API
export type Input = { readonly do: 'read' } | { readonly do: 'create'; readonly value: string }
  | { readonly do: 'replace'; readonly expected: string; readonly value: string } | { readonly do: 'set'; readonly value: string } | { readonly do: 'delete' }
/** `value` of a read: '' for nothing there; undefined output: nobody knows */
export type Output = { readonly ok: true; readonly value?: string } | { readonly ok: false; readonly why: 'exists' | 'missing' | 'conflict' }
/** What is stored under one name: every value is written once, so that it stands for a resourceVersion; '' is none. */
export const object: Model<string, Input, Output> = {
  initial: '',
  step(state, input, output) {
    if (input.do === 'read') return output === undefined || output.ok && output.value === state ? state : undefined
    const works = input.do === 'create' ? state === '' : input.do === 'replace' ? state === input.expected : state !== ''
    const after = input.do === 'delete' ? '' : input.value
    if (output === undefined) return works ? after : state
    if (output.ok) return works ? after : undefined
    const why = input.do === 'create' ? 'exists' : state === '' ? 'missing' : 'conflict'
    return !works && output.why === why ? state : undefined
  },
}
