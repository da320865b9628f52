import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, type Cell } from './meta/cells.ts'
import { deepEqual, duplicate, immutable, invalid, notSupported, portRange, required, tooMany } from './meta/errors.ts'
import { change, changeAll } from './meta/fill.ts'
import { dns1123Label, dns1123Subdomain, ipText, qualifiedName, validLabelValue } from '../api/names.ts'
import { formatIP, ipWarnings, parseIP } from '../api/cidr.ts'
import { validateReachable } from './meta/addresses.ts'

/**
 * Endpoints and EndpointSlices. Source: pkg/apis/core/v1/defaults.go, pkg/apis/discovery/{v1/defaults.go,validation}, printers.go (formatEndpoints,
 * formatDiscovery*).
 */
export const endpoints: KindRules = {
  resource: 'endpoints', metaOfUpdate: 'UV',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  defaults: e => change(e, 'subsets', list =>
    changeAll(list, subset => change(subset, 'ports', ports => changeAll(ports, p => p.protocol ? p : { ...p, protocol: 'TCP' })))),
  validate: e => (e.subsets ?? []).flatMap((s: any, i: number) => [
    ...!s.addresses?.length && !s.notReadyAddresses?.length ? [required(`subsets[${i}]`, 'must specify `addresses` or `notReadyAddresses`')] : [],
    ...['addresses', 'notReadyAddresses'].flatMap(list => (s[list] ?? []).flatMap((a: any, j: number) => validateAddress(a, `subsets[${i}].${list}[${j}]`))),
    ...(s.ports ?? []).flatMap((p: any, j: number) => validatePort(p, s.ports.length > 1, `subsets[${i}].ports[${j}]`)),
  ]),
  warnings: e => (e.subsets ?? []).flatMap((s: any, i: number) =>
    ['addresses', 'notReadyAddresses'].flatMap(list => (s[list] ?? []).flatMap((a: any, j: number) => ipWarnings(`subsets[${i}].${list}[${j}].ip`, a.ip)))),
  cells: (e, nowMs): Cell[] => [e.metadata.name, endpointsText(e.subsets), age(e, nowMs)],
}

export const endpointSlice: KindRules = {
  resource: 'endpointslices.discovery.k8s.io', metaOfUpdate: 'V',
  generation: e => [e.addressType, e.endpoints, e.ports, e.metadata.labels],
  defaults: e => change(e, 'ports', list => changeAll(list, p =>
    p.name === undefined || p.protocol === undefined ? { ...p, name: p.name ?? '', protocol: p.protocol ?? 'TCP' } : p)),
  validate: validateSlice,
  validateUpdate: (e, old) => e.addressType === old.addressType
    ? validateSlice(e)
    : [...deepEqual(e.endpoints, old.endpoints) ? addressTypeErrors(e) : validateSlice(e), ...immutable(e.addressType, old.addressType, 'addressType')],
  warnings: (e, old) => e.addressType === 'FQDN' ? old ? [] : ['spec.addressType: FQDN endpoints are deprecated']
    : e.addressType === 'IPv4' && e.endpoints !== old?.endpoints ? oddAddresses(e.endpoints ?? [])
    : [],
  cells: (e, nowMs) =>
    [e.metadata.name, e.addressType ?? '', some((e.ports ?? []).map((p: any) => p.port !== undefined && p.port !== null ? String(p.port) : p.name ?? '*')),
    some((e.endpoints ?? []).flatMap((x: any) => x.addresses ?? [])), age(e, nowMs)],
}

function validateAddress({ ip = '', hostname, nodeName }: any, at: string): FieldError[] {
  return [
    ...parseIP(ip) ? [] : [invalid(`${at}.ip`, ip, ipText)],
    ...hostname ? dns1123Label(hostname).map(text => invalid(`${at}.hostname`, hostname, text)) : [],
    ...nodeName !== undefined ? dns1123Subdomain(nodeName).map(text => invalid(`${at}.nodeName`, nodeName, text)) : [],
    ...parseIP(ip) ? validateReachable(ip, `${at}.ip`) : [invalid(`${at}.ip`, ip, 'must be a valid IP address')],
  ]
}
const validateAppProtocol = (protocol: string | undefined, at: string): FieldError[] =>
  typeof protocol === 'string' ? qualifiedName(protocol).map(text => invalid(`${at}.appProtocol`, protocol, text)) : []
function validatePort({ name, port, protocol, appProtocol }: any, needsName: boolean, at: string): FieldError[] {
  return [
    ...name ? dns1123Label(name).map(text => invalid(`${at}.name`, name, text)) : needsName ? [required(`${at}.name`)] : [],
    ...portRange(port ?? 0, `${at}.port`),
    ...protocols.includes(protocol ?? 'TCP') ? [] : [notSupported(`${at}.protocol`, protocol, protocols)], ...validateAppProtocol(appProtocol, at),
  ]
}

const max = 3
const some = (list: readonly string[]): string =>
  list.length === 0 ? '<unset>' : list.length > max ? `${list.slice(0, max).join(',')} + ${list.length - max} more...` : list.join(',')

function endpointsText(subsets: readonly any[] | undefined | null): string {
  if (!subsets?.length) return '<none>'
  const list: string[] = []
  for (const { addresses = [], ports = [] } of subsets) {
    if (ports.length === 0) list.push(...addresses.map((a: any) => a.ip))
    for (const port of ports) list.push(...addresses.map((a: any) => a.ip.includes(':') ? `[${a.ip}]:${port.port}` : `${a.ip}:${port.port}`))
  }
  return list.length > max ? `${list.slice(0, max).join(',')} + ${list.length - max} more...` : list.join(',')
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']
const addressTypeErrors = ({ addressType: type }: any): FieldError[] =>
  !type ? [required('addressType')] : addressTypes.includes(type) ? [] : [notSupported('addressType', type, addressTypes)]
/** Source: k8s.io/apimachinery pkg/util/validation/validation.go (IsFullyQualifiedDomainName) */
function validateDomain(text: string, at: string): FieldError[] {
  if (text === '') return [required(at)]
  const name = text.replace(/\.$/, ''), wrong = dns1123Subdomain(name)
  if (wrong.length > 0) return [invalid(at, name, wrong.join(','))]
  const parts = name.split('.')
  return parts.length < 2
    ? [invalid(at, name, 'should be a domain with at least two segments separated by dots')]
    : parts.flatMap(part => dns1123Label(part).map(text => invalid(at, part, text)))
}
function validateSlice(e: any): FieldError[] {
  const errors = addressTypeErrors(e), names = new Set<string>(), ports: readonly any[] = e.ports ?? []
  ports.forEach((p, i) => {
    if (p.name) for (const text of dns1123Label(p.name)) errors.push(invalid(`ports[${i}].name`, p.name, text))
    if (names.has(p.name ?? '')) errors.push(duplicate(`ports[${i}].name`, p.name ?? ''))
    if (!protocols.includes(p.protocol ?? 'TCP')) errors.push(notSupported(`ports[${i}].protocol`, p.protocol, protocols))
    names.add(p.name ?? '')
    errors.push(...validateAppProtocol(p.appProtocol, `ports[${i}]`))
  })
  const list: readonly any[] = e.endpoints ?? []
  if (list.length > 1000) errors.push(tooMany('endpoints', list.length, 1000))
  list.forEach((x, i) => {
    if (sound.has(x)) return
    const before = errors.length
    if (!x.addresses?.length) errors.push(required(`endpoints[${i}].addresses`, 'must contain at least 1 address'))
    else if (x.addresses.length > 100) { errors.push(tooMany(`endpoints[${i}].addresses`, x.addresses.length, 100)); return }
    for (const [j, a] of (x.addresses ?? []).entries()) {
      const at = `endpoints[${i}].addresses`, six = a.includes(':')
      if (e.addressType === 'FQDN') { errors.push(...validateDomain(a, `${at}[${j}]`)); continue }
      if (e.addressType !== 'IPv4' && e.addressType !== 'IPv6') continue
      const ip = parseIP(a)
      if (!ip) { errors.push(invalid(`${at}[${j}]`, a, ipText)); continue }
      const odd = six ? oddSix(a, ip.address) : undefined
      if (odd !== undefined) { errors.push(invalid(`${at}[${j}]`, a, odd)); continue }
      if (six !== (e.addressType === 'IPv6')) errors.push(invalid(at, a, `must be an ${e.addressType} address`))
      errors.push(...validateReachable(a, `${at}[${j}]`))
    }
    if (typeof x.nodeName === 'string') for (const text of dns1123Subdomain(x.nodeName)) errors.push(invalid(`endpoints[${i}].nodeName`, x.nodeName, text))
    if (typeof x.hostname === 'string') for (const text of dns1123Label(x.hostname)) errors.push(invalid(`endpoints[${i}].hostname`, x.hostname, text))
    if (x.hints) validateHints(x.hints, `endpoints[${i}].hints`, errors)
    if (errors.length === before && e.addressType === 'IPv4') sound.add(x)
  })
  return errors
}
function oddAddresses(list: readonly any[]): readonly string[] {
  const warnings: string[] = []
  list.forEach((x, i) => x.addresses.forEach((a: string, j: number) => {
    if (!canonicalIPv4.test(a)) warnings.push(...ipWarnings(`endpoints[${i}].addresses[${j}]`, a))
  }))
  return warnings
}
const canonicalIPv4 = /^[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){3}$/
/** IPv6 addresses have one form only; of IPv4 addresses old ones are borne with. */
function oddSix(text: string, address: bigint): string | undefined {
  if (address >> 32n === 0xffffn) return 'must not be an IPv4-mapped IPv6 address'
  const canonical = formatIP(address, 128)
  return canonical === text ? undefined : `must be in canonical form (${JSON.stringify(canonical)})`
}
/** Source: pkg/apis/discovery/validation/validation.go (validateEndpoints) */
function validateHints({ forZones = [], forNodes = [] }: any, at: string, errors: FieldError[]): void {
  for (const [field, list, rule] of [['forZones', forZones, validLabelValue], ['forNodes', forNodes, dns1123Subdomain]] as const) {
    if (list.length > 8) { errors.push(tooMany(`${at}.${field}`, list.length, 8)); continue }
    const seen = new Set<string>()
    list.forEach(({ name = '' }: any, i: number) => {
      if (seen.has(name)) errors.push(duplicate(`${at}.${field}[${i}].name`, name))
      seen.add(name)
      for (const text of rule(name)) errors.push(invalid(`${at}.${field}[${i}].name`, name, text))
    })
  }
}
/** Endpoints that were looked at before: a slice changes one by one, and all are validated each time. */
const sound = new WeakSet<object>()
const protocols = ['SCTP', 'TCP', 'UDP']
