import { isOk } from '../../../runtime-model/api/request.ts'
import { expandManagedFields } from '../../../runtime-model/api/managed-fields.ts'
import { NotModelled } from '../../errors.ts'
import { bare, connection, failure, ApiError } from '../errors.ts'
import type { Request, Session } from '../session.ts'

/** `get --raw PATH`: the answer as it is. Source: kubectl pkg/rawhttp; client-go rest/request.go words what has no Status. */
export async function getRaw(session: Session, url: string): Promise<void> {
  if (!url.startsWith('/')) throw failure(`--raw must be a valid URL path: parse ${JSON.stringify(url)}: invalid URI for request`)
  const [path, words = ''] = url.split('?')
  const query: Record<string, string> = Object.fromEntries(words.split('&')
    .filter(Boolean)
    .map(part => { const [key, value = ''] = part.split('='); return [decodeURIComponent(key), decodeURIComponent(value)] }))
  const resource = resourceRequest(path)
  await told(session, path, resource ? { ...resource, ...asked(resource, query) } : { verb: 'get', path, query })
}
/** What the query of a resource's path asks for. Source: apimachinery pkg/apis/meta/v1 (ListOptions) */
function asked({ verb, subresource }: Request, query: Readonly<Record<string, string>>): Partial<Request> {
  if (subresource === 'log') return { query }
  const { labelSelector, fieldSelector, limit, continue: token, pretty: _, ...others } = query, [odd] = Object.keys(verb === 'list' ? others : query)
  if (odd !== undefined) throw new NotModelled(`kubectl get --raw with ${odd}=${query[odd]}`)
  return {
    ...labelSelector ? { labelSelector } : {}, ...fieldSelector ? { fieldSelector } : {}, ...limit ? { limit: Number(limit) } : {},
    ...token ? { continue: token } : {},
  }
}
/** `delete --raw PATH` */
export async function deleteRaw(session: Session, path: string): Promise<void> {
  const resource = resourceRequest(path)
  if (!resource) throw new NotModelled(`kubectl delete --raw ${path}`)
  await told(session, path, { ...resource, verb: resource.verb === 'list' ? 'deletecollection' : 'delete' })
}
async function told(session: Session, path: string, request: Request): Promise<void> {
  const answer = await session.ask(request)
  if (answer.code === 0) throw bare(connection(answer.failure))
  if (isOk(answer)) {
    const body = typeof answer.body === 'string' ? answer.body
      : path === '/version' ? JSON.stringify(answer.body, null, 2)
      : JSON.stringify(spelledOut(answer.body)) + '\n'
    session.stdout += body
    return
  }
  if (typeof answer.body === 'string' && answer.code >= 500) {
    throw bare(
      `Error from server (InternalError): an error on the server (${JSON.stringify(answer.body.replace(/\n$/, ''))}) has prevented the request from succeeding`
    )
  }
  if (answer.body?.kind === 'Status') {
    throw new ApiError({ verb: 'get', group: '', version: 'v1', resource: '', path, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  }
  throw bare('Error from server (NotFound): the server could not find the requested resource')
}
/** Entries of managedFields are kept short until somebody sees them. */
function spelledOut(body: any): any {
  if (Array.isArray(body?.items)) return { ...body, items: body.items.map(spelledOut) }
  return body?.metadata?.managedFields ? { ...body, metadata: { ...body.metadata, managedFields: expandManagedFields(body) } } : body
}
/** `/api/v1/namespaces/default/pods/web/status`: objects and lists have paths too */
function resourceRequest(path: string): Request | undefined {
  const [, root, ...parts] = path.replace(/\/$/, '').split('/')
  const [group, version] = root === 'api' ? ['', parts.shift()] : root === 'apis' ? [parts.shift(), parts.shift()] : []
  if (version === undefined || parts.length === 0) return undefined
  const namespace = parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2]) ? parts.splice(0, 2)[1] : undefined
  const [resource, name, subresource] = parts
  return {
    verb: name === undefined ? 'list' : 'get', group, version, resource, ...namespace ? { namespace } : {}, ...name ? { name } : {},
    ...subresource ? { subresource } : {},
  }
}
