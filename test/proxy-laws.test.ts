import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideByGateway } from '../src/runtime-model/api/gateway-proxy.ts'
import { decide } from '../src/runtime-model/api/http-proxy.ts'
import { configFor } from '../src/runtime-model/ingress-nginx/config.ts'
import { NO_SETTINGS } from '../src/runtime-model/ingress-nginx/settings.ts'
import { judgeRoute, rulesOn } from '../src/runtime-model/nginx-gateway-fabric/routes.ts'

/** What rules lead to, compared with second readings of their documentation that know neither locations of nginx nor sorted rules. */
const slices = (name: string): any => [{
  metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } }, ports: [{ name: '', port: 80, protocol: 'TCP' }],
  endpoints: [{ addresses: ['10.244.0.1'], conditions: { ready: true } }],
}]
const serviceOf = (name: string): any => ({ metadata: { name, namespace: 'shop' }, spec: { ports: [{ port: 80 }] } })
const elements = fc.array(fc.constantFrom('a', 'b', 'aa', 'A'), { maxLength: 3 })
const hosts = ['x.example.com', 'y.example.com', '*.example.com', 'example.com', '*.x.example.com']
const asked = fc.constantFrom('x.example.com', 'y.example.com', 'z.example.com', 'example.com', 'a.x.example.com', 'other.org')
const split = (path: string): readonly string[] => path.split('/').filter(Boolean)
/** Are the elements of one path the first ones of another? */
const begins = (prefix: readonly string[], path: readonly string[]): boolean => prefix.every((e, i) => path[i] === e)
const targetOf = (all: readonly any[]): string => {
  expect(all).toHaveLength(1)
  return 'service' in all[0].to ? all[0].to.service : String(all[0].to.status)
}

describe('paths of Ingresses', () => {
  const path = fc.record({ elements, type: fc.constantFrom('Exact', 'Prefix', 'Prefix'), slash: fc.boolean() }).map(({ elements: list, type, slash }) =>
    ({ path: list.length === 0 ? '/' : `/${list.join('/')}${slash ? '/' : ''}`, pathType: type }))
  const ingress = fc.record({ host: fc.constantFrom(undefined, ...hosts), paths: fc.array(path, { minLength: 1, maxLength: 5 }), age: fc.nat(3) })
  const request = fc.record({ host: asked, list: elements, slash: fc.boolean() }).map(({ host, list, slash }) =>
    ({ scheme: 'http' as const, host, path: list.length === 0 ? '/' : `/${list.join('/')}${slash ? '/' : ''}` }))

  /** Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types, #multiple-matches, #hostname-wildcards */
  function expected(all: readonly any[], { host, path: wanted }: { readonly host: string; readonly path: string }): readonly string[] {
    const known = all.map(i => i.host), first = host.indexOf('.'), wild = `*${host.slice(first)}`
    const own = known.includes(host) ? host : known.includes(wild) ? wild : undefined
    const rules = all.filter(i => i.host === own).flatMap(i => i.paths)
    const fitting = rules.filter(r => r.pathType === 'Exact' ? r.path === wanted : begins(split(r.path), split(wanted)))
    // the longest wins, of two alike the exact one
    const rank = (r: any): number => split(r.path).length * 2 + (r.pathType === 'Exact' ? 1 : 0), best = Math.max(...fitting.map(rank))
    return fitting.length === 0 ? ['404'] : fitting.filter(r => rank(r) === best).map(r => r.service)
  }
  test('lead where the documentation leads', () => {
    let found = 0, exact = 0
    fc.assert(fc.property(fc.array(ingress, { minLength: 1, maxLength: 4 }), request, (list, asks) => {
      const seen = new Set<string>()
      const all = list.map((i, n) => ({
        ...i, paths: i.paths.filter(p => {
          // the same path twice, or with and without a slash, is for nginx the same location: who was first has it, which is another question
          const key = `${i.host} ${p.path.replace(/(.)\/$/, '$1')} ${p.pathType}`
          if (seen.has(key) || p.pathType === 'Exact' && p.path.length > 1 && p.path.endsWith('/')) return false
          seen.add(key)
          return true
        }).map((p, k) => ({ ...p, service: `s${n}${k}` })),
      })).filter(i => i.paths.length > 0)
      const objects: any[] = all.map((i, n) => ({
        metadata: { namespace: 'shop', name: `i${n}`, creationTimestamp: `2026-01-0${i.age + 1}T00:00:00Z` },
        spec: {
          ingressClassName: 'nginx',
          rules: [{
            host: i.host,
            http: { paths: i.paths.map(p => ({ path: p.path, pathType: p.pathType, backend: { service: { name: p.service, port: { number: 80 } } } })) },
          }],
        },
      }))
      const flags = { withoutClass: false, passthrough: false }
      const config = configFor(objects, NO_SETTINGS, flags, {
        service: key => serviceOf(key.split('/')[1]), slices: key => slices(key.split('/')[1]), secret: () => undefined,
      })
      const wanted = expected(all, asks), got = targetOf(decide(config, asks))
      expect(wanted, JSON.stringify({ all, asks })).toContain(got)
      if (got !== '404') found++
      if (all.some(i => i.paths.some(p => p.service === got && p.pathType === 'Exact'))) exact++
    }), { numRuns: 6000, seed: 2 })
    expect([found > 600, exact > 100], `${found} ${exact}`).toEqual([true, true])
  })
})

describe('rules of HTTPRoutes', () => {
  const named = (name: string): fc.Arbitrary<any> => fc.constantFrom('1', '2').map(value => ({ name, value }))
  const match = fc.record({
    path: fc.option(fc.record({ list: elements, type: fc.constantFrom('Exact', 'PathPrefix'), slash: fc.boolean() }), { nil: undefined, freq: 2 }),
    method: fc.constantFrom(undefined, undefined, 'GET', 'POST'),
    headers: fc.tuple(fc.option(named('Version'), { freq: 2 }), fc.option(named('beta'), { freq: 2 })), query: fc.option(named('q'), { freq: 2 }),
  }).map(({ path, method, headers, query }) => ({
    ...path ? { path: { type: path.type, value: path.list.length === 0 ? '/' : `/${path.list.join('/')}${path.slash ? '/' : ''}` } } : {},
    ...method ? { method } : {},
    headers: headers.filter(Boolean), queryParams: [query].filter(Boolean),
  }))
  const route = fc.record({
    hostnames: fc.option(fc.subarray(hosts, { maxLength: 2 }), { nil: [], freq: 2 }), age: fc.nat(2), namespace: fc.constantFrom('shop', 'shop'),
    rules: fc.array(fc.array(match, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
  })
  const request = fc.record({
    host: asked, list: elements, slash: fc.boolean(), method: fc.constantFrom('GET', 'POST'), version: fc.constantFrom(undefined, '1', '1', '2'),
    beta: fc.constantFrom(undefined, '1', '1'), q: fc.constantFrom(undefined, '1', '1'),
  }).map(({ host, list, slash, method, version, beta, q }) => ({
    scheme: 'http' as const, host, path: list.length === 0 ? '/' : `/${list.join('/')}${slash ? '/' : ''}`, method,
    headers: { ...version ? { version } : {}, ...beta ? { beta } : {} }, query: { ...q ? { q } : {} } as Record<string, string>,
  }))
  const listener = fc.constantFrom(undefined, '*.example.com', 'x.example.com')

  // ---- the second reading: https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec, #httprouterule
  const covers = (pattern: string | undefined, host: string): boolean =>
    pattern === undefined || (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.slice(1).length : host === pattern)
  /** Does a host fit a hostname of the route that the listener lets it have? How closely: exact names before wildcards, then the longer. */
  function closeness(hostnames: readonly string[], of: string | undefined, host: string): number {
    if (!covers(of, host)) return -1
    if (hostnames.length === 0) return of === undefined ? 0 : of.startsWith('*.') ? of.length : 1000 + of.length
    const meets = hostnames.filter(h => covers(h, host) && (of === undefined || h === of || covers(of, h) || covers(h, of)))
    return Math.max(
      -1,
      ...meets.map(h => {
        const narrow = of !== undefined && covers(h, of) && h !== of ? of : h
        return narrow.startsWith('*.') ? narrow.length : 1000 + narrow.length
      })
    )
  }
  function fits({ path = { type: 'PathPrefix', value: '/' }, method, headers = [], queryParams = [] }: any, r: any): boolean {
    if (path.type === 'Exact' ? path.value !== r.path : !begins(split(path.value), split(r.path))) return false
    return (method === undefined || method === r.method) && headers.every((h: any) => r.headers[h.name.toLowerCase()] === h.value)
      && queryParams.every((q: any) => r.query[q.name] === q.value)
  }
  function expected(routes: readonly any[], of: string | undefined, r: any): string {
    if (!covers(of, r.host)) return '404'
    const near = Math.max(-1, ...routes.map(x => closeness(x.hostnames, of, r.host))), here = routes.filter(x => closeness(x.hostnames, of, r.host) === near)
    if (near < 0) return '404'
    const all = here.flatMap(x =>
      x.rules.flatMap((matches: any[], i: number) => (matches.length ? matches : [{}]).filter(m => fits(m, r)).map(m => ({ x, i, m }))))
    const keys = ({ x, m: { path = { type: 'PathPrefix', value: '/' }, method, headers = [], queryParams = [] } }: any): readonly (number | string)[] =>
      [path.type === 'Exact' ? 0 : 1, -path.value.length, method ? 0 : 1, -headers.length, -queryParams.length, x.age, `${x.namespace}/${x.name}`]
    all.sort((a, b) => { const p = keys(a), q = keys(b), at = p.findIndex((k, i) => k !== q[i]); return at < 0 ? a.i - b.i : p[at] < q[at] ? -1 : 1 })
    return all.length > 0 ? `${all[0].x.name}-${all[0].i}` : '404'
  }
  test('win in the order of the specification', () => {
    let found = 0
    fc.assert(fc.property(fc.array(route, { minLength: 1, maxLength: 4 }), listener, request, (list, of, asks) => {
      const routes = list.map((r, n) => ({ ...r, name: `r${n}` }))
      const gateway: any = { metadata: { namespace: 'shop', name: 'gate' }, spec: { gatewayClassName: 'nginx', listeners: [] } }
      const spec = { name: 'http', port: 80, protocol: 'HTTP', ...of ? { hostname: of } : {}, allowedRoutes: { namespaces: { from: 'All' } } }
      const parents = new Map([['shop/gate', { gateway, listeners: [{ spec, conditions: [], valid: true }] }]])
      const view: any = { get: (_: string, __: string, name: string) => serviceOf(name), list: () => [], slices: (_: string, name: string) => slices(name) }
      const judged = routes.flatMap(r => judgeRoute({
        apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute',
        metadata: { namespace: r.namespace, name: r.name, creationTimestamp: `2026-01-0${r.age + 1}T00:00:00Z` },
        spec: {
          parentRefs: [{ name: 'gate' }], ...r.hostnames.length ? { hostnames: r.hostnames } : {},
          rules: r.rules.map((matches, i) => ({ matches, backendRefs: [{ name: `${r.name}-${i}`, port: 80 }] })),
        },
      } as any, parents, view) ?? [])
      const rules = rulesOn('shop/gate', 'http', judged)
      const config = { name: 'gateway gate', namespace: 'shop', listeners: [{ port: 80, protocol: 'HTTP' as const, ...of ? { hostname: of } : {}, rules }] }
      const got = targetOf(decideByGateway(config, asks))
      expect(got, JSON.stringify({ routes, of, asks })).toBe(expected(routes, of, asks))
      if (got !== '404') found++
    }), { numRuns: 6000, seed: 4 })
    expect(found).toBeGreaterThan(600)
  })
})
