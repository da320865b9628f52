import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rulesFor } from '../src/runtime-model/kube-proxy/rules.ts'

/**
 * Which endpoints a node's rules choose from, compared with a second reading of what the proposals say (KEP-1669 endpoints that end, KEP-2086 internal policy,
 * KEP-2433 and KEP-3015 hints) and of pkg/proxy/iptables/proxier.go (short circuit of what comes from within), endpoint by endpoint.
 */
const nodes = ['worker-1', 'worker-2', 'worker-3'], zones = ['a', 'b', undefined]
const boolean = fc.constantFrom<boolean | undefined>(true, true, true, false, undefined)
const hintsOf = (list: fc.Arbitrary<readonly (string | undefined)[]>) => list.map(all => all.filter(Boolean).map(name => ({ name })))
const endpoint = fc.record({
  at: fc.nat(5), node: fc.constantFrom<string | undefined>(...nodes, undefined), ready: boolean, serving: boolean,
  terminating: fc.constantFrom<boolean | undefined>(undefined, false, false, true),
  forZones: fc.option(hintsOf(fc.array(fc.constantFrom<string | undefined>('a', 'b', 'c'), { maxLength: 2 })), { nil: undefined, freq: 6 }),
  forNodes: fc.option(hintsOf(fc.array(fc.constantFrom<string | undefined>(...nodes), { maxLength: 2 })), { nil: undefined, freq: 2 }),
}).map(({ at, node, ready, serving, terminating, forZones, forNodes }) => ({
  addresses: [`10.244.0.${at}`, '10.244.9.9'], ...node ? { nodeName: node } : {},
  conditions: Object.fromEntries(Object.entries({ ready, serving, terminating }).filter(([, v]) => v !== undefined)),
  ...forZones || forNodes ? { hints: { ...forZones ? { forZones } : {}, ...forNodes ? { forNodes } : {} } } : {},
}))
const slice = fc.record({
  addressType: fc.constantFrom('IPv4', 'IPv4', 'IPv4', 'IPv6'), endpoints: fc.array(endpoint, { maxLength: 5 }),
  ports: fc.subarray([{ name: 'http', port: 8080, protocol: 'TCP' }, { name: 'dns', port: 53, protocol: 'UDP' }, { name: 'http', port: 1, protocol: 'UDP' }], {
    minLength: 1,
  }),
})
const policy = fc.constantFrom<string | undefined>(undefined, 'Cluster', 'Local')
const service = fc.record({ type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), internalTrafficPolicy: policy, externalTrafficPolicy: policy })

// ---- the second reading
interface Seen { readonly key: string; readonly ready: boolean; readonly ending: boolean; readonly local: boolean; readonly hints: any }
function seenBy(slices: readonly any[], name: string, protocol: string, node: string): readonly Seen[] {
  const known = new Map<string, any>()
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== 'IPv4') continue
    for (const port of ports) if (port.name === name && port.protocol === protocol) for (const e of endpoints) {
      const key = `${e.addresses[0]}:${port.port}`
      if (!known.has(key) || e.conditions.terminating !== true) known.set(key, e)
    }
  }
  return [...known].map(([key, e]) => ({
    key, ready: e.conditions.ready !== false, ending: e.conditions.serving !== false && e.conditions.terminating === true, local: e.nodeName === node,
    hints: e.hints ?? {},
  })).sort((a, b) => a.key < b.key ? -1 : 1)
}
const keys = (all: readonly Seen[]): readonly string[] => all.map(s => s.key)
function anywhere(all: readonly Seen[], node: string, zone: string | undefined): readonly string[] {
  const ready = all.filter(s => s.ready)
  if (ready.length === 0) return keys(all.filter(s => s.ending))
  for (const [field, own] of [['forNodes', node], ['forZones', zone]] as const) {
    const complete = ready.every(s => s.hints[field] && s.hints[field].length > 0), here = ready.filter(s => s.hints[field]?.some((h: any) => h.name === own))
    if (complete && here.length > 0) return keys(here)
  }
  return keys(ready)
}
function here(all: readonly Seen[]): readonly string[] {
  const own = all.filter(s => s.local), ready = own.filter(s => s.ready)
  return keys(ready.length > 0 ? ready : own.filter(s => s.ending))
}

test('rules choose from what a second reading of the proposals chooses from, whatever slices say', () => {
  const met = { local: 0, ending: 0, hints: 0, dropped: 0 }
  fc.assert(fc.property(service, fc.array(slice, { maxLength: 3 }), fc.constantFrom(...nodes), fc.constantFrom(...zones), (spec, slices, node, zone) => {
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' }, { name: 'dns', port: 53, protocol: 'UDP' }]
    const object: any = { metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.96.1.1', ports, ...spec } }
    const made = rulesFor(object, slices.map((s, i) => ({ ...s, metadata: { name: `web-${i}`, namespace: 'default' } })) as any, node, zone)!
    for (const [i, { name, protocol }] of ports.entries()) {
      const all = seenBy(slices, name, protocol, node), cluster = anywhere(all, node, zone), local = here(all), some = cluster.length > 0
      const inside = spec.internalTrafficPolicy === 'Local' ? local : cluster, outside = spec.externalTrafficPolicy === 'Local' ? local : cluster
      const told = (list: readonly any[]): readonly string[] => list.map(e => `${e.address}:${e.port}`)
      const { internal, external, cluster: within, dropInternal, dropExternal } = made.ports[i]
      expect(
        { internal: told(internal), external: told(external), cluster: told(within), dropInternal, dropExternal }, JSON.stringify({ spec, slices, node, zone })
      ).toEqual({
        internal: inside, external: outside, cluster, dropInternal: inside.length === 0 && some, dropExternal: outside.length === 0 && some,
      })
      if (inside !== cluster && inside.length > 0) met.local++
      if (some && all.every(s => !s.ready)) met.ending++
      if (cluster.length < all.filter(s => s.ready).length) met.hints++
      if (dropInternal) met.dropped++
    }
  }), { numRuns: 6000, seed: 11 })
  // none of the ways out is a rarity
  expect(Object.values(met).every(n => n > 30), JSON.stringify(met)).toBe(true)
})
