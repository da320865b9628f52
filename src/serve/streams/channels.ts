import { bytesOf, textOf } from '../../base/text-of-bytes.ts'
import { statusOf, type Streams, type Wire } from './streams.ts'

/**
 * The streams of a session as channels of a WebSocket: a first byte (or digit) says which. Sources: apimachinery pkg/util/httpstream/wsstream (conn.go),
 * pkg/util/remotecommand/constants.go; https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
 */
export const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'] as const
const IN = 0, OUT = 1, ERR = 2, ERROR = 3
/** says, since v5, that a channel is over. Source: client-go tools/remotecommand/websocket.go */
const OVER = 255

/** The other end of a WebSocket. */
export interface Messages {
  send(message: Uint8Array | string): void
  /** the client has everything once this has gone through */
  close(): void
  onGone(leave: () => void): void
}

/** A client that speaks v5 is spoken to by the API server, another by the kubelet itself. */
export const isTranslated = (protocol: string): boolean => protocol === 'v5.channel.k8s.io'

export function channels(messages: Messages & Wire, protocol: string): Streams {
  const say = (channel: number, text: string): void => {
    const bytes = bytesOf(text)
    messages.send(protocol.includes('base64') ? `${channel}${Buffer.from(bytes).toString('base64')}` : new Uint8Array([channel, ...bytes]))
  }
  const typed: Uint8Array[] = []
  let isOver = false, over = (): void => {}
  messages.onBytes(bytes => {
    if (bytes[0] === IN) typed.push(bytes.subarray(1))
    else if (bytes[0] === OVER && bytes[1] === IN) { isOver = true; over() }
  })
  return {
    async read() {
      if (!isOver) await new Promise<void>(done => { over = done })
      return textOf(Buffer.concat(typed))
    },
    out: text => say(OUT, text), err: text => say(ERR, text),
    end(how) { say(ERROR, JSON.stringify(statusOf(how, isTranslated(protocol)))); messages.close() },
    onGone: leave => messages.onGone(leave),
  }
}
