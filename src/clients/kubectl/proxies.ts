import type { Driver } from '../../drivers/driver.ts'
import type { Credentials } from '../../runtime-model/api/request.ts'

/** A port of one's own machine that `kubectl proxy` listens on: what comes there goes to the API server, as whoever started it. It goes on for ever. */
export interface Proxy {
  /** `127.0.0.1`, or `0.0.0.0` and `::` */
  readonly addresses: readonly string[]
  readonly local: number
  /** ends in a slash */
  readonly prefix: string
  /** undefined: everything passes */
  readonly filter: ProxyFilter | undefined
  readonly credentials: Credentials
}
/** Regular expressions of what is let through. Source: kubectl pkg/proxy/proxy_server.go (FilterServer). */
export interface ProxyFilter {
  readonly acceptPaths: readonly string[]
  readonly rejectPaths: readonly string[]
  readonly acceptHosts: readonly string[]
  readonly rejectMethods: readonly string[]
}
const kept = 'proxies of kubectl'
export const proxiesOf = (driver: Driver): readonly Proxy[] => driver.kept.get(kept) as readonly Proxy[] | undefined ?? []
export function keepProxy(driver: Driver, proxy: Proxy): void { driver.kept.set(kept, [...proxiesOf(driver), proxy]) }

const any = (patterns: readonly string[], text: string): boolean => patterns.some(pattern => new RegExp(pattern).test(text))
export const passes = (filter: ProxyFilter | undefined, method: string, path: string, host: string): boolean => filter === undefined
  || !any(filter.rejectMethods, method) && !any(filter.rejectPaths, path) && any(filter.acceptHosts, host) && any(filter.acceptPaths, path)

/** The path behind the prefix, unless that begins with /api; undefined: it lies elsewhere. Source: proxy_server.go (NewProxyHandler, stripLeaveSlash) */
export function pathBehind(prefix: string, path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined
  return prefix.startsWith('/api') ? path : path.slice(prefix.length - 1)
}
