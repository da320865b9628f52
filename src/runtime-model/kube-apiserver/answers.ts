import type { Stage } from '../kernel/observation.ts'
import type { ApiRequest, ApiResponse } from '../api/request.ts'
import type { Status } from '../api/status.ts'
import { flightWith } from './flights.ts'
import { asPrinted } from './older-columns.ts'
import { count } from './metrics.ts'
import { inItsWords } from './older-words.ts'
import { represented } from './representations.ts'
import type { Flight, Turn } from './state.ts'
import { targetOf } from './target.ts'

/** The end of a request. */
export function answer(turn: Turn, flight: Flight, plain: ApiResponse, stream?: number): void {
  const { request } = flight
  const response = request.as === undefined ? plain : shownAsAsked(turn, request, plain)
  const { code, body } = response, failed = code >= 300
  const full = flight.warnings.length > 0 ? { ...response, warnings: flight.warnings } : response
  const { number, from, what } = flight
  if (stream === undefined) count(turn.state.answered, request, code)
  turn.effects.push(
    {
      do: 'record',
      observation: failed && typeof body === 'object'
        ? { type: 'answer', request: number, to: from, what, code, reason: body.reason, message: body.message }
        : { type: 'answer', request: number, to: from, what, code },
    },
    {
      do: 'send', to: from,
      message: stream === undefined ? { type: 'response', replyTo: number, response: full } : { type: 'response', replyTo: number, response: full, stream },
    },
  )
}

function shownAsAsked({ options, state, context }: Turn, request: ApiRequest, plain: ApiResponse): ApiResponse {
  const kind = targetOf(request, state.cache)?.kind
  return represented(kind && asPrinted(options, kind), request, plain, context.wallMs)
}

export const refuse = (turn: Turn, flight: Flight, status: Status): void =>
  answer(turn, flight, { code: status.code, body: inItsWords(turn.options, status) })

/** A stage that refuses is named with its words; the request ends there. */
export function refuseAt(turn: Turn, flight: Flight, stage: Stage, status: Status): void {
  turn.effects.push({ do: 'record', observation: { type: 'stage', request: flight.number, stage, refused: status.message ?? '', what: flight.what } })
  refuse(turn, flight, status)
}

const bits: Readonly<Record<Stage, number>> = {
  'authentication': 1, 'authorization': 2, 'mutating admission': 4, 'validation': 8, 'validating admission': 16, 'storage': 32,
}
/** Records that a stage was passed, once per request. The flight is this step's own (server.ts copies it before it goes on). */
export function pass<F extends Flight>(turn: Turn, flight: F, stage: Stage): F {
  if ((flight.passed & bits[stage]) !== 0) return flight
  if (turn.context.isObserved('stage')) turn.effects.push({ do: 'record', observation: { type: 'stage', request: flight.number, stage, what: flight.what } })
  flight.passed |= bits[stage]
  return flight
}

export const warn = (flight: Flight, warnings: readonly string[] | undefined): Flight => {
  const fresh = warnings?.filter(w => !flight.warnings.includes(w))
  return fresh?.length ? flightWith(flight, { warnings: [...flight.warnings, ...fresh] }) : flight
}
