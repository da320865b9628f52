import fc from 'fast-check'
import { expect, test } from 'vitest'
import { registry } from '../src/runtime-model/kinds/index.ts'
import { refusal, type Peer } from '../src/runtime-model/traffic/index.ts'

/**
 * What policies let through, compared with a second reading of the documentation that shares nothing with the first: addresses are bits, selectors are looked
 * up label by label, and a connection passes if both lists of who is allowed hold it.
 */
interface End {
  readonly kind: 'pod' | 'host pod' | 'node' | 'outside'
  readonly namespace?: string
  readonly name: string
  readonly address: string
  readonly node?: string
}
const labelsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  web: { app: 'web', tier: 'front' }, db: { app: 'db' }, probe: { app: 'probe', tier: 'front' }, bare: {},
}
const namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = { shop: { team: 'shop' }, ops: { team: 'ops', env: 'prod' }, plain: {} }
const ends: readonly End[] = [
  ...['shop', 'ops', 'plain'].flatMap((namespace, n) => Object.keys(labelsOf).map((name, i): End =>
    ({ kind: 'pod', namespace, name, address: `10.244.${n}.${i + 5}`, node: `worker-${(n + i) % 2 + 1}` }))),
  { kind: 'host pod', namespace: 'shop', name: 'agent', address: '172.18.0.3', node: 'worker-1' },
  { kind: 'node', name: 'worker-1', address: '172.18.0.3', node: 'worker-1' }, { kind: 'node', name: 'worker-2', address: '172.18.0.4', node: 'worker-2' },
  { kind: 'outside', name: 'client', address: '203.0.113.10' }, { kind: 'outside', name: 'other', address: '198.51.100.7' },
]
const portsOf = [{ name: 'http', containerPort: 8080, protocol: 'TCP' }, { name: 'dns', containerPort: 53, protocol: 'UDP' }]

// ---- the second reading
const bits = (address: string): string => address.split('.').map(n => Number(n).toString(2).padStart(8, '0')).join('')
const inRange = (address: string, cidr: string): boolean => {
  const [base, length] = cidr.split('/')
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length))
}
function selected(labels: Readonly<Record<string, string>>, selector: any): boolean {
  for (const key of Object.keys(selector.matchLabels ?? {})) if (labels[key] !== selector.matchLabels[key]) return false
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const has = Object.hasOwn(labels, key), among = has && values.includes(labels[key])
    if (operator === 'Exists' && !has || operator === 'DoesNotExist' && has || operator === 'In' && !among || operator === 'NotIn' && among) return false
  }
  return true
}
/** Is the other end one of those that a rule of a policy in `home` names? */
function named(peer: any, home: string, other: End): boolean {
  if ('ipBlock' in peer) return inRange(other.address, peer.ipBlock.cidr) && (peer.ipBlock.except ?? []).every((e: string) => !inRange(other.address, e))
  if (other.kind !== 'pod') return false
  const where = 'namespaceSelector' in peer ? selected(namespaces[other.namespace!], peer.namespaceSelector) : other.namespace === home
  return where && ('podSelector' in peer ? selected(labelsOf[other.name], peer.podSelector) : true)
}
function onPort(said: any, to: End, port: number, protocol: string): boolean {
  if ((said.protocol || 'TCP') !== protocol) return false
  if (said.port === undefined) return true
  if (typeof said.port === 'string') return to.kind === 'pod' && portsOf.some(p => p.name === said.port && p.protocol === protocol && p.containerPort === port)
  return said.endPort === undefined ? said.port === port : said.port <= port && port <= said.endPort
}
function allows(policies: readonly any[], direction: 'Ingress' | 'Egress', of: End, other: End, to: End, port: number, protocol: string): boolean {
  // those on their node's network are no pods for a policy
  if (of.kind !== 'pod') return true
  const types = (spec: any): readonly string[] => spec.policyTypes?.length ? spec.policyTypes : spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  const own = policies.filter(p =>
    p.metadata.namespace === of.namespace && types(p.spec).includes(direction) && selected(labelsOf[of.name], p.spec.podSelector))
  if (own.length === 0) return true
  for (const { spec, metadata } of own) for (const rule of (direction === 'Ingress' ? spec.ingress : spec.egress) ?? []) {
    const peers = direction === 'Ingress' ? rule.from : rule.to
    const who = !peers || peers.length === 0 || peers.some((p: any) => named(p, metadata.namespace, other))
    const what = !rule.ports || rule.ports.length === 0 || rule.ports.some((p: any) => onPort(p, to, port, protocol))
    if (who && what) return true
  }
  return false
}
function shouldPass(policies: readonly any[], from: End, to: End, port: number, protocol: string): boolean {
  // "traffic to and from the node where a Pod is running is always allowed", and a pod cannot be kept from itself
  const isNode = (end: End): boolean => end.kind === 'node' || end.kind === 'host pod'
  if (from === to || isNode(from) && from.node === to.node || isNode(to) && to.node === from.node) return true
  return allows(policies, 'Egress', from, to, to, port, protocol) && allows(policies, 'Ingress', to, from, to, port, protocol)
}

// ---- anything that may be said
const selector = fc.oneof(
  fc.constant({}), fc.constantFrom('web', 'db', 'probe', 'nobody').map(app => ({ matchLabels: { app } })),
  fc.constantFrom<any>(
    { key: 'app', operator: 'In', values: ['web', 'db'] }, { key: 'app', operator: 'NotIn', values: ['web'] }, { key: 'tier', operator: 'Exists' },
    { key: 'tier', operator: 'DoesNotExist' }
  ).map(e => ({ matchExpressions: [e] })),
  fc.constant({ matchLabels: { tier: 'front' }, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['probe'] }] })
)
const ofNamespaces = fc.constantFrom<any>(
  {}, { matchLabels: { team: 'ops' } }, { matchLabels: { team: 'shop' } }, { matchExpressions: [{ key: 'env', operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['ops'] }] }
)
const block = fc.constantFrom<any>(
  { cidr: '0.0.0.0/0' }, { cidr: '10.244.0.0/16' }, { cidr: '10.244.0.0/16', except: ['10.244.1.0/24'] },
  { cidr: '0.0.0.0/0', except: ['203.0.113.0/24', '10.0.0.0/8'] },
  { cidr: '203.0.113.10/32' }, { cidr: '172.18.0.0/30' }
)
const peer = fc.oneof(
  selector.map(podSelector => ({ podSelector })), ofNamespaces.map(namespaceSelector => ({ namespaceSelector })), block.map(ipBlock => ({ ipBlock })),
  fc.tuple(selector, ofNamespaces).map(([podSelector, namespaceSelector]) => ({ podSelector, namespaceSelector }))
)
const port = fc.constantFrom<any>(
  { port: 8080 }, { port: 'http' }, { port: 'dns', protocol: 'UDP' }, { port: 'dns' }, { protocol: 'UDP' }, { port: 53, protocol: 'UDP' },
  { port: 8000, endPort: 8080 }, { port: 8081, endPort: 9000 }, { port: 80, protocol: 'SCTP' }
)
const list = <T>(of: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[] | undefined> => fc.option(fc.array(of, { maxLength: most }), { nil: undefined })
const rule = (side: 'from' | 'to'): fc.Arbitrary<any> => fc.tuple(list(peer, 3), list(port, 2)).map(([peers, ports]) =>
  ({ ...peers ? { [side]: peers } : {}, ...ports ? { ports } : {} }))
const policy = fc.record({
  namespace: fc.constantFrom('shop', 'ops', 'plain'), podSelector: selector, ingress: list(rule('from'), 2), egress: list(rule('to'), 2),
  policyTypes: fc.constantFrom(undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
}).map(({ namespace, ...spec }) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace },
  spec: Object.fromEntries(Object.entries(spec).filter(([, v]) => v !== undefined)) as any,
}))
const end = fc.constantFrom(...ends)

function peerOf(e: End): Peer {
  if (e.kind === 'node' || e.kind === 'host pod') return { address: e.address, node: e.node }
  if (e.kind === 'outside') return { address: e.address }
  const metadata = { uid: e.name, resourceVersion: '1', creationTimestamp: '', name: e.name, namespace: e.namespace!, labels: labelsOf[e.name] }
  return { address: e.address, pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: e.node, containers: [{ name: 'app', ports: portsOf }] } } }
}
const peers = new Map(ends.map(e => [e, peerOf(e)]))
test('policies let through what a second reading of the documentation lets through, whatever they say', () => {
  const defaults = registry.find('networkpolicies')!.defaults!
  let passed = 0, refused = 0
  fc.assert(fc.property(
    fc.array(policy, { minLength: 1, maxLength: 4 }), end, end, fc.constantFrom(80, 53, 8000, 8080, 8081), fc.constantFrom('TCP', 'UDP', 'SCTP'),
    (policies, from, to, at, protocol) => {
      const stored = policies.map((p, i) => defaults({ ...p, metadata: { ...p.metadata, name: `p${i}` } } as any))
      const view = { policies: (ns: string) => stored.filter(p => p.metadata.namespace === ns), namespaceLabels: (ns: string) => namespaces[ns] }
      const passes = refusal(view, { from: peers.get(from)!, to: peers.get(to)!, port: at, protocol, toNode: to.node }) === undefined
      expect(passes, JSON.stringify({ policies, from, to, at, protocol })).toBe(shouldPass(policies, from, to, at, protocol))
      passes ? passed++ : refused++
    }
  ), { numRuns: 6000, seed: 7 })
  // neither side is a rarity
  expect([passed > 600, refused > 600]).toEqual([true, true])
})
