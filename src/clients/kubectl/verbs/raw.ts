import { noSuchResource, ofText, unrecognized } from '../../../runtime-model/api/status.ts'
import type { Driver } from '../../../drivers/driver.ts'
import { behindProxy } from '../../../runtime-model/api/proxied.ts'
import { isOk, type ApiResponse } from '../../../runtime-model/api/request.ts'
import { askedInQuery, asWatched, deletionOf, isTrue, readOnlyPath, resourceOfPath, wrongInQuery } from '../../../runtime-model/api/paths.ts'
import { NotModelled } from '../../errors.ts'
import { jsonSyntaxError } from '../../../runtime-model/api/json-syntax.ts'
import { bare, connection, failure, ApiError, type Exit } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { indented, rawBody, watchLineOf } from '../printers/raw-body.ts'
import type { Request, Session } from '../session.ts'

/** `get --raw PATH`: the answer as it is. Source: kubectl pkg/rawhttp; client-go rest/request.go words what has no Status. */
export async function getRaw(session: Session, url: string): Promise<void> {
  checkUrl(url)
  const request = rawRequest(url)
  await (request.verb === 'watch' ? watched(session, request) : told(session, url, request))
}
/** The request that a path with its query is; what cannot be read in it is thrown in the server's words. */
export function rawRequest(url: string, written?: 'create' | 'update' | 'delete'): Request {
  const { pathname: path, searchParams } = new URL(url, 'http://server'), query = Object.fromEntries(searchParams), resource = resourceRequest(path)
  // a query behind a proxy is another's to read
  if (resource && behindProxy(path) !== undefined) return { ...resource, verb: written ?? 'get' }
  if (!resource && written && readOnlyPath.test(path)) throw notAllowed()
  if (!resource) return { verb: 'get', path, query }
  const named = asWatched(resource), reading = resource.watches || resource.verb === 'list' && isTrue(query['watch']) ? 'watch' : resource.verb!
  const verb = written === 'delete' && resource.verb === 'list' ? 'deletecollection' : written ?? reading
  const wrong = resource.subresource === undefined || resource.subresource === 'log' ? wrongInQuery(query, verb) : undefined
  if (wrong !== undefined) throw bare(`Error from server (BadRequest): ${wrong}`)
  return { ...named, verb, query, ...askedInQuery(query, verb) }
}
const notAllowed = (): Exit => bare('Error from server (MethodNotAllowed): the server does not allow this method on the requested resource')
/** A watch is followed for as long as its query lets it last. */
async function watched(session: Session, request: Request): Promise<void> {
  const { driver } = session, lastsMs = Number(request.query?.['timeoutSeconds'] ?? 0) * 1000
  if (!driver.watch || !(lastsMs > 0)) throw new NotModelled('kubectl get --raw of a watch that nothing ends: `timeoutSeconds=…` in its query does')
  let refused: ApiResponse | undefined
  const close = driver.watch(session.wholeOf(request), {
    answered: response => { if (!isOk(response)) refused = response },
    told: events => { for (const event of events) session.stdout += watchLineOf(session.kinds, event) }, ended() {},
  })
  await driver.runUntil(() => refused !== undefined, driver.now() + lastsMs, { toDeadline: true })
  close()
  if (refused) throw new ApiError(session.wholeOf(request), refused)
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
  const content = fileOf(session, flags, false), url = flags.text('raw'), request = rawRequest(url, 'delete')
  if (request.path !== undefined) return told(session, url, request)
  const options = content === undefined ? undefined : bodyOf('DeleteOptions', content)
  if (options !== undefined && options.kind !== undefined && options.kind !== 'DeleteOptions') throw notRegistered(options)
  const said = deletionOf(options ?? {}, request.query ?? {})
  await told(session, url, { ...request, ...options === undefined && Object.keys(said.body).length === 0 ? {} : said })
}
/** `create --raw PATH` and `replace --raw PATH`: the file is sent as it is, and the answer printed. */
export async function writeRaw(session: Session, flags: Flags, verb: 'create' | 'update'): Promise<void> {
  const content = fileOf(session, flags, true)!, url = flags.text('raw'), request = rawRequest(url, verb), { group, version, resource } = request
  session.discovers = false
  if (request.path !== undefined) return told(session, url, request)
  const { kind } = session.kinds.all.find(k => k.group === group && k.resource === resource && k.version === version) ?? {}
  if (kind === undefined) throw bare('Error from server (NotFound): the server could not find the requested resource')
  const body = bodyOf(kind, content)
  if (verb === 'update' && request.name === undefined) throw notAllowed()
  await told(session, url, { ...request, body })
}
/** Source: apimachinery pkg/runtime/error.go (NewNotRegisteredErrForKind), serializer/json. */
const notRegistered = ({ apiVersion, kind }: any): Exit => bare(
  `Error from server (BadRequest): no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion ?? '')} in scheme "pkg/runtime/scheme.go:111"`
)
/** The body as the server reads it, which takes JSON here. */
function bodyOf(kind: string, content: string): any {
  const wrong = jsonSyntaxError(content)
  if (wrong === undefined) return JSON.parse(content)
  throw bare(`Error from server (BadRequest): ${unrecognized(kind, content, `couldn't get version/kind; json parse error: ${wrong}`)}`)
}
async function told(session: Session, url: string, request: Request): Promise<void> {
  const answer = await throughProxy(session.driver, await session.ask(request), url), [path, query = ''] = url.split('?')
  if (answer.code === 0) throw bare(connection(answer.failure))
  if (isOk(answer)) {
    const body = typeof answer.body === 'string' ? answer.body
      : ['/version', '/version/', '/', '/index.html'].includes(path) ? JSON.stringify(answer.body, null, 2)
      : /(^|&)pretty=(1|t|true)(&|$)/i.test(query) ? indented(rawBody(session.kinds, answer.body))
      : `${rawBody(session.kinds, answer.body)}\n`
    session.stdout += body
    return
  }
  if (typeof answer.body === 'string' && answer.code >= 500) {
    const { reason, message } = ofText(answer.code, answer.body)
    throw bare(`Error from server (${reason}): ${message}`)
  }
  if (answer.body?.kind === 'Status' && !answer.body.message?.startsWith(noSuchResource({ group: '', resource: '' }).message)) {
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
function resourceRequest(path: string): Request & NonNullable<ReturnType<typeof resourceOfPath>> | undefined {
  const named = resourceOfPath(path)
  return named && { verb: named.name === undefined ? 'list' : 'get', ...named }
}
