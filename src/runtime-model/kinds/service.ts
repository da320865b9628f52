import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, labelsText, or } from './meta/cells.ts'
import { duplicate, forbidden, invalid, notSupported, portRange, required } from './meta/errors.ts'
import { change, changeAll, fill, without } from './meta/fill.ts'
import { dns1123Label, dns1123Subdomain, ipText, isIP, label1035Name, portName } from '../api/names.ts'
import { validateLabels } from './meta/object-meta.ts'

/**
 * Addresses and node ports are given by the API server's storage, which alone knows what is taken.
 * Source: pkg/apis/core/v1/defaults.go (SetDefaults_Service), pkg/apis/core/validation/validation.go (ValidateService*), pkg/registry/core/service.
 */
export const service: KindRules = {
  resource: 'services',
  nameRule: label1035Name,
  fieldSelectors: { 'spec.clusterIP': s => s.spec?.clusterIP ?? '', 'spec.type': s => s.spec?.type ?? '' },
  defaults: s => change(s, 'spec', defaultSpec),
  beforeCreate: s => s.spec ? { ...s, spec: withFamilies(s.spec) } : s,
  beforeUpdate: (s, old) => keepAllocated(s, old),
  validate: validateService,
  validateUpdate: (s, old) => s.spec === old.spec ? [] : [...validateChange(s.spec, old.spec), ...validateService(s)],
  validateStatusUpdate: s => s.spec?.type !== 'LoadBalancer' && s.status?.loadBalancer?.ingress?.length ? [forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'")] : [],
  warnings: s => [
    ...s.spec?.clusterIP === 'None' && s.spec.sessionAffinity !== 'None' ? ['spec.SessionAffinity is ignored for headless services'] : [],
    ...s.spec?.externalName && s.spec.type !== 'ExternalName' ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : [],
  ],
  cells: (s, nowMs) => [s.metadata.name, or(s.spec?.type), or(s.spec?.clusterIP), externalAddress(s), portsText(s.spec?.ports), age(s, nowMs), labelsText(s.spec?.selector)],
}

const specDefaults = { sessionAffinity: 'None', type: 'ClusterIP' }
function defaultSpec(spec: any): any {
  let s = fill(spec, specDefaults)
  if (s.sessionAffinity === 'ClientIP' && s.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) s = { ...s, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }
  if (s.sessionAffinity === 'None' && s.sessionAffinityConfig) { const { sessionAffinityConfig: _, ...rest } = s; s = rest }
  s = change(s, 'ports', ports => changeAll(ports, defaultPort))
  if (exposed(s) && !s.externalTrafficPolicy) s = { ...s, externalTrafficPolicy: 'Cluster' }
  if (!s.internalTrafficPolicy && s.type !== 'ExternalName') s = { ...s, internalTrafficPolicy: 'Cluster' }
  if (s.type === 'LoadBalancer' && s.allocateLoadBalancerNodePorts === undefined) s = { ...s, allocateLoadBalancerNodePorts: true }
  return s
}
function defaultPort(port: any): any {
  let p = port.protocol ? port : { ...port, protocol: 'TCP' }
  if (p.targetPort === undefined || p.targetPort === 0 || p.targetPort === '') p = { ...p, targetPort: p.port }
  return p
}

/** Address fields that need no allocation, in a cluster of IPv4 alone. Source: defaultOnWrite in pkg/registry/core/service/storage. */
function withFamilies(spec: any): any {
  if (spec.type === 'ExternalName') return spec
  const given = spec.clusterIP && !spec.clusterIPs?.length ? { ...spec, clusterIPs: [spec.clusterIP] } : !spec.clusterIP && spec.clusterIPs?.length ? { ...spec, clusterIP: spec.clusterIPs[0] } : spec
  // Endpoints of a headless Service without a selector are somebody else's, of whichever family.
  const anyFamily = given.clusterIP === 'None' && Object.keys(given.selector ?? {}).length === 0
  return fill(given, anyFamily ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' } : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
}

const reachable = (spec: any): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer'
const exposed = (spec: any): boolean => reachable(spec) || spec.externalIPs?.length > 0

/** What was allocated stays unless the new spec says otherwise. Source: patchAllocatedValues and dropTypeDependentFields in pkg/registry/core/service. */
function keepAllocated(s: any, old: any): any {
  const spec = dropForType(keepAddresses(s.spec ?? {}, old.spec), old.spec)
  if (!reachable(spec) || !reachable(old.spec) || !spec.ports) return spec === s.spec ? s : { ...s, spec }
  const byName = new Map<string, number>((old.spec.ports ?? []).map((p: any) => [p.name ?? '', p.nodePort])), used = new Set<number>(spec.ports.map((p: any) => p.nodePort))
  const ports = changeAll(spec.ports, port => {
    const kept = port.nodePort ? undefined : byName.get(port.name ?? '')
    return kept && !used.has(kept) ? { ...port, nodePort: kept } : port
  })
  return { ...s, spec: { ...spec, ports } }
}
function keepAddresses(now: any, before: any): any {
  if (now.type === 'ExternalName' || before.type === 'ExternalName') return now
  let spec = now
  if (!now.clusterIP && (!now.clusterIPs?.length || sameList(now.clusterIPs, before.clusterIPs))) spec = { ...spec, clusterIP: before.clusterIP, clusterIPs: before.clusterIPs }
  else if (now.clusterIP && !now.clusterIPs?.length) spec = { ...spec, clusterIPs: now.clusterIP === before.clusterIP ? before.clusterIPs : [now.clusterIP] }
  else if (now.clusterIP !== before.clusterIP && sameList(now.clusterIPs, before.clusterIPs)) spec = { ...spec, clusterIPs: now.clusterIP ? [now.clusterIP, ...now.clusterIPs.slice(1)] : [] }
  if (!now.ipFamilies?.length && before.ipFamilies) spec = { ...spec, ipFamilies: before.ipFamilies }
  if (!now.ipFamilyPolicy && before.ipFamilyPolicy) spec = { ...spec, ipFamilyPolicy: before.ipFamilyPolicy }
  return spec
}
/** A change of type takes with it what only the old type could have, unless the client changed that too. */
function dropForType(now: any, before: any): any {
  let spec = now
  if (now.type === 'ExternalName' && before.type !== 'ExternalName' && sameList(now.clusterIPs, before.clusterIPs)) {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) spec = without(spec, field)
  }
  const nodePorts = (s: any): string[] => (s.ports ?? []).map((p: any) => String(p.nodePort ?? 0))
  if (reachable(before) && !reachable(now) && sameList(nodePorts(now), nodePorts(before))) spec = change(spec, 'ports', ports => changeAll(ports, p => without(p, 'nodePort')))
  if (before.type === 'LoadBalancer' && now.type !== 'LoadBalancer') {
    for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort']) if (now[field] === before[field]) spec = without(spec, field)
  }
  return exposed(before) && !exposed(now) && now.externalTrafficPolicy === before.externalTrafficPolicy ? without(spec, 'externalTrafficPolicy') : spec
}
const sameList = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean => (a ?? []).join() === (b ?? []).join()

function validateChange(now: any, before: any): FieldError[] {
  const errors: FieldError[] = []
  if (now.type === 'ExternalName' || before.type === 'ExternalName') return errors
  const ips = now.clusterIPs ?? [], old = before.clusterIPs ?? []
  if (ips.length > 0 && ips[0] !== now.clusterIP) return [invalid('spec.clusterIPs', ips, 'first value must match `clusterIP`')]
  if (old.length > 0 && ips.length > 0 && ips[0] !== old[0]) errors.push(invalid('spec.clusterIPs[0]', ips, 'may not change once set'))
  if (old.length > 0 && ips.length === 0) errors.push(invalid('spec.clusterIPs[0]', ips, 'primary clusterIP can not be unset'))
  return errors
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], protocols = ['SCTP', 'TCP', 'UDP'], affinities = ['ClientIP', 'None']
function validateService(s: any): FieldError[] {
  const spec = s.spec ?? {}, errors: FieldError[] = [], headless = spec.clusterIP === 'None', ports: readonly any[] = spec.ports ?? []
  // Addresses are looked at first, by storage; if they are wrong nothing else is said.
  if (spec.clusterIP && !headless && spec.type !== 'ExternalName' && !isIP(spec.clusterIP)) return [invalid('spec.clusterIPs[0]', spec.clusterIP, ipText)]
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  if (spec.type === 'LoadBalancer' && headless) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"))
  if (spec.type === 'NodePort' && headless) errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"))
  if (spec.type === 'ExternalName') {
    if (spec.clusterIP) errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'))
    const name = (spec.externalName ?? '').replace(/\.$/, '')
    if (!name) errors.push(required('spec.externalName'))
    else for (const text of dns1123Subdomain(name)) errors.push(invalid('spec.externalName', spec.externalName, text))
  }
  validatePorts(ports, errors)
  if (spec.selector) errors.push(...validateLabels(spec.selector, 'spec.selector'))
  if (!affinities.includes(spec.sessionAffinity ?? 'None')) errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, affinities))
  ;(spec.externalIPs ?? []).forEach((ip: string, i: number) => { if (!isIP(ip)) errors.push(invalid(`spec.externalIPs[${i}]`, ip, ipText)) })
  if (!types.includes(spec.type)) errors.push(spec.type ? notSupported('spec.type', spec.type, types) : required('spec.type'))
  if (spec.type === 'ClusterIP' || spec.type === undefined) ports.forEach((p, i) => { if (p.nodePort) errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'")) })
  validateUniquePorts(ports, errors)
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
  })
}
function validateUniquePorts(ports: readonly any[], errors: FieldError[]): void {
  const seen = new Set<string>(), nodePorts = new Set<string>()
  ports.forEach((p, i) => {
    const key = `${p.protocol}/${p.port}`, node = `${p.protocol}/${p.nodePort}`
    if (p.nodePort && nodePorts.has(node)) errors.push(duplicate(`spec.ports[${i}].nodePort`, p.nodePort))
    if (p.nodePort) nodePorts.add(node)
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}]`, { Name: '', Protocol: p.protocol, AppProtocol: null, Port: p.port, TargetPort: 0, NodePort: 0 }))
    seen.add(key)
  })
}
function validatePolicies(spec: any, errors: FieldError[]): void {
  const policies = ['Cluster', 'Local']
  if (spec.externalTrafficPolicy && !exposed(spec)) errors.push(invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, 'may only be set for externally-accessible services'))
  else if (spec.externalTrafficPolicy && !policies.includes(spec.externalTrafficPolicy)) errors.push(notSupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, policies))
  if (spec.internalTrafficPolicy && !policies.includes(spec.internalTrafficPolicy)) errors.push(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, policies))
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
const portsText = (ports: readonly any[] | undefined): string => ports?.length ? ports.map(p => p.nodePort ? `${p.port}:${p.nodePort}/${p.protocol}` : `${p.port}/${p.protocol}`).join(',') : '<none>'
