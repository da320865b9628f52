import type { KubeObject } from '../api/request.ts'
import type { Flight, Write } from './state.ts'

/**
 * Requests in flight, and their writes, that have come further. Always all fields, in one literal and without a spread: V8 gives what is spread a shape of
 * its own wherever that is done, and these are on the path of every request.
 */
type Whole<T> = { [K in keyof Required<T>]: T[K] }
const none: readonly never[] = []

export function newWrite(operation: Write['operation'], resource: string, namespace: string, name: string, object?: any, old?: KubeObject): Write {
  const write: Whole<Write> = {
    operation, resource, namespace, name, old, live: false, object, given: undefined, removes: false, removesNext: false, marked: false, attempts: 0, names: 0,
    plugin: 0, waited: 0, memo: undefined, answers: none, reinvocation: undefined, first: none, newest: none, firstConflicts: 0, before: none, after: none,
    undo: none, outcome: undefined,
  }
  return write
}

export function writeWith(write: Write, changes: Partial<Write>): Write {
  const {
    operation, resource, namespace, name, old, live, object, given, removes, removesNext, marked, attempts, names, plugin, waited, memo, answers, reinvocation,
    first, newest, firstConflicts, before, after, undo, outcome,
  } = write
  const next: Whole<Write> = {
    operation, resource, namespace, name, old, live, object, given, removes, removesNext, marked, attempts, names, plugin, waited, memo, answers, reinvocation,
    first, newest, firstConflicts, before, after, undo, outcome,
  }
  return Object.assign(next, changes)
}

export function flightWith<F extends Flight, C extends Partial<Flight>>(flight: F, changes: C): F & C {
  const { number, from, request, what, user, deadlineAt, handler, phase, warnings, passed, write, body, inMemory, collection, revision }: Flight = flight
  const next: Whole<Flight> = { number, from, request, what, user, deadlineAt, handler, phase, warnings, passed, write, body, inMemory, collection, revision }
  return Object.assign(next as Flight as F, changes)
}

/** the same request with its write changed so, and where its handler is now */
export const withWrite = <F extends Flight & { readonly write: Write }>(flight: F, changes: Partial<Write>, phase = flight.phase): F =>
  flightWith(flight, { phase, write: writeWith(flight.write, changes) })
