import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** A cluster that shows the agents of its network plugin, with web on worker-1 and a client on worker-2; booted once for each plugin. */
const bases = new Map<string, Network>()
const agents: Readonly<Record<string, string>> = { kindnet: 'kindnet', calico: 'calico-node', cilium: 'cilium' }
function world(cni: string): Network {
  if (!bases.has(cni)) {
    const n = new Network({ cni, cniAgents: true })
    n.pod('web', 'worker-1'); n.pod('client', 'worker-2'); n.service('web')
    bases.set(cni, n.pass(10_000))
  }
  return bases.get(cni)!.fork()
}
/** The DaemonSet keeps off a node from now on, and its pod there is gone. */
function without(n: Network, cni: string): Network {
  n.ask('delete', { resource: 'daemonsets.apps', namespace: 'kube-system', name: agents[cni] })
  return n.pass(30_000)
}
const running = (n: Network, name: string): string => {
  const pod = n.driver.cluster.stored('pods', 'default', name)!
  return pod.status.containerStatuses?.[0].state.running ? 'running' : pod.status.containerStatuses?.[0].state.waiting?.reason ?? pod.status.phase
}
const deny = '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny }, spec: { podSelector: {}, policyTypes: [Ingress] } }'

describe('the agents of a network plugin', () => {
  test.each(['kindnet', 'calico', 'cilium'])('%s: one on every node, which is ready with it', cni => {
    const n = world(cni), pods = n.driver.storedList('pods', 'kube-system').filter(p => p.metadata.name.startsWith(`${agents[cni]}-`))
    expect([pods.length, new Set(pods.map(p => p.spec.nodeName)).size, n.reach('client', { service: 'web' })]).toEqual([4, 4, 'web'])
  })
  test.each(['kindnet', 'calico', 'cilium'])('%s: without them what is connected stays so', cni => {
    const n = without(world(cni), cni)
    expect([n.reach('client', { service: 'web' }), n.reach('client', { pod: 'web' })]).toEqual(['web', 'web'])
    expect(n.driver.storedList('nodes').every(o => o.status.conditions.find((c: any) => c.type === 'Ready').status === 'True')).toBe(true)
  })
  test.each([
    ['kindnet', 'running', 'web'], ['calico', 'running', expect.stringContaining('pod late has no connection')],
    ['cilium', 'ContainerCreating', expect.anything()],
  ])('%s: a pod that starts without them', (cni, state, answer) => {
    const n = without(world(cni), cni)
    n.pod('late', 'worker-2')
    n.pass(20_000)
    expect([running(n, 'late'), n.reach('late', { service: 'web' })]).toEqual([state, answer])
  })
  test('cilium says what its plugin cannot reach', () => {
    const n = without(world('cilium'), 'cilium')
    n.pod('late', 'worker-2')
    n.pass(20_000)
    const events = n.driver.storedList('events', 'default').filter(e => (e.regarding ?? e.involvedObject).name === 'late').map(e =>
      `${e.reason} ${e.message ?? e.note}`)
    expect(events.join('\n')).toMatch(/FailedCreatePodSandBox.*unable to connect to Cilium agent/)
  })
  test('calico: connected once the agent is back', () => {
    const n = world('calico')
    const agent = n.driver.storedList('pods', 'kube-system').find(p => p.metadata.name.startsWith('calico-node-') && p.spec.nodeName === 'worker-2')!
    n.driver.inject('container-crash', { namespace: 'kube-system', pod: agent.metadata.name, container: 'calico-node' })
    n.pod('late', 'worker-2')
    n.pass(20_000)
    expect([running(n, 'late'), n.reach('late', { service: 'web' })]).toEqual(['running', 'web'])
  })
  test('policies: what the agent knew holds; of what has changed since nothing is known', () => {
    const n = world('calico')
    n.apply(deny)
    n.pass(2000)
    without(n, 'calico')
    expect(n.reach('client', { service: 'web' })).toMatch(/^network policy deny/)
    n.delete('networkpolicies.networking.k8s.io', 'deny')
    expect(n.pass(2000).reach('client', { service: 'web' })).toMatch(/^not modelled: policies that have changed/)
    const other = without(world('calico'), 'calico')
    other.apply(deny)
    expect(other.pass(2000).reach('client', { service: 'web' })).toMatch(/^not modelled: policies that have changed/)
  })
  test('a node that joins is not ready before its agent has run', () => {
    const n = world('calico')
    expect(n.driver.operate('join-node', { node: 'worker-9' })).toBeUndefined()
    n.pass(1000)
    const ready = (): any => n.driver.cluster.stored('nodes', '', 'worker-9')!.status.conditions.find((c: any) => c.type === 'Ready')
    expect([ready().status, ready().message]).toEqual(['False', expect.stringContaining('cni plugin not initialized')])
    n.pass(30_000)
    expect(ready().status).toBe('True')
    const alone = without(world('calico'), 'calico')
    alone.driver.operate('join-node', { node: 'worker-9' })
    alone.pass(60_000)
    expect(alone.driver.cluster.stored('nodes', '', 'worker-9')!.status.conditions.find((c: any) => c.type === 'Ready').status).toBe('False')
  })
})
