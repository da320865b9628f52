import { isIP, isIPv4 } from './names.ts'

/** IP addresses and ranges as numbers. Source: k8s.io/utils/net (ParseIPSloppy, ParseCIDRSloppy), k8s.io/apimachinery pkg/util/validation/ip.go. */
export interface Cidr { readonly bits: 32 | 128; readonly address: bigint; readonly prefix: number }

/** An address as a number; `010.0.0.1` is taken as `10.0.0.1`. undefined: it is none. */
export function parseIP(text: string): { readonly bits: 32 | 128; readonly address: bigint } | undefined {
  const plain = withoutLeadingZeros(text)
  if (isIPv4(plain)) return { bits: 32, address: plain.split('.').reduce((n, part) => n * 256n + BigInt(part), 0n) }
  if (!isIP(text)) return undefined
  const [head, tail] = text.split('::'), left = groups(head), right = tail === undefined ? [] : groups(tail), missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right]
  return all.every(g => /^[0-9a-fA-F]{1,4}$/.test(g)) ? { bits: 128, address: all.reduce((n, g) => n * 65536n + BigInt('0x' + g), 0n) } : undefined
}
const withoutLeadingZeros = (text: string): string => text.replace(/(^|\.)0+(?=\d)/g, '$1')
/** `a:b` and a last part that may be an IPv4 address */
function groups(text: string): string[] {
  const parts = text === '' ? [] : text.split(':'), last = parts[parts.length - 1]
  if (!last?.includes('.') || !isIPv4(last)) return parts
  const [a, b, c, d] = last.split('.').map(Number)
  return [...parts.slice(0, -1), (a * 256 + b).toString(16), (c * 256 + d).toString(16)]
}

export function parseCidr(text: string): Cidr | undefined {
  const m = /^([^/]+)\/(\d{1,3})$/.exec(text), ip = m && parseIP(m[1]), prefix = Number(m?.[2])
  return ip && prefix <= ip.bits ? { ...ip, prefix } : undefined
}
/** the first address of the range */
export const networkOf = ({ bits, address, prefix }: Cidr): bigint => address >> BigInt(bits - prefix) << BigInt(bits - prefix)
export const contains = (range: Cidr, other: Cidr): boolean =>
  range.bits === other.bits && networkOf(range) === networkOf({ ...other, prefix: range.prefix })

/** in canonical form: `10.0.0.1`, `fd00::1` */
/** Is an address, as it is written, in a range? */
export function holds(range: Cidr, address: string): boolean {
  const ip = parseIP(address)
  return ip !== undefined && contains(range, { ...ip, prefix: ip.bits })
}

export function formatIP(address: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map(shift => address >> shift & 255n).join('.')
  const parts = Array.from({ length: 8 }, (_, i) => Number(address >> BigInt(112 - 16 * i) & 65535n))
  let from = 0, length = 0
  for (let i = 0; i < 8; i++) { let n = 0; while (parts[i + n] === 0) n++; if (n > length) { from = i; length = n } }
  const text = (list: number[]): string => list.map(p => p.toString(16)).join(':')
  return length < 2 ? text(parts) : `${text(parts.slice(0, from))}::${text(parts.slice(from + length))}`
}
export const formatCidr = (range: Cidr, address = range.address): string => `${formatIP(address, range.bits)}/${range.prefix}`

/** What the API server warns of in an address that it still takes. Source: pkg/util/validation/ip.go (GetWarningsForIP) */
export function ipWarnings(path: string, text: string): readonly string[] {
  const ip = parseIP(text)
  if (!ip) return []
  const mapped = ip.bits === 128 && ip.address >> 32n === 0xffffn, plain = mapped ? formatIP(ip.address & 0xffffffffn, 32) : formatIP(ip.address, ip.bits)
  if (plain === text) return []
  return [ip.bits === 32 || mapped
    ? `${path}: non-standard IP address ${JSON.stringify(text)} will be considered invalid in a future Kubernetes release: use ${JSON.stringify(plain)}`
    : `${path}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(plain)})`]
}

export const cidrText = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
/** What the API server warns of in a range that it still takes. */
export function cidrWarnings(path: string, text: string): readonly string[] {
  const range = parseCidr(text)
  if (!range) return []
  if (range.bits === 32 && withoutLeadingZeros(text) !== text) {
    return [
      `${path}: non-standard CIDR value ${JSON.stringify(text)} will be considered invalid in a future Kubernetes release: use ${JSON.stringify(formatCidr(range, networkOf(range)))}`,
    ]
  }
  if (networkOf(range) !== range.address) {
    const whole = formatCidr(range, networkOf(range)), single = formatCidr({ ...range, prefix: range.bits })
    return [`${path}: CIDR value ${JSON.stringify(text)} is ambiguous in this context (should be ${JSON.stringify(whole)} or ${JSON.stringify(single)}?)`]
  }
  return formatCidr(range) === text
    ? []
    : [`${path}: IPv6 CIDR value ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(formatCidr(range))})`]
}
