import { describe, expect, test } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'
import { Network } from './support/network.ts'

/** A fault that nothing met shows nothing: the scenario would pass without it. */
describe('scenarios whose fault altered nothing', () => {
  const scenarios: Readonly<Record<string, readonly [status: string, steps: string]>> = {
    'a registry that nobody pulls from': ['vacuous', `Given image registry "registry.example.com" is unreachable
      When I run "kubectl run web --image=bookstore/web:1"
      Then pod web eventually Running`],
    'a registry that is pulled from': ['passed', `Given image registry "registry.example.com" is unreachable
      When I run "kubectl run web --image=registry.example.com/web:1"
      Then pod web eventually has event Failed saying "i/o timeout" within 2m`],
    'a registry that was met, and is back': ['passed', `Given image registry "registry.example.com" is unreachable
      When I run "kubectl run web --image=registry.example.com/web:1"
      And 40s pass
      And image registry "registry.example.com" is reachable again
      Then pod web eventually Running within 5m`],
    'a partition of a node that works': ['passed', `When the network between worker-1 and the control plane is partitioned
      Then node worker-1 is not Ready within 60s`],
    'a partition of a node that is off': ['vacuous', `Given node worker-1 goes down
      And 5m pass
      When the network between worker-1 and the control plane is partitioned
      Then node worker-1 stays not Ready for 2m`],
    'requests that are delayed': ['passed', `Given requests to kube-apiserver are delayed by 2s
      When I run "kubectl run web --image=bookstore/web:1"
      Then pod web eventually Running`],
    'watch events that never come': ['vacuous', `Given watch events to kube-scheduler are dropped
      When I run "kubectl create configmap a --from-literal=k=v"
      Then configmap a is present`],
  }
  test('each is what it should be', async () => {
    const ran = await runFeature(Object.fromEntries(Object.entries(scenarios).map(([name, [, steps]]) => [name, steps])), 'Given a cluster with 1 node')
    const wanted = Object.fromEntries(Object.entries(scenarios).map(([name, [status]]) => [name, status]))
    expect(expectations(ran, wanted)).toEqual(wanted)
    expect(ran.story('a registry that nobody pulls from')).toContain('a fault altered nothing: registry-unreachable of image registry registry.example.com')
  })
})

describe('what has met a fault', () => {
  test('counts from its injection on: met once does not make a second one met; forks count for themselves', () => {
    const network = new Network(), { driver } = network, registry = 'registry.example.com'
    const pull = (n: Network, name: string): void => n.pod(name, undefined, { container: { image: `${registry}/app:${name}` } })
    driver.inject('registry-unreachable', { registry })
    expect(driver.idleFaults!()).toEqual([`registry-unreachable of image registry ${registry}`])
    const twin = network.fork()
    pull(network, 'a')
    network.pass(5000)
    expect([driver.idleFaults!().length, twin.driver.idleFaults!().length]).toEqual([0, 1])
    driver.heal('registry-unreachable', { registry })
    network.pass(600_000)
    driver.inject('registry-unreachable', { registry })
    expect(driver.idleFaults!()).toHaveLength(1)
    pull(network, 'b')
    expect(network.pass(5000).driver.idleFaults!()).toEqual([])
  })
  test('a short partition counts if it cut a connection', () => {
    const network = new Network()
    network.driver.inject('partition', { node: 'worker-1' })
    network.pass(100)
    network.driver.heal('partition', { node: 'worker-1' })
    expect(network.driver.idleFaults!()).toEqual([])
  })
})
