import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { podRange, podRangeNumber, podRanges } from '../../api/pod-ranges.ts'
import { patch } from '../../network/client.ts'
import { defineController, DONE, ownKey, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'

/**
 * Gives every node a range for the addresses of its pods: the next one that is free after the last one given, so that what a node leaves behind is given
 * again only once all others have been. Source: pkg/controller/nodeipam/ipam/cidrset/cidr_set.go, AllocateNext.
 */
export const nodeIpam = defineController({
  name: 'node-ipam', serviceAccount: 'node-controller',
  watches: [{ resource: 'nodes', toKeys: keysOfNode }],
  initialMemory: () => ({ forkable: true, taken: new PersistentMap<string>(), next: new PersistentMap<number>() }),
  reconcile(key, view) {
    const { name } = splitKey(key), node = view.get('nodes', '', name)
    if (!node || node.spec?.podCIDR) return DONE
    const free = firstFree(view)
    if (free === undefined) {
      return {
        effects: [{
          do: 'event',
          event: {
            component: 'cidrAllocator', regarding: { kind: 'Node', name, apiVersion: 'v1', uid: node.metadata.uid }, type: 'Normal', reason: 'CIDRNotAvailable',
            message: `Node ${name} status is now: CIDRNotAvailable`,
          },
        }],
      }
    }
    return {
      effects: [
        { do: 'remember', in: 'taken', key: String(free), value: name }, { do: 'remember', in: 'next', key: '', value: (free + 1) % podRanges },
        {
          do: 'request', accept: [404],
          request: patch(view.identity, { resource: 'nodes', name }, 'application/strategic-merge-patch+json', {
            spec: { podCIDR: podRange(free), podCIDRs: [podRange(free)] },
          }),
        },
      ],
    }
  },
  workers: 1,
  source: 'pkg/controller/nodeipam/ipam/range_allocator.go',
})

function keysOfNode(delta: Delta, view: View): Keys {
  const taken = view.memory.taken as PersistentMap<string>, cidr = (o: KubeObject | undefined): string | undefined => o?.spec?.podCIDR
  const { old, new: node } = delta
  if (!node) { const gone = cidr(old); if (gone) taken.delete(String(podRangeNumber(gone))); return [] }
  const own = cidr(node)
  if (own) {
    const n = podRangeNumber(own)
    if (own !== cidr(old) && n !== undefined) taken.set(String(n), node.metadata.name)
    return []
  }
  return ownKey(delta)
}
function firstFree({ memory: { taken, next } }: View): number | undefined {
  const first = (next.get('') as number | undefined) ?? 0
  // whoever has none asks again whenever it changes, so nothing is looked through in vain
  if (taken.size < podRanges) for (let i = 0; i < podRanges; i++) { const n = (first + i) % podRanges; if (!taken.has(String(n))) return n }
  return undefined
}
