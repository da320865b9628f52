import type { ProxyEndpoint, ProxyTarget } from '../api/http-proxy.ts'
import type { Weighted } from '../api/gateway-proxy.ts'
import type { KubeObject } from '../api/request.ts'
import { granted, type View } from './view.ts'

/**
 * Whom a rule gives its requests to. A reference that leads nowhere is answered with 500 for its share, a Service without ready endpoints with 503.
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule (backendRefs)
 */
export interface Backends {
  readonly to: readonly Weighted[]
  /** what is wrong with the first bad reference */
  readonly problem?: { readonly reason: string; readonly message: string }
}

/** Filters of rules; the first two change neither who is asked nor whether an answer comes back, and nobody waits for the answer to a copy. */
const known = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestRedirect', 'URLRewrite']

export function backendsOf(route: KubeObject, rule: any, index: number, view: View): Backends {
  const odd = (rule.filters ?? []).find((f: any) => !known.includes(f.type))
  if (odd) return { to: [{ weight: 1, to: { status: 0, why: `not modelled: filter ${odd.type} of ${route.kind} ${route.metadata.name}` } }] }
  const judged = (rule.backendRefs ?? []).map((ref: any, i: number) => backendOf(route, ref, `spec.rules[${index}].backendRefs[${i}]`, view))
  const copies = (rule.filters ?? []).filter((f: any) => f.type === 'RequestMirror').map((f: any, i: number) =>
    backendOf(route, f.requestMirror?.backendRef ?? {}, `spec.rules[${index}].filters[${i}].requestMirror.backendRef`, view))
  const to = judged.map((b: any) => b.weighted).filter((w: Weighted) => w.weight > 0)
  return {
    to: to.length > 0 ? to : [{ weight: 1, to: { status: 500, why: `${route.kind} ${route.metadata.name} names no backend` } }],
    problem: [...judged, ...copies].find((b: any) => b.problem)?.problem,
  }
}

function backendOf(
  { metadata, kind: from }: KubeObject, ref: any, path: string, view: View
): { readonly weighted: Weighted; readonly problem?: Backends['problem'] } {
  const { kind = 'Service', group = '', name, weight = 1, port } = ref, namespace = ref.namespace ?? metadata.namespace!, where = `${namespace}/${name}`
  const bad = (reason: string, message: string) => ({ weighted: { weight, to: { status: 500, why: `${reason}: ${message}` } }, problem: { reason, message } })
  if (ref.filters?.length) return bad('UnsupportedValue', `${path}.filters: Too many: ${ref.filters.length}: must have at most 0 items`)
  if (kind !== 'Service' || group !== '') return bad('InvalidKind', `${path}.kind: Unsupported value: "${kind}": supported values: "Service"`)
  if (!granted(view, { kind: from!, namespace: metadata.namespace! }, { kind: 'Service', namespace, name })) {
    return bad('RefNotPermitted', `Backend ref to Service ${where} not permitted by any ReferenceGrant`)
  }
  const service = view.get('services', namespace, name)
  if (!service) return bad('BackendNotFound', `${path}.name: Not found: "${name}"`)
  if (port === undefined) return bad('UnsupportedValue', `${path}.port: Required value: port cannot be nil`)
  const found = (service.spec.ports ?? []).find((p: any) => p.port === port)
  if (!found) return bad('BackendNotFound', `${path}.port: Not found: ${port}`)
  return { weighted: { weight, to: targetOf(name, readyOf(view.slices(namespace, name), found)) } }
}
const targetOf = (name: string, endpoints: readonly ProxyEndpoint[]): ProxyTarget =>
  endpoints.length > 0 ? { service: name, endpoints } : { status: 503, why: `service ${name} has no ready endpoints` }

function readyOf(slices: readonly KubeObject[], port: any): readonly ProxyEndpoint[] {
  const found = new Map<string, ProxyEndpoint>()
  for (const slice of slices) {
    const target = (slice.ports ?? []).find((p: any) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
    if (target) {
      for (const e of slice.endpoints ?? []) {
        if (e.conditions?.ready !== false) {
          for (const address of e.addresses) found.set(address, { address, port: target.port, node: e.nodeName, pod: e.targetRef?.name, uid: e.targetRef?.uid })
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => a.address < b.address ? -1 : 1)
}
