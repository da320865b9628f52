import { expect, test } from 'vitest'
import { startServers } from './support/api-servers.ts'

/** Names, labels and specs of APIServices are those of a 1.35.4 cluster. */
const group = 'learn.example.com', schema = { openAPIV3Schema: { type: 'object' } }
const definition = (plural: string, kind: string, versions: readonly [name: string, served: boolean][]): any => ({
  metadata: { name: `${plural}.${group}` },
  spec: {
    group, scope: 'Namespaced', names: { plural, kind, singular: kind.toLowerCase() },
    versions: versions.map(([name, served], i) => ({ name, served, storage: i === 0, schema })),
  },
})
const started = startServers()
const about = { group: 'apiregistration.k8s.io', resource: 'apiservices' }
const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' }

test('every built-in group and version has one, which is local and available', () => {
  const { ask } = started.fork(), { rows } = ask({ ...about, verb: 'list', as: 'Table' }).body
  expect(rows).toHaveLength(21)
  expect(rows.map((r: any) => r.cells.slice(0, 3).join(' '))).toEqual(expect.arrayContaining([
    'v1. Local True', 'v1.apps Local True', 'v2.autoscaling Local True',
  ]))
  expect(ask({ ...about, name: 'v1.apps' }).body).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' }, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { group: 'apps', version: 'v1', groupPriorityMinimum: 17800, versionPriority: 15 },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  })
})

test('definitions bring those of their groups and versions, and take them away', () => {
  const { ask, kernel } = started.fork()
  const settle = (): string[] => {
    kernel.runTo(kernel.now + 2000)
    return ask({ ...about, verb: 'list' }).body.items.map((o: any) => o.metadata.name).filter((n: string) => n.endsWith(group))
  }
  ask({ ...definitions, verb: 'create', body: definition('cats', 'Cat', [['v1', true], ['v2', false]]) })
  expect(settle()).toEqual([`v1.${group}`])
  ask({ ...definitions, verb: 'create', body: definition('dogs', 'Dog', [['v1', true]]) })
  ask({ ...about, verb: 'delete', name: `v1.${group}` })
  expect(settle(), 'they are made again').toEqual([`v1.${group}`])
  ask({ ...definitions, verb: 'delete', name: `cats.${group}` })
  expect(settle(), 'another definition serves it').toEqual([`v1.${group}`])
  ask({
    ...definitions, verb: 'patch', name: `dogs.${group}`, patchType: 'application/json-patch+json',
    body: [{ op: 'add', path: '/spec/versions/-', value: { name: 'v3', served: true, storage: false, schema } }],
  })
  expect(settle()).toEqual([`v1.${group}`, `v3.${group}`])
  ask({ ...definitions, verb: 'delete', name: `dogs.${group}` })
  expect(settle()).toEqual([])
})

test('FlowSchemas are listed in the order in which they are asked', () => {
  const list = { verb: 'list', group: 'flowcontrol.apiserver.k8s.io', resource: 'flowschemas' } as const, { ask } = started
  expect(ask({ ...list, as: 'Table' }).body.rows.map((r: any) => `${r.cells[2]} ${r.cells[0]}`)).toEqual([
    '1 exempt', '2 probes', '100 system-leader-election', '400 system-node-high', '500 system-nodes', '800 kube-controller-manager', '800 kube-scheduler',
    '900 kube-system-service-accounts', '9000 service-accounts', '9900 global-default', '10000 catch-all',
  ])
  expect(ask(list).body.items[0].metadata.name).toBe('catch-all')
})
