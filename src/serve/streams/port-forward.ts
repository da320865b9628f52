import { NotModelled } from '../../clients/errors.ts'
import { ask, statusLine } from '../../clients/kubectl/containers/http.ts'
import type { Driver } from '../../drivers/driver.ts'
import type { Messages } from './channels.ts'
import { speakSpdy, type SpdyStream } from './spdy.ts'
import type { Wire } from './streams.ts'

export const forwardProtocol = 'portforward.k8s.io', tunnelProtocol = `SPDY/3.1+${forwardProtocol}`
/** so long a pod that says nothing is waited for, ms */
const patienceMs = 30_000

/**
 * Connections to ports of a pod: each is two streams, one for what its ends say, one for why it failed. A container answers requests of HTTP; what else it
 * might say is not modelled. Sources: kubelet pkg/cri/streaming/portforward/httpstream.go, containerd internal/cri/server/sandbox_portforward_linux.go
 */
export function forwardPorts(driver: Driver, pod: any, wire: Wire): void {
  const errors = new Map<string, SpdyStream>()
  speakSpdy(wire, stream => {
    const { streamtype, requestid = '', port = '' } = stream.headers
    if (streamtype === 'error') errors.set(requestid, stream)
    else if (streamtype === 'data') carry(driver, pod, Number(port), stream, errors.get(requestid))
  })
}

export const channelForward = 'v4.channel.k8s.io'
/**
 * The same as channels of a WebSocket, two for each port, which begin with its number: clients in JavaScript and Python speak so.
 * Source: kubelet pkg/cri/streaming/portforward/websocket.go
 */
export function forwardInChannels(driver: Driver, pod: any, ports: readonly number[], socket: Messages & Wire): void {
  const takers = new Map<number, { readonly bytes: (bytes: Uint8Array) => void }>(), overs: (() => void)[] = []
  const pipe = (channel: number): Pipe => ({
    write: bytes => socket.send(new Uint8Array([channel, ...bytes])), end() { if (channel % 2 === 0) socket.close() },
    onBytes(take) { takers.set(channel, { bytes: take }) }, onEnd(over) { overs.push(over) },
  })
  for (const [i, port] of ports.entries()) {
    const data = pipe(2 * i), error = pipe(2 * i + 1), number = new Uint8Array([port & 0xff, port >> 8])
    data.write(number)
    error.write(number)
    carry(driver, pod, port, data, error)
  }
  socket.onBytes(bytes => { if (bytes.length > 1) takers.get(bytes[0])?.bytes(bytes.subarray(1)) })
  socket.onGone(() => { for (const over of overs) over() })
}

/** One way of what is carried: bytes there and back. */
type Pipe = Omit<SpdyStream, 'headers'>
/** Requests are answered one after the other, as they come. */
function carry(driver: Driver, pod: any, port: number, data: Pipe, error: Pipe | undefined): void {
  let text = '', busy = Promise.resolve(), over = false
  const fail = (why: string): void => {
    if (over) return
    over = true
    error?.write(new TextEncoder().encode(why))
    error?.end()
    data.end()
  }
  const next = async (): Promise<void> => {
    for (let request = requestIn(text); request !== undefined && !over; request = requestIn(text)) {
      text = text.slice(request.length)
      if (request.lacks !== undefined) return fail(`not modelled: ${request.lacks}`)
      const answered = await answer(driver, pod, port, request)
      if ('failed' in answered) return fail(answered.failed)
      data.write(new TextEncoder().encode(answered.text))
    }
  }
  data.onBytes(bytes => {
    text += Buffer.from(bytes).toString('latin1')
    busy = busy.then(next).catch((problem: unknown) => {
      fail(problem instanceof NotModelled ? `not modelled: ${problem.message}` : `not yours: ${(problem as Error).message}`)
    })
  })
  data.onEnd(() => { busy = busy.then(() => { if (!over) { over = true; error?.end(); data.end() } }) })
}

interface Request { readonly method: string; readonly path: string; readonly length: number; readonly lacks?: string }
/** The request that a text begins with; undefined: it is not whole yet. */
export function requestIn(text: string): Request | undefined {
  const line = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r?\n/.exec(text)
  if (!line && (text === '' || text.length < 16 && /^[A-Z]+( |$)/.test(text))) return undefined
  if (!line) return lacking('what a container says to bytes that are no request of HTTP/1.1')
  const head = /\r?\n\r?\n/.exec(text)
  if (!head) return undefined
  const headers = text.slice(0, head.index), end = head.index + head[0].length, [, method, path] = line
  const length = end + Number(/^content-length: *(\d+)/im.exec(headers)?.[1] ?? 0)
  if (/^(transfer-encoding|upgrade):/im.test(headers)) return lacking('a request in pieces, or one that becomes another connection')
  return text.length < length ? undefined : { method, path, length }
}
const lacking = (lacks: string): Request => ({ method: '', path: '', length: 0, lacks })

async function answer(
  driver: Driver, pod: any, port: number, { method, path }: Request
): Promise<{ readonly text: string } | { readonly failed: string }> {
  const { metadata: { namespace, name, uid }, spec } = pod, place = { driver, pod: { metadata: { namespace, name, uid } }, container: {}, startedAt: 0 }
  if (!driver.nodeTruth.pod(uid, spec.nodeName)) return { failed: `error forwarding port ${port} to pod ${uid}, uid : network namespace for sandbox "${uid}" is closed` }
  if (method !== 'GET' && method !== 'HEAD') return { text: written(501, `not modelled: what a container answers to ${method}\n`) }
  const found = await ask(place, { host: 'localhost', port, path: path.replace(/\?.*$/, '') }, patienceMs)
  if (!('failed' in found)) return { text: written(found.status, found.body ?? `<${found.status} from ${found.by}, whose words are not modelled>\n`, method === 'HEAD') }
  if (found.failed !== 'refused') throw new NotModelled(`a container that says nothing on port ${port}`)
  const why = `failed to connect to localhost:${port} inside namespace "${uid}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`
  return { failed: `error forwarding port ${port} to pod ${uid}, uid : failed to execute portforward in network namespace: ${why}` }
}
const written = (status: number, body: string, headOnly = false): string =>
  `${statusLine(status)}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${headOnly ? '' : body}`
