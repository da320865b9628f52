import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Upgrade } from './sessions.ts'
import type { Messages } from './streams/channels.ts'
import type { Wire } from './streams/streams.ts'

/** A connection that HTTP has given up: what becomes of it. */
export const upgradeOf = (request: IncomingMessage, socket: Duplex, head: Buffer): Upgrade => ({
  refuse({ status, body, headers = {} }) {
    const type = String(headers['content-type'] ?? (body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8'))
    const others = Object.entries(headers).filter(([name]) => name !== 'content-type')
    const more = others.flatMap(([name, values]) => [values].flat().map(value => `${name}: ${value}\r\n`)).join('')
    socket.end(`HTTP/1.1 ${status} \r\nContent-Type: ${type}\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
  },
  hangUp() { socket.destroy() },
  onGone(leave) { socket.on('close', leave) },
  async webSocket(protocol) {
    const { WebSocketServer } = await import('ws'), server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
    // ws takes `SPDY/3.1+portforward.k8s.io` for no name of a subprotocol: it is agreed on without it
    delete request.headers['sec-websocket-protocol']
    if (protocol !== undefined) server.on('headers', headers => headers.push(`Sec-WebSocket-Protocol: ${protocol}`))
    return new Promise(done => server.handleUpgrade(request, socket, head, webSocket => done(ofWebSocket(webSocket))))
  },
  spdy(version) {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${version}\r\n\r\n`)
    return {
      send(bytes) { socket.write(bytes) }, close() { socket.end() }, onGone(leave) { socket.on('close', leave) },
      onBytes(take) { if (head.length > 0) take(head); socket.on('data', take) },
    }
  },
})

function ofWebSocket(webSocket: WebSocket): Messages & Wire {
  // a client that breaks off is gone, which is no mistake of ours
  webSocket.on('error', () => webSocket.terminate())
  return {
    send(message) { webSocket.send(message) }, close() { webSocket.close(1000) }, onGone(leave) { webSocket.on('close', leave) },
    onBytes(take) { webSocket.on('message', (data, isBinary) => { if (isBinary) take(data as Buffer) }) },
  }
}
