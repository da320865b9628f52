import { decideByGateway, sharesOf, type GatewayConfig } from '../api/gateway-proxy.ts'
import { decide, type HttpRequest, type ProxyConfig, type ProxyEndpoint, type ProxyName, type ProxyTarget } from '../api/http-proxy.ts'
import { elsewhere } from './names.ts'
import { exitAt, type Endpoint, type Exit, type Listening, type Lost, type Route } from './route.ts'
import type { Physics } from './physics.ts'
import type { Sender } from './sender.ts'

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
export function throughProxy(physics: Physics, way: Route, request: HttpRequest, config: ProxyConfig | GatewayConfig): Route {
  const targets = sharesOf('listeners' in config ? decideByGateway(config, request) : decide(config, request))
  return {
    ...way,
    exits: way.exits.flatMap(front =>
      front.lost !== undefined || front.listener === undefined
        ? [front]
        : targets.map(({ to, path }) => behind(physics, front, path ?? request.path, config, to))),
  }
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
