import { clusterDnsAddress } from '../../../runtime-model/api/cluster-dns.ts'
import { NotModelled } from '../../errors.ts'
import { isBusybox, type Ended, type Place } from './process.ts'

const ZONE = 'cluster.local', SERVER = clusterDnsAddress
interface Resolver { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] }

/** Source: pkg/kubelet/network/dns/dns.go (GetPodDNS, appendDNSConfig); https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
function resolverOf({ metadata, spec }: any): Resolver {
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {} } = spec
  const own = (dnsConfig.options ?? []).map((o: any) => o.value === undefined ? o.name : `${o.name}:${o.value}`)
  if (dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && spec.hostNetwork)) throw new NotModelled('the resolver of a node')
  const base: Resolver = dnsPolicy === 'None'
    ? { servers: [], searches: [], options: [] }
    : { servers: [SERVER], searches: [`${metadata.namespace}.svc.${ZONE}`, `svc.${ZONE}`, ZONE], options: ['ndots:5'] }
  const name = (option: string): string => option.split(':')[0]
  return {
    servers: [...new Set([...base.servers, ...dnsConfig.nameservers ?? []])], searches: [...new Set([...base.searches, ...dnsConfig.searches ?? []])],
    options: [...base.options.filter(o => !own.some((mine: string) => name(mine) === name(o))), ...own],
  }
}
/** As the runtime writes it. Source: containerd internal/cri/server/podsandbox (parseDNSOptions). */
export function resolvConf(pod: any): string {
  const { servers, searches, options } = resolverOf(pod)
  return [
    ...searches.length ? [`search ${searches.join(' ')}`] : [], ...servers.map(s => `nameserver ${s}`),
    ...options.length ? [`options ${options.join(' ')}`] : [],
    '',
  ].join('\n')
}

export interface Found { readonly name: string; readonly addresses: readonly string[] }
/** What a name means to a pod, with the full name that was answered; a text: why it means nothing. */
export async function lookUp({ driver, pod }: Place, name: string): Promise<Found | string> {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return { name, addresses: [name] }
  const { name: self, namespace } = pod.metadata, first = await driver.resolve(name, namespace, self)
  if (first.error !== undefined || first.address === undefined) {
    if (first.error?.startsWith('not modelled: ')) throw new NotModelled(first.error.slice('not modelled: '.length))
    return first.error ?? 'no such host'
  }
  let full = name.replace(/\.$/, '')
  for (const suffix of name.endsWith('.') ? [] : resolverOf(pod).searches) {
    const tried = await driver.resolve(`${full}.${suffix}.`, namespace, self)
    if (tried.error === undefined && tried.address === first.address) { full = `${full}.${suffix}`; break }
  }
  return { name: full, addresses: first.addresses ?? [first.address] }
}
export const noSuchHost = (why: string): boolean => why.includes('no such host')

/** As bind's prints it, or busybox's up to 1.28, the last that asks by the search list as programs do. */
export async function nslookup(place: Place, words: readonly string[]): Promise<Ended> {
  if (words.length !== 1 || words[0].startsWith('-')) throw new NotModelled(`nslookup ${words.join(' ')} in a container`)
  const [name] = words, old = /(^|\/)busybox:1\.(1\d|2[0-8])(\D|$)/.test(place.container.image)
  if (isBusybox(place) && !old && !name.replace(/\.$/, '').endsWith(`.${ZONE}`)) {
    throw new NotModelled(`how the nslookup of ${place.container.image} asks for ${name}: those of busybox after 1.28 do not ask as programs do`)
  }
  const [server] = resolverOf(place.pod).servers, found = await lookUp(place, name)
  const head = old ? `Server:    ${server}\nAddress 1: ${server} kube-dns.kube-system.svc.${ZONE}\n\n`
    : isBusybox(place) ? `Server:\t\t${server}\nAddress:\t${server}:53\n\n`
    : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`
  if (typeof found !== 'string') {
    if (old) return { stdout: `${head}Name:      ${name}\n${found.addresses.map((a, i) => `Address ${i + 1}: ${a} ${found.name}\n`).join('')}` }
    return { stdout: `${head}${found.addresses.map(a => `Name:\t${found.name}\nAddress: ${a}\n`).join('')}\n` }
  }
  if (!noSuchHost(found)) {
    await place.driver.advance(15_000)
    return { stdout: ';; connection timed out; no servers could be reached\n\n', code: 1 }
  }
  return old
    ? { stdout: head, stderr: `nslookup: can't resolve '${name}'\n`, code: 1 }
    : { stdout: `${head}** server can't find ${name}: NXDOMAIN\n\n`, code: 1 }
}
