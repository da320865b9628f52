import { FLOODS_ID, type Flood } from '../api/flood.ts'
import { floodsActor, type FloodsState } from '../floods.ts'
import { levelsResource, overflows, schemasResource } from '../kube-apiserver/fairness/index.ts'
import { defineFault } from './fault.ts'

export const apiFlood = defineFault({
  id: 'api-flood',
  doc:
    'Clients of one user send requests to the API servers without a pause, which take that long to be answered: API Priority and Fairness decides who waits.',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/flow-control/',
  parameters: { user: 'who asks', groups: 'of the user', perSecond: 'requests per second', takesMs: 'ms until one is answered' },
  example: { user: 'ci-bot', groups: [], perSecond: 1000, takesMs: 2000 }, target: ({ user }) => `requests of user ${user}`,
  inject(cluster, { user, groups, perSecond, takesMs }) {
    const { kernel } = cluster, servers = kernel.ids('kube-apiserver').length, flood: Flood = { user, groups, perSecond, takesMs, since: kernel.now }
    if (!kernel.has(FLOODS_ID)) kernel.add(floodsActor())
    kernel.operate(FLOODS_ID, 'begin', flood)
    return overflows(flood, servers, cluster.storedList(schemasResource), cluster.storedList(levelsResource)) ? 1 : 0
  },
  heal({ kernel }, { user }) {
    if (!kernel.has(FLOODS_ID) || !kernel.stateOf<FloodsState>(FLOODS_ID).floods.some(f => f.user === user)) return false
    kernel.operate(FLOODS_ID, 'end', { user })
    return true
  },
})
