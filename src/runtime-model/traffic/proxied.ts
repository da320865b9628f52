import { hashString } from '../../base/hash.ts'
import { decideByGateway, sharesOf, type GatewayConfig } from '../api/gateway-proxy.ts'
import { decide, type HashKey, type HttpRequest, type ProxyConfig, type ProxyEndpoint, type ProxyName, type Sticky, type Weighted } from '../api/http-proxy.ts'
import type { Limited } from './limits.ts'
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
  readonly limits?: Limited
  /** who is asked first whether the client may */
  readonly asks?: { readonly exits: readonly (Lost | Listening)[]; readonly path: string; readonly signIn: boolean }
  /** the Service of its target */
  readonly service: string
  /** the client comes back to the endpoint that its cookie names */
  readonly sticky?: Sticky
  /** only clients whose cookie names its Service come this way */
  readonly spare?: boolean
  /** what is asked alike goes to one endpoint */
  readonly key?: HashKey
  /** how many it asks at most; 3 unless given */
  readonly tries?: number
  /** whom it asks first, where that is not chance */
  readonly first?: number
}
/** Who is found by a cookie or a hash is found again by it. */
export const triesOf = ({ upstream, sticky, key, tries = 3 }: Proxied): number =>
  key || sticky && !sticky.changesOnFailure ? 1 : Math.min(tries, Math.max(1, upstream.length))

/** A way to a proxy becomes a way through it, by what it has been told. Where a rule gives weights, each exit stands for one share. */
export function throughProxy(physics: Physics, way: Route, client: Client, request: HttpRequest, config: ProxyConfig | GatewayConfig): Route {
  const targets = sharesOf('listeners' in config ? decideByGateway(config, request) : decide(config, request))
  return {
    ...way,
    exits: way.exits.flatMap(front =>
      front.lost !== undefined || front.listener === undefined
        ? [front]
        : targets.map(w =>
          refused(physics, way, front, client, request, config, w) ?? behind(physics, front, request.path, config, w, addressSeen(physics, way, client)))),
  }
}

/** Who asks, and how long it takes to answer. */
export interface Client { readonly pod?: { readonly node: string; readonly uid: string }; readonly takesMs?: number }
const usualWaitMs = 60_000, usualBodyMost = 1024 * 1024
/** A proxy knows a client by the address from which it is connected to: behind a node port that is not local, a node's. */
const addressSeen = (physics: Physics, way: Route, { pod }: Client): string =>
  (pod ? physicalPod(physics, pod.node, pod.uid)?.sandbox?.ip || addressOf(physics, pod.node) : way.hidesSource ? addressOf(physics, way.node) : outside) ?? ''
const among = (ranges: readonly string[], address: string): boolean => ranges.some(range => within(range.includes('/') ? range : `${range}/32`, address))

/** What the proxy answers itself. */
function refused(
  physics: Physics, way: Route, front: Listening, client: Client, { headers }: HttpRequest, { name }: { readonly name: string }, w: Weighted
): Lost | undefined {
  if (front.listener.hung) return undefined
  const { takesMs = 0 } = client, { guard = {}, waitsMs = usualWaitMs } = w, says = (why: string): Lost => ({ to: front.to, lost: `${name} answered ${why}` })
  const { allow, deny, bodyMost = usualBodyMost } = guard, address = addressSeen(physics, way, client), carries = Number(headers?.['content-length'] ?? 0)
  if (bodyMost > 0 && carries > bodyMost && 'service' in w.to) return says(`413: a request carries ${carries} bytes, and ${bodyMost} may be`)
  if (deny && among(deny, address)) return says(`403: ${address} is one of ${deny.join(', ')}`)
  if (allow && !among(allow, address)) return says(`403: ${address} is none of ${allow.join(', ')}`)
  if (guard.password && headers?.authorization === undefined) return says('401: it asks for a name and a password')
  if (guard.password) return { to: front.to, lost: 'not modelled: whether a name and a password are right' }
  return takesMs > waitsMs && 'service' in w.to ? says(`504: requests take ${takesMs / 1000}s, and nginx waits for ${waitsMs / 1000}s`) : undefined
}

function behind(physics: Physics, front: Listening, asked: string, config: ProxyConfig | GatewayConfig, w: Weighted, address: string): Exit {
  const { name: proxy } = config, { node, uid, pod } = front.to, { to: target, guard, sticky, key, tries, spare, path = asked } = w
  if (front.listener.hung) return front
  if (!('service' in target)) {
    return { to: front.to, lost: target.status === 0 ? `${proxy} ${target.why}` : `${proxy} answered ${target.status}: ${target.why}` }
  }
  const sender = { pod: { namespace: 'listeners' in config ? config.namespace : proxy, name: pod!, uid: uid!, node: node! } }
  const upstream = target.name
    ? named(physics, node!, `service ${target.service}`, target.name, sender)
    : target.endpoints.map((e: ProxyEndpoint) => exitAt(physics, e, sender, 'TCP') as Lost | Listening)
  const asks = w.asks && { ...w.asks, exits: named(physics, node!, 'auth-url', w.asks, sender) }
  const unknown = [...upstream, ...asks?.exits ?? []].find(u => u.lost?.startsWith('not modelled')), limits = guard?.limits
  return unknown ? { to: front.to, lost: unknown.lost! } : {
    to: front.to, front, proxy, path, upstream, service: target.service, ...target.name || asks ? { byName: true } : undefined, ...asks ? { asks } : undefined,
    ...limits && !among(limits.exempt, address) ? { limits: { ...limits, proxy, counters: 1 } } : undefined, ...sticky ? { sticky } : undefined,
    ...spare ? { spare } : undefined, ...key ? { key } : undefined, ...tries === undefined ? undefined : { tries },
  }
}
/** A name that is not found is asked for as if it were an address, in vain. A Service that keeps clients takes the proxy's pod for one. */
function named(physics: Physics, node: string, who: string, { host, port }: ProxyName, sender: Sender): readonly (Lost | Listening)[] {
  const { exits, sticky } = elsewhere(physics, node, who, host, port, sender), kept = hashString(`${sender.pod?.uid} ${host}`) % exits.length
  return (sticky ? [exits[kept]] : exits).map(e => e.lost?.startsWith('lookup ') ? { ...e as Lost, refused: true } : e as Lost | Listening)
}
