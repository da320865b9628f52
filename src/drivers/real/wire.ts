import { Agent, request as overTls } from 'node:https'
import { request as plainly } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { KubeConfig } from '@kubernetes/client-node'
import type { HttpMessage } from './http-message.ts'

interface Hearing {
  /** how long the other end may be silent, ms; as long as it likes unless given */
  readonly timeoutMs?: number
  /** the answer begins */
  heard(answer: IncomingMessage): void
  failed(error: Error): void
}

/** a connection on which nothing comes is tried after so long, ms */
const aliveMs = 15_000

/** HTTP/1.1 to one API server, over connections that are kept. */
export class Wire {
  readonly #config: KubeConfig
  readonly #kept = new Agent({ keepAlive: true })
  readonly #open = new Set<ClientRequest>()
  constructor(config: KubeConfig) { this.#config = config }

  /** Sends, and answers what ends it. */
  send(message: HttpMessage, hearing: Hearing): () => void {
    let over = false, sent: ClientRequest | undefined
    const go = async (again: boolean): Promise<void> => {
      sent = await this.#begin(message, hearing, error => {
        // a kept connection that the other end has closed in the meantime has carried nothing
        const stale = !again && sent?.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
        if (stale && !over) void go(true); else hearing.failed(error)
      })
      if (over) sent.destroy()
    }
    go(false).catch(hearing.failed)
    return () => { over = true; sent?.destroy() }
  }
  close(): void {
    for (const sent of this.#open) sent.destroy()
    this.#kept.destroy()
  }

  async #begin({ url, method, headers, body, as }: HttpMessage, { timeoutMs, heard }: Hearing, failed: (error: Error) => void): Promise<ClientRequest> {
    const { server } = this.#config.getCurrentCluster()!, options = await this.#optionsFor(as)
    const whole = { ...options, method, headers: { ...options.headers, ...headers } as NonNullable<RequestOptions['headers']> }
    const sent = (server.startsWith('https:') ? overTls : plainly)(`${server.replace(/\/$/, '')}${url}`, whole, heard)
    this.#open.add(sent)
    // of a connection that is cut somewhere nobody tells
    sent.setSocketKeepAlive(true, aliveMs)
    sent.on('error', failed).on('close', () => { this.#open.delete(sent) })
    if (timeoutMs) sent.setTimeout(timeoutMs, () => { sent.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })) })
    sent.end(body)
    return sent
  }
  /** Certificates and headers, asked for each time, as tokens are renewed by who gives them; whoever is not the kubeconfig's own shows no certificate. */
  async #optionsFor(as: HttpMessage['as']): Promise<RequestOptions> {
    const cluster = this.#config.getCurrentCluster()!, own: any = {}
    await this.#config.applyToHTTPSOptions(own)
    if (as === 'kubeconfig') return cluster.proxyUrl ? own : { ...own, agent: cluster.server.startsWith('https:') ? this.#kept : undefined }
    const stranger: any = { ca: own.ca, rejectUnauthorized: cluster.skipTLSVerify !== true, servername: cluster.tlsServerName }
    return as === 'nobody' ? stranger : { ...stranger, headers: { authorization: `Bearer ${as.token}` } }
  }
}
