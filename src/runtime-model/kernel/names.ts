const digits = [...'0123456789abcdef'].map(c => c.charCodeAt(0)), dash = '-'.charCodeAt(0)
const uuidDashes = [8, 13, 18, 23]

/** A version 4 UUID from 128 bits. It is made of its characters at once: pieces put together would be kept as a chain of pieces, of several times the size. */
export function uidFrom(a: number, b: number, c: number, d: number): string {
  const words = [a, (b & 0xffff0fff) | 0x4000, (c & 0x3fffffff) | 0x80000000, d], codes: number[] = []
  for (let i = 0; i < 32; i++) {
    if (uuidDashes.includes(codes.length)) codes.push(dash)
    codes.push(digits[(words[i >> 3] >>> (28 - 4 * (i & 7))) & 15])
  }
  return String.fromCharCode(...codes)
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
