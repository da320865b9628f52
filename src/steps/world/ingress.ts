import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { refusal } from '../outcome.ts'

/** until the pod of the controller is ready: its probe waits for ten seconds, its image is there */
const readyMs = 60_000

const ingressNginx = defineStep({
  id: 'ingress-nginx', kind: 'world', phrases: ['ingress-nginx is installed'],
  doc: 'The cluster has ingress-nginx: its manifest is applied (IngressClass `nginx`, admission webhook, a Deployment and a Service in namespace ingress-nginx; in a managed cluster with a load balancer, else with node ports), and time passes until its pod is ready. Annotations that change how nginx routes are not modelled.',
  examples: ['ingress-nginx is installed'],
  source: 'https://kubernetes.github.io/ingress-nginx/deploy/',
  async run(context) {
    const driver = context.driver(), why = driver.operate('install-ingress-nginx', {})
    if (why) return why.startsWith('ingress-nginx could not') ? { failed: why } : refusal(why)
    const ready = (): boolean => driver.stored('deployments.apps', 'ingress-nginx', 'ingress-nginx-controller')?.status?.readyReplicas > 0
    await driver.runUntil(ready, driver.now() + readyMs)
    if (!ready()) return { failed: `the pod of ingress-nginx is not ready after ${readyMs / 1000}s` }
  },
})
const urlClients = defineStep({
  id: 'url-source', kind: 'world', phrases: ['clients send {rate} request(s) per/a second to {url} as {name}'], parameters: { rate: 'int', url: 'text', name: 'text' },
  doc: 'Clients outside of the cluster ask for a URL at a steady rate, from now on: through the load balancer or a node port of ingress-nginx, and through nginx to an endpoint. A request that nobody but nginx answers (404, 502, 503, 504, a certificate for another host) is lost.',
  examples: ['clients send 10 requests per second to "http://shop.example.com/cart" as "shoppers"'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
  async run(context, { rate, url, name }) {
    if (rate === 0) return { cannotRun: 'clients that send 0 requests per second send none' }
    const driver = context.driver(), why = driver.operate('url-source', { name, url, perSecond: rate })
    if (why) return refusal(why)
    await driver.advance(0)
  },
})

export const ingress: readonly StepDefinition[] = [ingressNginx, urlClients]
