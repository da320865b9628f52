import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, labelsText, or } from './meta/cells.ts'
import { duplicate, forbidden, invalid, notSupported, portRange, required } from './meta/errors.ts'
import { change, changeAll, fill, without } from './meta/fill.ts'
import { cidrText, cidrWarnings, ipWarnings, parseCidr } from '../api/cidr.ts'
import { dns1123Label, dns1123Subdomain, label1035Name, portName, qualifiedName } from '../api/names.ts'
import { validateAddress } from './ingress.ts'
import { validateIP } from './meta/addresses.ts'
import { validateLabels } from './meta/object-meta.ts'
import { released, sameList, validateAddresses, withFamilies } from './service-families.ts'

/**
 * Addresses and node ports are given by the API server's storage, which alone knows what is taken.
 * Source: pkg/apis/core/v1/defaults.go (SetDefaults_Service), pkg/apis/core/validation/validation.go (ValidateService*), pkg/registry/core/service.
 */
export const service: KindRules = {
  resource: 'services',
  nameRule: label1035Name,
  fieldSelectors: { 'spec.clusterIP': s => s.spec?.clusterIP ?? '', 'spec.type': s => s.spec?.type ?? '' },
  defaults: s => change(change(s, 'spec', defaultSpec), 'status', withModes),
  beforeCreate: s => s.spec ? { ...s, spec: withFamilies(s.spec) } : s,
  beforeUpdate: (s, old) => withoutBalancer(keepAllocated(s, old)),
  // A name has no traffic policy, but what it had before is still stored and watched.
  whenRead: s => s.spec?.type === 'ExternalName' ? change(s, 'spec', spec => without(spec, 'internalTrafficPolicy')) : s,
  validate: validateService,
  validateUpdate: (s, old) => s.spec === old.spec ? [] : validateUpdate(s, old),
  validateStatusUpdate: s => s.spec?.type !== 'LoadBalancer' && s.status?.loadBalancer?.ingress?.length
    ? [forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'")]
    : (s.status?.loadBalancer?.ingress ?? []).flatMap((ingress: any, i: number) => validateIngress(ingress, i)),
  warnings: s => [
    ...s.spec?.clusterIP === 'None' ? ignoredWithoutAddress(s.spec).map(field => `spec.${field} is ignored for headless services`) : [],
    ...s.spec?.externalName && s.spec.type !== 'ExternalName' ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : [],
    ...s.spec?.trafficDistribution === 'PreferClose' ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'] : [],
    ...(s.spec?.externalIPs ?? []).flatMap((ip: string, i: number) => ipWarnings(`spec.externalIPs[${i}]`, ip)),
    ...s.spec?.loadBalancerIP ? ipWarnings('spec.loadBalancerIP', s.spec.loadBalancerIP) : [],
    ...(s.spec?.loadBalancerSourceRanges ?? []).flatMap((cidr: string, i: number) => cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, cidr.trim())),
  ],
  cells: (s, nowMs) =>
    [s.metadata.name, or(s.spec?.type), or(s.spec?.clusterIP), externalAddress(s), portsText(s.spec?.ports), age(s, nowMs), labelsText(s.spec?.selector)],
}

/** Traffic comes to an address of a load balancer as it was sent, unless somebody says otherwise. */
const withModes = (status: any): any => change(status, 'loadBalancer', balancer => change(balancer, 'ingress', list =>
  changeAll(list, ingress => ingress.ip && ingress.ipMode === undefined ? { ...ingress, ipMode: 'VIP' } : ingress)))
function validateIngress(ingress: any, i: number): FieldError[] {
  const at = `status.loadBalancer.ingress[${i}].ipMode`, { ip, ipMode, hostname } = ingress
  const mode = ipMode === undefined ? []
    : !ip ? [forbidden(at, 'may not be specified when `ip` is not set')]
    : ['Proxy', 'VIP'].includes(ipMode) ? []
    : [notSupported(at, ipMode, ['Proxy', 'VIP'])]
  return [...validateAddress({ ip }, i), ...mode, ...validateAddress({ hostname }, i)]
}

const specDefaults = { sessionAffinity: 'None', type: 'ClusterIP' }
function defaultSpec(spec: any): any {
  let s = fill(spec, specDefaults)
  if (s.sessionAffinity === 'ClientIP' && s.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    s = { ...s, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }
  }
  if (s.sessionAffinity === 'None' && s.sessionAffinityConfig) { const { sessionAffinityConfig: _, ...rest } = s; s = rest }
  s = change(s, 'ports', ports => changeAll(ports, defaultPort))
  if (exposed(s) && !s.externalTrafficPolicy) s = { ...s, externalTrafficPolicy: 'Cluster' }
  if ((s.internalTrafficPolicy ?? undefined) === undefined && s.type !== 'ExternalName') s = { ...s, internalTrafficPolicy: 'Cluster' }
  if (s.type === 'LoadBalancer' && s.allocateLoadBalancerNodePorts === undefined) s = { ...s, allocateLoadBalancerNodePorts: true }
  return s
}
function defaultPort(port: any): any {
  let p = port.protocol ? port : { ...port, protocol: 'TCP' }
  if (p.targetPort === undefined || p.targetPort === 0 || p.targetPort === '') p = { ...p, targetPort: p.port }
  return p
}

const reachable = (spec: any): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer'
const exposed = (spec: any): boolean => reachable(spec) || spec.externalIPs?.length > 0

/** What is no load balancer any more has no addresses of one. Source: pkg/registry/core/service/strategy.go (dropTypeDependentFields) */
const withoutBalancer = (s: any): any =>
  s.spec?.type !== 'LoadBalancer' && s.status?.loadBalancer?.ingress ? { ...s, status: { ...s.status, loadBalancer: {} } } : s
/** What was allocated stays unless the new spec says otherwise. Source: patchAllocatedValues and dropTypeDependentFields in pkg/registry/core/service. */
function keepAllocated(s: any, old: any): any {
  const spec = withFamilies(released(dropForType(keepAddresses(s.spec ?? {}, old.spec), old.spec), old.spec))
  if (!reachable(spec) || !reachable(old.spec) || !spec.ports) return spec === s.spec ? s : { ...s, spec }
  const byName = new Map<string, number>((old.spec.ports ?? []).map((p: any) => [p.name ?? '', p.nodePort]))
  const used = new Set<number>(spec.ports.map((p: any) => p.nodePort))
  const ports = changeAll(spec.ports, port => {
    const kept = port.nodePort ? undefined : byName.get(port.name ?? '')
    return kept && !used.has(kept) ? { ...port, nodePort: kept } : port
  })
  return { ...s, spec: { ...spec, ports } }
}
function keepAddresses(now: any, before: any): any {
  if (now.type === 'ExternalName' || before.type === 'ExternalName') return now
  let spec = now
  if (!now.clusterIP && (!now.clusterIPs?.length || sameList(now.clusterIPs, before.clusterIPs)))
    spec = { ...spec, clusterIP: before.clusterIP, clusterIPs: before.clusterIPs }
  else if (now.clusterIP && !now.clusterIPs?.length) spec = { ...spec, clusterIPs: now.clusterIP === before.clusterIP ? before.clusterIPs : [now.clusterIP] }
  else if (now.clusterIP !== before.clusterIP
    && sameList(now.clusterIPs, before.clusterIPs)) spec = { ...spec, clusterIPs: now.clusterIP ? [now.clusterIP, ...now.clusterIPs.slice(1)] : [] }
  if (!now.ipFamilies?.length && before.ipFamilies) spec = { ...spec, ipFamilies: before.ipFamilies }
  if (!now.ipFamilyPolicy && before.ipFamilyPolicy) spec = { ...spec, ipFamilyPolicy: before.ipFamilyPolicy }
  return spec
}
/** A change of type takes with it what only the old type could have, unless the client changed that too. */
function dropForType(now: any, before: any): any {
  let spec = now
  if (now.type === 'ExternalName' && before.type !== 'ExternalName') {
    if (sameList(now.clusterIPs, before.clusterIPs)) spec = without(without(spec, 'clusterIP'), 'clusterIPs')
    if (sameList(now.ipFamilies, before.ipFamilies)) spec = without(spec, 'ipFamilies')
    if (now.ipFamilyPolicy === before.ipFamilyPolicy) spec = without(spec, 'ipFamilyPolicy')
  }
  const nodePorts = (s: any): string[] => (s.ports ?? []).map((p: any) => String(p.nodePort ?? 0))
  if (reachable(before) && !reachable(now) && sameList(nodePorts(now), nodePorts(before))) {
    spec = change(spec, 'ports', ports => changeAll(ports, p => without(p, 'nodePort')))
  }
  if (before.type === 'LoadBalancer' && now.type !== 'LoadBalancer') {
    for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort']) {
      if (now[field] === before[field]) spec = without(spec, field)
    }
  }
  if (healthChecked(before) && !healthChecked(now) && now.healthCheckNodePort === before.healthCheckNodePort) spec = without(spec, 'healthCheckNodePort')
  return exposed(before) && !exposed(now) && now.externalTrafficPolicy === before.externalTrafficPolicy ? without(spec, 'externalTrafficPolicy') : spec
}
const healthChecked = (spec: any): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'

/** Addresses are looked at by those who give them, and what is wrong with them ends it. Source: pkg/registry/core/service/storage (beginUpdate) */
function validateUpdate(s: any, old: any): readonly FieldError[] {
  const wrong = s.spec.type === 'ExternalName' ? [] : validateAddresses(s.spec, old.spec)
  return wrong.length > 0 ? wrong : [...validateChange(s.spec, old.spec), ...validateService(s)]
}
const ignoredWithoutAddress = ({ loadBalancerIP, externalIPs, sessionAffinity }: any): readonly string[] => [
  ...loadBalancerIP ? ['loadBalancerIP'] : [], ...externalIPs?.length ? ['externalIPs'] : [], ...sessionAffinity !== 'None' ? ['SessionAffinity'] : [],
]
function validateChange(now: any, before: any): FieldError[] {
  const errors: FieldError[] = []
  if (now.type === 'ExternalName' || before.type === 'ExternalName') return errors
  const ips = now.clusterIPs ?? [], old = before.clusterIPs ?? []
  if (ips.length > 0 && ips[0] !== now.clusterIP) return [invalid('spec.clusterIPs', ips, 'first value must match `clusterIP`')]
  if (old.length > 0 && ips.length > 0 && ips[0] !== old[0]) errors.push(invalid('spec.clusterIPs[0]', ips, 'may not change once set'))
  if (old.length > 0 && ips.length === 0) errors.push(invalid('spec.clusterIPs[0]', ips, 'primary clusterIP can not be unset'))
  if (now.type === 'LoadBalancer' && before.type === 'LoadBalancer' && now.loadBalancerClass !== before.loadBalancerClass) {
    errors.push(invalid('spec.loadBalancerClass', now.loadBalancerClass ?? null, 'may not change once set'))
  }
  if (healthChecked(now) && healthChecked(before) && now.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.push(forbidden('spec.healthCheckNodePort', 'field is immutable'))
  }
  return errors
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], protocols = ['SCTP', 'TCP', 'UDP'], affinities = ['ClientIP', 'None']
function validateService(s: any): FieldError[] {
  const spec = s.spec ?? {}, errors: FieldError[] = [], headless = spec.clusterIP === 'None', ports: readonly any[] = spec.ports ?? []
  // Addresses are looked at first, by storage; if they are wrong nothing else is said.
  const early = spec.type === 'ExternalName' ? [] : validateAddresses(spec)
  if (early.length > 0) return early
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  if (spec.type === 'LoadBalancer' && headless) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"))
  if (spec.type === 'NodePort' && headless) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"))
  if (spec.type === 'ExternalName') {
    if (spec.clusterIP) errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'))
    for (const field of ['ipFamilies', 'ipFamilyPolicy']) {
      if (spec[field]?.length) errors.push(forbidden(`spec.${field}`, 'may not be set for ExternalName services'))
    }
    const name = (spec.externalName ?? '').replace(/\.$/, '')
    if (!name) errors.push(required('spec.externalName'))
    else for (const text of dns1123Subdomain(name)) errors.push(invalid('spec.externalName', spec.externalName, text))
  }
  validatePorts(ports, errors)
  if (spec.selector) errors.push(...validateLabels(spec.selector, 'spec.selector'))
  if (!affinities.includes(spec.sessionAffinity ?? 'None')) errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, affinities))
  validateAffinityConfig(spec, errors)
  ;(spec.externalIPs ?? []).forEach((ip: string, i: number) => errors.push(...validateIP(ip, `spec.externalIPs[${i}]`)))
  if (!types.includes(spec.type)) errors.push(spec.type ? notSupported('spec.type', spec.type, types) : required('spec.type'))
  if (spec.type === 'ClusterIP' || spec.type === undefined) {
    ports.forEach((p, i) => { if (p.nodePort) errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'")) })
  }
  validateUniquePorts(ports, errors)
  validateBalancer(spec, errors)
  validatePolicies(spec, errors)
  return errors
}

function validatePorts(ports: readonly any[], errors: FieldError[]): void {
  const names = new Set<string>()
  ports.forEach((port, i) => {
    const at = `spec.ports[${i}]`
    if (!port.name) { if (ports.length > 1) errors.push(required(`${at}.name`)) }
    else {
      for (const text of dns1123Label(port.name)) errors.push(invalid(`${at}.name`, port.name, text))
      if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    errors.push(...portRange(port.port ?? 0, `${at}.port`))
    if (!protocols.includes(port.protocol ?? 'TCP')) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols))
    if (typeof port.targetPort === 'string') for (const text of portName(port.targetPort)) errors.push(invalid(`${at}.targetPort`, port.targetPort, text))
    else if (port.targetPort !== undefined) errors.push(...portRange(port.targetPort, `${at}.targetPort`))
    if (port.appProtocol !== undefined) for (const text of qualifiedName(port.appProtocol)) errors.push(invalid(`${at}.appProtocol`, port.appProtocol, text))
  })
}
function validateUniquePorts(ports: readonly any[], errors: FieldError[]): void {
  const seen = new Set<string>(), nodePorts = new Set<string>()
  ports.forEach((p, i) => {
    const key = `${p.protocol}/${p.port}`, node = `${p.protocol}/${p.nodePort}`
    if (p.nodePort && nodePorts.has(node)) errors.push(duplicate(`spec.ports[${i}].nodePort`, p.nodePort))
    if (p.nodePort) nodePorts.add(node)
    if (seen.has(key)) {
      errors.push(duplicate(`spec.ports[${i}]`, { Name: '', Protocol: p.protocol, AppProtocol: null, Port: p.port, TargetPort: 0, NodePort: 0 }))
    }
    seen.add(key)
  })
}
function validateAffinityConfig({ sessionAffinity, sessionAffinityConfig: config }: any, errors: FieldError[]): void {
  const seconds = config?.clientIP?.timeoutSeconds, at = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
  if (sessionAffinity === 'ClientIP' && (seconds <= 0 || seconds > 86_400)) errors.push(invalid(at, seconds, 'must be greater than 0 and less than 86400'))
}
function validateBalancer(spec: any, errors: FieldError[]): void {
  const only = "may only be used when `type` is 'LoadBalancer'", balanced = spec.type === 'LoadBalancer'
  const ranges: readonly string[] = spec.loadBalancerSourceRanges ?? []
  if (ranges.length > 0 && !balanced) errors.push(forbidden('spec.LoadBalancerSourceRanges', only))
  ranges.forEach((range, i) => { if (!parseCidr(range.trim())) errors.push(invalid(`spec.LoadBalancerSourceRanges[${i}]`, range.trim(), cidrText)) })
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', only))
  if (spec.loadBalancerClass === undefined) return
  if (!balanced) errors.push(forbidden('spec.loadBalancerClass', only))
  else for (const text of qualifiedName(spec.loadBalancerClass)) errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass, text))
}
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
function validatePolicies(spec: any, errors: FieldError[]): void {
  const policies = ['Cluster', 'Local']
  if (spec.externalTrafficPolicy && !exposed(spec))
    errors.push(invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, 'may only be set for externally-accessible services'))
  else if (spec.externalTrafficPolicy
    && !policies.includes(spec.externalTrafficPolicy)) errors.push(notSupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, policies))
  const checked = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
  if (spec.healthCheckNodePort && !checked) {
    errors.push(invalid(
      'spec.healthCheckNodePort', spec.healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    ))
  }
  if (spec.internalTrafficPolicy !== undefined && !policies.includes(spec.internalTrafficPolicy)) {
    errors.push(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, policies))
  }
  if (spec.trafficDistribution !== undefined && !distributions.includes(spec.trafficDistribution)) {
    errors.push(notSupported('spec.trafficDistribution', spec.trafficDistribution, distributions))
  }
}

function externalAddress(s: any): string {
  const ips: readonly string[] = s.spec?.externalIPs ?? []
  if (s.spec?.type === 'LoadBalancer') {
    const given = (s.status?.loadBalancer?.ingress ?? []).map((i: any) => i.ip || i.hostname).filter(Boolean), all = [...given, ...ips]
    return all.length > 0 ? all.join(',') : '<pending>'
  }
  if (s.spec?.type === 'ExternalName') return s.spec.externalName ?? ''
  return ips.length > 0 ? ips.join(',') : '<none>'
}
const portsText = (ports: readonly any[] | undefined): string =>
  ports?.length ? ports.map(p => p.nodePort ? `${p.port}:${p.nodePort}/${p.protocol}` : `${p.port}/${p.protocol}`).join(',') : '<none>'
