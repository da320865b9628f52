import type { KubeObject } from '../../api/request.ts'
import { behaviourOf } from '../../kinds/csi-names.ts'
import { create, patch } from '../../network/client.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { DONE, NO_KEYS } from '../controller.ts'
import type { Reconciled, View } from '../controller.ts'
import { csiNodes, drivers, sidecar } from './driver.ts'

/** node-driver-registrar and the kubelet's list of plugins: which drivers run on a node, and how many volumes each may have there. Keys: names of nodes. */
export const csiNodeRegistrar = sidecar({
  name: 'csi-node-registrar',
  watches: [
    { resource: 'nodes', toKeys: ({ type, name }) => type === 'MODIFIED' ? NO_KEYS : [name.slice(1)] },
    { resource: drivers, toKeys: (_delta, view) => everyNode(view) },
    { resource: csiNodes, toKeys: ({ new: n, name }) => n ? NO_KEYS : [name.slice(1)] },
  ],
  onStart: everyNode,
  reconcile: register,
  source: 'pkg/volume/csi/nodeinfomanager/nodeinfomanager.go',
})
function everyNode(view: View): readonly string[] { return view.list('nodes').map(n => n.metadata.name) }

function register(name: string, view: View): Reconciled {
  const node = view.get('nodes', undefined, name), found = view.get(csiNodes, undefined, name)
  if (!node) return DONE
  const wanted = view.list(drivers).flatMap(d => entryOf(d, node)), request = { resource: csiNodes, name }
  if (deepEqual(found?.spec?.drivers ?? [], wanted)) return DONE
  if (found) return { effects: [{ do: 'request', request: patch(view.identity, request, 'application/merge-patch+json', { spec: { drivers: wanted } }) }] }
  const { uid } = node.metadata
  const body = {
    apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { drivers: wanted },
  }
  return { effects: [{ do: 'request', request: create(view.identity, { resource: csiNodes }, body), accept: [409] }] }
}
function entryOf(driver: KubeObject, node: KubeObject): any[] {
  const behaviour = behaviourOf(driver)
  if (!behaviour) return []
  const { limit, topology } = behaviour
  return [{
    name: driver.metadata.name, nodeID: node.metadata.name, topologyKeys: topology === undefined ? null : [topology],
    ...limit === undefined ? undefined : { allocatable: { count: limit } },
  }]
}
