import { kindOf } from '../kinds.ts'
import { rfc1123 } from './containers.ts'
import { labelsText } from '../printers/table.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import { orForbidden, type Page } from './page.ts'

const head = (page: Page, { metadata }: any): void => {
  page.line(0, 'Name:', metadata.name); page.line(0, 'Namespace:', metadata.namespace)
  page.pairs('Labels', metadata.labels); page.annotations('Annotations', metadata.annotations)
}
const slicesOf = (page: Page, namespace: string, service: string): Promise<any[]> =>
  orForbidden(page.session.list(kindOf('endpointslices'), { namespace, labelSelector: `kubernetes.io/service-name=${service}` }), () => [])

/** Ready addresses behind one port, three at most. Source: describe.go, formatEndpointSlices. */
function addresses(slices: readonly any[], port: string): string {
  if (slices.length === 0) return '<none>'
  const all = slices.flatMap(s => {
    const ready = (s.endpoints ?? []).filter((e: any) => e.conditions?.ready !== false)
    // a headless Service may have endpoints behind which no port stands
    if (!s.ports?.length) return ready.map((e: any) => e.addresses[0])
    return s.ports.filter((p: any) => (p.name ?? '') === port).flatMap((p: any) =>
      ready.flatMap((e: any) => e.addresses.map((a: string) => p.port === undefined ? a : `${a}:${p.port}`)))
  })
  const shown = all.slice(0, 3).join(',')
  return shown === '' ? '' : all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown
}

/** Source: describe.go, describeService. */
export const service: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object, slices = await slicesOf(page, metadata.namespace, metadata.name)
  const optional = (title: string, value: unknown): void => { if (value) page.line(0, title, String(value)) }
  head(page, object)
  page.line(0, 'Selector:', labelsText(spec.selector))
  page.line(0, 'Type:', spec.type)
  optional('IP Family Policy:', spec.ipFamilyPolicy)
  page.line(0, 'IP Families:', spec.ipFamilies?.join(',') || '<none>')
  page.line(0, 'IP:', spec.clusterIP ?? '')
  page.line(0, 'IPs:', spec.clusterIPs?.join(',') || '<none>')
  optional('External IPs:', spec.externalIPs?.join(','))
  optional('Desired LoadBalancer IP:', spec.loadBalancerIP)
  optional('External Name:', spec.externalName)
  optional('LoadBalancer Ingress:', status.loadBalancer?.ingress?.map((i: any) => i.ip ? i.ipMode ? `${i.ip} (${i.ipMode})` : i.ip : i.hostname).join(', '))
  for (const port of spec.ports ?? []) {
    const name = port.name || '<unset>'
    page.line(0, 'Port:', name, `${port.port}/${port.protocol}`)
    page.line(0, 'TargetPort:', `${port.targetPort}/${port.protocol}`)
    if (port.nodePort) page.line(0, 'NodePort:', name, `${port.nodePort}/${port.protocol}`)
    page.line(0, 'Endpoints:', addresses(slices, port.name ?? ''))
  }
  page.line(0, 'Session Affinity:', spec.sessionAffinity ?? '')
  optional('External Traffic Policy:', spec.externalTrafficPolicy)
  optional('Internal Traffic Policy:', spec.internalTrafficPolicy)
  optional('HealthCheck NodePort:', spec.healthCheckNodePort)
  optional('LoadBalancer Source Ranges:', spec.loadBalancerSourceRanges?.join(','))
  optional('Traffic Distribution:', spec.trafficDistribution)
  await describeEvents(page, kind, object)
}

/** Source: describe.go, describeServiceCIDRV1. */
export const serviceCidr: Describer = async (page, kind, object) => {
  const { metadata, spec, status } = object
  page.line(0, 'Name:', metadata.name)
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'CIDRs:', (spec.cidrs ?? []).join(', '))
  if (status?.conditions?.length) {
    page.line(0, 'Status:')
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message')
    page.line(1, '----', '------', '------------------', '------', '-------')
    for (const c of status.conditions) page.line(1, c.type, c.status, rfc1123(c.lastTransitionTime), c.reason ?? '', c.message ?? '')
  }
  await describeEvents(page, kind, object)
}

export const endpoints: Describer = async (page, kind, object) => {
  head(page, object)
  page.line(0, 'Subsets:')
  for (const subset of object.subsets ?? []) {
    const ips = (list: readonly any[] | undefined): string => (list ?? []).map(a => a.ip).join(',') || '<none>'
    page.line(1, 'Addresses:', ips(subset.addresses))
    page.line(1, 'NotReadyAddresses:', ips(subset.notReadyAddresses))
    if (subset.ports?.length) {
      page.line(1, 'Ports:'); page.line(2, 'Name', 'Port', 'Protocol'); page.line(2, '----', '----', '--------')
      for (const p of subset.ports) page.line(2, p.name || '<unset>', String(p.port), p.protocol ?? 'TCP')
    }
    page.line(0)
  }
  await describeEvents(page, kind, object)
}

export const endpointSlice: Describer = async (page, kind, object) => {
  head(page, object)
  page.line(0, 'AddressType:', object.addressType)
  if (!object.ports?.length) page.line(0, 'Ports: <unset>')
  else {
    page.line(0, 'Ports:'); page.line(1, 'Name', 'Port', 'Protocol'); page.line(1, '----', '----', '--------')
    for (const p of object.ports) page.line(1, p.name || '<unset>', String(p.port ?? '<unset>'), p.protocol ?? 'TCP')
  }
  if (!object.endpoints?.length) page.line(0, 'Endpoints: <none>')
  else page.line(0, 'Endpoints:')
  for (const e of object.endpoints ?? []) {
    page.line(1, '- Addresses:', e.addresses?.join(', ') || '<none>')
    page.line(2, 'Conditions:')
    page.line(3, 'Ready:', String(e.conditions?.ready ?? '<unset>'))
    page.line(2, 'Hostname:', e.hostname ?? '<unset>')
    if (e.targetRef) page.line(2, 'TargetRef:', `${e.targetRef.kind}/${e.targetRef.name}`)
    page.line(2, 'NodeName:', e.nodeName ?? '<unset>')
    page.line(2, 'Zone:', e.zone ?? '<unset>')
  }
  await describeEvents(page, kind, object)
}

/** Source: describe.go, describeIngressV1. */
export const ingress: Describer = async (page, kind, object) => {
  const { metadata, spec, status = {} } = object
  const backend = async ({ service: to, resource }: any): Promise<string> => {
    if (!to) return resource ? `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}` : ''
    const slices = await slicesOf(page, metadata.namespace, to.name)
    const found = await page.session.ask({ verb: 'get', ...page.session.of(kindOf('services'), metadata.namespace), name: to.name })
    const text = `${to.name}:${to.port?.number ?? to.port?.name}`
    if (found.code !== 200) return `${text} (<error: ${found.body?.message ?? ''}>)`
    const port = found.body.spec.ports?.find((p: any) => p.port === to.port?.number || (p.name && p.name === to.port?.name))
    return `${text} (${addresses(slices, port?.name ?? '')})`
  }
  page.line(0, 'Name:', metadata.name)
  page.pairs('Labels', metadata.labels)
  page.line(0, 'Namespace:', metadata.namespace)
  page.line(0, 'Address:', (status.loadBalancer?.ingress ?? []).map((i: any) => i.ip ?? i.hostname).join(','))
  page.line(0, 'Ingress Class:', spec.ingressClassName ?? '<none>')
  const fallback = spec.defaultBackend ? await backend(spec.defaultBackend) : '<default>'
  page.line(0, 'Default backend:', fallback)
  if (spec.tls?.length) {
    page.line(0, 'TLS:')
    for (const t of spec.tls) page.line(1, t.secretName ? `${t.secretName} terminates ${(t.hosts ?? []).join(',')}` : `SNI routes ${(t.hosts ?? []).join(',')}`)
  }
  page.line(0, 'Rules:'); page.line(1, 'Host', 'Path', 'Backends'); page.line(1, '----', '----', '--------')
  const rules = (spec.rules ?? []).filter((r: any) => r.http)
  for (const rule of rules) {
    page.line(1, rule.host || '*', '')
    for (const path of rule.http.paths) page.line(2, '', `${path.path ?? ''} `, await backend(path.backend))
  }
  if (rules.length === 0) page.line(1, '*', '*', fallback)
  page.annotations('Annotations', metadata.annotations)
  await describeEvents(page, kind, object)
}
