import { defineFault } from './fault.ts'
import { machinesOf } from './places.ts'

export const zoneDown = defineFault({
  id: 'zone-down', doc: 'All machines of a zone lose power at once, those of the control plane too.',
  parameters: { zone: 'value of topology.kubernetes.io/zone' }, example: { zone: 'a' },
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction',
  target: ({ zone }) => `zone ${zone}`,
  inject: (cluster, { zone }) => {
    const hosts = machinesOf(cluster, `zone ${zone}`)
    return typeof hosts === 'string' ? hosts : hosts.filter(host => cluster.kernel.hostDown(host)).length
  },
  heal: (cluster, { zone }) => {
    const hosts = machinesOf(cluster, `zone ${zone}`)
    return typeof hosts !== 'string' && hosts.filter(host => cluster.kernel.powerOf(host) === 'down' && cluster.kernel.hostUp(host)).length > 0
  },
})
