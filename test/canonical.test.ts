import { describe, expect, test } from 'vitest'
import { createModelDriver } from '../src/drivers/model.ts'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'

const base = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl', version: 'v1', namespace: 'default' } as const
const template = (image: string) => ({ metadata: { labels: { app: 'catalog' } }, spec: { containers: [{ name: 'app', image }] } })

/** What components send is not always decoded (`canonical` and `leadsTo` of ApiRequest): what is stored shows whether they were right. */
describe('what components write', () => {
  test('is in the very form that decoding gives it', async () => {
    const driver = createModelDriver({ nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] })
    await driver.request({
      ...base, verb: 'create', group: 'apps', resource: 'deployments',
      body: {
        apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'catalog' },
        spec: { replicas: 3, selector: { matchLabels: { app: 'catalog' } }, template: template('registry.example/catalog:1') },
      },
    })
    await driver.request({
      ...base, verb: 'create', group: '', resource: 'pods',
      body: {
        apiVersion: 'v1', kind: 'Pod', metadata: { name: 'too-large' },
        spec: { containers: [{ name: 'app', image: 'busybox', resources: { requests: { cpu: '900' } } }] },
      },
    })
    await driver.request({
      ...base, verb: 'create', group: 'batch', resource: 'jobs',
      body: {
        apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox', command: ['true'] }] } } },
      },
    })
    await driver.advance(60_000)
    driver.inject('node-down', { node: 'worker-1' })
    await driver.advance(10 * 60_000)
    const kind = registry.byResource('events')!, events = driver.storedList('events').filter(e => e.eventTime === null)
    const wrong = events.filter(e => JSON.stringify(decode(kind, e)) !== JSON.stringify({ object: e, strict: [] }))
    expect(events.length).toBeGreaterThan(20)
    expect(wrong).toEqual([])
    const pod = registry.byResource('pods')!, statuses = driver.storedList('pods', 'default').map(p => p.status)
    expect(statuses.length).toBeGreaterThan(4)
    expect(statuses.map(status => JSON.stringify(decode(pod, { status }).object.status))).toEqual(statuses.map(status => JSON.stringify(status)))
  })
})
