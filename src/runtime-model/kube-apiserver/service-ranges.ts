import type { Turn } from './state.ts'
import { visitCached } from './watch-cache.ts'

/**
 * The ranges from which Services have their addresses: those of all ServiceCIDRs that are ready. One without a condition is taken to be, as
 * kube-controller-manager may not run. Of IPv4 only. Source: pkg/registry/core/service/ipallocator/cidrallocator.go (MetaAllocator, isReady)
 */
export function readyRanges(turn: Turn): readonly string[] {
  const ranges: string[] = []
  visitCached(turn.state.cache, 'servicecidrs.networking.k8s.io', ({ metadata, spec, status }: any) => {
    if (metadata.deletionTimestamp || status?.conditions?.some((c: any) => c.type === 'Ready' && c.status !== 'True')) return
    for (const cidr of spec.cidrs ?? []) if (!cidr.includes(':')) ranges.push(cidr)
  })
  const { serviceCidr } = turn.options
  // the one it was set up with comes first, where real servers ask any of them
  return ranges.length < 2 ? ranges : ranges.toSorted((a, b) => Number(b === serviceCidr) - Number(a === serviceCidr))
}

/** An address that nobody has, from the upper part of a range first; undefined: there is none. `start` is drawn at random. */
export function freeIn(cidr: string, start: number, isTaken: (ip: string) => boolean): string | undefined {
  const size = sizeOf(cidr) - 1, base = networkOf(cidr), lower = staticPart(cidr)
  const from = (first: number, end: number): string | undefined => {
    const count = end - first
    for (let at = start % Math.max(1, count), tries = 0; tries < count; tries++, at = (at + 1) % count) {
      const ip = text(base + first + at)
      if (!isTaken(ip)) return ip
    }
    return undefined
  }
  return from(Math.min(size, Math.max(1, lower)), size) ?? from(1, Math.min(size, lower))
}

/** Is it an address of the range? Neither the first of it nor the last is. */
export const isIn = (cidr: string, ip: string): boolean => offsetIn(cidr, ip) > 0
/** Is it one of those that only who names them gets while there are others? */
export const isStatic = (cidr: string, ip: string): boolean => isIn(cidr, ip) && offsetIn(cidr, ip) < staticPart(cidr)
export const isAddress = (ip: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(ip)

const number = (ip: string): number => ip.split('.').reduce((n, part) => n * 256 + Number(part), 0)
const text = (n: number): string => [Math.floor(n / 2 ** 24), (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.')
const sizeOf = (cidr: string): number => 2 ** (32 - Number(cidr.split('/')[1]))
const networkOf = (cidr: string): number => number(cidr.split('/')[0])
/** Position in the range; -1 outside. */
function offsetIn(cidr: string, ip: string): number {
  const offset = number(ip) - networkOf(cidr)
  return offset > 0 && offset < sizeOf(cidr) - 1 ? offset : -1
}
/** Source: ipallocator.go (calculateRangeOffset) */
function staticPart(cidr: string): number {
  const size = sizeOf(cidr)
  return size < 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256)
}
