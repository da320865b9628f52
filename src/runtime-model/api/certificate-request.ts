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

/** One element: its tag, and where its content begins and ends. */
interface Element { readonly tag: number; readonly from: number; readonly to: number }
const SEQUENCE = 0x30, ATTRIBUTES = 0xa0, EXTENSION_REQUEST = '2a864886f70d01090e', SUBJECT_ALT_NAME = '551d11'

/** `base64`: spec.request of a CertificateSigningRequest. undefined: no such request can be read there. */
export function subjectOfRequest(base64: string): RequestedSubject | undefined {
  const der = derOf(base64), info = der && childrenOf(der, { tag: SEQUENCE, from: 0, to: der.length })[0]
  const [, subject, , ...more] = der && info?.tag === SEQUENCE ? childrenOf(der, childrenOf(der, info)[0]) : []
  if (!der || subject?.tag !== SEQUENCE) return undefined
  const pairs = childrenOf(der, subject).flatMap(set => childrenOf(der, set)).map(pair => childrenOf(der, pair)).map(([type, value]) => ({ type: hex(der, type), value: textOf(der, value) }))
  const all = (type: string): readonly string[] => pairs.filter(p => p.type === type).map(p => p.value)
  const attributes = more.find(e => e.tag === ATTRIBUTES), names = attributes ? alternativeNames(der, attributes) : [], of = (tag: number): readonly Element[] => names.filter(n => n.tag === tag)
  const text = (e: Element): string => textOf(der, e)
  return {
    commonName: all('550403').at(-1) ?? '', serialNumber: all('550405').at(-1) ?? '', organizations: all('55040a'), organizationalUnits: all('55040b'), countries: all('550406'), localities: all('550407'), provinces: all('550408'),
    emailAddresses: of(0x81).map(text), dnsNames: of(0x82).map(text), uris: of(0x86).map(text), ipAddresses: of(0x87).map(e => addressOf(der.subarray(e.from, e.to))),
  }
}

function derOf(base64: string): Uint8Array | undefined {
  const pem = decoded(base64), body = pem === undefined ? undefined : /-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem)?.[1], binary = body === undefined ? undefined : decoded(body.replace(/\s/g, ''))
  return binary === undefined ? undefined : Uint8Array.from(binary, c => c.charCodeAt(0))
}
function decoded(base64: string): string | undefined { try { return atob(base64) } catch { return undefined } }

/** The elements that follow one another within an element; none where it is cut short. */
function childrenOf(der: Uint8Array, parent: Element | undefined): readonly Element[] {
  const found: Element[] = []
  for (let at = parent?.from ?? 0; parent && at < parent.to;) {
    const element = elementAt(der, at)
    if (!element || element.to > parent.to) return []
    found.push(element)
    at = element.to
  }
  return found
}
function elementAt(der: Uint8Array, at: number): Element | undefined {
  const first = der[at + 1], more = first >= 0x80 ? first & 0x7f : 0
  if (first === undefined || more > 4) return undefined
  let length = more === 0 ? first : 0
  for (let i = 0; i < more; i++) length = length * 256 + (der[at + 2 + i] ?? 0)
  const from = at + 2 + more
  return { tag: der[at], from, to: from + length }
}

/** Names beside the subject's, as extensions that the request asks for. */
function alternativeNames(der: Uint8Array, attributes: Element): readonly Element[] {
  const values = childrenOf(der, attributes).map(a => childrenOf(der, a)).filter(([type]) => hex(der, type) === EXTENSION_REQUEST).flatMap(([, set]) => childrenOf(der, set))
  const extension = values.flatMap(list => childrenOf(der, list)).map(e => childrenOf(der, e)).find(([type]) => hex(der, type) === SUBJECT_ALT_NAME)?.at(-1)
  return extension ? childrenOf(der, elementAt(der, extension.from)) : []
}

const hex = (der: Uint8Array, e: Element | undefined): string => e ? [...der.subarray(e.from, e.to)].map(b => b.toString(16).padStart(2, '0')).join('') : ''
const textOf = (der: Uint8Array, e: Element | undefined): string => e ? decodeURIComponent(hex(der, e).replace(/../g, '%$&')) : ''
function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] * 256 + bytes[2 * i + 1]).toString(16)).join(':'), zeros = [...groups.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(m => m[0]).sort((a, b) => b.length - a.length)[0]
  return zeros ? groups.replace(zeros, '::').replace(/:{3,}/, '::') : groups
}
