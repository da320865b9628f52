import { expanded } from '../../../runtime-model/api/expansion.ts'
import { podField, resourceField } from './downward.ts'
import { storedAt } from './past.ts'
import type { Place } from './process.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The environment that a container was started with: what its objects said then. Variables that its image sets are not known. Source: pkg/kubelet/
 * kubelet_pods.go (makeEnvironmentVariables), pkg/kubelet/envvars/envvars.go; the order is the runtime's, and Go's maps have none, so here it is that of the
 * spec.
 */
export function environmentOf(place: Place): ReadonlyMap<string, string> {
  const { driver, pod, container, startedAt } = place, { namespace } = pod.metadata
  const at = (resource: string): ReadonlyMap<string, any> => storedAt(driver, resource, namespace, startedAt)
  const configMaps = lazy(() => at('configmaps')), secrets = lazy(() => at('secrets'))
  const found = new Map<string, string>([['PATH', PATH], ['HOSTNAME', hostnameOf(pod)]]), links = serviceVariables(place)
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef ? configMaps().get(configMapRef.name)?.data : decoded(secrets().get(secretRef?.name)?.data)
    for (const key of Object.keys(data ?? {}).sort()) found.set(prefix + key, data[key])
  }
  const known = (name: string): string | undefined => found.get(name) ?? links.get(name)
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (!valueFrom) { found.set(name, expanded(value ?? '', known)); continue }
    const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
    const text = fieldRef ? podField(pod, fieldRef.fieldPath, ipOf(place))
      : resourceFieldRef ? resourceField(place, resourceFieldRef)
      : configMapKeyRef ? configMaps().get(configMapKeyRef.name)?.data?.[configMapKeyRef.key]
      : decoded(secrets().get(secretKeyRef?.name)?.data)?.[secretKeyRef?.key]
    if (text !== undefined) found.set(name, text)
  }
  for (const [name, value] of links) if (!found.has(name)) found.set(name, value)
  if (!found.has('HOME')) found.set('HOME', '/root')
  return found
}
function lazy<T>(make: () => T): () => T { let made: T | undefined; return () => made ??= make() }
const decoded = (data: Readonly<Record<string, string>> | undefined): any =>
  data && Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]))

/** `kubernetes` of the default namespace always, and the Services that the namespace had, unless they were not wanted. Source: envvars.go (FromServices). */
function serviceVariables({ driver, pod, startedAt }: Place): ReadonlyMap<string, string> {
  const links = new Map<string, string>(), own = pod.spec.enableServiceLinks !== false
  const master = storedAt(driver, 'services', 'default', startedAt).get('kubernetes')
  const services = own ? [...storedAt(driver, 'services', pod.metadata.namespace, startedAt).values()] : []
  const all = new Map<string, any>([...services.map(s => [s.metadata.name, s] as const), ...master ? [['kubernetes', master] as const] : []])
  for (const name of [...all.keys()].sort()) {
    const { clusterIP, ports = [] } = all.get(name).spec
    if (!clusterIP || clusterIP === 'None' || ports.length === 0) continue
    const prefix = name.toUpperCase().replaceAll('-', '_')
    links.set(`${prefix}_SERVICE_HOST`, clusterIP)
    links.set(`${prefix}_SERVICE_PORT`, String(ports[0].port))
    for (const p of ports) if (p.name) links.set(`${prefix}_SERVICE_PORT_${p.name.toUpperCase().replaceAll('-', '_')}`, String(p.port))
    ports.forEach((p: any, i: number) => {
      const protocol = p.protocol ?? 'TCP', port = `${prefix}_PORT_${p.port}_${protocol}`, url = `${protocol.toLowerCase()}://${clusterIP}:${p.port}`
      if (i === 0) links.set(`${prefix}_PORT`, url)
      for (const [key, value] of [['', url], ['_PROTO', protocol.toLowerCase()], ['_PORT', String(p.port)], ['_ADDR', clusterIP]]) links.set(port + key, value)
    })
  }
  return links
}

/** Source: pkg/kubelet/kubelet_pods.go (GeneratePodHostNameAndDomain, truncatePodHostnameIfNeeded) */
export const hostnameOf = ({ metadata, spec }: any): string =>
  spec.hostNetwork ? spec.nodeName
    : spec.setHostnameAsFQDN && spec.subdomain ? `${spec.hostname ?? metadata.name}.${spec.subdomain}.${metadata.namespace}.svc.cluster.local`
    : (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, '')
export const ipOf = ({ driver, pod }: Place): string | undefined => driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)?.ip ?? pod.status?.podIP
