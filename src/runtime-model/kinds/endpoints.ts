import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, type Cell } from './meta/cells.ts'
import { duplicate, immutable, invalid, notSupported, portRange, required, tooMany } from './meta/errors.ts'
import { change, changeAll } from './meta/fill.ts'
import { dns1123Label, ipText, isIP, isIPv4 } from '../api/names.ts'

/** Endpoints and EndpointSlices. Source: pkg/apis/core/v1/defaults.go, pkg/apis/discovery/{v1/defaults.go,validation}, printers.go (formatEndpoints, formatDiscovery*). */
export const endpoints: KindRules = {
  resource: 'endpoints',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  defaults: e => change(e, 'subsets', list => changeAll(list, subset => change(subset, 'ports', ports => changeAll(ports, p => p.protocol ? p : { ...p, protocol: 'TCP' })))),
  validate: e => (e.subsets ?? []).flatMap((s: any, i: number) => [
    ...!s.addresses?.length && !s.notReadyAddresses?.length ? [required(`subsets[${i}]`, 'must specify `addresses` or `notReadyAddresses`')] : [],
    ...(s.addresses ?? []).flatMap((a: any, j: number) => isIP(a.ip) ? [] : [ipText, 'must be a valid IP address'].map(text => invalid(`subsets[${i}].addresses[${j}].ip`, a.ip, text))),
    ...(s.ports ?? []).flatMap((p: any, j: number) => [...s.ports.length > 1 && !p.name ? [required(`subsets[${i}].ports[${j}].name`)] : [], ...portRange(p.port ?? 0, `subsets[${i}].ports[${j}].port`)]),
  ]),
  cells: (e, nowMs): Cell[] => [e.metadata.name, endpointsText(e.subsets), age(e, nowMs)],
}

export const endpointSlice: KindRules = {
  resource: 'endpointslices.discovery.k8s.io',
  generation: e => [e.addressType, e.endpoints, e.ports, e.metadata.labels],
  defaults: e => change(e, 'ports', list => changeAll(list, p => p.name === undefined || p.protocol === undefined ? { ...p, name: p.name ?? '', protocol: p.protocol ?? 'TCP' } : p)),
  validate: validateSlice,
  validateUpdate: (e, old) => [...validateSlice(e), ...immutable(e.addressType, old.addressType, 'addressType')],
  cells: (e, nowMs) => [e.metadata.name, e.addressType ?? '', some((e.ports ?? []).map((p: any) => p.port !== undefined && p.port !== null ? String(p.port) : p.name ?? '*')),
    some((e.endpoints ?? []).flatMap((x: any) => x.addresses ?? [])), age(e, nowMs)],
}

const max = 3
const some = (list: readonly string[]): string => list.length === 0 ? '<unset>' : list.length > max ? `${list.slice(0, max).join(',')} + ${list.length - max} more...` : list.join(',')

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
function validateSlice(e: any): FieldError[] {
  const errors: FieldError[] = []
  if (!e.addressType) errors.push(required('addressType'))
  else if (!addressTypes.includes(e.addressType)) errors.push(notSupported('addressType', e.addressType, addressTypes))
  const names = new Set<string>(), ports: readonly any[] = e.ports ?? []
  ports.forEach((p, i) => {
    if (p.name) for (const text of dns1123Label(p.name)) errors.push(invalid(`ports[${i}].name`, p.name, text))
    if (p.protocol && !protocols.includes(p.protocol)) errors.push(notSupported(`ports[${i}].protocol`, p.protocol, protocols))
    if (names.has(p.name ?? '')) errors.push(duplicate(`ports[${i}].name`, p.name ?? ''))
    names.add(p.name ?? '')
  })
  const list: readonly any[] = e.endpoints ?? []
  if (list.length > 1000) errors.push(tooMany('endpoints', list.length, 1000))
  list.forEach((x, i) => {
    if (!x.addresses?.length) errors.push(required(`endpoints[${i}].addresses`, 'must contain at least 1 address'))
    for (const [j, a] of (x.addresses ?? []).entries()) {
      if (e.addressType === 'IPv4' && !isIPv4(a)) errors.push(invalid(`endpoints[${i}].addresses[${j}]`, a, isIP(a) ? 'must be an IPv4 address' : ipText))
    }
  })
  return errors
}
const protocols = ['SCTP', 'TCP', 'UDP']
