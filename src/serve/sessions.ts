import { NotModelled } from '../clients/errors.ts'
import { isConnected, unreached } from '../clients/kubectl/containers/kubelet.ts'
import type { Driver } from '../drivers/driver.ts'
import type { ApiResponse } from '../runtime-model/api/request.ts'
import { badRequest, isStatus, notModelled, rawError } from '../runtime-model/api/status.ts'
import type { HttpAnswer } from './http-answer.ts'
import type { HttpRequest } from './http-request.ts'
import { channelProtocols, channels, isTranslated, type Messages } from './streams/channels.ts'
import { refusal, runSession, sessionOf } from './streams/container.ts'
import { channelForward, forwardInChannels, forwardPorts, forwardProtocol, tunnelProtocol } from './streams/port-forward.ts'
import { spdyStreams, spdyVersions } from './streams/spdy-streams.ts'
import type { Wire } from './streams/streams.ts'

/** The other end of a connection that is to become another. */
export interface Upgrade {
  refuse(answer: { readonly status: number; readonly body: string; readonly headers?: HttpAnswer['headers'] }): void
  hangUp(): void
  onGone(leave: () => void): void
  /** It becomes a WebSocket of this subprotocol, or of none. */
  webSocket(protocol?: string): Promise<Messages & Wire>
  /** It becomes one of SPDY, whose streams are of this version. */
  spdy(version: string): Wire
}
/** What a session needs of the cluster beside its driver: to be called again while time passes, until it answers false. */
export type Follow = (goOn: () => boolean) => () => void

/** Begins the session that an API server has allowed, in the protocol of its client. Sources: k8s.io/apiserver pkg/util/proxy, kubelet pkg/server/server.go */
export async function beginSession(driver: Driver, http: HttpRequest, subresource: string, pod: any, upgrade: Upgrade, follow: Follow): Promise<void> {
  // with a kubelet that is away it ends as it begins, with a word
  if (isConnected(driver, pod)) upgrade.onGone(follow(() => {
    const holds = isConnected(driver, pod)
    if (!holds) upgrade.hangUp()
    return holds
  }))
  try {
    await (subresource === 'portforward' ? forward(driver, http, pod, upgrade) : contain(driver, http, subresource as 'exec', pod, upgrade, follow))
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error
    refuse(upgrade, { code: 501, body: notModelled(error.message) })
  }
}
export const refuse = (upgrade: Upgrade, { code, body }: ApiResponse): void =>
  upgrade.refuse({ status: code, body: isStatus(body) ? `${JSON.stringify(body)}\n` : String(body ?? '') })

export const listed = (header: string | readonly string[] | undefined): readonly string[] =>
  (typeof header === 'string' ? [header] : header ?? []).flatMap(value => value.split(',')).map(value => value.trim()).filter(Boolean)
export const isWebSocket = ({ headers }: HttpRequest): boolean => listed(headers['upgrade']).some(name => name.toLowerCase() === 'websocket')
/** The first that the client offers and that is known here. */
function agreed({ headers }: HttpRequest, known: readonly string[]): string {
  const isSocket = isWebSocket({ headers } as HttpRequest), offered = listed(headers[isSocket ? 'sec-websocket-protocol' : 'x-stream-protocol-version'])
  const found = offered.find(name => known.includes(name))
  if (found === undefined) throw new NotModelled(`a session in ${isSocket ? 'a WebSocket' : 'SPDY'} of ${offered.join(', ') || 'no subprotocol'}: there is ${known.join(', ')}`)
  return found
}

async function contain(driver: Driver, http: HttpRequest, kind: 'exec' | 'attach', pod: any, upgrade: Upgrade, follow: Follow): Promise<void> {
  const session = sessionOf(http.url, kind, pod), isSocket = isWebSocket(http), protocol = agreed(http, isSocket ? channelProtocols : spdyVersions)
  const refused = isTranslated(protocol) ? undefined : refusal(driver, session)
  if (refused) return refuse(upgrade, 'text' in refused ? { code: refused.code, body: refused.text } : { code: refused.code, body: refused })
  const streams = isSocket ? channels(await upgrade.webSocket(protocol), protocol)
    : await spdyStreams(upgrade.spdy(protocol), ['error', ...session.wanted, ...session.tty ? ['resize'] : []])
  await runSession(driver, session, streams, follow)
}

async function forward(driver: Driver, http: HttpRequest, pod: any, upgrade: Upgrade): Promise<void> {
  const isSocket = isWebSocket(http), protocol = agreed(http, isSocket ? [tunnelProtocol, channelForward] : [forwardProtocol]), why = unreached(driver, pod)
  if (why !== undefined) return refuse(upgrade, { code: 500, body: rawError(`error dialing backend: ${why}`) })
  if (protocol !== channelForward) return forwardPorts(driver, pod, isSocket ? await upgrade.webSocket(protocol) : upgrade.spdy(protocol))
  const ports = new URL(http.url, 'http://server').searchParams.getAll('ports').flatMap(text => text.split(',')).map(Number)
  if (ports.length === 0 || ports.some(port => !(port > 0))) return refuse(upgrade, { code: 400, body: badRequest('query parameter "port" is required') })
  forwardInChannels(driver, pod, ports, await upgrade.webSocket(protocol))
}
