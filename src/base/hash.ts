/** FNV-1a over UTF-16 code units with a final avalanche (murmur3's), as an unsigned 32-bit integer. */
export function hashString(text: string, seed = 0x811c9dc5): number {
  let h = seed | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix32(h)
}

/** Hexadecimal digits that look like chance and follow from a text: eight a word, each word with the next seed. */
export function hashHex(text: string, words: number, firstSeed = 0): string {
  let digits = ''
  for (let i = 0; i < words; i++) digits += hashString(text, firstSeed + i).toString(16).padStart(8, '0')
  return digits
}

/** Bijective 32-bit mixer (murmur3 finaliser): every input bit moves every output bit. */
export function mix32(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
