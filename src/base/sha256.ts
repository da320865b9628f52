/** SHA-256 of a text, in hexadecimal: names that Kubernetes derives by it. Source: FIPS 180-4. */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text), length = ((bytes.length + 8 >> 6) + 1) * 16, words = new Uint32Array(length)
  bytes.forEach((byte, i) => { words[i >> 2] |= byte << 24 - (i & 3) * 8 })
  words[bytes.length >> 2] |= 0x80 << 24 - (bytes.length & 3) * 8
  words[length - 1] = bytes.length * 8
  const state = Uint32Array.from(start), schedule = new Uint32Array(64)
  for (let at = 0; at < length; at += 16) block(state, schedule, words.subarray(at, at + 16))
  return [...state].map(word => word.toString(16).padStart(8, '0')).join('')
}

function block(state: Uint32Array, w: Uint32Array, words: Uint32Array): void {
  w.set(words)
  for (let i = 16; i < 64; i++) {
    w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >>> 3) + w[i - 7] + (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >>> 10)
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let i = 0; i < 64; i++) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + rounds[i] + w[i] | 0
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0
    h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word })
}
const turn = (word: number, by: number): number => word >>> by | word << 32 - by

/** The first 32 bits of the fractional parts of the roots of the first primes. */
const primes: readonly number[] = Array.from({ length: 310 }, (_, i) => i + 2).filter((n, _i, all) => !all.some(d => d * d <= n && n % d === 0))
const fraction = (root: number): number => (root - Math.floor(root)) * 2 ** 32 >>> 0
const start = primes.slice(0, 8).map(p => fraction(Math.sqrt(p))), rounds = primes.slice(0, 64).map(p => fraction(Math.cbrt(p)))
