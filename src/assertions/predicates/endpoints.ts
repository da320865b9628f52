import type { PredicateContext, PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { belongsTo, referenceOf } from '../subjects/index.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, moot, plural, satisfies } from './support.ts'

/** EndpointSlices of a Service. */
const slicesOf = (driver: PredicateContext['driver'], namespace: string, service: string): readonly any[] =>
  driver.storedList('endpointslices.discovery.k8s.io', namespace).filter(s => s.metadata.labels?.['kubernetes.io/service-name'] === service)
/** ready: an endpoint that takes traffic. An address counts once, whichever slice says it. */
function endpointsOf(driver: PredicateContext['driver'], namespace: string, service: string, ready: boolean): number {
  const found = slicesOf(driver, namespace, service).flatMap(s => s.endpoints ?? []).filter((e: any) => (e.conditions?.ready !== false) === ready)
  return new Set(found.flatMap((e: any) => e.addresses)).size
}
/** A Service that selects no pod at all says so. */
export function unselected(service: any, driver: PredicateContext['driver']): string {
  const selector = Object.entries<string>(service.spec?.selector ?? {}), pods = driver.storedList('pods', service.metadata.namespace)
  if (selector.length === 0) return ': the service has no selector'
  if (pods.some(p => selector.every(([k, v]) => p.metadata.labels?.[k] === v))) return ''
  const [key] = selector[0], others = [...new Set(pods.flatMap(p => p.metadata.labels?.[key] ?? []))].map(v => `${key}=${v}`)
  return `: no pod has ${selector.map(([k, v]) => `${k}=${v}`).join(',')}${others.length ? ` (there are ${others.slice(0, 3).join(', ')})` : ''}`
}
const endpoints = (ready: boolean): PredicateDefinition => definePredicate({
  id: ready ? 'endpoints' : 'not-ready-endpoints',
  phrases: ready
    ? ['has {count} endpoint(s)', 'has {count} ready endpoint(s)', 'has endpoint(s)', 'has ready endpoint(s)']
    : ['has {count} not-ready endpoint(s)'],
  subjects: ['object'], misfit: onlyOf('services'),
  doc: `How many ${ready ? 'ready' : 'not ready'} addresses the EndpointSlices of a Service hold${ready ? ', at least one where no number is said' : ''}.`,
  examples: ready ? ['service catalog eventually has 3 endpoints', 'service catalog has no endpoints'] : ['service catalog has 1 not-ready endpoint'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions',
  reads: o => o.type === 'object' && o.resource === 'endpointslices.discovery.k8s.io',
  progress: ({ count }) => ready && (count === undefined || count.comparison !== 'at most' && count.count > 0),
  test({ ref, object }, { count = { comparison: 'at least', count: 1 } }, { driver }) {
    const found = endpointsOf(driver, ref!.namespace ?? '', ref!.name, ready)
    return holdsIf(satisfies(count, found), () =>
      `${plural(found, ready ? 'endpoint' : 'not-ready endpoint')}${found === 0 && ready ? unselected(object, driver) : ''}`)
  },
})
/** The pods behind the ready endpoints of a Service, as they are stored. */
const podsBehind = (driver: PredicateContext['driver'], namespace: string, service: string): readonly any[] =>
  [...new Set(slicesOf(driver, namespace, service).flatMap(s => s.endpoints ?? [])
    .filter((e: any) => e.conditions?.ready !== false && e.targetRef?.kind === 'Pod').map((e: any): string => e.targetRef.name))]
    .flatMap(name => driver.stored('pods', namespace, name) ?? [])
const servedByOwner = definePredicate({
  id: 'served-by-pods-of', phrases: ['is served by pods of {owner}', 'is served only by pods of {owner}'], parameters: { owner: 'subject' }, subjects: ['object'], misfit: onlyOf('services'),
  doc:
    'The Service has ready endpoints, and each of them is a pod of this object. Where some are its pods and some are not, it is neither so nor not so.',
  examples: ['service catalog is eventually served by pods of deployment catalog', 'service catalog is not served by pods of deployment canary'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/',
  reads: o => o.type === 'object' && (o.resource === 'endpointslices.discovery.k8s.io' || o.resource === 'pods'),
  test({ ref, object }, { owner }, at) {
    const namespace = ref!.namespace ?? '', of = referenceOf(owner, at), pods = podsBehind(at.driver, namespace, ref!.name)
    if (endpointsOf(at.driver, namespace, ref!.name, true) === 0) return moot(`it has no ready endpoint${unselected(object, at.driver)}`)
    const others = pods.filter(pod => !belongsTo(pod, of.ref, at.driver)).map(pod => pod.metadata.name)
    const seen = others.length > 0 ? `served by ${others.slice(0, 3).join(', ')}${others.length < pods.length ? `, and by pods of ${of.label}` : ''}` : 'no pod is behind its endpoints'
    return others.length > 0 && others.length < pods.length ? moot(seen) : holdsIf(pods.length > 0 && others.length === 0, () => seen)
  },
})
export const endpointPredicates: readonly PredicateDefinition[] = [endpoints(true), endpoints(false), servedByOwner]
