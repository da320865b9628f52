import type { Reached } from '../../drivers/driver.ts'
import type { PredicateContext, PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { knownReason, NotModelled } from '../errors.ts'
import { referenceOf } from '../subjects/index.ts'
import { onlyOf } from './fitting.ts'
import { everStored, holdsIf, moot, nameIn, no, satisfies, truthOf } from './support.ts'

const changes = (o: { readonly type: string; readonly resource?: string }): boolean =>
  ['proxy', 'policies', 'container', 'podStatus', 'nodePower', 'component', 'fault'].includes(o.type) || o.resource === 'services'
    || o.resource === 'endpointslices.discovery.k8s.io'
function at<T>(answer: T | Promise<T>): T {
  if (answer instanceof Promise) throw new NotModelled('probes of a cluster that answers later')
  return answer
}

/** Who does not run asks for nothing: that there is no answer shows nothing of who was asked. */
function silent(subject: ResolvedSubject, at: PredicateContext): PredicateResult | undefined {
  const { object, label, ref } = subject
  if (ref?.resource === 'nodes') {
    const power = at.driver.nodeTruth.node(object.metadata.name)?.power ?? 'up'
    return power === 'up' ? undefined : moot(`${label} is ${power}, so that it asks for nothing`)
  }
  if (truthOf(subject, at)?.containers.some(c => c.state === 'running')) return undefined
  return moot(`${label} asks for nothing, as ${object.spec?.nodeName ? 'no container of it runs' : 'it has no node yet'}`)
}

const reaches = definePredicate({
  id: 'reaches', phrases: ['reaches {target}', 'can reach {target}'], parameters: { target: 'subject' }, subjects: ['object'], misfit: onlyOf('pods'),
  reads: changes, volatile: true,
  doc:
    'A request from this pod to the service (or pod) is answered, whichever of its endpoints is chosen, by the rules that kube-proxy has on its node, and no NetworkPolicy drops it. While some endpoints answer and some do not, it neither reaches the service nor does it not.',
  examples: ['pod orders eventually reaches service catalog', 'a pod of deployment orders reaches service postgres', 'pod orders does not reach pod web'],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  test(subject, { target }, place) {
    const { object, ref } = subject, unasked = ref?.resource === 'pods' ? silent(subject, place) : undefined
    if (unasked) return unasked
    const to = referenceOf(target, place).ref, { name, namespace } = object.metadata
    const answer = at(place.driver.reach({ namespace, pod: name }, {
      namespace: to.namespace ?? namespace, ...(to.resource === 'services' ? { service: to.name } : { pod: to.name }),
    }))
    if (ref?.resource !== 'pods') return no('only a pod can send requests')
    if (answer.servedBy === undefined && !everStored(place, to)) return moot(`there is no ${referenceOf(target, place).label}`)
    return answered(answer)
  },
})
/** Where chance decides, neither that it is reached nor that it is not. */
const answered = ({ servedBy, error, unless }: Reached): PredicateResult =>
  unless !== undefined ? moot(knownReason(unless)) : holdsIf(servedBy !== undefined, () => knownReason(error ?? 'nobody answered'))
const reachesAddress = definePredicate({
  id: 'reaches-address', phrases: ['reaches address {address}', 'can reach address {address}'], parameters: { address: 'text' }, subjects: ['object'],
  misfit: onlyOf('pods', 'nodes'), reads: changes, volatile: true,
  doc:
    'A request from this pod or node to `HOST:PORT` is answered. HOST is an IP address (of a Service, a pod or a node), the name of a node, or localhost; names of the cluster are not looked up.',
  examples: [
    'pod orders reaches address "worker-2:30080"', 'node worker-1 does not reach address "127.0.0.1:30080"',
    'pod orders eventually reaches address "10.96.0.10:53"',
  ],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  test(subject, { address }, place) {
    const { object, ref } = subject
    const match = /^([^:]+):(\d{1,5})$/.exec(address), { name, namespace } = object.metadata
    if (!match || Number(match[2]) < 1 || Number(match[2]) > 65535) return moot(`${address} is no address such as worker-1:30080`)
    if (!isHost(match[1], place)) return moot(`${match[1]} is neither an IP address nor a node`)
    const unasked = silent(subject, place)
    if (unasked) return unasked
    const answer = at(place.driver.reach(
      ref?.resource === 'nodes' ? { namespace: 'default', node: name } : { namespace, pod: name },
      { namespace: namespace ?? 'default', host: match[1], port: Number(match[2]) }
    ))
    return answered(answer)
  },
})
const resolves = definePredicate({
  id: 'resolves', phrases: ['resolves {name} to service {service}', 'resolves {name}'], parameters: { name: 'text', service: 'name' }, subjects: ['object'],
  misfit: onlyOf('pods'), reads: changes, volatile: true,
  doc: 'CoreDNS answers the name for this pod, with the address of the service.',
  examples: ['pod orders resolves "shop.bazaar.svc" to service shop', 'pod orders does not resolve "nowhere"'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  test(subject, { name, service }, place) {
    const { object } = subject, unasked = silent(subject, place)
    if (unasked) return unasked
    const answer = at(place.driver.resolve(name, object.metadata.namespace, object.metadata.name))
    const wanted = service === undefined ? undefined : nameIn(service, place)
    const matches = wanted === undefined
      || [answer.service, ...answer.services ?? []].some(s => s !== undefined && (s === wanted || s.split('/').at(-1) === wanted))
    const seen = (): string => knownReason(answer.error ?? `it is ${answer.service ? `service ${answer.service}` : answer.address ?? 'nothing'}`)
    if (wanted !== undefined && !isService(wanted, object.metadata.namespace, place)) return moot(`${seen()} (there is no service ${wanted})`)
    return holdsIf(answer.error === undefined && matches, seen)
  },
})
const asks = definePredicate({
  id: 'asks-for-names', phrases: ['asks for {count} name(s) to resolve {name}'], parameters: { name: 'text' }, subjects: ['object'], misfit: onlyOf('pods'),
  reads: changes, volatile: true,
  doc:
    'How many names the pod asks CoreDNS for, by its search list and ndots, until one is found (or none is): each costs a query for IPv4 and one for IPv6. A name with fewer dots than ndots (5, unless dnsConfig says otherwise) is tried with every suffix of the search list first; one that ends with a dot is asked for as it is.',
  examples: ['pod orders asks for 4 names to resolve "api.example.com"', 'pod orders asks for 1 name to resolve "api.example.com."'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-config',
  test({ object }, { count, name }, place) {
    const { asked, error } = at(place.driver.resolve(name, object.metadata.namespace, object.metadata.name))
    if (!asked) return moot(knownReason(error ?? 'nobody answered'))
    return holdsIf(satisfies(count, asked.length), () => `it asks for ${asked.join(', ')}`)
  },
})
const isHost = (host: string, at: PredicateContext): boolean =>
  host === 'localhost' || /^[\d.]+$|:/.test(host) || everStored(at, { resource: 'nodes', name: host })
/** One of that name in any namespace, as the answer may come from another. */
function isService(said: string, own: string, at: PredicateContext): boolean {
  const [namespace, name] = said.includes('/') ? said.split('/') : [undefined, said]
  return at.driver.storedList('services', namespace).some(s =>
    s.metadata.name === name) || everStored(at, { resource: 'services', namespace: namespace ?? own, name })
}
export const network: readonly PredicateDefinition[] = [reaches, reachesAddress, resolves, asks]
