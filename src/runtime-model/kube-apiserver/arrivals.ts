import type { RequestMessage } from '../api/messages.ts'
import type { ApiResponse } from '../api/request.ts'
import { certificatesExpired } from './certificates.ts'
import type { Arrival, Turn } from './state.ts'

/**
 * Who comes while a server starts. Its socket is there before anything else, so connections are taken and nobody is answered until it serves: clients wait as
 * long as a handshake may take, and are cut off if the process ends before. What it serves first, it serves without roles: their informers have not told it
 * of any yet, so that only system:masters and kubelets get anything but a 403. Measured on a 1.35.4 API server (0.04 to 0.3 s).
 * Source: k8s.io/apiserver pkg/server/options/serving.go (CreateListener), k8s.io/client-go (tls-handshake-timeout of its transports)
 */
const handshakeMs = 10_000, rolesAfterMs = 150

/** A request to a server that does not serve yet. */
export function awaitStart(turn: Turn, from: string, message: RequestMessage): void {
  const { state, context: { now } } = turn
  // a cluster that comes up: its components ask again
  if (state.servesSince === -Infinity || certificatesExpired(turn)) return tell(turn, { from, message, until: now }, 'refused')
  const arrival: Arrival = { from, message, until: now + Math.min(handshakeMs, message.request.timeoutMs ?? Infinity) }
  state.arrivals = [...state.arrivals, arrival]
  arm(turn)
}
const tell = ({ effects }: Turn, { from, message: { id } }: Arrival, failure: ApiResponse['failure']): void => {
  effects.push({ do: 'send', to: from, message: { type: 'response', replyTo: id, response: { code: 0, failure } } })
}
const arm = ({ state: { arrivals }, effects, context: { now } }: Turn): void => {
  if (arrivals.length > 0) effects.push({ do: 'timer', key: 'handshake', afterMs: Math.min(...arrivals.map(a => a.until)) - now })
}

/** Timer `handshake`: some have waited for as long as they do. */
export function handshakesOver(turn: Turn): void {
  const { state, context: { now } } = turn, over = state.arrivals.filter(a => a.until <= now)
  state.arrivals = state.arrivals.filter(a => a.until > now)
  for (const arrival of over) tell(turn, arrival, 'timeout')
  arm(turn)
}

/** The server serves: those who have waited, in their order. */
export function takeArrivals(turn: Turn): readonly Arrival[] {
  const { state: { arrivals }, effects } = turn
  if (arrivals.length > 0) effects.push({ do: 'cancel', key: 'handshake' })
  turn.state.arrivals = []
  return arrivals
}

/** Does it know the roles by now? One that came up with the cluster always has. */
export const knowsRoles = ({ state: { servesSince }, context: { now } }: Turn): boolean => now >= servesSince + rolesAfterMs
