import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { internalError } from '../runtime-model/api/status.ts'
import type { ServedCluster } from './served-cluster.ts'
import { upgradeOf } from './upgrades.ts'
import type { Connection } from './watch.ts'

/** so often time passes for a cluster that is served, wall-clock ms */
const tickMs = 20
/** what an API server takes at most. Source: k8s.io/apiserver pkg/server/config.go (MaxRequestBodyBytes) */
const mostBytes = 3 * 1024 * 1024
/** names of this machine: a page of another site that a browser is led to by a name of its own is not answered */
const ownNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

export interface HttpServer { readonly port: number; close(): Promise<void> }

/**
 * Serves a cluster on the loopback interface alone. `broken`: is told of a mistake of ours, which ends its request and nothing else. Rejects with what the
 * system says where the port cannot be had.
 */
export function listen(cluster: ServedCluster, port: number, broken: (error: Error) => void): Promise<HttpServer> {
  const server = createServer((request, response) => {
    take(cluster, request, response).catch((error: Error) => { broken(error); answerBroken(response, error) })
  })
  const sockets = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    upgrade(cluster, request, socket, head).catch((error: Error) => { broken(error); socket.destroy() })
  })
  // a client of Kubernetes keeps its connections
  server.keepAliveTimeout = 90_000
  let busy = false
  const timer = setInterval(() => { if (!busy) { busy = true; cluster.tick().catch(broken).finally(() => { busy = false }) } }, tickMs)
  return new Promise((resolve, reject) => {
    server.once('error', error => { clearInterval(timer); reject(error) })
    server.listen(port, '127.0.0.1', () => resolve({
      port: (server.address() as AddressInfo).port,
      close: () => new Promise(done => {
        clearInterval(timer)
        server.close(() => done())
        server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }),
    }))
  })
}

async function take(cluster: ServedCluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!ownNames.test(request.headers.host ?? '')) { response.writeHead(403).end(); return }
  const body = await whole(request)
  if (body === undefined) { response.writeHead(413).end(); return }
  const leave = await cluster.take({ method: request.method ?? 'GET', url: request.url ?? '/', headers: severally(request), body }, connection(response))
  if (response.closed) leave()
  else response.on('close', leave)
}

async function upgrade(cluster: ServedCluster, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const ends = upgradeOf(request, socket, head)
  if (!ownNames.test(request.headers.host ?? '')) return ends.refuse({ status: 403, body: '' })
  await cluster.upgrade({ method: request.method ?? 'GET', url: request.url ?? '/', headers: severally(request), body: new Uint8Array() }, ends)
}

function answerBroken(response: ServerResponse, { message }: Error): void {
  if (response.headersSent) { response.destroy(); return }
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(internalError(`not yours: ${message}`)))
}

/** Headers that come several times are lists. */
function severally({ headersDistinct }: IncomingMessage): Readonly<Record<string, string | readonly string[] | undefined>> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.length === 1 ? values[0] : values]))
}

async function whole(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += (piece as Buffer).length
    if (bytes > mostBytes) return undefined
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces)
}

const connection = (response: ServerResponse): Connection => ({
  answer({ status, headers, body }) { response.writeHead(status, headers as Record<string, string | string[]>).end(body) },
  begin({ status, headers }) { response.writeHead(status, headers as Record<string, string | string[]>).flushHeaders() },
  write(line) { response.write(line) },
  end() { response.end() },
  hangUp() { response.destroy() },
})
