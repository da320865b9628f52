import { decideByGateway, sharesOf, type GatewayConfig } from '../api/gateway-proxy.ts'
import { decide, type HttpRequest, type ProxyConfig, type ProxyEndpoint, type ProxyName, type ProxyTarget, type Weighted } from '../api/http-proxy.ts'
import { elsewhere } from './names.ts'
import { exitAt, type Endpoint, type Exit, type Listening, type Lost, type Route } from './route.ts'
import { within } from './network-policy.ts'
import { physicalPod, type Physics } from './physics.ts'
import { addressOf } from './places.ts'
import { outside, type Sender } from './sender.ts'

/**
 * Requests that a proxy gives to one of several endpoints, in turn: the next one while an endpoint cannot be connected to or does not answer, three
 * in all; what an endpoint does answer goes back as it is. Source: ingress-nginx docs/user-guide/nginx-configuration/configmap.md (proxy-next-upstream
 * `error timeout`, proxy-next-upstream-tries 3)
 */
export interface Proxied {
  readonly lost?: undefined
  readonly listener?: undefined
  /** the pod of the proxy */
  readonly to: Endpoint
  readonly front: Listening
  readonly proxy: string
  readonly path: string
  readonly upstream: readonly (Lost | Listening)[]
  /** by a name, so that other Services than its own may be on the way */
  readonly byName?: boolean
}
export const triesOf = ({ upstream }: Proxied): number => Math.min(3, Math.max(1, upstream.length))

/** A way to a proxy becomes a way through it, by what it has been told. Where a rule gives weights, each exit stands for one share. */
export function throughProxy(physics: Physics, way: Route, client: Client, request: HttpRequest, config: ProxyConfig | GatewayConfig): Route {
  const targets = sharesOf('listeners' in config ? decideByGateway(config, request) : decide(config, request))
  return {
    ...way,
    exits: way.exits.flatMap(front =>
      front.lost !== undefined || front.listener === undefined
        ? [front]
        : targets.map(w => refused(physics, way, front, client, request, config, w) ?? behind(physics, front, w.path ?? request.path, config, w.to))),
  }
}

/** Who asks, and how long it takes to answer. */
export interface Client { readonly pod?: { readonly node: string; readonly uid: string }; readonly takesMs?: number }
const usualWaitMs = 60_000
/** What the proxy answers itself. It knows a client by the address from which it is connected to: behind a node port that is not local, a node's. */
function refused(
  physics: Physics, way: Route, front: Listening, { pod, takesMs = 0 }: Client, { headers }: HttpRequest, { name }: { readonly name: string }, w: Weighted
): Lost | undefined {
  if (front.listener.hung) return undefined
  const { guard = {}, waitsMs = usualWaitMs } = w, says = (why: string): Lost => ({ to: front.to, lost: `${name} answered ${why}` })
  if (guard.allow || guard.deny) {
    const address = pod ? physicalPod(physics, pod.node, pod.uid)?.sandbox?.ip || addressOf(physics, pod.node)
      : way.hidesSource ? addressOf(physics, way.node)
      : outside
    const among = (ranges: readonly string[]): boolean => ranges.some(range => within(range.includes('/') ? range : `${range}/32`, address ?? ''))
    if (guard.deny && among(guard.deny)) return says(`403: ${address} is one of ${guard.deny.join(', ')}`)
    if (guard.allow && !among(guard.allow)) return says(`403: ${address} is none of ${guard.allow.join(', ')}`)
  }
  if (guard.password && headers?.authorization === undefined) return says('401: it asks for a name and a password')
  if (guard.password) return { to: front.to, lost: 'not modelled: whether a name and a password are right' }
  return takesMs > waitsMs && 'service' in w.to ? says(`504: requests take ${takesMs / 1000}s, and nginx waits for ${waitsMs / 1000}s`) : undefined
}

function behind(physics: Physics, front: Listening, path: string, config: ProxyConfig | GatewayConfig, target: ProxyTarget): Exit {
  const { name: proxy } = config, { node, uid, pod } = front.to
  if (front.listener.hung) return front
  if (!('service' in target)) {
    return { to: front.to, lost: target.status === 0 ? `${proxy} ${target.why}` : `${proxy} answered ${target.status}: ${target.why}` }
  }
  const sender = { pod: { namespace: 'listeners' in config ? config.namespace : proxy, name: pod!, uid: uid!, node: node! } }
  const upstream = target.name
    ? named(physics, node!, target.service, target.name, sender)
    : target.endpoints.map((e: ProxyEndpoint) => exitAt(physics, e, sender, 'TCP') as Lost | Listening)
  const unknown = upstream.find(u => u.lost?.startsWith('not modelled'))
  return unknown ? { to: front.to, lost: unknown.lost! } : { to: front.to, front, proxy, path, upstream, ...target.name ? { byName: true } : undefined }
}
/** A name that is not found is asked for as if it were an address, in vain. */
function named(physics: Physics, node: string, service: string, { host, port }: ProxyName, sender: Sender): readonly (Lost | Listening)[] {
  return elsewhere(physics, node, service, host, port, sender).exits.map(e =>
    e.lost?.startsWith('lookup ') ? { ...e as Lost, refused: true } : e as Lost | Listening)
}
