import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { nearestReasons, readingsOf } from '../src/runtime-model/api/loss-reasons.ts'
import { Network } from './support/network.ts'
import { runFeature } from './support/run-feature.ts'

describe('words of a reason', () => {
  test.each([
    'refuses connections', 'has ended', 'before it had answered', 'node worker-1 is down', 'worker-1 is down', 'answered 503', 'answered 404: no rule has host',
    'no endpoint of service web on worker-1 (dropped)', 'connection refused', 'kube-proxy has not taken it out of the rules yet', 'network policy deny',
    'network policies a, b let no', 'let go of node worker-2', 'exit code 1', 'no answer', 'in, which 203.0.113.10 is none', 'BackendNotFound',
    'does not answer',
  ])('%s', words => expect(readingsOf(words)).not.toEqual([]))
  test.each(['typo', 'refuse conections', 'has endet', 'nod worker-1 is down', 'network polcy', 'is', 'connection reset', 'node worker-1 is dwon', 'a'])(
    '… not: %s', words => expect(readingsOf(words)).toEqual([])
  )
  test('tell of whom they speak', () => {
    expect(readingsOf('node worker-9 is down')).toEqual(expect.arrayContaining([[{ hole: 'node', text: 'worker-9', whole: true }]]))
    expect(readingsOf('service till on work').flat().filter(s => s.hole !== 'text')).toEqual(expect.arrayContaining([
      { hole: 'service', text: 'till', whole: true }, { hole: 'node', text: 'work', whole: false },
    ]))
  })
  test('have near ones', () => {
    expect(nearestReasons('has endet')[0]).toContain('ended')
    expect(nearestReasons('refused conections').some(n => n.includes('refuses connections'))).toBe(true)
    expect(nearestReasons('nod worker-1 is dwon')).toContain('node … is down')
    expect(nearestReasons('xyz')).toEqual([])
  })
})

describe('every loss that is counted', () => {
  test('has a reason that is known, whole', () => {
    const network = new Network(), unknown = new Set<string>()
    network.deployment('web', 2); network.service('web', { type: 'NodePort' }); network.service('gone', { clusterIP: 'None' }); network.service('empty')
    network.pod('client', 'worker-1')
    network.pass(15_000)
    const client = { pod: 'client' }
    for (const name of ['web', 'empty', 'nobody']) { network.traffic(name, name, 20, { takesMs: 500 }); network.traffic(`${name} of client`, name, 20, client) }
    network.traffic('gone', 'gone', 20, client)
    network.pass(2000)
    network.driver.inject('node-down', { node: 'worker-2' })
    network.pass(5000)
    network.delete('pods', network.driver.storedList('pods', 'default')[1].metadata.name, { gracePeriodSeconds: 0 })
    network.pass(5000)
    network.apply(
      '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny }, spec: { podSelector: {}, policyTypes: [Ingress, Egress] } }'
    )
    network.pass(60_000)
    for (const name of ['web', 'empty', 'nobody', 'web of client', 'empty of client', 'nobody of client', 'gone']) {
      const { why } = network.counts(name)
      expect(Object.keys(why), name).not.toEqual([])
      for (const reason of Object.keys(why)) if (readingsOf(reason).length === 0) unknown.add(reason)
    }
    expect([...unknown]).toEqual([])
  })
  test('that a scenario speaks of, too', () => {
    const files = ['networking', 'ingress', 'gateway', 'chapter03', 'nodes'].flatMap(folder =>
      readdirSync(`scenarios/${folder}`).filter(f => f.endsWith('.feature')).map(f => readFileSync(`scenarios/${folder}/${f}`, 'utf8')))
    const said = files.flatMap(text => [...text.matchAll(/requests? because "([^"]+)"/g)].map(([, words]) => words))
    expect(said.length).toBeGreaterThan(8)
    expect(said.filter(words => readingsOf(words).length === 0)).toEqual([])
  })
})

test('a sentence whose words are of no reason cannot run, and says which are near', async () => {
  const background = `Given a cluster with 2 nodes
    And deployment web with 1 replica of image "web:1"
    And service web on port 80 for app=web
    And service web eventually has 1 endpoint
    And clients send 10 requests per second to service web as "shoppers"
    When 10s pass`
  const words = ['refuse conections', 'node worker-9 is down', 'node worker-1 is down', 'no endpoint of service webb', 'xyz', 'answered 308']
  const ran = await runFeature(Object.fromEntries(words.map(w => [w, `Then traffic "shoppers" loses no request because "${w}"`])), background)
  expect(words.map(w => ran.statuses[w])).toEqual(['undefined', 'undefined', 'passed', 'undefined', 'undefined', 'undefined'])
  expect(ran.story('refuse conections')).toMatch(/no request is ever lost because "refuse conections"; do you mean: ".*refuses connections/)
  expect(ran.story('node worker-9 is down')).toContain('there is no node worker-9')
  expect(ran.story('no endpoint of service webb')).toContain('there is no service webb')
  expect(ran.story('answered 308')).toContain('no request is lost because "answered 308": clients go where they are sent')
})
