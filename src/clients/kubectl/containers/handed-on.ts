import type { Driver } from '../../../drivers/driver.ts'
import type { ProxyTarget } from '../../../runtime-model/api/proxied.ts'
import { notModelled, unavailable } from '../../../runtime-model/api/status.ts'
import { NotModelled } from '../../errors.ts'
import { unreached } from './kubelet.ts'
import { kubeletAnswer } from './kubelet-paths.ts'

/** A request whose way goes on behind an API server. `rest`: what stands in its path behind `…/proxy`; `query`: with its question mark. */
export interface HandedOn { readonly method: string; readonly path: string; readonly rest: string; readonly query: string }
export interface HandedBack { readonly code: number; readonly body: any; readonly location?: string }

/** so long an API server tries to connect. Source: apimachinery pkg/util/net/http.go (SetOldTransportDefaults) */
const dialMs = 30_000
/** What comes back from there. Sources: apimachinery pkg/util/proxy/upgradeaware.go (proxyRedirectsforRootPath), pkg/util/proxy/transport.go (RoundTrip) */
export async function handedOn(driver: Driver, { scheme, address, port, node }: ProxyTarget, { method, path, rest, query }: HandedOn): Promise<HandedBack> {
  const reads = method === 'GET' || method === 'HEAD'
  const failed = (why: string): HandedBack => ({ code: 503, body: unavailable(`error trying to reach service: ${why}`) })
  if (rest === '' && reads) return { code: 301, body: '', location: `${path}/${query}` }
  if (node !== undefined) {
    const why = unreached(driver, { spec: { nodeName: node } })
    return why === undefined ? kubeletAnswer(driver, node, method, rest) : failed(why)
  }
  if (!/^\d+$/.test(port)) throw new NotModelled(`a port of a pod that has a name: ${port}`)
  if (!reads) return { code: 501, body: notModelled(`what a container answers to ${method}`) }
  const server = driver.components().find(c => c.component === 'kube-apiserver' && c.state === 'up')?.node
  // one whose machine is no node is as near to the pods as any
  const near = [server ?? '', ...driver.storedList('nodes').map(n => n.metadata.name)].find(name => driver.nodeTruth.node(name)?.power === 'up')
  const place = { namespace: '', ...near === undefined ? {} : { node: near } }
  const reached = await driver.reach(place, { namespace: '', host: address, port: Number(port), path: rest })
  const error = reached.error ?? '', status = / answered (\d{3})\b/.exec(error)?.[1]
  const dial = (why: string): HandedBack => failed(`dial tcp ${address}:${port}: ${why}`)
  if (error.startsWith('not modelled: ')) throw new NotModelled(error.slice('not modelled: '.length))
  if (reached.servedBy === undefined && status === undefined) {
    if (/connection refused|refuses connections/.test(error)) return dial('connect: connection refused')
    await driver.advance(dialMs)
    return dial('i/o timeout')
  }
  if (scheme === 'https') return failed('tls: first record does not look like a TLS handshake')
  const code = reached.status ?? Number(status ?? 200), by = reached.servedBy ?? error.split(' answered')[0].replace(/^pod /, '')
  return { code, body: method === 'HEAD' ? '' : `<${code} from ${by}, whose words are not modelled>\n` }
}
