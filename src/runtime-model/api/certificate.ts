import { hashHex } from '../../base/hash.ts'
import { copiedParts, namesOf, subjectOfRequest } from './certificate-request.ts'
import type { RequestedSubject } from './certificate-request.ts'
import { bytesOfHex, bytesOfPem, childrenOf, element, hexOf, INTEGER, objectIdentifier, pemOf, SEQUENCE, SET, text, textOf } from './der.ts'
import { daysFrom, formatTime } from './time.ts'

/**
 * X.509 certificates of the cluster's authority, in the form in which Go's crypto/x509 writes them. `openssl x509` reads them; it cannot verify them: nobody
 * has the authority's key, and where its signature would stand is what the request hashes to. Source: RFC 5280, pkg/controller/certificates/authority.
 */
export interface Issue {
  /** spec.request of a CertificateSigningRequest */
  readonly request: string
  readonly usages: readonly string[]
  /** calendar ms, in whole seconds */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** what the serial number is made of: the uid of the request */
  readonly seed: string
}
const oid = {
  commonName: '550403', serialNumber: '550405', country: '550406', locality: '550407', province: '550408', organization: '55040a', unit: '55040b',
  keyUsage: '551d0f', subjectAltName: '551d11', basicConstraints: '551d13', authorityKey: '551d23', extendedKeyUsage: '551d25',
}
const sha256WithRsa = element(SEQUENCE, objectIdentifier('2a864886f70d01010b'), [5, 0])
const authority = element(SEQUENCE, element(SET, named(oid.commonName, 'kubernetes')))
const keyUsages: Readonly<Record<string, number>> = { 'digital signature': 0x80, 'key encipherment': 0x20 }
const extendedUsages: Readonly<Record<string, string>> = { 'server auth': '2b06010505070301', 'client auth': '2b06010505070302' }

/** status.certificate: PEM in base64. undefined: the request cannot be read. */
export function issueCertificate({ request, usages, notBeforeMs, notAfterMs, seed }: Issue): string | undefined {
  const subject = subjectOfRequest(request), copied = copiedParts(request)
  if (!subject || !copied) return undefined
  const serial = pseudo(seed, 16), body = element(SEQUENCE,
    element(0xa0, element(INTEGER, [2])), element(INTEGER, serial[0] >= 0x80 ? [0, ...serial] : serial), sha256WithRsa, authority,
    element(SEQUENCE, time(notBeforeMs), time(notAfterMs)), nameOf(subject), copied.publicKey,
    element(0xa3, element(SEQUENCE, ...extensions(usages, copied.alternativeNames))))
  return pemOf('CERTIFICATE', element(SEQUENCE, body, sha256WithRsa, element(0x03, [0], pseudo(`signature of ${seed}`, 256))))
}

function extensions(usages: readonly string[], alternativeNames: Uint8Array | undefined): readonly Uint8Array[] {
  const bits = usages.reduce((sum, u) => sum | (keyUsages[u] ?? 0), 0), unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits)
  const extended = [...usages].sort().flatMap(u => extendedUsages[u] ?? [])
  const extension = (type: string, critical: boolean, value: Uint8Array): Uint8Array =>
    element(SEQUENCE, objectIdentifier(type), critical ? [1, 1, 0xff] : [], element(0x04, value))
  const list: Uint8Array[] = []
  if (bits !== 0) list.push(extension(oid.keyUsage, true, element(0x03, [unused, bits])))
  if (extended.length > 0) list.push(extension(oid.extendedKeyUsage, false, element(SEQUENCE, ...extended.map(objectIdentifier))))
  list.push(
    extension(oid.basicConstraints, true, element(SEQUENCE)), extension(oid.authorityKey, false, element(SEQUENCE, element(0x80, pseudo('kubernetes', 20))))
  )
  if (alternativeNames) list.push(extension(oid.subjectAltName, false, alternativeNames))
  return list
}

function named(type: string, value: string): Uint8Array { return element(SEQUENCE, objectIdentifier(type), text(value)) }
/** In the order of Go's pkix.Name; values of one type stand together. */
function nameOf(s: RequestedSubject): Uint8Array {
  const all: [string, readonly string[]][] = [
    [oid.country, s.countries], [oid.organization, s.organizations], [oid.unit, s.organizationalUnits], [oid.locality, s.localities],
    [oid.province, s.provinces], [oid.commonName, s.commonName ? [s.commonName] : []], [oid.serialNumber, s.serialNumber ? [s.serialNumber] : []],
  ]
  return element(
    SEQUENCE,
    ...all.filter(([, values]) => values.length > 0).map(([type, values]) =>
      element(SET, ...[...values].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).map(v => named(type, v))))
  )
}

/** UTCTime until 2049, GeneralizedTime after it. */
function time(ms: number): Uint8Array {
  const digits = formatTime(ms).replace(/[-:TZ]/g, ''), utc = digits < '2050'
  return element(utc ? 0x17 : 0x18, [...`${utc ? digits.slice(2) : digits}Z`].map(c => c.charCodeAt(0)))
}
/** `length` bytes that look like chance and are always the same */
const pseudo = (seed: string, length: number): readonly number[] =>
  bytesOfHex(hashHex(seed, Math.ceil(length / 4), 1).slice(0, 2 * length))

function inHex(bytes: Uint8Array): string { return hexOf(bytes, { tag: 0, from: 0, to: bytes.length }) }

/** Stands for the certificate of the cluster's authority, which nobody has the key of. */
export const rootCertificate = '-----BEGIN CERTIFICATE-----\nbW9kZWwgb2YgYSBjZXJ0aWZpY2F0ZSBhdXRob3JpdHk=\n-----END CERTIFICATE-----\n'

/** by which an authority names its key in what it issues */
const authorityKey = inHex(element(0x80, pseudo('kubernetes', 20)))

/** What a server learns from a client's certificate. Times are calendar ms. */
export interface Certificate {
  readonly commonName: string
  readonly organizations: readonly string[]
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** the cluster's authority has issued it */
  readonly issuedHere: boolean
}

/** `base64`: a PEM block, as in status.certificate. undefined: no certificate can be read there. */
export function readCertificate(base64: string): Certificate | undefined {
  const der = bytesOfPem(base64, 'CERTIFICATE'), [body] = der ? childrenOf(der, childrenOf(der, { tag: SEQUENCE, from: 0, to: der.length })[0]) : []
  const [, , , , validity, subject] = der ? childrenOf(der, body) : []
  if (!der || !subject) return undefined
  const names = namesOf(der, subject), [notBeforeMs, notAfterMs] = childrenOf(der, validity).map(t => timeOf(textOf(der, t)))
  const issuedHere = inHex(der).includes(authorityKey)
  return { commonName: names(oid.commonName).at(-1) ?? '', organizations: names(oid.organization), notBeforeMs, notAfterMs, issuedHere }
}
function timeOf(stamp: string): number {
  const digits = stamp.length === 13 ? `20${stamp}` : stamp
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((at, i) => Number(digits.slice(at, at + (i === 0 ? 4 : 2))))
  return daysFrom(year, month, day) * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000
}
