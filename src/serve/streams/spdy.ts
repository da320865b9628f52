import { inflateSync, constants } from 'node:zlib'
import type { Wire } from './streams.ts'

/**
 * SPDY/3.1, as far as clients of Kubernetes speak it to a server: streams that they open, without flow control.
 * Source: https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
 */
const SYN_STREAM = 1, SYN_REPLY = 2, RST_STREAM = 3, PING = 6, GOAWAY = 7, FIN = 1, CONTROL = 0x80

/** what both sides have of headers before the first. Source: the same, 2.6.10.1 */
const words = 'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin'
const tail = '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.'
const counted = (text: string): Buffer => Buffer.concat([number(text.length), Buffer.from(text, 'latin1')])
const number = (n: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(n); return bytes }
const dictionary = Buffer.concat([...words.split(' ').map(word => counted(word.replace('_', ' '))), Buffer.from(tail, 'latin1')])
/** begins what is deflated by this dictionary; a reply has no headers, which stands in a block that is not deflated, with an empty one that flushes it */
const deflated = Buffer.from('78bbe3c6a7c2', 'hex'), noHeaders = Buffer.from('000400fbff00000000000000ffff', 'hex')

export interface SpdyStream {
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>
  write(bytes: Uint8Array): void
  /** nothing more is written */
  end(): void
  onBytes(take: (bytes: Uint8Array) => void): void
  /** the client writes nothing more, or has given the stream up */
  onEnd(over: () => void): void
}
interface Taker { bytes(bytes: Uint8Array): void; end(): void }

/** Speaks it over a wire; `opened`: is told of each stream that the client opens. */
export function speakSpdy(wire: Wire, opened: (stream: SpdyStream) => void): { close(): void } {
  let unread: Buffer = Buffer.alloc(0), packed: Buffer = Buffer.alloc(0), unpacked = 0, replied = false
  const takers = new Map<number, Taker>()
  const control = (type: number, flags: number, body: Buffer): void =>
    wire.send(Buffer.concat([Buffer.from([CONTROL, 3, 0, type]), number(body.length).fill(flags, 0, 1), body]))
  const data = (stream: number, flags: number, bytes: Uint8Array): void =>
    wire.send(Buffer.concat([number(stream), number(bytes.length).fill(flags, 0, 1), bytes]))
  /** All header blocks are one deflated text: what is new of it. */
  const headersOf = (block: Buffer): Record<string, string> => {
    packed = Buffer.concat([packed, block])
    const all = inflateSync(packed, { dictionary, finishFlush: constants.Z_SYNC_FLUSH }), fresh = all.subarray(unpacked), found: Record<string, string> = {}
    unpacked = all.length
    let at = 4
    const text = (): string => { const from = at + 4, end = from + fresh.readUInt32BE(at); at = end; return fresh.toString('latin1', from, end) }
    for (let left = fresh.readUInt32BE(0); left > 0; left--) { const name = text().toLowerCase(); found[name] = text() }
    return found
  }
  const open = (id: number, flags: number, block: Buffer): void => {
    const taken: Uint8Array[] = []
    let take: ((bytes: Uint8Array) => void) | undefined, over: (() => void) | undefined, ended = (flags & FIN) !== 0, closed = false
    takers.set(id, {
      bytes(bytes) { if (take) take(bytes); else taken.push(bytes) },
      end() { ended = true; over?.() },
    })
    const headers = headersOf(block)
    control(SYN_REPLY, 0, Buffer.concat([number(id), ...replied ? [] : [deflated], noHeaders]))
    replied = true
    opened({
      headers, write: bytes => { if (!closed) data(id, 0, bytes) }, end() { if (!closed) data(id, FIN, Buffer.alloc(0)); closed = true },
      onBytes(taker) { take = taker; for (const bytes of taken.splice(0)) taker(bytes) },
      onEnd(taker) { over = taker; if (ended) taker() },
    })
  }
  const frame = (head: Buffer, body: Buffer): void => {
    const flags = head[4], id = head.readUInt32BE(0) & 0x7fffffff
    if ((head[0] & CONTROL) === 0) {
      if (body.length > 0) takers.get(id)?.bytes(body)
      if ((flags & FIN) !== 0) takers.get(id)?.end()
      return
    }
    const type = head.readUInt16BE(2)
    if (type === SYN_STREAM) open(body.readUInt32BE(0) & 0x7fffffff, flags, body.subarray(10))
    else if (type === RST_STREAM) takers.get(body.readUInt32BE(0) & 0x7fffffff)?.end()
    else if (type === PING) control(PING, 0, body)
    else if (type === GOAWAY) wire.close()
  }
  wire.onBytes(bytes => {
    unread = Buffer.concat([unread, bytes])
    while (unread.length >= 8) {
      const end = 8 + (unread.readUInt32BE(4) & 0xffffff)
      if (unread.length < end) return
      const head = unread.subarray(0, 8), body = unread.subarray(8, end)
      unread = unread.subarray(end)
      frame(head, body)
    }
  })
  return { close() { control(GOAWAY, 0, Buffer.alloc(8)); wire.close() } }
}
