/**
 * Text for any bytes: what is UTF-8 is what it says; of what is none each byte stands as half of a pair that no text has, as Python's `surrogateescape` has
 * it, so that the bytes can be had back.
 */
export function textOf(bytes: Uint8Array): string {
  try { return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) } catch {
    return Array.from(bytes, byte => byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte)).join('')
  }
}
/** Does it stand for bytes that are no text? */
export const isBinary = (text: string): boolean => /(?<![\ud800-\udbff])[\udc80-\udcff]/.test(text)
export function bytesOf(text: string): Uint8Array {
  return isBinary(text) ? Uint8Array.from(text, c => c.charCodeAt(0) & 0xff) : new TextEncoder().encode(text)
}
/** What base64 says, as text. */
export const textOfBase64 = (base64: string): string => new TextDecoder().decode(Uint8Array.from(atob(base64), c => c.charCodeAt(0)))
