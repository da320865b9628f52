import { ofText } from '../../../runtime-model/api/status.ts'
import type { Driver } from '../../../drivers/driver.ts'
import { behindProxy } from '../../../runtime-model/api/proxied.ts'
import { isOk, type ApiResponse } from '../../../runtime-model/api/request.ts'
import { askedInQuery, resourceOfPath } from '../../../runtime-model/api/paths.ts'
import { NotModelled } from '../../errors.ts'
import { jsonSyntaxError } from '../../../runtime-model/api/json-syntax.ts'
import { bare, connection, failure, ApiError, type Exit } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { rawBody } from '../printers/raw-body.ts'
import type { Request, Session } from '../session.ts'

/** `get --raw PATH`: the answer as it is. Source: kubectl pkg/rawhttp; client-go rest/request.go words what has no Status. */
export async function getRaw(session: Session, url: string): Promise<void> {
  checkUrl(url)
  await told(session, url, rawRequest(url))
}
/** The request that a path with its query is. */
export function rawRequest(url: string): Request {
  const [path, words = ''] = url.split('?'), resource = resourceRequest(path)
  // a query behind a proxy is another's to read
  if (resource && behindProxy(path) !== undefined) return { ...resource, verb: 'get' }
  const query: Record<string, string> = Object.fromEntries(words.split('&')
    .filter(Boolean)
    .map(part => { const [key, value = ''] = part.split('='); return [decodeURIComponent(key), decodeURIComponent(value)] }))
  return resource ? { ...resource, ...asked(resource, query) } : { verb: 'get', path, query }
}
/** What the query of a resource's path asks for. Source: apimachinery pkg/apis/meta/v1 (ListOptions) */
function asked({ verb, subresource }: Request, query: Readonly<Record<string, string>>): Partial<Request> {
  if (subresource === 'log') return { query }
  const { labelSelector: _l, fieldSelector: _f, limit: _n, continue: _c, pretty: _p, ...others } = query
  const [odd] = Object.keys(verb === 'list' ? others : query)
  if (odd !== undefined) throw new NotModelled(`kubectl get --raw with ${odd}=${query[odd]}`)
  return askedInQuery(query, verb)
}
const checkUrl = (url: string): void => {
  if (!url.startsWith('/')) throw failure(`--raw must be a valid URL path: parse ${JSON.stringify(url)}: invalid URI for request`)
}
/** What cannot stand beside `--raw` of a verb that writes; the rest is passed over. Source: Validate in kubectl pkg/cmd/{create,replace,delete}. */
function fileOf(session: Session, flags: Flags, required: boolean): string | undefined {
  const names = flags.list('filename'), [name] = names
  if (required ? names.length !== 1 : names.length > 1) throw failure('--raw can only use a single local file or stdin')
  if (/^https?:\/\//.test(name ?? '')) throw failure('--raw cannot read from a url')
  if (flags.on('recursive')) throw failure('--raw and --recursive are mutually exclusive')
  if (required && flags.text('selector') !== '') throw failure('--raw and --selector (-l) are mutually exclusive')
  if (flags.text('output') !== '') throw failure('--raw and --output are mutually exclusive')
  checkUrl(flags.text('raw'))
  flags.passOver()
  if (name === undefined) return undefined
  const content = name === '-' ? session.environment.stdin ?? '' : session.environment.readFile(name)
  if (content === undefined) throw failure(`open ${name}: no such file or directory`)
  return content
}
/** `delete --raw PATH`; a file holds its options. */
export async function deleteRaw(session: Session, flags: Flags): Promise<void> {
  const content = fileOf(session, flags, false), path = flags.text('raw'), resource = resourceRequest(path)
  if (!resource) throw new NotModelled(`kubectl delete --raw ${path}`)
  const body = content === undefined ? undefined : bodyOf('DeleteOptions', content)
  if (body !== undefined && body.kind !== undefined && body.kind !== 'DeleteOptions') throw notRegistered(body)
  const { apiVersion: _, kind: __, ...options } = body ?? {}
  await told(session, path, {
    ...resource, verb: resource.verb === 'list' ? 'deletecollection' : 'delete', ...body === undefined ? {} : { body: options },
  })
}
/** `create --raw PATH` and `replace --raw PATH`: the file is sent as it is, and the answer printed. */
export async function writeRaw(session: Session, flags: Flags, verb: 'create' | 'update'): Promise<void> {
  const content = fileOf(session, flags, true)!, path = flags.text('raw'), resource = resourceRequest(path)
  session.discovers = false
  if (!resource) throw new NotModelled(`kubectl --raw of ${path} with a body`)
  const { kind } = session.kinds.all.find(k => k.group === resource.group && k.resource === resource.resource && k.version === resource.version) ?? {}
  if (kind === undefined) throw bare('Error from server (NotFound): the server could not find the requested resource')
  const onList = resource.verb === 'list', body = bodyOf(kind, content)
  if (verb === 'update' && onList) throw bare('Error from server (MethodNotAllowed): the server does not allow this method on the requested resource')
  await told(session, path, { ...resource, verb, body })
}
/** Source: apimachinery pkg/runtime/error.go (NewNotRegisteredErrForKind), serializer/json. */
const notRegistered = ({ apiVersion, kind }: any): Exit => bare(
  `Error from server (BadRequest): no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion ?? '')} in scheme "pkg/runtime/scheme.go:111"`
)
/** The body as the server reads it, which takes JSON here. Source: apiserver pkg/endpoints/handlers/rest.go (transformDecodeError, summarizeData) */
function bodyOf(kind: string, content: string): any {
  const wrong = jsonSyntaxError(content)
  if (wrong === undefined) return JSON.parse(content)
  const most = 30, bytes = Buffer.from(content), rest = bytes.length > most ? ' ...' : ''
  const shown = bytes.length === 0 ? '<empty>' : content.startsWith('{') ? content.slice(0, most) : bytes.subarray(0, most).toString('hex')
  throw bare(
    `Error from server (BadRequest): the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${wrong} (${shown}${rest})`
  )
}
async function told(session: Session, url: string, request: Request): Promise<void> {
  const answer = await throughProxy(session.driver, await session.ask(request), url), [path] = url.split('?')
  if (answer.code === 0) throw bare(connection(answer.failure))
  if (isOk(answer)) {
    const body = typeof answer.body === 'string' ? answer.body
      : ['/version', '/version/', '/', '/index.html'].includes(path) ? JSON.stringify(answer.body, null, 2)
      : `${rawBody(session.kinds, answer.body)}\n`
    session.stdout += body
    return
  }
  if (typeof answer.body === 'string' && answer.code >= 500) {
    const { reason, message } = ofText(answer.code, answer.body)
    throw bare(`Error from server (${reason}): ${message}`)
  }
  if (answer.body?.kind === 'Status') {
    throw new ApiError({ verb: 'get', group: '', version: 'v1', resource: '', path, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  }
  throw bare('Error from server (NotFound): the server could not find the requested resource')
}
/** What an API server hands on is answered by whom it goes to; a client goes where it is sent then. */
export async function throughProxy(driver: Driver, answer: ApiResponse, url: string, follows = true): Promise<ApiResponse> {
  const [path, words] = url.split('?'), rest = behindProxy(path)
  if (answer.code !== 101 || rest === undefined) return answer
  const { handedOn } = await import('../containers/handed-on.ts'), query = words === undefined ? '' : `?${words}`
  return handedOn(driver, answer.body, { method: 'GET', path, rest: rest === '' && follows ? '/' : rest, query })
}
/** Objects and lists have paths. */
function resourceRequest(path: string): Request | undefined {
  const named = resourceOfPath(path)
  return named && { verb: named.name === undefined ? 'list' : 'get', ...named }
}
