import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { unitsOf } from '../../runtime-model/api/quantity.ts'
import { install, refusal } from '../outcome.ts'

/** until the pod of the controller is ready: its probe waits for ten seconds, its image is there */
const readyMs = 60_000

const ingressNginx = defineStep({
  id: 'ingress-nginx', kind: 'world', phrases: ['ingress-nginx is installed'],
  doc:
    'The cluster has ingress-nginx: its manifest is applied (IngressClass `nginx`, admission webhook, a Deployment and a Service in namespace ingress-nginx; in a managed cluster with a load balancer, else with node ports), and time passes until its pod is ready. Of its annotations canaries, rewrite-target, use-regex, redirects (to https, permanent, temporal, app-root, from-to-www: clients follow them), lists of addresses (allowlist, whitelist, denylist-source-range), auth-type basic, auth-url and auth-signin, limits (limit-rps, limit-rpm, limit-connections: 503), proxy-body-size (413), affinity by cookie (which canaries share), upstream-hash-by, server-alias, service-upstream, default-backend, proxy-next-upstream with its tries, proxy-read-timeout and backend-protocol HTTP are known; ssl-passthrough does nothing, as the controller does not listen for it; traffic that comes to an Ingress with another one that changes how nginx routes is not judged.',
  examples: ['ingress-nginx is installed'],
  source: 'https://kubernetes.github.io/ingress-nginx/deploy/',
  async run(context) {
    const driver = context.driver(), refused = install(context, 'install-ingress-nginx')
    if (refused) return refused
    const ready = (): boolean => driver.stored('deployments.apps', 'ingress-nginx', 'ingress-nginx-controller')?.status?.readyReplicas > 0
    await driver.runUntil(ready, driver.now() + readyMs)
    if (!ready()) return { failed: `the pod of ingress-nginx is not ready after ${readyMs / 1000}s` }
  },
})
/** `NAME: VALUE`; null: it is none. */
function headersOf(header: string | undefined): Readonly<Record<string, string>> | undefined | null {
  const match = header === undefined ? undefined : /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(header)
  return match ? { [match[1].toLowerCase()]: match[2] } : match
}
const urlClients = defineStep({
  id: 'url-source', kind: 'world', parameters: { rate: 'int', url: 'text', header: 'text', takes: 'duration', size: 'quantity', name: 'text' },
  phrases: [
    'clients send {rate} request(s) per/a second to {url} as {name}', 'clients send {rate} request(s) per/a second that take {takes} to {url} as {name}',
    'clients send {rate} request(s) per/a second to {url} with header {header} as {name}',
    'clients send {rate} request(s) per/a second with a body of {size} to {url} as {name}',
  ],
  doc:
    'Clients outside of the cluster ask for a URL at a steady rate, from now on: through the load balancer or a node port of ingress-nginx, and through nginx to an endpoint. A request that nobody but nginx answers (401, 403, 404, 413, 500, 502, 503, 504, a certificate for another host) is lost; so is one that takes longer than nginx waits (60s, unless an annotation says otherwise). For what counts clients (cookies, limits) all requests of a name are one client\'s.',
  examples: [
    'clients send 10 requests per second to "http://shop.example.com/cart" as "shoppers"',
    'clients send 10 requests per second to "http://shop.example.com/cart" with header "Version: always" as "testers"',
    'clients send 10 requests per second that take 90s to "http://shop.example.com/report" as "reports"',
    'clients send 5 requests per second with a body of 8Mi to "http://shop.example.com/pictures" as "sellers"',
  ],
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
  async run(context, { rate, url, header, takes: takesMs, size, name }) {
    if (rate === 0) return { cannotRun: 'clients that send 0 requests per second send none' }
    const headers = size === undefined ? headersOf(header) : { 'content-length': String(unitsOf(size)) }
    if (headers === null) return { cannotRun: `${header} is no header such as version: next` }
    const driver = context.driver(), why = driver.operate('url-source', { name, url, perSecond: rate, headers, takesMs })
    if (why) return refusal(why)
    await driver.advance(0)
  },
})

const gateways = defineStep({
  id: 'gateway-api', kind: 'world', phrases: ['the Gateway API is installed'],
  doc:
    'The cluster knows the Gateway API (the standard channel: GatewayClass, Gateway, HTTPRoute, GRPCRoute, ReferenceGrant) and has NGINX Gateway Fabric, with a GatewayClass `nginx`: each Gateway of it gets a Deployment and a Service of its own (GATEWAY-nginx; in a managed cluster with a load balancer, else with node ports). Sentences may then say `gateway shop` and `httproute cart`. Clients follow redirects; extensions (`ExtensionRef`) are not modelled, and TLSRoutes, TCPRoutes and UDPRoutes are no part of that channel.',
  examples: ['the Gateway API is installed'],
  source: 'https://gateway-api.sigs.k8s.io/',
  run: context => install(context, 'install-gateways'),
})
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']
const gatewayClients = defineStep({
  id: 'gateway-source', kind: 'world',
  parameters: { rate: 'int', url: 'text', header: 'text', method: 'text', takes: 'duration', gateway: 'name', name: 'text' },
  phrases: [
    'clients send {rate} request(s) per/a second to {url} through gateway {gateway} as {name}',
    'clients send {rate} request(s) per/a second that take {takes} to {url} through gateway {gateway} as {name}',
    'clients send {rate} request(s) per/a second to {url} with header {header} through gateway {gateway} as {name}',
    'clients send {rate} request(s) per/a second to {url} with method {method} through gateway {gateway} as {name}',
  ],
  doc:
    'Clients outside of the cluster ask a Gateway of the current namespace for a URL at a steady rate, from now on, perhaps with a header `NAME: VALUE` or another method than GET; the URL may have a query (`?beta=1`). A request that nobody but the gateway answers (404, 500, 503) is lost, and so is one that takes longer than the 60s for which nginx waits (504).',
  examples: [
    'clients send 10 requests per second to "http://shop.example.com/cart" through gateway shop as "shoppers"',
    'clients send 10 requests per second to "http://shop.example.com/cart" with header "version: next" through gateway shop as "testers"',
    'clients send 10 requests per second that take 5s to "http://shop.example.com/cart" through gateway shop as "uploads"',
    'clients send 10 requests per second to "http://shop.example.com/orders" with method "POST" through gateway shop as "buyers"',
  ],
  source: 'https://gateway-api.sigs.k8s.io/api-types/httproute/',
  async run(context, { rate, url, header, method, takes: takesMs, gateway, name }) {
    if (rate === 0) return { cannotRun: 'clients that send 0 requests per second send none' }
    const headers = headersOf(header)
    if (headers === null) return { cannotRun: `${header} is no header such as version: next` }
    if (method !== undefined && !methods.includes(method)) return { cannotRun: `${method} is no method (known: ${methods.join(', ')})` }
    const driver = context.driver()
    const why = driver.operate('url-source', {
      name, url, perSecond: rate, gateway: `${context.namespace}/${gateway}`, headers, method, takesMs,
    })
    if (why) return refusal(why)
    await driver.advance(0)
  },
})

export const ingress: readonly StepDefinition[] = [ingressNginx, urlClients, gateways, gatewayClients]
