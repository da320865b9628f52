import type { Driver } from '../../drivers/driver.ts'
import { NotModelled } from '../errors.ts'
import { proxiesOf } from './proxies.ts'

/** A port of one's own machine that `kubectl port-forward` listens on, and whose connections it hands to a port of a pod. */
export interface Forward {
  /** `127.0.0.1`, `::1`, `0.0.0.0` … */
  readonly addresses: readonly string[]
  readonly local: number
  readonly remote: number
  readonly namespace: string
  readonly pod: string
  readonly uid: string
  readonly node: string
  /** virtual ms */
  readonly since: number
}
const kept = 'port-forwards of kubectl'

/** Those that still run. */
export const forwardsOf = (driver: Driver): readonly Forward[] => (driver.kept.get(kept) as readonly Forward[] | undefined ?? []).filter(f => runs(driver, f))
export function keepForwards(driver: Driver, added: readonly Forward[]): void { driver.kept.set(kept, [...forwardsOf(driver), ...added]) }
/** Whatever listens on ports of one's own machine. */
export const listeners = (driver: Driver): readonly { readonly addresses: readonly string[]; readonly local: number }[] =>
  [...forwardsOf(driver), ...proxiesOf(driver)]
/** Where none is asked for, the machine chooses one that is free; here the lowest of those that Linux gives out. Source: net.ipv4.ip_local_port_range */
export function freePort(driver: Driver, besides: readonly { readonly local: number }[] = []): number {
  const taken = [...listeners(driver), ...besides]
  let port = 32_768
  while (taken.some(f => f.local === port)) port++
  return port
}
/** kubectl has lost its connection to the pod, and ends. */
export function dropForward(driver: Driver, lost: Forward): void {
  driver.kept.set(kept, forwardsOf(driver).filter(f => f.uid !== lost.uid || f.since !== lost.since))
}

/** A forward is one stream through an API server and the kubelet of the pod's node: it ends with either of them. */
function runs(driver: Driver, { node, since }: Forward): boolean {
  const rule = driver.activeRules?.()[0]
  if (rule !== undefined) throw new NotModelled(`whether a port-forward goes on: ${rule}`)
  const servers = driver.components().filter(c => c.component === 'kube-apiserver').length
  for (const o of driver.history()) {
    if (o.at < since || !('state' in o) || (o.state !== 'down' && o.state !== 'hung')) continue
    if (o.type === 'nodePower' && o.node === node) return false
    if (o.type !== 'component') continue
    if (o.component === 'kubelet' && o.node === node) return false
    if (o.component === 'kube-apiserver' && servers > 1) throw new NotModelled('through which of several API servers a port-forward goes')
    if (o.component === 'kube-apiserver') return false
  }
  return true
}
