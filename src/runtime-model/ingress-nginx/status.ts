import type { KubeObject } from '../api/request.ts'
import type { Effect, StepContext } from '../kernel/actor.ts'
import { call, update } from '../network/client.ts'
import { store } from '../network/informer.ts'
import { identity, NAMESPACE, SERVICE, type ControllerState } from './state.ts'

/**
 * Publishes where the controller is reached, in the status of its Ingresses, once a minute: the addresses of its load balancer, or, with a node
 * port only, those of the nodes that its pods run on. Nothing while no pod of it runs. Source: internal/ingress/status/status.go (UpdateInterval)
 */
const intervalMs = 60_000

/** ms until addresses that are not up to date are published; undefined: they are. */
export const untilPublished = (state: ControllerState, own: readonly KubeObject[], context: StepContext): number | undefined =>
  outdated(state, own).length === 0 ? undefined : intervalMs - (context.now - state.ledSince) % intervalMs

export function publish(state: ControllerState, own: readonly KubeObject[], context: StepContext): readonly Effect[] {
  const ingress = addresses(state)
  return outdated(state, own).map(object => {
    const { namespace, name } = object.metadata, body = { ...object, status: { loadBalancer: ingress.length > 0 ? { ingress } : {} } }
    return call(context, update(identity, { resource: 'ingresses.networking.k8s.io', namespace, name, subresource: 'status' }, body)).effect
  })
}

function outdated(state: ControllerState, own: readonly KubeObject[]): readonly KubeObject[] {
  if (runningOn(state).length === 0) return []
  const now = JSON.stringify(addresses(state))
  return own.filter(i => JSON.stringify(i.status?.loadBalancer?.ingress ?? []) !== now)
}

interface Address { readonly ip?: string; readonly hostname?: string }
function addresses(state: ControllerState): readonly Address[] {
  const service = store(state.informers, 'services').get(`${NAMESPACE}/${SERVICE}`)
  if (!service) return []
  if (service.spec.type === 'LoadBalancer') return (service.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }: any) => ip ? { ip } : { hostname })
  const nodes = store(state.informers, 'nodes')
  const ips = runningOn(state).map(node => nodes.get(`/${node}`)?.status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address)
  return [...new Set(ips.filter((ip): ip is string => ip !== undefined))].sort().map(ip => ({ ip }))
}

/** The nodes of its own pods. */
function runningOn(state: ControllerState): readonly string[] {
  const slices = store(state.informers, 'endpointslices'), names = state.slices.get(`${NAMESPACE}/${SERVICE}`) ?? []
  return names.flatMap(name => slices.get(name)?.endpoints ?? []).filter((e: any) => e.conditions?.serving !== false).map((e: any) => e.nodeName)
}
