/**
 * The addresses of pods: each node has 256, out of 10.244.0.0/16 and what lies behind it (number 300 is 10.245.44.0/24), and once these are given out,
 * for clusters of more than 3,072 nodes, out of what lies between the Services and them: number 3,072 is 10.112.0.0/24.
 */
const first = 12 * 256, between = 132 * 256
/** so many nodes can have one */
export const podRanges = first + between
export const podRange = (n: number): string => n < first ? numbered(244, n) : numbered(112, n - first)
const numbered = (from: number, n: number): string => `10.${from + (n >> 8)}.${n & 255}.0/24`
/** The number of a range; undefined: it is none of these. */
export function podRangeNumber(cidr: string): number | undefined {
  const [a, b, c] = cidr.split('.').map(Number), n = (b - 244) * 256 + c
  if (a !== 10 || !(c >= 0 && c < 256)) return undefined
  return n >= 0 && n < first ? n : b >= 112 && b < 244 ? first + (b - 112) * 256 + c : undefined
}
