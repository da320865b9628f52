import { bytesOf, textOf } from '../../base/text-of-bytes.ts'
import type { SpdyStream } from './spdy.ts'
import { speakSpdy } from './spdy.ts'
import { statusOf, type Streams, type Wire } from './streams.ts'

/**
 * The streams of a session over SPDY: its client opens one for each, and it begins once all are there.
 * Source: kubelet pkg/cri/streaming/remotecommand/httpstream.go
 */
export function spdyStreams(wire: Wire, wanted: readonly string[]): Promise<Streams> {
  return new Promise(there => {
    const open = new Map<string, SpdyStream>(), write = (name: string, text: string): void => open.get(name)?.write(bytesOf(text))
    const connection = speakSpdy(wire, stream => {
      open.set(stream.headers['streamtype'] ?? '', stream)
      if (!wanted.every(name => open.has(name))) return
      const typed: Uint8Array[] = [], over = new Promise<void>(done => { open.get('stdin')?.onEnd(done) })
      open.get('stdin')?.onBytes(bytes => { typed.push(bytes) })
      there({
        async read() { await over; return textOf(Buffer.concat(typed)) },
        out: text => write('stdout', text), err: text => write('stderr', text),
        end(how) {
          write('error', JSON.stringify(statusOf(how, false)))
          for (const one of open.values()) one.end()
          connection.close()
        },
        onGone: leave => wire.onGone(leave),
      })
    })
  })
}
export const spdyVersions = ['v4.channel.k8s.io'] as const
