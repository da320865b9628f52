import type { EtcdOperation } from '../api/etcd.ts'
import { internalError, invalid, type FieldProblem, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { validateServiceAddresses, type KindDefinition } from '../kinds/index.ts'
import { freeIn, isAddress, isIn, isStatic, readyRanges } from './service-ranges.ts'
import type { Turn, Write } from './state.ts'
import { cached, visitCached } from './watch-cache.ts'

/**
 * Cluster addresses and node ports of Services. An address is held by an IPAddress object that is stored before the Service and removed after it, so two
 * servers cannot give away the same one; node ports are read off the Services in the cache (a real server keeps a bitmap in etcd).
 * Source: pkg/registry/core/service/{storage/alloc.go,ipallocator/cidrallocator.go,portallocator}; static lower part of the range, KEP-3070.
 */
export type Allocated = { readonly object: any; readonly before: readonly EtcdOperation[]; readonly undo: readonly EtcdOperation[] }
  | { readonly status: Status }
const nodePorts = { first: 30_000, count: 2768 }, ipResource = 'ipaddresses.networking.k8s.io'
const nothing = (object: any): Allocated => ({ object, before: [], undo: [] })
const isService = (kind: KindDefinition): boolean => kind.group === '' && kind.resource === 'services'

export function allocateForCreate(turn: Turn, kind: KindDefinition, service: any, dryRun?: boolean): Allocated {
  return isService(kind) ? allocate(turn, kind, service, undefined, dryRun) : nothing(service)
}
/** A Service that changes its type may need an address or ports, or give its address back. */
export function allocateForUpdate(
  turn: Turn, kind: KindDefinition, service: any, old: any, dryRun?: boolean
): Allocated & { readonly after?: readonly EtcdOperation[] } {
  if (!isService(kind)) return nothing(service)
  const allocated = allocate(turn, kind, service, old, dryRun)
  return 'status' in allocated || !old.spec.clusterIP || old.spec.clusterIP === service.spec.clusterIP
    ? allocated
    : { ...allocated, after: releases(turn, kind, old) }
}
/** Operations that give the address of a Service back once it is gone. */
export function releases(turn: Turn, kind: KindDefinition, service: any): readonly EtcdOperation[] {
  if (!isService(kind)) return []
  const held = addressed(service.spec) ? cached(turn.state.cache, ipResource, '', service.spec.clusterIP) : undefined
  return held
    ? [{ op: 'delete', key: { resource: ipResource, namespace: '', name: service.spec.clusterIP }, expected: Number(held.metadata.resourceVersion) }]
    : []
}

const addressed = (spec: any): boolean => Boolean(spec.clusterIP) && spec.clusterIP !== 'None' && spec.type !== 'ExternalName'

function allocate(turn: Turn, kind: KindDefinition, service: any, old: any, dryRun: boolean | undefined): Allocated {
  // it has none yet where nobody has said one: that is found afterwards
  const { name = '' } = service.metadata, wrong = old || service.spec.type === 'ExternalName' ? [] : validateServiceAddresses(service.spec)
  if (wrong.length > 0) return { status: invalid(kind, name, wrong) }
  const portsGiven = withNodePorts(turn, service, old, dryRun)
  if (Array.isArray(portsGiven)) return { status: invalid(kind, name, portsGiven) }
  const ported = withHealthPort(turn, portsGiven, dryRun), { spec } = ported, keeps = old && addressed(old.spec) && old.spec.clusterIP === spec.clusterIP
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None' || keeps) return nothing(ported)
  // a dry run takes none, and shows where the first range begins (ipallocator: dryRunRange)
  if (!spec.clusterIP && dryRun) return nothing(withAddress(ported, turn.options.serviceCidr.split('/')[0]))
  if (!spec.clusterIP) return takeAny(turn, ported)
  // validation says what is wrong with something that is no address
  if (!isAddress(spec.clusterIP)) return nothing(ported)
  const why = !readyRanges(turn).some(range => isIn(range, spec.clusterIP)) ? outside(turn, spec.clusterIP, dryRun)
    : cached(turn.state.cache, ipResource, '', spec.clusterIP) ? 'provided IP is already allocated'
    : undefined
  return why === undefined ? take(turn, ported, spec.clusterIP) : { status: invalid(kind, name, [addressProblem(spec.clusterIP, why)]) }
}
/** A dry run asks the first range alone. */
const outside = ({ options }: Turn, ip: string, dryRun: boolean | undefined): string => dryRun
  ? `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${options.serviceCidr}`
  : 'the provided network does not match the current range'
const addressProblem = (ip: string, why: string): FieldProblem =>
  ({ type: 'FieldValueInvalid', field: 'spec.clusterIPs', body: `Invalid value: ["${ip}"]: failed to allocate IP ${ip}: ${why}` })

const withAddress = (service: any, ip: string): any => ({ ...service, spec: { ...service.spec, clusterIP: ip, clusterIPs: [ip] } })
function take(turn: Turn, service: any, ip: string): Allocated {
  const key = { resource: ipResource, namespace: '', name: ip }, object: any = {
    kind: 'IPAddress', apiVersion: 'networking.k8s.io/v1',
    metadata: {
      name: ip, uid: turn.context.uid(), resourceVersion: '', creationTimestamp: formatTime(turn.context.wallMs),
      labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' },
    },
    spec: { parentRef: { resource: 'services', namespace: service.metadata.namespace, name: service.metadata.name } },
  }
  return {
    object: withAddress(service, ip), before: [{ op: 'put', key, expected: 0, value: object }], undo: [],
  }
}

/** Another server took the address between our look and our write: another one, or the refusal if this one was asked for. */
export function allocateAgain(turn: Turn, kind: KindDefinition, write: Write): { readonly write: Write } | { readonly status: Status } {
  const { object } = write, asked: string = object.spec.clusterIP
  if (readyRanges(turn).some(range => isStatic(range, asked))) {
    return { status: invalid(kind, write.name, [addressProblem(asked, 'provided IP is already allocated')]) }
  }
  const allocated = takeAny(turn, object)
  return 'status' in allocated ? allocated : { write: { ...write, object: allocated.object, before: allocated.before } }
}

/** From the first range that has one left. */
function freeAddress(turn: Turn): string | undefined {
  const start = turn.context.bits('cluster IP') >>> 0, isTaken = (ip: string): boolean => cached(turn.state.cache, ipResource, '', ip) !== undefined
  for (const range of readyRanges(turn)) {
    const ip = freeIn(range, start, isTaken)
    if (ip !== undefined) return ip
  }
  return undefined
}
const takeAny = (turn: Turn, service: any): Allocated => {
  const ip = freeAddress(turn)
  return ip === undefined ? { status: internalError('failed to allocate a serviceIP: range is full') } : take(turn, service, ip)
}

// ---- node ports
const needsPorts = (spec: any): boolean => spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)

/**
 * A dry run does not look at the range, and counts on from its end where none is named: nobody is to take such a port for his own.
 * Source: pkg/registry/core/service/portallocator/operation.go
 */
function withNodePorts(turn: Turn, service: any, old: any, dryRun: boolean | undefined): any {
  const { spec } = service
  if (!spec.ports?.length || !(needsPorts(spec) || spec.ports.some((p: any) => p.nodePort))) return service
  const used = new Set<string>(), mine = new Set<string>((old?.spec.ports ?? []).map((p: any) => `${p.protocol} ${p.nodePort}`))
  visitCached(turn.state.cache, 'services', other => {
    if (other.metadata.uid !== service.metadata.uid) for (const p of other.spec.ports ?? []) if (p.nodePort) used.add(`${p.protocol} ${p.nodePort}`)
    if (other.spec.healthCheckNodePort) used.add(`TCP ${other.spec.healthCheckNodePort}`)
  })
  const problems: FieldProblem[] = [], given: number[] = []
  const ports = spec.ports.map((port: any, i: number) => {
    const body = (why: string): string => `Invalid value: ${port.nodePort}: ${why}`
    if (port.nodePort) {
      if (port.nodePort < nodePorts.first || port.nodePort >= nodePorts.first + nodePorts.count) {
        if (needsPorts(spec) && !dryRun) {
          problems.push({
            type: 'FieldValueInvalid', field: `spec.ports[${i}].nodePort`,
            body: body('provided port is not in the valid range. The range of valid ports is 30000-32767'),
          })
        }
      }
      else if (used.has(`${port.protocol} ${port.nodePort}`)
        && !mine.has(
          `${port.protocol} ${port.nodePort}`
        )) problems.push({ type: 'FieldValueInvalid', field: `spec.ports[${i}].nodePort`, body: body('provided port is already allocated') })
      used.add(`${port.protocol} ${port.nodePort}`)
      given.push(port.nodePort)
      return port
    }
    if (!needsPorts(spec)) return port
    const nodePort = dryRun ? dummyPort(given) : freePort(turn, port.protocol, used)
    given.push(nodePort)
    used.add(`${port.protocol} ${nodePort}`)
    return { ...port, nodePort }
  })
  return problems.length > 0 ? problems : { ...service, spec: { ...spec, ports } }
}
/** Where the kube-proxies answer whether they have an endpoint of their own. Source: storage/alloc.go (initHealthCheckNodePort). */
function withHealthPort(turn: Turn, service: any, dryRun: boolean | undefined): any {
  const { spec } = service
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local' || spec.healthCheckNodePort) return service
  if (dryRun) return { ...service, spec: { ...spec, healthCheckNodePort: dummyPort((spec.ports ?? []).flatMap((p: any) => p.nodePort ?? [])) } }
  const used = new Set<string>((spec.ports ?? []).map((p: any) => `TCP ${p.nodePort}`))
  visitCached(turn.state.cache, 'services', ({ spec: other }) => {
    for (const port of [other.healthCheckNodePort, ...(other.ports ?? []).map((p: any) => p.nodePort)]) used.add(`TCP ${port}`)
  })
  return { ...service, spec: { ...spec, healthCheckNodePort: freePort(turn, 'TCP', used) } }
}
/** The one after those that are given, of which none is below the end of the range. */
const dummyPort = (given: readonly number[]): number => Math.max(nodePorts.first + nodePorts.count, ...given) + 1
/** From the upper part of the range, the lower 86 being for those who name one. */
function freePort(turn: Turn, protocol: string, used: ReadonlySet<string>): number {
  const from = nodePorts.first + 86, count = nodePorts.count - 86
  for (let at = (turn.context.bits('node port') >>> 0) % count, tries = 0; tries < count; tries++, at = (at + 1) % count) {
    if (!used.has(`${protocol} ${from + at}`)) return from + at
  }
  return from
}
