import { patch } from '../../network/client.ts'
import { defineController, DONE, ownKey, splitKey } from '../controller.ts'
import type { Index } from '../controller.ts'

const annotation = 'node.alpha.kubernetes.io/ttl'
/** up to so many nodes → seconds that kubelets may keep Secrets and ConfigMaps */
const steps: readonly (readonly [nodes: number, seconds: number])[] = [[100, 0], [500, 15], [1000, 30], [2000, 60], [Infinity, 300]]
const allNodes: Index = { name: 'all nodes', resource: 'nodes', keysOf: () => ['all'] }

/**
 * Tells kubelets by an annotation how long they may cache; larger clusters ask less often. The step back down comes a little later than upstream's hysteresis
 * would have it.
 */
export const ttl = defineController({
  name: 'ttl',
  watches: [{
    resource: 'nodes',
    toKeys: delta =>
      delta.type === 'DELETED' || delta.type === 'MODIFIED' && delta.new!.metadata.annotations?.[annotation] === delta.old!.metadata.annotations?.[annotation]
      ? []
      : ownKey(delta),
  }],
  indexes: [allNodes],
  reconcile(key, view) {
    const { name } = splitKey(key), node = view.get('nodes', '', name)
    if (!node) return DONE
    const count = view.count(allNodes, 'all'), seconds = String(steps.find(([nodes]) => count <= nodes)![1])
    if (node.metadata.annotations?.[annotation] === seconds) return DONE
    return {
      effects: [{
        do: 'request', accept: [404],
        request: patch(view.identity, { resource: 'nodes', name }, 'application/strategic-merge-patch+json', {
          metadata: { annotations: { [annotation]: seconds } },
        }),
      }],
    }
  },
  source: 'pkg/controller/ttl/ttl_controller.go',
})
