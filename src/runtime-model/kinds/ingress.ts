import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1035Label, dns1123Label, dns1123Subdomain, ipText, isIP, pathSegmentName, portName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { forbidden, immutable, invalid, notSupported, portRange, required, tooLong } from './meta/errors.ts'
import { change } from './meta/fill.ts'
import { domainPrefixedPath, wildcardSubdomain } from './meta/names.ts'

/**
 * Stored and shown: a cluster has no ingress controller unless somebody installs one, so nothing acts on them in reality either and `status` stays empty.
 * Source: pkg/apis/networking/{v1/defaults.go,validation/validation.go}, pkg/registry/networking/{ingress,ingressclass}, printers.go.
 */
export const ingress: KindRules = {
  resource: 'ingresses.networking.k8s.io', metaOfUpdate: 'UV',
  generation: true,
  validate: i => [...validateSpec(i.spec ?? {}), ...validateAnnotation(i)],
  validateUpdate: (i, old) => i.spec === old.spec ? [] : validateSpec(i.spec ?? {}),
  validateStatusUpdate: i => (i.status?.loadBalancer?.ingress ?? []).flatMap(validateAddress),
  warnings: (i, old) => !old && i.metadata.annotations?.[classAnnotation] !== undefined && i.spec?.ingressClassName === undefined
    ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`] : [],
  cells: (i, nowMs) => [
    i.metadata.name, i.spec?.ingressClassName ?? '<none>', hostsText(i.spec?.rules ?? []), addressText(i.status?.loadBalancer?.ingress ?? []),
    i.spec?.tls?.length ? '80, 443' : '80', age(i, nowMs),
  ],
}
const classAnnotation = 'kubernetes.io/ingress.class'

function validateAnnotation(i: any): FieldError[] {
  const given = i.metadata.annotations?.[classAnnotation], name = i.spec?.ingressClassName
  return given !== undefined && name !== undefined && given !== name
    ? [invalid(`annotations.${classAnnotation}`, given, 'must match `ingressClassName` when both are specified')]
    : []
}

function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = [], rules: readonly any[] = spec.rules ?? []
  if (rules.length === 0 && !spec.defaultBackend) errors.push(invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'))
  if (spec.defaultBackend) validateBackend(spec.defaultBackend, 'spec.defaultBackend', errors)
  rules.forEach((rule, i) => validateRule(rule, `spec.rules[${i}]`, errors))
  ;(spec.tls ?? []).forEach((tls: any, i: number) => {
    const at = `spec.tls[${i}]`
    ;(tls.hosts ?? []).forEach((host: string, j: number) => validateHost(host, `${at}.hosts[${j}]`, errors))
    if (tls.secretName) for (const text of dns1123Subdomain(tls.secretName)) errors.push(invalid(`${at}.secretName`, tls.secretName, text))
  })
  if (spec.ingressClassName !== undefined) {
    for (const text of dns1123Subdomain(spec.ingressClassName)) errors.push(invalid('spec.ingressClassName', spec.ingressClassName, text))
  }
  return errors
}
function validateHost(host: string, at: string, errors: FieldError[]): void {
  for (const text of host.includes('*') ? wildcardSubdomain(host) : dns1123Subdomain(host)) errors.push(invalid(at, host, text))
}
const noAddress = 'must be a DNS name, not an IP address'
function validateRule(rule: any, at: string, errors: FieldError[]): void {
  if (rule.host && isIP(rule.host)) errors.push(invalid(`${at}.host`, rule.host, noAddress))
  if (rule.host) validateHost(rule.host, `${at}.host`, errors)
  if (!rule.http) return
  const paths: readonly any[] = rule.http.paths ?? []
  if (paths.length === 0) errors.push(required(`${at}.http.paths`))
  paths.forEach((path, i) => validatePath(path, `${at}.http.paths[${i}]`, errors))
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'], badSequences = ['//', '/./', '/../', '%2f', '%2F'], badEnds = ['/..', '/.']
function validatePath({ path = '', pathType, backend }: any, at: string, errors: FieldError[]): void {
  if (pathType === undefined || pathType === null) { errors.push(required(`${at}.pathType`, 'pathType must be specified')); return }
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${at}.pathType`, pathType, pathTypes))
  else {
    const any = pathType === 'ImplementationSpecific'
    if (!path.startsWith('/') && !(any && path === '')) errors.push(invalid(`${at}.path`, path, 'must be an absolute path'))
    if (!any) {
      for (const bad of badSequences) if (path.includes(bad)) errors.push(invalid(`${at}.path`, path, `must not contain '${bad}'`))
      for (const bad of badEnds) if (path.endsWith(bad)) errors.push(invalid(`${at}.path`, path, `cannot end with '${bad}'`))
    }
  }
  validateBackend(backend ?? {}, `${at}.backend`, errors)
}

function validateBackend({ resource, service }: any, at: string, errors: FieldError[]): void {
  if (resource && service) errors.push(invalid(at, '', 'cannot set both resource and service backends'))
  else if (resource) validateReference(resource, `${at}.resource`, errors)
  else if (!service) errors.push(invalid(at, '', 'resource or service backend is required'))
  else {
    const { name, port = {} } = service
    if (!name) errors.push(required(`${at}.service.name`))
    else for (const text of dns1035Label(name)) errors.push(invalid(`${at}.service.name`, name, text))
    if (port.name && port.number) errors.push(invalid(at, '', 'cannot set both port name & port number'))
    else if (port.name) for (const text of portName(port.name)) errors.push(invalid(`${at}.service.port.name`, port.name, text))
    else if (port.number) errors.push(...portRange(port.number, `${at}.service.port.number`))
    else errors.push(required(at, 'port name or number is required'))
  }
}
function validateReference(of: any, at: string, errors: FieldError[]): void {
  if (of.apiGroup !== undefined && of.apiGroup !== null) {
    for (const text of dns1123Subdomain(of.apiGroup)) errors.push(invalid(`${at}.apiGroup`, of.apiGroup, text))
  }
  for (const field of ['kind', 'name']) {
    if (!of[field]) errors.push(required(`${at}.${field}`))
    else for (const text of pathSegmentName(of[field])) errors.push(invalid(`${at}.${field}`, of[field], text))
  }
}
/** also of a Service. Source: validation.go (ValidateLoadBalancerStatus, ValidateIngressLoadBalancerStatus) */
export function validateAddress({ ip, hostname }: any, i: number): FieldError[] {
  const at = `status.loadBalancer.ingress[${i}]`
  return [
    ...ip && !isIP(ip) ? [invalid(`${at}.ip`, ip, ipText)] : [],
    ...hostname ? dns1123Subdomain(hostname).map(text => invalid(`${at}.hostname`, hostname, text)) : [],
    ...hostname && isIP(hostname) ? [invalid(`${at}.hostname`, hostname, noAddress)] : [],
  ]
}

/** The first three rules' hosts; a rule without one counts all the same. */
function hostsText(rules: readonly any[]): string {
  const list: string[] = []
  let more = false
  for (const rule of rules) {
    if (list.length === 3) more = true
    if (!more && rule.host) list.push(rule.host)
  }
  if (list.length === 0) return '*'
  return more ? `${list.join(',')} + ${rules.length - 3} more...` : list.join(',')
}
const addressText = (list: readonly any[]): string => [...new Set(list.map(i => i.ip || i.hostname).filter(Boolean))].sort().join(',')

const scopes = ['Cluster', 'Namespace']
export const ingressClass: KindRules = {
  resource: 'ingressclasses.networking.k8s.io', metaOfUpdate: 'UV',
  generation: true,
  defaults: c => change(c, 'spec', spec => change(spec, 'parameters', p => typeof p.scope === 'string' ? p : { ...p, scope: 'Cluster' })),
  validate: c => validateClass(c.spec ?? {}),
  validateUpdate: (c, old) => [...immutable(c.spec?.controller ?? '', old.spec?.controller ?? '', 'spec.controller'), ...validateClass(c.spec ?? {})],
  cells: (c, nowMs) => {
    const p = c.spec?.parameters
    return [c.metadata.name, c.spec?.controller ?? '', p ? `${p.kind}${p.apiGroup !== undefined ? `.${p.apiGroup}` : ''}/${p.name}` : '<none>', age(c, nowMs)]
  },
}
function validateClass({ controller = '', parameters: p }: any): FieldError[] {
  const errors: FieldError[] = []
  if (controller.length > 250) errors.push(tooLong('spec.controller', 250))
  errors.push(...domainPrefixedPath(controller, 'spec.controller'))
  if (!p) return errors
  const path = 'spec.parameters'
  validateReference(p, path, errors)
  if (!scopes.includes(p.scope)) errors.push(notSupported(`${path}.scope`, p.scope, scopes))
  else if (p.scope === 'Cluster') { if (p.namespace !== undefined) errors.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'")) }
  else if (p.namespace === undefined) errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
  else for (const text of dns1123Label(p.namespace)) errors.push(invalid(`${path}.namespace`, p.namespace, text))
  return errors
}
