import type { ResponseMessage } from '../api/messages.ts'
import { unavailable } from '../api/status.ts'
import { metricsKinds, type ServedNames } from '../kinds/metrics.ts'
import { answer, refuse } from './answers.ts'
import { listCached } from './watch-cache.ts'
import type { Flight, Turn } from './state.ts'

/**
 * API groups that another server serves: a request that has been authenticated and authorized is handed on, and its answer handed back. The resource metrics
 * API of metrics-server is the only one, and stands for its APIService. Source: k8s.io/kube-aggregator pkg/apiserver/handler_proxy.go
 */
const servers: readonly { readonly component: string; readonly kinds: readonly ServedNames[] }[] = [{ component: 'metrics-server', kinds: metricsKinds }]
const installed = ({ context }: Turn) => servers.filter(s => context.instances(s.component).length > 0)
/** Kinds that discovery adds to the server's own. */
export const aggregatedKinds = (turn: Turn): readonly ServedNames[] => installed(turn).flatMap(s => s.kinds)
export const isAggregated = (turn: Turn, group: string): boolean => group.includes('.') && installed(turn).some(s => s.kinds[0].group === group)

export function forward(turn: Turn, flight: Flight): void {
  const id = turn.context.nextId()
  turn.state.forwarded.set(String(id), { ...flight })
  turn.effects.push({
    do: 'send', to: 'metrics-server', message: { type: 'request', id, request: flight.request }, timeoutMs: Math.max(1, flight.deadlineAt - turn.context.now),
  })
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
  refuse(turn, { ...flight }, unavailable(noServer))
  return true
}

const apiServices = 'apiservices.apiregistration.k8s.io'
/** Versions of a group that an APIService gives to another server, of which none answers here. */
export const remoteVersions = ({ state }: Turn, group: string): readonly string[] =>
  listCached(state.cache, apiServices).filter(s => s.spec.service && s.spec.group === group).map(s => s.spec.version)
export const notServed = (turn: Turn, flight: Flight): void => refuse(turn, flight, unavailable(noServer))
const noServer = 'the server is currently unable to handle the request'

/** What a path below such a group answers: its versions are known, what they have is not. undefined: there is no such group. */
export function remoteDiscovery(turn: Turn, path: string): 'unavailable' | object | undefined {
  const [apis, name, version] = path.split('/').filter(p => p !== ''), versions = apis === 'apis' && name ? remoteVersions(turn, name) : []
  if (versions.length === 0 || version !== undefined && !versions.includes(version)) return undefined
  const known = versions.map(v => ({ groupVersion: `${name}/${v}`, version: v }))
  return version === undefined ? { kind: 'APIGroup', apiVersion: 'v1', name, versions: known, preferredVersion: known[0] } : 'unavailable'
}
