import { hashString } from '../../base/hash.ts'
import type { Sticky } from '../api/http-proxy.ts'
import type { Proxied } from './proxied.ts'
import type { Exit, Route } from './route.ts'

/** What a client's cookie says: of a location and its canary which one it was given to, and (`persistent`) whom it asked there. */
const backend = 'backend of cookie', cookie = 'cookie'
type Cookies = Record<string, string>

/** Does a proxy send one client to one and the same endpoint there? */
export const comesBack = ({ exits }: Route): boolean => exits.some(e => 'upstream' in e && (e.sticky !== undefined || e.key !== undefined))

/** The exits of one client, by its cookies or by a hash of what it asks for. What it is told now goes into `cookies`. */
export function ownTargets(client: string, exits: readonly Exit[], cookies: Cookies): readonly Exit[] {
  return ownBackend(client, exits, cookies).map(e => {
    if (!('upstream' in e)) return e
    if (e.sticky) return cameBack(client, e, e.sticky, cookies)
    return e.key ? { ...e, first: highest(e, `${e.key.client ? client : ''} ${e.key.text}`) } : e
  })
}
/**
 * A cookie that names neither (as its backend is gone) is given anew where it names endpoints; where it is only hashed it stays, and each request is a new one.
 * Source: ingress-nginx rootfs/etc/nginx/lua/{balancer,balancer/sticky}.lua (is_affinitized, balance)
 */
function ownBackend(client: string, exits: readonly Exit[], cookies: Cookies): readonly Exit[] {
  const sticky = exits.filter((e): e is Proxied => 'upstream' in e && e.sticky !== undefined)
  if (sticky.length === 0) return exits
  const only = (service: string): readonly Exit[] => exits.filter(e => !('upstream' in e) || e.service === service), before = cookies[backend]
  if (before !== undefined && sticky.some(e => e.service === before)) return only(before)
  const open = sticky.filter(e => !e.spare)
  if (before !== undefined && open[0].sticky!.mode === 'balanced') return exits.filter(e => !('upstream' in e) || !e.spare)
  const { service } = open[hashString(`${client} ${backend}`) % open.length]
  cookies[backend] = service
  return only(service)
}
/**
 * Whom a client's cookie names. As long as clients are kept in balance that follows from cookie and endpoints, so that a new endpoint takes its share of them
 * over. Source: ingress-nginx rootfs/etc/nginx/lua/balancer/{sticky,sticky_balanced,sticky_persistent}.lua (approximate: another hash)
 */
function cameBack(client: string, exit: Proxied, { mode }: Sticky, cookies: Cookies): Proxied {
  const { upstream } = exit, before = mode === 'persistent' ? upstream.findIndex(u => u.to?.address === cookies[cookie]) : -1
  const first = before >= 0 ? before : highest(exit, client), address = upstream[first]?.to?.address
  if (address !== undefined) cookies[cookie] = address
  return { ...exit, first }
}
/** By rendezvous: an endpoint that comes or goes moves its own share alone. */
function highest({ upstream }: Proxied, key: string): number {
  const ranks = upstream.map(u => hashString(`${key} ${u.to?.address}`) >>> 0)
  return Math.max(0, ranks.indexOf(Math.max(...ranks)))
}
