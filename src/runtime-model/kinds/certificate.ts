import type { FieldError, Requester } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1123Label, dns1123Subdomain, pathSegmentName } from '../api/names.ts'
import { formatTime } from '../api/time.ts'
import { age } from './meta/cells.ts'
import { humanDuration } from './meta/duration.ts'
import { deepEqual, duplicate, forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { keepMeta, validateMetaUpdate } from './meta/object-meta.ts'

/**
 * Of the request and the certificate only the PEM frames are looked at, not what is encoded in them.
 * Source: pkg/apis/certificates/validation/validation.go, pkg/registry/certificates/certificates/strategy.go, printers.go.
 */
export const certificateSigningRequest: KindRules = {
  resource: 'certificatesigningrequests.certificates.k8s.io', metaOfUpdate: 'VU', metaOfStatusUpdate: 'VU',
  nameRule: pathSegmentName, metaOfCreate: 'names unless own',
  fieldSelectors: { 'spec.signerName': r => r.spec?.signerName ?? '' },
  beforeCreate: (r, user) => ({ ...r, spec: requestedBy(r.spec, user) }),
  beforeUpdate: (r, old) => ({ ...r, spec: old.spec }),
  beforeStatusUpdate: (r, old, nowMs) => stamped({ ...r, status: { ...r.status, conditions: withApprovalOf(r, old) } }, old, nowMs),
  validate: r => [...validateRequest(r.spec ?? {}), ...validateStatus(r)],
  validateUpdate: () => [],
  validateStatusUpdate: (r, old) => [...validateStatus(r, old), ...unremoved(r, old), ...sameApproval(r, old), ...certificateChange(r, old)],
  subresourceStrategies: {
    approval: {
      beforeUpdate: (r, old, nowMs) => stamped(
        { ...old, metadata: keepMeta(r.metadata, old.metadata, old.metadata.generation), status: withConditions(old.status, r.status?.conditions) }, old, nowMs
      ),
      validateUpdate: (r, old) => [...validateMetaUpdate(r.metadata, old.metadata), ...validateStatus(r, old), ...unremoved(r, old)],
    },
  },
  cells: (r, nowMs) => {
    const { signerName, username = '', expirationSeconds } = r.spec ?? {}
    return [
      r.metadata.name, age(r, nowMs), signerName || '<none>', username, expirationSeconds !== undefined ? humanDuration(expirationSeconds * 1000) : '<none>',
      requestWord(r),
    ]
  },
}
const has = (r: any, type: string): boolean => conditionsOf(r).some(c => c.type === type)
const conditionsOf = (r: any): readonly any[] => r.status?.conditions ?? []
function requestWord(r: any): string {
  const decision = has(r, 'Denied') ? 'Denied' : has(r, 'Approved') ? 'Approved' : 'Pending'
  return decision + (has(r, 'Failed') ? ',Failed' : '') + (r.status?.certificate ? ',Issued' : '')
}

/** Who asks is what the server knows, not what the client says. */
function requestedBy(spec: any, user: Requester | undefined): any {
  const { username: _n, uid: _u, groups: _g, extra: _e, ...rest } = spec ?? {}
  return user
    ? {
      ...rest, username: user.name, ...user.uid ? { uid: user.uid } : undefined, ...user.groups.length ? { groups: user.groups } : undefined,
      ...user.extra ? { extra: user.extra } : undefined,
    }
    : rest
}
const withConditions = ({ conditions: _, ...status }: any, conditions: readonly any[] | undefined): any =>
  conditions?.length ? { ...status, conditions } : status
/** Conditions that were there keep the time of their transition; new ones are dated. */
function stamped(r: any, old: any, nowMs: number | undefined): any {
  const list = conditionsOf(r)
  if (list.every(c => c.lastUpdateTime && c.lastTransitionTime)) return { ...r, status: withConditions(r.status, list) }
  const now = formatTime(nowMs ?? 0)
  const dated = list.map(c => ({
    ...c, lastUpdateTime: c.lastUpdateTime || now,
    lastTransitionTime: c.lastTransitionTime || conditionsOf(old).find(o => o.type === c.type && o.status === c.status)?.lastTransitionTime || now,
  }))
  return { ...r, status: withConditions(r.status, dated) }
}
const approvals = ['Approved', 'Denied']
/** /status cannot change what /approval decided. */
function withApprovalOf(r: any, old: any): readonly any[] {
  return conditionsOf(r).map(c => approvals.includes(c.type) ? conditionsOf(old).find(o => o.type === c.type) ?? c : c)
}

const usages = [
  'any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment', 'decipher only', 'digital signature',
  'email protection', 'encipher only', 'ipsec end system',
  'ipsec tunnel', 'ipsec user', 'key agreement', 'key encipherment', 'microsoft sgc', 'netscape sgc', 'ocsp signing', 's/mime', 'server auth', 'signing',
  'timestamping',
]
function validateRequest(spec: any): FieldError[] {
  const errors: FieldError[] = [], given: readonly string[] = spec.usages ?? [], { expirationSeconds: seconds } = spec
  if (pemBlock(spec.request) !== 'CERTIFICATE REQUEST') errors.push(invalid('spec.request', spec.request ?? null, 'PEM block type must be CERTIFICATE REQUEST'))
  if (given.length === 0) errors.push(required('spec.usages'))
  given.forEach((usage, i) => { if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${i}]`, usage, usages)) })
  given.forEach((usage, i) => { if (given.indexOf(usage) < i) errors.push(duplicate(`spec.usages[${i}]`, usage)) })
  errors.push(...validateSigner(spec.signerName ?? ''))
  if (seconds < 600) errors.push(invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 600 seconds (10 minutes)'))
  return errors
}
/** the type of the first PEM block in base64 */
function pemBlock(base64: string | undefined | null): string | undefined {
  return /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\r\n]+-----END \1-----/m.exec(atob(base64 ?? ''))?.[1]
}

/** `example.com/signer`. Source: pkg/apis/core/validation/validation.go (ValidateSignerName) */
function validateSigner(name: string): FieldError[] {
  const at = 'spec.signerName', [host, path, ...more] = name.split('/')
  if (name === '') return [required(at)]
  if (name === 'kubernetes.io/legacy-unknown') return [invalid(at, name, 'the legacy signerName is not allowed via this API version')]
  if (path === undefined || more.length > 0) return [invalid(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  const errors: FieldError[] = [], labels = host.split('.'), parts = path.split('.')
  for (const label of labels) for (const text of dns1123Label(label)) errors.push(invalid(at, host, `validating label ${JSON.stringify(label)}: ${text}`))
  if (labels.length < 2) errors.push(invalid(at, host, 'should be a domain with at least two segments separated by dots'))
  for (const part of parts) {
    // words of another rule than the one that is kept: letters may be upper case, and there may be underscores
    if (!/^[A-Za-z0-9]([-_A-Za-z0-9]*[A-Za-z0-9])?$/.test(part)) {
      for (const text of dns1123Subdomain(part)) errors.push(invalid(at, path, `validating label ${JSON.stringify(part)}: ${text}`))
    }
  }
  return errors
}

const anyStatus = ['False', 'True', 'Unknown'], trueOnly = ['True'], final = ['Approved', 'Denied', 'Failed']
function validateStatus(r: any, old?: any): FieldError[] {
  const errors: FieldError[] = [], list = conditionsOf(r), path = 'status.conditions'
  list.forEach(({ type = '', status = '' }, i) => {
    const allowed = final.includes(type) ? trueOnly : anyStatus, before = list.slice(0, i), other = type === 'Approved' ? 'Denied' : 'Approved'
    if (type === '') errors.push(required(`${path}[${i}].type`))
    if (status === '') errors.push(required(`${path}[${i}].status`))
    else if (!allowed.includes(status)) errors.push(notSupported(`${path}[${i}].status`, status, allowed))
    if (approvals.includes(type) && before.some(c => c.type === other)) {
      errors.push(invalid(path, type, 'Approved and Denied conditions are mutually exclusive'))
    }
    if (before.some(c => c.type === type)) errors.push(duplicate(`${path}[${i}].type`, type))
  })
  const { certificate } = r.status ?? {}
  if (certificate && certificate !== old?.status?.certificate && pemBlock(certificate) !== 'CERTIFICATE') {
    const other = pemBlock(certificate)
    errors.push(invalid(
      'status.certificate', '<certificate data>',
      other ? `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other)}` : 'must contain at least one CERTIFICATE PEM block'
    ))
  }
  return errors
}
const unremoved = (r: any, old: any): FieldError[] =>
  final.filter(t => has(old, t) && !has(r, t)).map(t => forbidden('status.conditions', `updates may not remove a condition of type "${t}"`))
function sameApproval(r: any, old: any): FieldError[] {
  const of = (o: any, type: string): readonly any[] => conditionsOf(o).filter(c => c.type === type)
  return approvals.flatMap(type => {
    const now = of(r, type), before = of(old, type)
    if (now.length > before.length) return [forbidden('status.conditions', `updates may not add a condition of type "${type}"`)]
    return now.length === before.length && !deepEqual(now, before)
      ? [forbidden('status.conditions', `updates may not modify a condition of type "${type}"`)]
      : []
  })
}
const certificateChange = (r: any, old: any): FieldError[] => old.status?.certificate && r.status?.certificate !== old.status.certificate
  ? [forbidden('status.certificate', 'updates may not modify existing certificate content')] : []
