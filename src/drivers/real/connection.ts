import type { IncomingMessage } from 'node:http'
import type { KubeConfig } from '@kubernetes/client-node'
import type { ApiRequest, ApiResponse, Credentials, WatchEvent } from '../../runtime-model/api/request.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import type { Executed, ExecTarget, WatchListener } from '../driver.ts'
import { runIn } from './exec.ts'
import { answerOf, messageOf } from './http-message.ts'
import type { HttpMessage } from './http-message.ts'
import { Wire } from './wire.ts'

/** Which cluster: as kubectl's flags of these names say it. Without a file, $KUBECONFIG or ~/.kube/config. */
export interface ClusterChoice { readonly kubeconfig?: string; readonly context?: string }

/** A connection to one API server. Every answer is a value: that nobody answers is code 0. */
export interface Connection {
  /** the kubeconfig's context, and where it leads */
  readonly context: string
  readonly server: string
  request(request: ApiRequest): Promise<ApiResponse>
  /** Answers the way to end it. */
  watch(request: ApiRequest, listener: WatchListener): () => void
  /** Runs a program in a container. */
  exec(target: ExecTarget, command: readonly string[]): Promise<Executed>
  close(): void
}

/** What a user has said of the cluster leads to none: a file, a context. */
export class WrongChoice extends Error { override readonly name = 'WrongChoice' }
/** A cluster that does not answer, or not as it must. */
export class Unavailable extends Error { override readonly name = 'Unavailable' }

/** how long a server may be silent, ms, where the request does not say; a list of a large cluster takes its time */
const patienceMs = 60_000

/** Opens what a kubeconfig leads to. Throws WrongChoice. */
export async function connect(choice: ClusterChoice): Promise<Connection> {
  const { config, server } = await chosen(choice), wire = new Wire(config)
  return {
    context: config.getCurrentContext(), server,
    request: request => new Promise(done => {
      const failed = (error: Error): void => done({ code: 0, failure: failureOf(error) })
      wire.send(messageOf(request, isOwn), {
        timeoutMs: request.timeoutMs ?? patienceMs, failed,
        async heard(answer) { try { done(await wholeOf(answer, request.path !== undefined)) } catch (error) { failed(error as Error) } },
      })
    }),
    watch: (request, listener) => watchOver(wire, messageOf(request, isOwn), listener),
    exec: (target, command) => runIn(config, target, command),
    close() { wire.close() },
  }
}
async function wholeOf(answer: IncomingMessage, isText = false): Promise<ApiResponse> {
  return answerOf(answer.statusCode ?? 0, answer.headers, await textOf(answer), isText)
}
function watchOver(wire: Wire, message: HttpMessage, listener: WatchListener): () => void {
  let over = false
  const end = (): void => { if (!over) { over = true; listener.ended() } }
  let begun = false
  const stop = wire.send(message, {
    failed(error) {
      if (begun) return end()
      if (!over) { over = true; listener.answered({ code: 0, failure: failureOf(error) }) }
    },
    async heard(answer) {
      begun = true
      if (!isOk({ code: answer.statusCode ?? 0 })) { over = true; listener.answered(await wholeOf(answer)); return }
      listener.answered({ code: 200 })
      try { for await (const event of lines(answer)) if (!over) listener.told([event]) } catch { /* the connection is lost: it has ended */ }
      end()
    },
  })
  return () => { over = true; stop() }
}

/** What a kubeconfig says, by the official client: certificates, tokens, exec plugins, OIDC. */
async function chosen({ kubeconfig, context }: ClusterChoice): Promise<{ readonly config: KubeConfig; readonly server: string }> {
  const { KubeConfig } = await clientLibrary(), config = new KubeConfig()
  try { if (kubeconfig === undefined) config.loadFromDefault(); else config.loadFromFile(kubeconfig) } catch (error) {
    throw new WrongChoice(`the kubeconfig${kubeconfig === undefined ? '' : ` ${kubeconfig}`} cannot be read: ${(error as Error).message}`)
  }
  // where there is no TLS there is nothing to verify: the client wants to be told
  config.clusters = config.clusters.map(cluster => cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster)
  if (context !== undefined && !config.getContextObject(context)) {
    throw new WrongChoice(`the kubeconfig has no context ${context} (it has ${config.getContexts().map(c => c.name).join(', ') || 'none'})`)
  }
  if (context !== undefined) config.setCurrentContext(context)
  const server = config.getCurrentCluster()?.server
  if (server === undefined) throw new WrongChoice('the kubeconfig has no current context: name one with --context')
  return { config, server }
}
async function clientLibrary(): Promise<typeof import('@kubernetes/client-node')> {
  try { return await import('@kubernetes/client-node') } catch {
    throw new WrongChoice('a real cluster needs the official client library: npm install --save-dev @kubernetes/client-node@1')
  }
}

/** Whom the steps mean unless they name a user: on a real cluster whoever the kubeconfig stands for, who needs no impersonation. */
const administrator = { user: 'kubernetes-admin', groups: ['system:masters'] }
const isOwn = ({ user, groups }: Credentials): boolean => user === administrator.user && groups.includes(administrator.groups[0])
/** what we ask for ourselves */
export const asOurselves = { credentials: administrator, userAgent: 'kscenario' }

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
async function* lines(answer: IncomingMessage): AsyncGenerator<WatchEvent> {
  let rest = ''
  answer.setEncoding('utf8')
  for await (const part of answer) {
    const all = (rest + part).split('\n')
    rest = all.pop()!
    for (const line of all) if (line !== '') yield JSON.parse(line)
  }
}

const failures: Readonly<Record<string, NonNullable<ApiResponse['failure']>>> = {
  ECONNREFUSED: 'refused', ETIMEDOUT: 'timeout', ECONNRESET: 'reset', EPIPE: 'reset', EHOSTUNREACH: 'unreachable', ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
}
const failureOf = (error: Error): NonNullable<ApiResponse['failure']> => {
  const { code = '' } = error as NodeJS.ErrnoException
  return failures[code] ?? (/CERT|TLS|SSL|SIGN/.test(code) ? `tls: ${error.message}` : 'reset')
}
