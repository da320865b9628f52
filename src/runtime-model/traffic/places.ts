import { apiServerAddress } from '../api/addresses.ts'
import { within } from './network-policy.ts'
import { hostOf, nodesWithProxy, type Physics } from './physics.ts'

/** Who has an address: a pod, a machine of the cluster, the API server of one, or a host outside that a scenario has told of. */
export type Holder = { readonly is: 'pod'; readonly node: string; readonly pod: string; readonly uid: string } | { readonly is: 'node'; readonly node: string }
  | { readonly is: 'API server'; readonly node: string } | { readonly is: 'outside'; readonly name: string; readonly node?: undefined }

export function holderOf(physics: Physics, address: string): Holder | undefined {
  const server = physics.instances('kube-apiserver').find((_, i) => apiServerAddress(i) === address)
  if (server !== undefined) return { is: 'API server', node: hostOf(server) }
  const node = nodesWithProxy(physics).find(n => addressOf(physics, n) === address)
  if (node !== undefined) return { is: 'node', node }
  for (const n of nodesWithProxy(physics)) for (const [uid, pod] of physics.peek(`container-runtime/${n}`)?.state.pods.sorted() ?? []) {
    if (pod.sandbox?.ip === address && pod.sandbox.ready) return { is: 'pod', node: n, pod: pod.name, uid }
  }
  const name = Object.entries(hostsOutside(physics)).find(([, at]) => at === address)?.[0]
  return name === undefined ? undefined : { is: 'outside', name }
}

/** Name → address of what a scenario has told of outside of the cluster. */
export const hostsOutside = (physics: Pick<Physics, 'peek'>): Readonly<Record<string, string>> => physics.peek('traffic/sources')?.state.outside ?? {}

/** Why nobody answers at an address that nobody has: the cluster's own ranges are known, the rest of the world is not. */
export const vacancy = (address: string): string => ownRanges.some(range => within(range, address))
  ? `nobody has the address ${address} (no answer)`
  : `not modelled: ${address} is outside of the cluster (say \`host "NAME" is outside of the cluster with address "${address}"\` if it is there)`
/** of pods, Services and machines */
const ownRanges = ['10.0.0.0/8', '172.18.0.0/16', '192.168.0.0/16']

/** A node's own address, as its kube-proxy knows it. */
export const addressOf = (physics: Physics, node: string): string | undefined =>
  physics.peek(`kube-proxy/${node}`)?.state.informers.stores.nodes.get(`/${node}`)?.status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address
