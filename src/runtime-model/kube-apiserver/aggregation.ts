import type { ResponseMessage } from '../api/messages.ts'
import { unavailable } from '../api/status.ts'
import { answer, refuse } from './answers.ts'
import type { Flight, Turn } from './state.ts'

/**
 * API groups that another server serves: a request that has been authenticated and authorized is handed on, and its answer handed back. The resource metrics API of
 * metrics-server is the only one. Source: k8s.io/kube-aggregator pkg/apiserver/handler_proxy.go
 */
const metricsGroup = 'metrics.k8s.io'
export const isAggregated = ({ options }: Turn, group: string): boolean => group === metricsGroup && options.metricsServer === true

export function forward(turn: Turn, flight: Flight): void {
  const id = turn.context.nextId()
  turn.state.forwarded.set(String(id), { ...flight })
  turn.effects.push({ do: 'send', to: 'metrics-server', message: { type: 'request', id, request: flight.request }, timeoutMs: Math.max(1, flight.deadlineAt - turn.context.now) })
}

/** Answers whether the message was an answer of another server. */
export function handBack(turn: Turn, message: ResponseMessage): boolean {
  const key = String(message.replyTo), flight = turn.state.forwarded.get(key)
  if (!flight) return false
  turn.state.forwarded.delete(key)
  answer(turn, { ...flight }, message.response)
  return true
}
export function notHandedBack(turn: Turn, id: number): boolean {
  const flight = turn.state.forwarded.get(String(id))
  if (!flight) return false
  turn.state.forwarded.delete(String(id))
  refuse(turn, { ...flight }, unavailable('the server is currently unable to handle the request'))
  return true
}
