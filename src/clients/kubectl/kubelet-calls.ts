import { mustBeAble } from '../../drivers/driver.ts'
import type { ApiResponse } from '../../runtime-model/api/request.ts'
import { kubeletUrl, noSession, unreached, type Session as Kind } from './containers/kubelet.ts'
import { ApiError, bare, failure } from './errors.ts'
import { kindOf } from './kinds.ts'
import type { Session } from './session.ts'

/** How a session is spoken: whoever may not get it by a WebSocket is tried with the protocol from before. */
export type Protocol = 'websocket' | 'spdy'
type Words = readonly (readonly [string, string])[]

/**
 * Asks an API server to open a session with a pod. `container`: whose; `refused`: what to throw if it may not be. Sources: client-go
 * tools/remotecommand/fallback.go, transport/websocket/roundtripper.go.
 */
export async function open(
  session: Session, { metadata }: any, subresource: Kind, container?: string, refused?: (answer: ApiResponse) => Error
): Promise<Protocol> {
  mustBeAble(session.driver, 'sessions')
  const pod = { ...session.of(kindOf('pods'), metadata.namespace), name: metadata.name }
  const of = { ...pod, subresource, upgrade: true, ...container ? { query: { container } } : {} }
  for (const [protocol, verb] of [['websocket', 'get'], ['spdy', 'create']] as const) {
    const request = { verb, ...of }, answer = await session.quietly(request)
    if (answer.code === 101) {
      session.requests.push({ what: `${verb} pod/${subresource} ${metadata.name}`, response: { code: 101 } })
      return protocol
    }
    if (protocol === 'spdy') throw refused?.(answer) ?? new ApiError(session.wholeOf(request), answer)
  }
  throw new Error('no protocol is left')
}

/** Whether the kubelet takes a session with a container. `query`: with what it is asked. Source: apiserver pkg/util/proxy/streamtranslator.go. */
export function begin(session: Session, pod: any, kind: 'exec' | 'attach', container: string, query: Words, protocol: Protocol): void {
  const { driver } = session, why = unreached(driver, pod), translated = protocol === 'websocket' ? 'Internal error occurred: ' : ''
  if (why !== undefined && protocol === 'spdy') throw bare(`Error from server: error dialing backend: ${why}`)
  if (why !== undefined) throw failure(`Internal error occurred: error sending request: Post "${kubeletUrl(driver, pod, kind, container, query)}": ${why}`)
  const none = noSession(driver, pod, container, kind)
  if (none !== undefined) throw failure(`${translated}unable to upgrade connection: ${none}`)
}
