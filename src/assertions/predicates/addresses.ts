import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition } from '../../extension.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf } from './support.ts'

/** What kubectl shows under EXTERNAL-IP, or under ADDRESS. */
const addressesOf = ({ kind, spec, status }: any): readonly string[] => [
  ...(status?.loadBalancer?.ingress ?? []).map((i: any) => i.ip ?? i.hostname), ...(kind === 'Service' ? spec?.externalIPs ?? [] : []),
  ...(kind === 'Gateway' ? status?.addresses ?? [] : []).map((a: any) => a.value),
]
const external = definePredicate({
  id: 'external-ip', phrases: ['has external IP (address) {ip}', 'has an external IP (address)', 'has external IP (address)', 'has an (external) address'],
  parameters: { ip: 'value' }, subjects: ['object'],
  misfit: (resource, { ip }) => onlyOf('services', 'ingresses.networking.k8s.io', 'gateways.gateway.networking.k8s.io')(resource, {})
    ?? (ip === undefined || /^[\d.]+$|:/.test(ip) ? undefined : `${ip} is no IP address`),
  doc: 'Its load balancer has this address, or any: what kubectl shows under EXTERNAL-IP of a Service, and under ADDRESS of an Ingress or a Gateway.',
  examples: ['service catalog eventually has an external IP', 'service catalog has no external IP', 'service catalog has external IP 203.0.113.1'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer', progress: true,
  test({ object }, { ip }) {
    const found = addressesOf(object)
    return holdsIf(ip === undefined ? found.length > 0 : found.includes(ip), () => found.join(', ') || 'no address')
  },
})
const nodePort = definePredicate({
  id: 'node-port', phrases: ['has node port {port}', 'has a node port', 'has node port'], parameters: { port: 'int' }, subjects: ['object'],
  misfit: onlyOf('services'),
  doc: 'One of its ports is this one on every node, or any.', examples: ['service catalog has node port 30080', 'service catalog has no node port'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  test({ object }, { port }) {
    const found: readonly number[] = (object.spec?.ports ?? []).flatMap((p: any) => p.nodePort ?? [])
    return holdsIf(port === undefined ? found.length > 0 : found.includes(port), () => found.length > 0 ? `node port ${found.join(', ')}` : 'no node port')
  },
})
const clusterIp = definePredicate({
  id: 'cluster-ip', phrases: ['has (a) cluster IP', 'has cluster IP {ip}'], parameters: { ip: 'value' }, subjects: ['object'],
  misfit: (resource, { ip }) => onlyOf('services')(resource, {}) ?? (ip === undefined || /^[\d.]+$|:/.test(ip) ? undefined : `${ip} is no IP address`),
  doc: 'It has this address within the cluster, or any: a headless Service and one of type ExternalName have none.',
  examples: ['service catalog has a cluster IP', 'service catalog has no cluster IP'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
  test({ object }, { ip }) {
    const found: readonly string[] = (object.spec?.clusterIPs ?? [object.spec?.clusterIP]).filter((own: string | undefined) => own && own !== 'None')
    return holdsIf(ip === undefined ? found.length > 0 : found.includes(ip), () => `${found.join(', ') || 'no cluster IP'}`)
  },
})
export const addresses: readonly PredicateDefinition[] = [external, nodePort, clusterIp]
