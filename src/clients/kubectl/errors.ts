import type { ApiRequest, ApiResponse } from '../../runtime-model/api/request.ts'
import type { Status } from '../../runtime-model/api/status.ts'

/** Ends a command: `stderr` is what kubectl prints there, complete with its line feeds. */
export class Exit extends Error {
  readonly stderr: string
  readonly code: number
  /** what stands there if it is one of several errors; absent: the same without `error:` */
  readonly amongOthers: string
  constructor(stderr: string, code = 1, amongOthers = stderr.replace(/^error: /, '')) {
    super(stderr)
    this.stderr = stderr
    this.code = code
    this.amongOthers = amongOthers
  }
}
const line = (text: string): string => text.endsWith('\n') ? text : `${text}\n`
/** `error: …` and exit 1 */
export const failure = (message: string): Exit => new Exit(line(`error: ${message}`))
/** An `error: …` that says so among others too, with `after` behind it there. */
export const failureByName = (message: string, after = ''): Exit => new Exit(line(`error: ${message}`), 1, `${line(`error: ${message}`)}${after}`)
/** the words without a prefix */
export const bare = (message: string): Exit => new Exit(line(message))
/** a mistake in the command line. Source: kubectl pkg/cmd/util/helpers.go, UsageErrorf. */
export const usage = (command: string, message: string): Exit => failure(`${message}\nSee '${command} -h' for help and examples`)

/** The API server refused, or nobody answered. Which words that gives depends on what the command was doing. */
export class ApiError extends Error {
  readonly request: ApiRequest
  readonly response: ApiResponse
  /** `creating "f.yaml"`: with what the message is introduced */
  readonly doing?: string
  constructor(request: ApiRequest, response: ApiResponse, doing?: string) {
    super(statusOf(response)?.message ?? 'no answer')
    this.request = request
    this.response = response
    this.doing = doing
  }
  get status(): Status | undefined { return statusOf(this.response) }
  get reason(): string | undefined { return this.status?.reason }
}
const statusOf = (response: ApiResponse): Status | undefined => response.body?.kind === 'Status' ? response.body : undefined
export const isNotFound = (error: unknown): error is ApiError => error instanceof ApiError && error.response.code === 404

/** A server's refusal in words of the command's own; that nobody answered stays what it is. */
export async function orWorded<T>(word: (error: ApiError) => string, answer: Promise<T>): Promise<T> {
  try { return await answer } catch (error) {
    throw error instanceof ApiError && error.response.code !== 0 ? failure(word(error)) : error
  }
}

/** Several errors of one command, told one after the other. */
export class Several extends Error {
  readonly errors: readonly unknown[]
  constructor(errors: readonly unknown[]) { super('several errors'); this.errors = errors }
}
/** One error is itself; none is nothing. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new Several(errors)
}

/** What could not be read is told as one, and each word once: `[a, b]`. Source: cli-runtime resource/visitor.go (an aggregate within the aggregate). */
export function asOne(errors: readonly unknown[]): readonly unknown[] {
  const texts = [...new Set(errors.map(e => explain(e).stderr.replace(/^error: /, '').trimEnd()))]
  return texts.length < 2 ? errors.slice(0, 1) : [failure(`[${texts.join(', ')}]`)]
}
/** …if something else went wrong too; by themselves they are told one after the other. */
export const asOneBeside = (others: readonly unknown[], unread: readonly unknown[]): readonly unknown[] => others.length === 0 ? unread : asOne(unread)

/** Where kubectl believes the API server to be. */
export const SERVER = '127.0.0.1:6443'

/** What stands on stderr. Source: kubectl pkg/cmd/util/helpers.go (checkErr, StandardErrorMessage, MultilineError). */
export function explain(error: unknown, ofSeveral = false): Exit {
  if (error instanceof Exit) return error
  // of several none has a name
  if (error instanceof Several && ofSeveral) return explain(asOne(error.errors)[0])
  if (error instanceof Several) return new Exit(error.errors.map(e => explain(e, true).amongOthers).join(''))
  if (!(error instanceof ApiError)) throw error
  if (error.response.code === 0) return bare(connection(error.response.failure))
  const status = error.status
  if (!status) return bare(`Error from server: ${String(error.response.body ?? '')}`)
  const message = error.doing ? `error when ${error.doing}: ${status.message}` : status.message ?? ''
  // among others it is not set out
  if (status.reason === 'Invalid' && !ofSeveral) return bare(invalid(status, message))
  if (status.reason === 'Unauthorized') return failure(`You must be logged in to the server (${status.message})`)
  return bare(status.reason ? `Error from server (${status.reason}): ${message}` : `Error from server: ${message}`)
}

function invalid({ details }: Status, message: string): string {
  if (!details) return 'The request is invalid'
  const causes = [...new Set((details.causes ?? []).map(c => `${c.field ?? ''}: ${c.message}`))]
  const about = details.kind || details.name ? `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid` : 'The request is invalid'
  if (causes.length === 0) return details.kind || details.name ? about : `${about}: ${message}`
  return causes.length === 1 ? `${about}: ${causes[0]}\n` : `${about}: \n${causes.map(c => `* ${c}\n`).join('')}`
}

/** Go's words for a connection that failed, as kubectl shows them. */
export function connection(failed: ApiResponse['failure']): string {
  if (failed === 'refused') return `The connection to the server ${SERVER} was refused - did you specify the right host or port?`
  return `Unable to connect to the server: ${transport(failed)}`
}
const transport = (failed: ApiResponse['failure']): string => failed?.startsWith('tls: ') ? failed
  : failed === 'reset' ? 'EOF'
  : failed === 'unreachable' ? `dial tcp ${SERVER}: connect: no route to host`
  : failed === 'timeout' ? 'net/http: TLS handshake timeout'
  // Go may also say `net/http: request canceled`, or leave the bracket out: which of its clocks runs out first is chance
  : failed === 'patience' ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  : `dial tcp ${SERVER}: connect: connection refused`

/** The message of a server's refusal by itself, for commands that wrap it in words of their own: `error: failed to create configmap: …` */
export function messageOf(error: ApiError, verb: string): string {
  if (error.response.code === 0) return `${verb} "${urlOf(error.request)}": ${transport(error.response.failure)}`
  return error.status?.message ?? ''
}

/** The URL of a request as client-go builds it. */
export function urlOf(request: ApiRequest): string {
  if (request.path) return `https://${SERVER}${request.path}`
  const parts = [
    request.group ? `apis/${request.group}/${request.version}` : `api/${request.version}`, ...request.namespace ? [`namespaces/${request.namespace}`] : [],
    request.resource, ...request.name && request.verb !== 'create' ? [request.name] : [], ...request.subresource ? [request.subresource] : [],
  ]
  const query = [
    ['fieldManager', request.fieldManager], ['fieldSelector', request.fieldSelector], ['fieldValidation', request.fieldValidation],
    ['labelSelector', request.labelSelector], ['limit', request.limit], ['timeout', request.query?.['timeout']],
  ].filter(([, v]) =>
    v !== undefined).map(([k, v]) =>
    `${k}=${encodeURIComponent(String(v))}`)
  return `https://${SERVER}/${parts.join('/')}${query.length ? `?${query.join('&')}` : ''}`
}
