const bytes = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
const hex = (bits: number): string => bytes[bits >>> 24] + bytes[(bits >>> 16) & 255] + bytes[(bits >>> 8) & 255] + bytes[bits & 255]

/** A version 4 UUID from 128 bits. */
export function uidFrom(a: number, b: number, c: number, d: number): string {
  const x = hex(a), y = hex((b & 0xffff0fff) | 0x4000), z = hex((c & 0x3fffffff) | 0x80000000), w = hex(d)
  return `${x}-${y.slice(0, 4)}-${y.slice(4)}-${z.slice(0, 4)}-${z.slice(4)}${w}`
}

/** Letters and digits that cannot spell a word. Source: k8s.io/apimachinery pkg/util/rand (SafeEncode's alphabet). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Five characters as the API server appends to generateName. Source: k8s.io/apiserver pkg/storage/names/generate.go */
export function suffixFrom(a: number, b: number): string {
  let text = '', x = a >>> 0, y = b >>> 0
  for (let i = 0; i < 5; i++) { text += alphabet[x % 27]; x = Math.floor(x / 27); if (i === 3) x = y }
  return text
}

/** Replaces each character by one of the safe alphabet, as pod-template-hash and the like do. Source: apimachinery pkg/util/rand.SafeEncodeString */
export const safeEncode = (text: string): string => { let out = ''; for (let i = 0; i < text.length; i++) out += alphabet[text.charCodeAt(i) % 27]; return out }
