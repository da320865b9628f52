import type { GatewayConfig } from '../api/gateway-proxy.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { deepEqual } from '../kinds/meta/errors.ts'
import { create, update } from '../network/client.ts'
import { listenersOf, type Listener } from './listeners.ts'
import { dataPlane } from './manifests.ts'
import { classes, CONTROLLER_NAME, dataPlaneOf, gateways, group, grpcRoutes, identity, keyOf, routes } from './names.ts'
import { judgeRoute, routeKinds, parentsOf, rulesOn, type Judged, type Parent } from './routes.ts'
import { no, stored, yes, type Condition, type View } from './view.ts'

/** What there is to write, by the key of the object, and what every Gateway's data plane should be told. */
export interface Evaluation { readonly writes: ReadonlyMap<string, ApiRequest>; readonly configs: ReadonlyMap<string, GatewayConfig> }

export function evaluate(view: View, cloud: boolean): Evaluation {
  const writes = new Map<string, ApiRequest>(), configs = new Map<string, GatewayConfig>(), parents = new Map<string, Parent>()
  const own = view.list(classes).filter(c => c.spec.controllerName === CONTROLLER_NAME)
  for (const object of own) {
    setStatus(writes, classes, object, { conditions: stored([classAccepted(object)], object.status?.conditions, object.metadata.generation, view.wallMs) })
  }
  for (const gateway of view.list(gateways)) {
    if (!gateway.metadata.deletionTimestamp
      && own.filter(c => classAccepted(c).status === 'True').some(c => c.metadata.name === gateway.spec.gatewayClassName)) {
      parents.set(keyOf(gateway), { gateway, listeners: listenersOf(gateway, view) })
    }
  }
  const judged = [routes, grpcRoutes].flatMap(resource => view.list(resource)).flatMap(route => judgeRoute(route, parents, view) ?? [])
  for (const j of judged) {
    setStatus(writes, j.route.kind === 'GRPCRoute' ? grpcRoutes : routes, j.route, {
      parents: parentsOf(j, (conditions, before) => stored(conditions, before, j.route.metadata.generation, view.wallMs)),
    })
  }
  for (const [key, parent] of parents) {
    provide(writes, parent, view, cloud)
    setStatus(writes, gateways, parent.gateway, statusOf(parent, judged, view))
    configs.set(key, configOf(key, parent, judged))
  }
  return { writes, configs }
}

/** Nothing is configured by parameters: those of a class lead nowhere. */
const classAccepted = ({ spec }: KubeObject): Condition => spec.parametersRef
  ? no('Accepted', 'InvalidParameters', `spec.parametersRef: Not found: "${spec.parametersRef.kind}/${spec.parametersRef.name}"`)
  : yes('Accepted', 'The GatewayClass is accepted')

function setStatus(writes: Map<string, ApiRequest>, resource: string, object: KubeObject, status: any): void {
  const { namespace, name } = object.metadata
  if (!deepEqual(object.status, { ...object.status, ...status })) {
    writes.set(
      `${resource} ${keyOf(object)}`,
      update(identity, { resource, namespace, name, subresource: 'status' }, { ...object, status: { ...object.status, ...status } })
    )
  }
}

/** The Deployment and the Service of a Gateway that has something to listen on. */
function provide(writes: Map<string, ApiRequest>, { gateway, listeners }: Parent, view: View, cloud: boolean): void {
  const valid = listeners.filter(l => l.valid), { namespace } = gateway.metadata, name = dataPlaneOf(gateway)
  if (valid.length === 0) return
  const wanted = dataPlane(gateway, valid.map(l => l.spec.port), cloud), service = view.get('services', namespace, name)
  if (!view.get('deployments.apps', namespace, name)) {
    writes.set(`deployments.apps ${namespace}/${name}`, create(identity, { resource: 'deployments.apps', namespace }, wanted.deployment))
  }
  if (!service) writes.set(`services ${namespace}/${name}`, create(identity, { resource: 'services', namespace }, wanted.service))
  else if (portsOf(service) !== portsOf(wanted.service)) {
    const ports = wanted.service.spec.ports.map((p: any) => service.spec.ports.find((s: any) => s.port === p.port) ?? p)
    writes.set(`services ${namespace}/${name}`, update(identity, { resource: 'services', namespace, name }, { ...service, spec: { ...service.spec, ports } }))
  }
}
const portsOf = ({ spec }: any): string => spec.ports.map((p: any) => p.port).join()

function statusOf({ gateway, listeners }: Parent, judged: readonly Judged[], view: View): any {
  const { namespace, generation } = gateway.metadata, key = keyOf(gateway), before = gateway.status
  const service = view.get('services', namespace, dataPlaneOf(gateway))
  const addresses = addressesOf(service)
  const ready = view.slices(namespace!, dataPlaneOf(gateway)).some(s => (s.endpoints ?? []).some((e: any) => e.conditions?.ready))
  return {
    ...addresses.length > 0 ? { addresses } : undefined,
    conditions: stored([acceptedOf(listeners), programmedOf(listeners, addresses, ready)], before?.conditions, generation, view.wallMs),
    listeners: listeners.map(({ spec, conditions }) => ({
      name: spec.name, supportedKinds: spec.protocol === 'HTTP' || spec.protocol === 'HTTPS' ? kindsOf(spec) : [],
      attachedRoutes: judged.filter(j => j.attachments.some(a => a.gateway === key && a.listener === spec.name)).length,
      conditions: stored(conditions, before?.listeners?.find((l: any) => l.name === spec.name)?.conditions, generation, view.wallMs),
    })),
  }
}
/** Kinds of routes that a listener takes. */
const kindsOf = ({ allowedRoutes }: any): readonly any[] => allowedRoutes?.kinds?.length
  ? allowedRoutes.kinds.filter((k: any) => routeKinds.includes(k.kind)).map((k: any) => ({ group, kind: k.kind }))
  : routeKinds.map(kind => ({ group, kind }))
function acceptedOf(listeners: readonly Listener[]): Condition {
  const valid = listeners.filter(l => l.valid).length
  if (valid === 0) return no('Accepted', 'ListenersNotValid', 'The Gateway has no valid listeners')
  return valid < listeners.length
    ? yes('Accepted', 'The Gateway has at least one valid listener', 'ListenersNotValid')
    : yes('Accepted', 'The Gateway is accepted')
}
function programmedOf(listeners: readonly Listener[], addresses: readonly any[], ready: boolean): Condition {
  if (!listeners.some(l => l.valid)) return no('Programmed', 'Invalid', 'The Gateway has no valid listeners')
  if (addresses.length === 0) return no('Programmed', 'AddressNotAssigned', 'The Service of the Gateway has no address yet')
  return ready ? yes('Programmed', 'The Gateway is programmed') : no('Programmed', 'Pending', 'No pod of the Gateway is ready')
}
function addressesOf(service: KubeObject | undefined): readonly any[] {
  if (!service) return []
  if (service.spec.type !== 'LoadBalancer') return service.spec.clusterIP ? [{ type: 'IPAddress', value: service.spec.clusterIP }] : []
  return (service.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }: any) =>
    ip ? { type: 'IPAddress', value: ip } : { type: 'Hostname', value: hostname })
}

function configOf(key: string, { gateway, listeners }: Parent, judged: readonly Judged[]): GatewayConfig {
  return {
    name: `gateway ${gateway.metadata.name}`, namespace: gateway.metadata.namespace!,
    listeners: listeners.filter(l => l.valid).map(({ spec: { name, port, protocol, hostname }, certificate }) =>
      ({ port, protocol, ...hostname ? { hostname } : undefined, ...certificate ? { certificate } : undefined, rules: rulesOn(key, name, judged) })),
  }
}
