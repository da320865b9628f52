import type { Reached } from '../../drivers/driver.ts'
import type { PredicateContext, PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { knownReason, NotModelled } from '../errors.ts'
import { referenceOf } from '../subjects/index.ts'
import { unselected } from './endpoints.ts'
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
  id: 'reaches', phrases: [
    'reaches {target}', 'can reach {target}', 'reaches {target} on port {port}', 'can reach {target} on port {port}', 'connects to {target}', 'connects to {target} on port {port}',
  ],
  parameters: { target: 'subject', port: 'int' }, subjects: ['object'], misfit: onlyOf('pods', 'nodes'), reads: changes, volatile: true,
  doc:
    'A request from this pod or node to the service (or pod) is answered, whichever of its endpoints is chosen, by the rules that kube-proxy has on its node, and no NetworkPolicy drops it. While some endpoints answer and some do not, it neither reaches the service nor does it not. Where no port is said, a service is asked at its first, a pod at the first that it declares, else at one that a Service of its sends to, else at 80.',
  examples: [
    'pod orders eventually reaches service catalog', 'a pod of deployment orders reaches service postgres', 'pod orders does not reach pod web',
    'pod orders reaches pod web on port 8080', 'node worker-1 reaches service catalog',
  ],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  test(subject, { target, port }, place) {
    const { ref, label } = referenceOf(target, place), service = ref.resource === 'services'
    const unasked = silent(subject, place)
    if (unasked) return unasked
    const namespace = ref.namespace ?? subject.object.metadata.namespace ?? 'default', spec = place.driver.stored(ref.resource, namespace, ref.name)?.spec
    if (service && isNode(subject) && (spec?.clusterIP === 'None' || spec?.type === 'ExternalName')) {
      return moot(`${label} is but a name, and a node does not ask the cluster's DNS`)
    }
    const answer = at(place.driver.reach(senderOf(subject), { namespace, port, ...service ? { service: ref.name } : { pod: ref.name } }))
    if (answer.servedBy === undefined && !everStored(place, ref)) return moot(`there is no ${label}`)
    const stored = service && answer.error?.includes('has no ready endpoints') ? place.driver.stored('services', namespace, ref.name) : undefined
    return answered(stored ? { ...answer, error: `${answer.error}${unselected(stored, place.driver)}` } : answer)
  },
})
const isNode = ({ ref }: ResolvedSubject): boolean => ref?.resource === 'nodes'
const senderOf = (subject: ResolvedSubject): Parameters<PredicateContext['driver']['reach']>[0] => {
  const { name, namespace = 'default' } = subject.object.metadata
  return isNode(subject) ? { namespace, node: name } : { namespace, pod: name }
}
/** Where chance decides, neither that it is reached nor that it is not. */
const answered = ({ servedBy, error, unless }: Reached): PredicateResult =>
  unless !== undefined ? moot(knownReason(unless)) : holdsIf(servedBy !== undefined, () => knownReason(error ?? 'nobody answered'))
const reachesAddress = definePredicate({
  id: 'reaches-address', phrases: ['reaches address {address}', 'can reach address {address}'], parameters: { address: 'text' }, subjects: ['object'],
  misfit: onlyOf('pods', 'nodes'), reads: changes, volatile: true,
  doc:
    'A request from this pod or node to `HOST:PORT` is answered. HOST is an IP address (of a Service, a pod or a node), the name of a node, localhost, or a name that the pod looks up as `resolves` does; where it stands for several addresses and only some answer, it is neither reached nor not.',
  examples: [
    'pod orders reaches address "worker-2:30080"', 'node worker-1 does not reach address "127.0.0.1:30080"',
    'pod orders eventually reaches address "10.96.0.10:53"', 'pod orders reaches address "db-0.db:5432"',
  ],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  test(subject, { address }, place) {
    const match = /^([^:]+):(\d{1,5})$/.exec(address), port = Number(match?.[2])
    if (!match || port < 1 || port > 65535) return moot(`${address} is no address such as worker-1:30080`)
    const named = !isHost(match[1], place)
    if (named && isNode(subject)) return moot(`${match[1]} is neither an IP address nor a node, and a node does not ask the cluster's DNS`)
    const unasked = silent(subject, place)
    if (unasked) return unasked
    const hosts = named ? hostsOf(subject, match[1], place) : [match[1]], from = senderOf(subject)
    if (!Array.isArray(hosts)) return hosts as PredicateResult
    const answers = hosts.map(host => at(place.driver.reach(from, { namespace: from.namespace, host, port })))
    const lost = answers.filter(a => a.servedBy === undefined)
    if (lost.length === 0 || lost.length === answers.length) return answered(answers.find(a => a.unless !== undefined) ?? answers[0])
    return moot(`${lost.length} of the ${answers.length} addresses of ${match[1]} ${lost.length === 1 ? 'does' : 'do'} not answer: ${knownReason(lost[0].error ?? '')}`)
  },
})
/** The addresses that a name leads a pod to. One that nobody has ever had, as one that is misspelt, is no address that is not reached. */
function hostsOf({ object }: ResolvedSubject, name: string, place: PredicateContext): readonly string[] | PredicateResult {
  const { error, address, addresses } = at(place.driver.resolve(name, object.metadata.namespace, object.metadata.name))
  if (error === undefined) return addresses ?? (address === undefined ? [] : [address])
  const why = knownReason(error), isKnown = name.split('.').some(label => isService(label, object.metadata.namespace, place))
  return why.endsWith('no such host') && !isKnown ? moot(why) : no(why)
}
const resolves = definePredicate({
  id: 'resolves', phrases: ['resolves {name} to service {service} in namespace {namespace}', 'resolves {name} to service {service}', 'resolves {name}'],
  parameters: { name: 'text', service: 'name', namespace: 'name' }, subjects: ['object'],
  misfit: onlyOf('pods'), reads: changes, volatile: true,
  doc: 'CoreDNS answers the name for this pod, with the address of the service.',
  examples: [
    'pod orders resolves "shop.bazaar.svc" to service shop', 'pod orders resolves "shop.bazaar" to service shop in namespace bazaar',
    'pod orders does not resolve "nowhere"',
  ],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  test(subject, { name, service, namespace }, place) {
    const { object } = subject, unasked = silent(subject, place)
    if (unasked) return unasked
    const answer = at(place.driver.resolve(name, object.metadata.namespace, object.metadata.name))
    const wanted = service === undefined ? undefined : [namespace ?? [], service].flat().map(part => nameIn(part, place)).join('/')
    const matches = wanted === undefined
      || [answer.service, ...answer.services ?? []].some(s => s !== undefined && (s === wanted || s.split('/').at(-1) === wanted))
    const found = (): string => answer.service ? `service ${answer.service}` : answer.address ?? 'nothing'
    const seen = (): string => `${knownReason(answer.error ?? `it is ${found()}`)}${namesake(name, answer.error, place)}`
    if (wanted !== undefined && !isService(wanted, object.metadata.namespace, place)) return moot(`${seen()} (there is no service ${wanted})`)
    return holdsIf(answer.error === undefined && matches, seen)
  },
})
/** `web` is looked up in the namespace of the pod, and where its search list says. */
function namesake(name: string, error: string | undefined, { driver }: PredicateContext): string {
  if (!error?.endsWith('no such host')) return ''
  const first = name.split('.')[0], homes = driver.storedList('services').filter(s => s.metadata.name === first).map(s => s.metadata.namespace)
  return homes.length > 0 ? ` (there is a service ${first} in namespace ${homes.slice(0, 3).join(', ')})` : ''
}
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
