import { connect, type Socket } from 'node:net'

/** A client that speaks SPDY/3.1 as Go's does, over a socket or through another connection; the streams it opens have what came back. */
export class SpdyClient {
  readonly #send: (bytes: Uint8Array) => void
  #unread = Buffer.alloc(0)
  #last = -1
  readonly #streams = new Map<number, { text: string; replied: boolean; over: boolean }>()
  constructor(send: (bytes: Uint8Array) => void) { this.#send = send }

  open(headers: Readonly<Record<string, string>>): { readonly id: number; readonly text: string; readonly replied: boolean; readonly over: boolean } {
    const id = this.#last += 2, count = Object.keys(headers).length
    const block = Buffer.concat([number(count), ...Object.entries(headers).flat().flatMap(text => [number(text.length), Buffer.from(text)])])
    // deflated, though not made smaller
    const length = Buffer.from([block.length & 0xff, block.length >> 8, ~block.length & 0xff, ~block.length >> 8 & 0xff]), flush = Buffer.from('000000ffff', 'hex')
    const fresh = Buffer.concat([Buffer.from(id === 1 ? '78bbe3c6a7c200' : '00', 'hex'), length, block, flush])
    const body = Buffer.concat([number(id), number(0), Buffer.from([0, 0]), fresh]), stream = { id, text: '', replied: false, over: false }
    this.#streams.set(id, stream)
    this.#send(Buffer.concat([Buffer.from([0x80, 3, 0, 1]), number(body.length), body]))
    return stream
  }
  write(id: number, text: string): void { this.#send(Buffer.concat([number(id), number(text.length), Buffer.from(text)])) }
  ping(): void { this.#send(Buffer.concat([Buffer.from([0x80, 3, 0, 6]), number(4), number(7)])) }
  pinged = 0
  take(bytes: Uint8Array): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    while (this.#unread.length >= 8 && this.#unread.length >= 8 + this.#unread.readUIntBE(5, 3)) {
      const size = this.#unread.readUIntBE(5, 3), frame = this.#unread.subarray(0, 8 + size), isControl = frame[0] === 0x80
      this.#unread = this.#unread.subarray(8 + size)
      const stream = this.#streams.get(isControl ? frame.length >= 12 ? frame.readUInt32BE(8) : 0 : frame.readUInt32BE(0))
      if (isControl && frame[3] === 6) this.pinged = frame.readUInt32BE(8)
      if (!stream) continue
      if (isControl) stream.replied ||= frame[3] === 2
      else { stream.text += frame.subarray(8).toString(); stream.over ||= frame[4] === 1 }
    }
  }
}
const number = (n: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(n); return bytes }

/** A WebSocket whose messages are what SPDY says, as kubectl tunnels it; its messages are shorter than 126 bytes, or than 64 KiB. */
function tunnelled(socket: Socket): SpdyClient {
  const client = new SpdyClient(bytes => {
    const head = bytes.length < 126 ? [0x82, 0x80 | bytes.length] : [0x82, 0x80 | 126, bytes.length >> 8, bytes.length & 0xff]
    socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes]))
  }), take = client.take.bind(client)
  let unread = Buffer.alloc(0)
  client.take = bytes => {
    unread = Buffer.concat([unread, bytes])
    while (unread.length >= 4) {
      const long = unread[1] === 126, at = long ? 4 : 2, end = at + (long ? unread.readUInt16BE(2) : unread[1])
      if (unread.length < end) return
      take(unread.subarray(at, end))
      unread = unread.subarray(end)
    }
  }
  return client
}

/** Opens a connection that becomes one of SPDY, or a WebSocket that carries it; a text is the refusal. */
export function upgradeToSpdy(
  port: number, path: string, version: string, webSocket = false
): Promise<{ readonly client: SpdyClient; readonly socket: Socket } | string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1'), client = webSocket ? tunnelled(socket) : new SpdyClient(bytes => socket.write(bytes))
    let head = ''
    socket.on('error', fail).on('data', bytes => {
      if (head.includes('\r\n\r\n')) return client.take(bytes)
      head += bytes.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!head.startsWith('HTTP/1.1 101')) { done(head); return }
      client.take(Buffer.from(head.slice(end + 4), 'latin1'))
      done({ client, socket })
    })
    const asked = webSocket ? `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ${version}`
      : `Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${version}`
    socket.write(`${webSocket ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n${asked}\r\n\r\n`)
  })
}
