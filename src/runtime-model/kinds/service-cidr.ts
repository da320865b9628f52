import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { cidrText, networkOf, parseCidr, parseIP } from '../api/cidr.ts'
import { dns1123Subdomain, ipText, isIP, pathSegmentName, type NameRule } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, invalid, required } from './meta/errors.ts'

/** Source: pkg/apis/networking/validation/validation.go (ValidateIPAddress*, ValidateServiceCIDR*), printers.go. */
const addressName: NameRule = name => isIP(name) && parseIP(name) ? [] : [parseIP(name) ? 'must not have leading 0s' : ipText]
export const ipAddress: KindRules = {
  resource: 'ipaddresses.networking.k8s.io', metaOfUpdate: 'VU',
  nameRule: addressName,
  validate: a => validateParent(a.spec?.parentRef, 'spec.parentRef'),
  validateUpdate: (a, old) => [
    ...validateParent(a.spec?.parentRef, 'spec.parentRef'),
    ...deepEqual(a.spec?.parentRef, old.spec?.parentRef)
      ? []
      : [invalid('spec.parentRef', a.spec?.parentRef && internalJson('networking.v1.ParentReference', a.spec.parentRef), 'field is immutable')],
  ],
  cells: (a, nowMs) => {
    const of = a.spec?.parentRef, resource = of?.group ? `${of.resource}.${of.group}` : of?.resource
    // one cell more than there are columns, as the server sends it
    return [a.metadata.name, of ? [resource.toLowerCase(), of.namespace, of.name].filter(Boolean).join('/') : '<none>', age(a, nowMs)]
  },
}
function validateParent(of: any, at: string): FieldError[] {
  if (!of) return [required(at)]
  return [
    ...of.group ? dns1123Subdomain(of.group).map(text => invalid(`${at}.group`, of.group, text)) : [],
    ...[
      'resource', 'namespace', 'name',
    ].flatMap(field => of[field] ? pathSegmentName(of[field]).map(text => invalid(`${at}.${field}`, of[field], text))
      : field === 'namespace' ? []
      : [required(`${at}.${field}`)]),
  ]
}

export const serviceCidr: KindRules = {
  resource: 'servicecidrs.networking.k8s.io', statusKeepsMeta: 'most',
  validate: c => validateRanges(c.spec ?? {}),
  keepsStatusOnCreate: true,
  validateUpdate: (c, old) => {
    const now: readonly string[] = c.spec?.cidrs ?? [], before: readonly string[] = old.spec?.cidrs ?? []
    const fixed = now.slice(0, before.length).flatMap((cidr, i) => before[i] === cidr ? [] : [invalid(`spec.cidrs[${i}]`, cidr, 'field is immutable')])
    if (now.length === before.length) return fixed
    // a second range may come, none may go
    return before.length === 1 && now.length === 2 ? [...fixed, ...validateRanges(c.spec)]
      : [invalid('spec.cidrs', c.spec?.cidrs ?? null, 'field is immutable')]
  },
  cells: (c, nowMs) => [c.metadata.name, (c.spec?.cidrs ?? []).join(','), age(c, nowMs)],
}
function validateRanges(spec: any): FieldError[] {
  const cidrs: readonly string[] = spec.cidrs ?? [], at = 'spec.cidrs'
  if (cidrs.length === 0) return [required(at, 'at least one CIDR required')]
  if (cidrs.length > 2) return [invalid(at, { CIDRs: cidrs }, 'may only hold up to 2 values')]
  const ranges = cidrs.map(parseCidr), errors: FieldError[] = []
  ranges.forEach((range, i) => {
    if (!range) errors.push(invalid(`${at}[${i}]`, cidrs[i], cidrText))
    else if (networkOf(range) !== range.address) errors.push(invalid(`${at}[${i}]`, cidrs[i], 'must not have bits set beyond the prefix length'))
  })
  if (ranges.length === 2 && ranges[0] && ranges[1] && ranges[0].bits === ranges[1].bits) {
    errors.push(invalid(at, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'))
  }
  return errors
}
