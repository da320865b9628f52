import type { Driver } from '../../drivers/driver.ts'
import { NotModelled } from '../errors.ts'
import type { Answer, Url } from './containers/http.ts'
import { kindsSeenBy } from './custom-kinds.ts'
import { Exit, SERVER } from './errors.ts'
import { passes, pathBehind, type Proxy } from './proxies.ts'
import { indented, rawBody } from './printers/raw-body.ts'
import type { Request } from './session.ts'
import { rawRequest, throughProxy } from './verbs/raw.ts'

/**
 * What comes back through `kubectl proxy`. To curl an API server writes JSON with an indent and no line feed at its end. Sources: kubectl
 * pkg/proxy/proxy_server.go, apiserver pkg/endpoints/handlers/negotiation/negotiate.go (isPrettyPrint).
 */
export async function proxied(driver: Driver, proxy: Proxy, { host, path, query }: Url, method: string): Promise<Answer> {
  const tell = (status: number, body: string): Answer => ({ status, by: 'kubectl proxy', address: '127.0.0.1', body }), behind = pathBehind(proxy.prefix, path)
  if (behind === undefined) {
    return `${path}/` === proxy.prefix ? tell(307, `<a href="${proxy.prefix}">Temporary Redirect</a>.\n\n`) : tell(404, '404 page not found\n')
  }
  if (!passes(proxy.filter, method, behind, host)) return tell(403, 'Forbidden\n')
  const request = requestOf(behind + query)
  const answer = await throughProxy(driver, await driver.request({
    group: '', version: 'v1', resource: '', ...request, credentials: proxy.credentials, userAgent: 'curl', timeoutMs: 60_000,
  }), behind + query, false)
  if (answer.code === 0 && answer.failure === 'refused') return tell(500, `dial tcp ${SERVER}: connect: connection refused\n`)
  if (answer.code === 0 || answer.code === 501) throw new NotModelled(answer.body?.message ?? `what kubectl proxy answers when it gets no answer (${answer.failure})`)
  if (typeof answer.body === 'string') return tell(answer.code, answer.body)
  if (answer.body === undefined || answer.body.kind === 'Status' && !/^\/apis?\/./.test(behind)) return tell(answer.code, '404 page not found\n')
  return tell(answer.code, indented(rawBody(kindsSeenBy(driver), answer.body)))
}
function requestOf(url: string): Request {
  try {
    const request = rawRequest(url)
    if (request.verb !== 'watch') return request
  } catch (error) { if (!(error instanceof Exit)) throw error }
  throw new NotModelled(`what an API server answers to curl for ${url}`)
}
