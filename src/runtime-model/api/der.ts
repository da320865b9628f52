/**
 * DER, as much of it as certificates need: its elements are read where they lie, and written from the inside out. Source: X.690.
 */

/** One element: its tag, and where its content begins and ends. */
export interface Element { readonly tag: number; readonly from: number; readonly to: number }
export const INTEGER = 0x02, OBJECT_IDENTIFIER = 0x06, SEQUENCE = 0x30, SET = 0x31

/** The bytes of the first PEM block of that label in base64 (as the API carries it); undefined: there is none. */
export function bytesOfPem(base64: string, label: string): Uint8Array | undefined {
  const pem = decoded(base64), body = pem === undefined ? undefined : new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END`).exec(pem)?.[1]
  const binary = body === undefined ? undefined : decoded(body.replace(/\s/g, ''))
  return binary === undefined ? undefined : Uint8Array.from(binary, c => c.charCodeAt(0))
}
function decoded(base64: string): string | undefined { try { return atob(base64) } catch { return undefined } }

/** A PEM block, in base64 as the API carries it. */
export function pemOf(label: string, der: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g)!
  return btoa(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`)
}

/** The elements that follow one another within an element; none where it is cut short. */
export function childrenOf(der: Uint8Array, parent: Element | undefined): readonly Element[] {
  const found: Element[] = []
  for (let at = parent?.from ?? 0; parent && at < parent.to;) {
    const element = elementAt(der, at)
    if (!element || element.to > parent.to) return []
    found.push(element)
    at = element.to
  }
  return found
}
export function elementAt(der: Uint8Array, at: number): Element | undefined {
  const first = der[at + 1], more = first >= 0x80 ? first & 0x7f : 0
  if (first === undefined || more > 4) return undefined
  let length = more === 0 ? first : 0
  for (let i = 0; i < more; i++) length = length * 256 + (der[at + 2 + i] ?? 0)
  const from = at + 2 + more
  return { tag: der[at], from, to: from + length }
}
export const hexOf = (der: Uint8Array, e: Element | undefined): string =>
  e ? [...der.subarray(e.from, e.to)].map(b => b.toString(16).padStart(2, '0')).join('') : ''
export const textOf = (der: Uint8Array, e: Element | undefined): string => e ? decodeURIComponent(hexOf(der, e).replace(/../g, '%$&')) : ''

/** An element of these contents. */
export function element(tag: number, ...contents: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const length = contents.reduce((sum, c) => sum + c.length, 0), size: number[] = []
  if (length < 0x80) size.push(length)
  else { for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256); size.unshift(0x80 | size.length) }
  const bytes = new Uint8Array(1 + size.length + length)
  bytes.set([tag, ...size])
  let at = 1 + size.length
  for (const c of contents) { bytes.set(c, at); at += c.length }
  return bytes
}
/** `2a8648…` */
export const bytesOfHex = (hex: string): readonly number[] => (hex.match(/../g) ?? []).map(b => parseInt(b, 16))
export const objectIdentifier = (hex: string): Uint8Array => element(OBJECT_IDENTIFIER, bytesOfHex(hex))
/** PrintableString where that is enough, UTF8String else, as Go's encoding/asn1 chooses. */
export const text = (value: string): Uint8Array => element(/^[A-Za-z0-9 '()+,./:=?-]*$/.test(value) ? 0x13 : 0x0c, [...new TextEncoder().encode(value)])
