import type { GatewayRule, PathChange, Weighted } from '../api/gateway-proxy.ts'
import type { KubeObject } from '../api/request.ts'
import { backendsOf } from './backends.ts'
import type { Listener } from './listeners.ts'
import { CONTROLLER_NAME, group, keyOf } from './names.ts'
import { allowsNamespace, no, yes, type Condition, type View } from './view.ts'

export const routeKinds: readonly string[] = ['HTTPRoute', 'GRPCRoute']
/** A Gateway of this controller with its listeners. */
export interface Parent { readonly gateway: KubeObject; readonly listeners: readonly Listener[] }
/** What a route does on a listener. */
export interface Attachment { readonly gateway: string; readonly listener: string; readonly hostnames: readonly (string | undefined)[] }
export interface Judged {
  readonly route: KubeObject
  readonly parents: readonly { readonly parentRef: any; readonly conditions: readonly Condition[] }[]
  readonly attachments: readonly Attachment[]
  readonly rules: readonly Rule[]
}
type Rule = Omit<GatewayRule, 'hostname'>

/**
 * A route with all its parents that are ours; undefined: it has none. Source: https://gateway-api.sigs.k8s.io/reference/spec/ (RouteConditionType,
 * RouteConditionReason)
 */
export function judgeRoute(route: KubeObject, parents: ReadonlyMap<string, Parent>, view: View): Judged | undefined {
  const refs = (route.spec.parentRefs ?? []).flatMap((parentRef: any) => {
    const parent = (parentRef.kind ?? 'Gateway') === 'Gateway' && (parentRef.group ?? group) === group
      ? parents.get(`${parentRef.namespace ?? route.metadata.namespace}/${parentRef.name}`)
      : undefined
    return parent ? [{ parentRef, parent }] : []
  })
  if (refs.length === 0) return undefined
  const backends = (route.spec.rules ?? []).map((rule: any, i: number) => backendsOf(route, rule, i, view))
  const problem = backends.find((b: any) => b.problem)?.problem, unsupported = unsupportedIn(route)
  const resolved = problem ? no('ResolvedRefs', problem.reason, problem.message) : yes('ResolvedRefs', 'All references are resolved')
  const attachments: Attachment[] = []
  const judged = refs.map(({ parentRef, parent }: { parentRef: any; parent: Parent }) => {
    const found = unsupported ?? attach(route, parentRef, parent, view), accepted = 'type' in found ? found : yes('Accepted', 'The Route is accepted')
    if (!('type' in found)) attachments.push(...found.attachments)
    return { parentRef, conditions: [accepted, resolved] }
  })
  return { route, parents: judged, attachments, rules: rulesOf(route, backends.map((b: any) => b.to)) }
}

function attach(
  { spec, metadata, kind: own }: KubeObject, parentRef: any, { gateway, listeners }: Parent, view: View
): Condition | { readonly attachments: readonly Attachment[] } {
  const meant = listeners.filter(l =>
    (parentRef.sectionName === undefined || l.spec.name === parentRef.sectionName) && (parentRef.port === undefined || l.spec.port === parentRef.port))
  if (meant.length === 0) return no('Accepted', 'NoMatchingParent', 'The Listener is not found for this parent ref')
  const valid = meant.filter(l => l.valid)
  if (valid.length === 0) return no('Accepted', 'InvalidListener', 'The Listener is invalid for this parent ref')
  const ofKind = valid.filter(l => !l.spec.allowedRoutes?.kinds?.length || l.spec.allowedRoutes.kinds.some((k: any) => k.kind === own))
  if (ofKind.length === 0) return no('Accepted', 'NotAllowedByListeners', 'The Route is not allowed by any listener')
  const allowed = ofKind.filter(l => allowsNamespace(view, l.spec, gateway.metadata.namespace!, metadata.namespace!))
  if (allowed.length === 0) return no('Accepted', 'NotAllowedByListeners', 'The Route is not allowed by any listener')
  const attachments = allowed.map(l =>
    ({ gateway: keyOf(gateway), listener: l.spec.name, hostnames: intersection(l.spec.hostname, spec.hostnames ?? []) })).filter(a =>
    a.hostnames.length > 0)
  return attachments.length > 0 ? { attachments } : no('Accepted', 'NoMatchingListenerHostname', 'The Listener hostname does not match the Route hostnames')
}

/** Hosts of both a listener and a route; `undefined` stands for every host. Source: HTTPRouteSpec.hostnames */
export function intersection(listener: string | undefined, route: readonly string[]): readonly (string | undefined)[] {
  if (route.length === 0) return [listener]
  if (listener === undefined || listener === '') return route
  return route.flatMap(r => r === listener || covers(listener, r) ? [r] : covers(r, listener) ? [listener] : [])
}
const covers = (wide: string, narrow: string): boolean => wide.startsWith('*.') && narrow.length > wide.length - 1 && narrow.endsWith(wide.slice(1))

/** What is in the API and not in this data plane. */
function unsupportedIn({ spec, kind }: KubeObject): Condition | undefined {
  for (const [i, rule] of (spec.rules ?? []).entries()) for (const [j, match] of (rule.matches ?? []).entries()) {
    const at = `spec.rules[${i}].matches[${j}]`, call = kind === 'GRPCRoute' ? match.method : undefined
    const lacking = call && ['service', 'method'].find(f => !call[f])
    if (lacking) return no('Accepted', 'UnsupportedValue', `All rules are invalid: ${at}.method.${lacking}: Required value: ${lacking} is required`)
    const fields = [
      ['path', match.path], ['method', call], ...(match.headers ?? []).map((h: any, k: number) => [`headers[${k}]`, h]),
      ...(match.queryParams ?? []).map((q: any, k: number) => [`queryParams[${k}]`, q]),
    ]
    const odd = fields.find(([, field]) => field?.type === 'RegularExpression')
    if (odd) {
      return no(
        'Accepted', 'UnsupportedValue',
        `${at}.${odd[0]}.type: Unsupported value: "RegularExpression": supported values: "Exact"${odd[0] === 'path' ? ', "PathPrefix"' : ''}`
      )
    }
  }
  return undefined
}

const everything = { path: { type: 'PathPrefix', value: '/' } }
function rulesOf({ spec, kind }: KubeObject, targets: readonly (readonly Weighted[])[]): readonly Rule[] {
  return (spec.rules ?? []).flatMap((rule: any, i: number) => (rule.matches?.length ? rule.matches : [everything]).map((m: any): Rule => ({
    path: kind === 'GRPCRoute' ? callOf(m) : { type: m.path?.type ?? 'PathPrefix', value: m.path?.value ?? '/' },
    ...m.method && kind !== 'GRPCRoute' ? { method: m.method } : undefined,
    headers: (m.headers ?? []).map((h: any) => ({ name: h.name.toLowerCase(), value: h.value })),
    queries: (m.queryParams ?? []).map(({ name, value }: any) => ({ name, value })), to: targets[i], ...changesOf(rule.filters ?? []),
  })))
}
/** A call of gRPC is a path: `/SERVICE/METHOD`. */
const callOf = ({ method }: any): Rule['path'] => method?.service && method.method
  ? { type: 'Exact', value: `/${method.service}/${method.method}` }
  : { type: 'PathPrefix', value: '/' }
function changesOf(filters: readonly any[]): Pick<Rule, 'redirect' | 'rewrite'> {
  const to = filters.find(f => f.type === 'RequestRedirect')?.requestRedirect, rewrite = filters.find(f => f.type === 'URLRewrite')?.urlRewrite?.path
  return {
    ...to
      ? {
        redirect: {
          ...to.scheme ? { scheme: to.scheme } : undefined, ...to.hostname ? { host: to.hostname } : undefined, ...to.port ? { port: to.port } : undefined,
          ...to.path ? { path: changeOf(to.path) } : undefined,
        },
      }
      : undefined,
    ...rewrite ? { rewrite: changeOf(rewrite) } : undefined,
  }
}
const changeOf = (path: any): PathChange => path.type === 'ReplaceFullPath' ? { full: path.replaceFullPath ?? '/' } : { prefix: path.replacePrefixMatch ?? '' }

/**
 * The rules of a listener, those that win first: exact paths, longer prefixes, methods, more headers, more of the query; then the older route, by name, in
 * order. Source: HTTPRouteRule.matches
 */
export function rulesOn(gateway: string, listener: string, all: readonly Judged[]): readonly GatewayRule[] {
  const byAge = [...all].sort((a, b) =>
    compare(a.route.metadata.creationTimestamp!, b.route.metadata.creationTimestamp!) || compare(keyOf(a.route), keyOf(b.route)))
  const rules = byAge.flatMap(({ attachments, rules: own }) => attachments.filter(a => a.gateway === gateway && a.listener === listener).flatMap(
    a => a.hostnames.flatMap(hostname => own.map(r => ({ ...r, ...hostname === undefined ? undefined : { hostname } })))
  ))
  return rules.sort((a, b) => rank(b) - rank(a))
}
const rank = ({ path, method, headers, queries }: Rule): number =>
  (path.type === 'Exact' ? 1e12 : 0) + path.value.length * 1e6 + (method === undefined ? 0 : 1e5) + headers.length * 1e3 + queries.length
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

/** `status` of a route: what others have said about their own parents stays. */
export const parentsOf = ({ route, parents }: Judged, stored: (
  conditions: readonly Condition[], before: readonly any[] | undefined
) => readonly any[]): readonly any[] => {
  const before: readonly any[] = route.status?.parents ?? [], own = (p: any): boolean => p.controllerName === CONTROLLER_NAME
  return [
    ...before.filter(p => !own(p)),
    ...parents.map(({ parentRef, conditions }) => ({
      parentRef, controllerName: CONTROLLER_NAME, conditions: stored(conditions, before.find(p => own(p) && sameRef(p.parentRef, parentRef))?.conditions),
    })),
  ]
}
const sameRef = (a: any, b: any): boolean => ['group', 'kind', 'namespace', 'name', 'sectionName', 'port'].every(k => a[k] === b[k])
