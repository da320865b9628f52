import { expect, it } from 'vitest'
import { builtin } from '../src/builtin.ts'
import type { Driver } from '../src/drivers/driver.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import type { ScenarioFinished } from '../src/runner/events.ts'
import { runProject } from './support/suite.ts'

/**
 * Every example of the step reference is run, in a small bookstore or, where it describes the cluster itself, alone. Whether it holds there does not matter:
 * it means something, the model has it, and what it asks for is there or is told to be missing.
 */
const background = `
  Given a cluster with 3 workers
  And deployment catalog with 2 replicas of image "bookstore/catalog:dev"
  And service catalog on port 80
  When I run "kubectl run catalog --image=bookstore/catalog:dev"
  And pod catalog is eventually Ready`
const staticPod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [ { name: app, image: x } ] } }'
const files = {
  'manifests/catalog.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }',
  'manifests/static-web.yaml': staticPod,
  'manifests/catalog-pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: other }\nspec: { containers: [ { name: app, image: x } ] }',
}
const argumentsOf: Readonly<Record<string, string>> = {
  'journey': '| kubectl | kube-apiserver | create pod catalog |', 'nodes': '| name |\n| worker-9 |', 'image': '"""\nmissing: true\n"""',
  'run-lines': '"""\nkubectl get pods\n"""',
}
const manifest = '"""\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n"""'
const argument = (id: string, example: string, wants: string | undefined): string =>
  wants || example.endsWith(':') ? `\n${argumentsOf[id] ?? (wants === 'table' ? argumentsOf.nodes : manifest)}` : ''
/** Examples that need what a step before them makes. */
const shop = 'Given a cluster with 1 node\nAnd deployment catalog of image "bookstore/catalog:dev"\nAnd service catalog on port 80'
const needs: Readonly<Record<string, string>> = {
  'run': 'Given user "ana"', 'api-flood': 'Given user "ci-bot"', 'traffic-source': shop,
  'api-flood-ends': 'Given user "ci-bot"\nWhen user "ci-bot" floods the API servers with 2000 requests per second that take 1s',
  'remove-manifest': `When I put the manifest file "web.yaml" on node worker-1:\n"""\n${staticPod}\n"""`,
  'storage-class': 'Given CSI driver "ebs.csi.example.com"', 'snapshot-class': 'Given CSI driver "ebs.csi.example.com"',
  may: 'Given user "ana"', 'may-not': 'Given user "ana"', 'same-field': 'When I remember pod catalog as "before"', 'url-source': 'Given a cluster with 1 node\nAnd ingress-nginx is installed',
  'gateway-source':
    'Given a cluster with 1 node\nAnd the Gateway API is installed\nWhen I apply:\n"""\n{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: shop }, spec: { gatewayClassName: nginx, listeners: [{ name: http, port: 80, protocol: HTTP }] } }\n"""',
  'lose-requests': 'Given clients send 10 requests per second to service catalog as "shoppers"',
  'lose-share': 'Given clients send 10 requests per second to service catalog as "shoppers"',
  'served-by': 'Given clients send 10 requests per second to service catalog as "shoppers"',
  'lose-requests-because': 'Given clients send 10 requests per second to service catalog as "shoppers"',
  'served-only-by-ready': 'Given clients send 10 requests per second to service catalog as "shoppers"',
}
const managed = new Set(['instance-terminated', 'instance-stopped', 'instance-stopped-ends', 'instance-reclaimed'])

const feature = (scenarios: Readonly<Record<string, string>>): string => [
  'Feature: examples', ...Object.entries(scenarios).flatMap(([name, text]) => [`  Scenario: ${name}`, ...text.trim().split('\n').map(l => `    ${l.trim()}`)]),
].join('\n')
/** Runs them from where a background has led to: it is run once, and each begins with a copy of its cluster. */
async function run(scenarios: Readonly<Record<string, string>>, before?: string): Promise<readonly ScenarioFinished[]> {
  let made: Driver | undefined
  if (before) await runProject(['a.feature'], { 'a.feature': feature({ background: before }) }, { createDriver: world => made = createModelDriver(world) })
  return (await runProject(['a.feature'], { 'a.feature': feature(scenarios), ...files }, made ? { createDriver: () => made!.fork!() } : {})).finished
}

it('every example of the step reference runs', async () => {
  const steps = builtin.steps!.filter(s => s.kind !== 'world').flatMap(s =>
    s.examples.map(e => [s.id, `${s.kind === 'sentence' ? 'Then' : 'When'} ${e}${argument(s.id, e, s.argument)}`, e] as const))
  const predicates = builtin.predicates!.flatMap(p => p.examples.map(e => [p.id, `Then ${e}${argument(p.id, e, p.argument)}`, e] as const))
  const world = builtin.steps!.filter(s => s.kind === 'world').flatMap(s =>
    s.examples.map(e => [s.id, `Given ${e}${argument(s.id, e, s.argument)}`, e] as const))
  const named = (all: readonly (readonly [string, string, string])[]): Record<string, string> => Object.fromEntries(all.map(
    ([id, text, e]) => [`${id}: ${e}`, [needs[id] ?? (e.startsWith('the last ') ? 'When I run "kubectl get pods"' : ''), text].filter(Boolean).join('\n')]
  ))
  const several = /cp-[23]|etcd-[23]/, rest = [...steps, ...predicates].filter(([id]) => !managed.has(id))
  const ran = [
    await run(named(rest.filter(([, text]) => !several.test(text))), background),
    await run(named(rest.filter(([, text]) => several.test(text))), background.replace('3 workers', '3 control plane nodes')),
    await run(named(world)), await run(named(steps.filter(([id]) => managed.has(id))), 'Given a managed cluster with 3 nodes\nAnd nodes are Ready'),
  ].flat()
  expect(ran.length).toBeGreaterThan(200)
  const wrong = ran.filter(f => f.status === 'inconclusive' || f.status === 'undefined' || f.status === 'ambiguous').map(
    f => `${f.scenario.name}: ${f.failure?.message}`
  )
  expect(wrong.filter(w => !expected.some(e => w.startsWith(e)))).toEqual([])
})

/** What cannot run in this world, and says so. */
const expected = [
  'metrics-server', 'pod-usage: pods of deployment web use', // alone there are no pods, and nobody measures
  'partition-of-zone', 'zone-down', // its nodes have no zones
]
