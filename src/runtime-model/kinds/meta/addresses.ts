import type { FieldError } from '../kind.ts'
import { parseIP } from '../../api/cidr.ts'
import { ipText } from '../../api/names.ts'
import { invalid } from './errors.ts'

const plainIPv4 = /^(?!127\.|169\.254\.|224\.|0)[1-9]\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** Addresses that traffic can be sent to. Source: pkg/apis/core/validation/validation.go (ValidateEndpointIP, IsValidIPForLegacyField). */
export function validateReachable(ip: string, at: string): FieldError[] {
  // most of them, and quickly
  if (plainIPv4.test(ip)) return []
  const parsed = parseIP(ip)
  if (!parsed) return []
  const { bits, address } = parsed, first = (n: number): bigint => address >> BigInt(bits - n), four = bits === 32
  if (address === 0n) return [invalid(at, ip, four ? 'may not be unspecified (0.0.0.0)' : 'may not be unspecified (::)')]
  if (four ? first(8) === 127n : address === 1n) return [invalid(at, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')]
  if (four ? first(16) === 0xa9fen : first(10) === 0x3fan) return [invalid(at, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')]
  if (four ? first(24) === 0xe00000n : first(16) === 0xff02n) return [invalid(at, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')]
  return []
}
export const validateIP = (ip: string, at: string): FieldError[] => parseIP(ip) ? validateReachable(ip, at) : [invalid(at, ip, ipText)]
