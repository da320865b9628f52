import { hashHex } from '../../base/hash.ts'
import { bytesOfHex, bytesOfPem, childrenOf, element, elementAt, hexOf, INTEGER, objectIdentifier, pemOf, SEQUENCE, SET, text, textOf } from './der.ts'
import type { Element } from './der.ts'

/**
 * What a PKCS#10 request says of its subject, read from DER as `openssl req` and `cfssl` write it. Keys and signatures are not looked at.
 * Sources: RFC 2986 (CertificationRequestInfo), RFC 5280 (Name, SubjectAltName), X.690 (DER).
 */
export interface RequestedSubject {
  readonly commonName: string
  readonly serialNumber: string
  /** in the order of the request */
  readonly organizations: readonly string[]
  readonly organizationalUnits: readonly string[]
  readonly countries: readonly string[]
  readonly localities: readonly string[]
  readonly provinces: readonly string[]
  readonly dnsNames: readonly string[]
  readonly emailAddresses: readonly string[]
  readonly uris: readonly string[]
  readonly ipAddresses: readonly string[]
}

const ATTRIBUTES = 0xa0, EXTENSION_REQUEST = '2a864886f70d01090e', SUBJECT_ALT_NAME = '551d11'

/** `base64`: spec.request of a CertificateSigningRequest. undefined: no such request can be read there. */
export function subjectOfRequest(base64: string): RequestedSubject | undefined {
  const { der, parts: [, subject, , ...more] } = partsOf(base64)
  if (!der || subject?.tag !== SEQUENCE) return undefined
  const all = namesOf(der, subject)
  const attributes = more.find(e => e.tag === ATTRIBUTES), names = attributes ? alternativeNames(der, attributes) : []
  const of = (tag: number): readonly Element[] => names.filter(n => n.tag === tag)
  const text = (e: Element): string => textOf(der, e)
  return {
    commonName: all('550403').at(-1) ?? '', serialNumber: all('550405').at(-1) ?? '', organizations: all('55040a'), organizationalUnits: all('55040b'),
    countries: all('550406'), localities: all('550407'), provinces: all('550408'),
    emailAddresses: of(0x81).map(text), dnsNames: of(0x82).map(text), uris: of(0x86).map(text),
    ipAddresses: of(0x87).map(e => addressOf(der.subarray(e.from, e.to))),
  }
}

/** What a certificate takes over as it stands in the request: subjectPublicKeyInfo, and the value of subjectAltName where it is asked for. */
export function copiedParts(base64: string): { readonly publicKey: Uint8Array; readonly alternativeNames?: Uint8Array } | undefined {
  const { der, parts: [, subject, key, ...more] } = partsOf(base64)
  if (!der || key?.tag !== SEQUENCE) return undefined
  const attributes = more.find(e => e.tag === ATTRIBUTES), names = attributes && alternativeNamesOf(der, attributes)
  return { publicKey: der.subarray(subject.to, key.to), alternativeNames: names && der.subarray(names.from, names.to) }
}
function partsOf(base64: string): { readonly der?: Uint8Array; readonly parts: readonly Element[] } {
  const der = bytesOfPem(base64, 'CERTIFICATE REQUEST'), info = der && childrenOf(der, { tag: SEQUENCE, from: 0, to: der.length })[0]
  return { der, parts: der && info?.tag === SEQUENCE ? childrenOf(der, childrenOf(der, info)[0]) : [] }
}
/** The values of a Name, by object identifier in hexadecimal. */
export function namesOf(der: Uint8Array, name: Element): (type: string) => readonly string[] {
  const pairs = childrenOf(der, name).flatMap(set => childrenOf(der, set))
    .map(pair => childrenOf(der, pair))
    .map(([type, value]) => ({ type: hexOf(der, type), value: textOf(der, value) }))
  return type => pairs.filter(p => p.type === type).map(p => p.value)
}

/** Names beside the subject's, as extensions that the request asks for. */
function alternativeNamesOf(der: Uint8Array, attributes: Element): Element | undefined {
  const values = childrenOf(der, attributes).map(a => childrenOf(der, a))
    .filter(([type]) => hexOf(der, type) === EXTENSION_REQUEST)
    .flatMap(([, set]) => childrenOf(der, set))
  return values.flatMap(list => childrenOf(der, list)).map(e => childrenOf(der, e)).find(([type]) => hexOf(der, type) === SUBJECT_ALT_NAME)?.at(-1)
}
function alternativeNames(der: Uint8Array, attributes: Element): readonly Element[] {
  const extension = alternativeNamesOf(der, attributes)
  return extension ? childrenOf(der, elementAt(der, extension.from)) : []
}

function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] * 256 + bytes[2 * i + 1]).toString(16)).join(':')
  const zeros = [...groups.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(m => m[0]).sort((a, b) => b.length - a.length)[0]
  return zeros ? groups.replace(zeros, '::').replace(/:{3,}/, '::') : groups
}

/**
 * spec.request of a CertificateSigningRequest for a subject, with a P-256 key that is nobody's: `seed` makes it. Source: RFC 2986, RFC 5480 (id-ecPublicKey);
 * client-go util/cert/csr.go, util/keyutil (kubelets make ECDSA keys).
 */
export function writeCertificateRequest(commonName: string, organizations: readonly string[], seed: string): string {
  const named = (type: string, value: string): Uint8Array => element(SET, element(SEQUENCE, objectIdentifier(type), text(value)))
  const bytes = (what: string, length: number): readonly number[] =>
    bytesOfHex(hashHex(`${what} of ${seed}`, length / 4, 1))
  const key = element(
    SEQUENCE, element(SEQUENCE, objectIdentifier('2a8648ce3d0201'), objectIdentifier('2a8648ce3d030107')), element(3, [0, 4], bytes('key', 64))
  )
  const info = element(
    SEQUENCE, element(INTEGER, [0]), element(SEQUENCE, ...organizations.map(o => named('55040a', o)), named('550403', commonName)), key, [ATTRIBUTES, 0]
  )
  return pemOf('CERTIFICATE REQUEST', element(SEQUENCE, info, element(SEQUENCE, objectIdentifier('2a8648ce3d040302')), element(3, [0], bytes('signature', 64))))
}
