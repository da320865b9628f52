import type { Driver } from '../../drivers/driver.ts'
import { isOk, requestText, type ApiRequest, type ApiResponse, type Credentials, type Verb } from '../../runtime-model/api/request.ts'
import type { KindDefinition, KindRegistry } from '../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../errors.ts'
import type { CommandEnvironment, SentRequest } from '../outcome.ts'
import { kindsSeenBy } from './custom-kinds.ts'
import { noteAnswer, noteRefusal } from './discovery.ts'
import { ApiError } from './errors.ts'
import type { Flags } from './flags.ts'
import { impersonationOf, requestTimeoutMs } from './global-flags.ts'
import { goDuration } from './go-duration.ts'
import type { Reach } from './reach.ts'
import { orNoNamespace } from './missing-namespace.ts'
import { busy, isBusy, patiently } from './patience.ts'

/** no answer for so long, and client-go gives up (the API server itself ends a read after 60 s) */
const patienceMs = 90_000
/** source: net/http DefaultTransport, TLSHandshakeTimeout: a hung server accepts the connection and says nothing */
const handshakeMs = 10_000

/** One run of kubectl: who asks, in which namespace, and what was printed and sent so far. */
export class Session {
  readonly driver: Driver
  /** the kinds that it knows of */
  kinds: KindRegistry
  readonly environment: CommandEnvironment
  /** `-n` was given: objects of a manifest must agree with it */
  readonly namespaceGiven: boolean
  readonly requests: SentRequest[] = []
  /** what it prints are objects of its own types, not just data: their fields stand in the order of the types (printers/field-order.ts) */
  typed = false
  /** a selection found no object, so nobody asked what is to become of one */
  foundNothing = false
  /** asks for the list of kinds first (typed creates do not) */
  discovers: boolean
  readonly #flags: Flags
  readonly #reach: Reach
  readonly #timeoutMs: number | undefined
  readonly #warned = new Set<string>()
  stdout = ''
  stderr = ''

  constructor(environment: CommandEnvironment, flags: Flags, discovers: boolean, reach: Reach) {
    this.environment = environment
    this.#flags = flags
    this.#reach = reach
    this.driver = environment.driver
    this.kinds = kindsSeenBy(environment.driver)
    this.namespaceGiven = flags.given('namespace')
    this.discovers = discovers
    this.#timeoutMs = requestTimeoutMs(flags) || undefined
  }

  get namespace(): string { return this.#flags.text('namespace') || this.#reach.namespace() }
  /** the name of the user in the kubeconfig */
  get user(): string { return this.#reach.user }
  /** nothing is refused to whoever asks. Source: k8s.io/apiserver pkg/authorization/authorizerfactory (system:masters) */
  get isSuperuser(): boolean {
    const { impersonate, groups } = this.#credentials()
    return !impersonate && groups.includes('system:masters')
  }
  #credentials(): Credentials {
    const own = this.#reach.credentials(this)
    const impersonate = impersonationOf(this.#flags)
    return impersonate ? { ...own, impersonate } : own
  }
  get now(): number { return this.driver.now() }
  /** calendar time, ms since 1970 */
  get calendarMs(): number { return this.driver.epochMs + this.driver.now() }
  print(line: string): void { this.stdout += `${line}\n` }
  complain(line: string): void { this.stderr += `${line}\n` }
  /** how many warnings the server has given */
  get warnings(): number { return this.#warned.size }
  warn(text: string): void { if (!this.#warned.has(text)) { this.#warned.add(text); this.complain(`Warning: ${text}`) } }

  /** Sends one request and gives the body of its answer; a refusal is thrown. */
  async send(request: Request): Promise<any> {
    const response = await this.ask(request)
    if (!isOk(response)) throw new ApiError(this.wholeOf(request), response)
    return response.body
  }
  /** The answer, whatever it is. Only "not modelled" is thrown. */
  async ask(request: Request): Promise<ApiResponse> {
    const whole = this.wholeOf(request), sentAt = this.now
    const answer = this.#inTime(reworded(await patiently(this.driver, whole), whole), sentAt)
    this.requests.push({ what: describeRequest(whole), response: answer })
    for (const warning of answer.warnings ?? []) this.warn(warning)
    if (answer.code === 501) throw new NotModelled(answer.body?.message ?? describeRequest(whole))
    if (answer.code !== 0) noteAnswer(this)
    else noteRefusal(this, answer)
    return answer
  }

  /** A server that has no answer within `--request-timeout` says so at its end: by then the client, which waits as long and began earlier, has hung up. */
  #inTime(answer: ApiResponse, sentAt: number): ApiResponse {
    const silent = answer.code === 504 || answer.failure === 'timeout'
    return silent && this.#timeoutMs !== undefined && this.now - sentAt >= this.#timeoutMs ? { code: 0, failure: 'patience' } : answer
  }

  /** A request that is kubectl's own affair: not the command's, and nothing is said of how it ends. */
  async quietly(request: Request): Promise<ApiResponse> { return this.driver.request(this.wholeOf(request)) }

  /** `kind` as a request names it, in the session's namespace where it has one. */
  of(kind: KindDefinition, namespace: string | undefined = this.namespace): Pick<ApiRequest, 'group' | 'version' | 'resource' | 'namespace'> {
    return { group: kind.group, version: kind.version, resource: kind.resource, ...kind.namespaced && namespace !== '' ? { namespace } : {} }
  }
  async get(kind: KindDefinition, name: string, namespace?: string): Promise<any> {
    try { return await this.send({ verb: 'get', ...this.of(kind, namespace), name }) } catch (error) {
      throw await orNoNamespace(this, error, kind, namespace ?? this.namespace)
    }
  }
  /** All objects of a kind; namespace '' means all namespaces. */
  async list(kind: KindDefinition, how: ListOptions = {}): Promise<any[]> { return (await this.listPages(kind, how)).flatMap(page => page.items ?? []) }
  /** The pages of a list as kubectl asks for them, 500 objects at a time. */
  async listPages(kind: KindDefinition, { namespace, as, chunk = 500, ...selectors }: ListOptions = {}): Promise<any[]> {
    const pages: any[] = []
    let token: string | undefined
    do {
      const page: any = await this.send({
        verb: 'list', ...this.of(kind, namespace), ...selectors, ...as ? { as } : {}, ...chunk ? { limit: chunk } : {}, ...token ? { continue: token } : {},
      })
      pages.push(page)
      token = page.metadata?.continue
    } while (token)
    return pages
  }

  /** the request as it goes over the wire */
  wholeOf(request: Request): ApiRequest {
    const hung = this.driver.components().filter(c => c.component === 'kube-apiserver' && c.state !== 'down')
    const timeoutMs = this.#timeoutMs ?? (hung.length > 0 && hung.every(c => c.state === 'hung') ? handshakeMs : patienceMs)
    // how long it is waited stands in the request if the command says so. Source: client-go rest/request.go (NewRequest, URL)
    const query = this.#timeoutMs ? { query: { ...request.query, timeout: goDuration(this.#timeoutMs) } } : {}
    return { group: '', version: 'v1', resource: '', timeoutMs, ...request, ...query, credentials: this.#credentials(), userAgent: 'kubectl' }
  }
}
export type Request = { readonly verb: Verb } & Partial<Omit<ApiRequest, 'verb' | 'credentials' | 'userAgent'>>
export interface ListOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly as?: 'Table'
  /** objects a page, 0: all at once */
  readonly chunk?: number
  readonly query?: ApiRequest['query']
}

/** `create pod catalog`, `list pods`: as journeys say it, by the resource's own word. */
export const describeRequest = (request: ApiRequest): string => requestText(request, singular(request.resource))
const singular = (resource: string): string => resource === 'endpoints' ? resource
  : resource.endsWith('ies') ? `${resource.slice(0, -3)}y`
  : /(ss|x|ch)es$/.test(resource) ? resource.slice(0, -2)
  : resource.replace(/s$/, '')

const methods: Readonly<Record<string, string>> = { create: 'post', update: 'put', list: 'get', watch: 'get', deletecollection: 'delete' }
/** client-go itself words the answer that a gateway or a time-out gave without a Status: it names the method and what was asked for. */
function reworded(answer: ApiResponse, request: ApiRequest): ApiResponse {
  const message: string | undefined = answer.body?.message
  const missing = answer.code === 404 && message === 'the server could not find the requested resource' && !request.path && !request.subresource
  const overrun = isBusy(answer)
  if (!missing && !overrun && (answer.code !== 504 || !message?.startsWith('the server was unable to return a response in the time allotted'))) return answer
  const asked = [
    methods[request.verb] ?? request.verb, request.group ? `${request.resource}.${request.group}` : request.resource, request.name ?? '',
  ].join(' ').trim()
  return {
    ...answer,
    body: {
      ...answer.body,
      message: missing || overrun ? `${overrun ? busy : message}${request.path ? '' : ` (${asked})`}` : message!.replace(/ \([^()]*\)$/, ` (${asked})`),
    },
  }
}
