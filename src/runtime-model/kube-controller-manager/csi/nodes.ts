import type { KubeObject } from '../../api/request.ts'
import { behaviourOf } from '../../kinds/csi-names.ts'
import { patch } from '../../network/client.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { DONE, NO_KEYS } from '../controller.ts'
import type { ControllerEffect, Reconciled, View } from '../controller.ts'
import { csiNodes, drivers, sidecar } from './driver.ts'

/**
 * node-driver-registrar and the kubelet's list of plugins: which drivers run on a node, how many volumes each may have there, and what each calls the node.
 * Keys: names of nodes. A CSINode that somebody has removed is made again by the next kubelet that starts there, and is filled then.
 */
export const csiNodeRegistrar = sidecar({
  name: 'csi-node-registrar',
  watches: [
    { resource: 'nodes', toKeys: ({ type, name }) => type === 'MODIFIED' ? NO_KEYS : [name.slice(1)] },
    { resource: drivers, toKeys: (_delta, view) => everyNode(view) },
    { resource: csiNodes, toKeys: ({ type, name }) => type === 'ADDED' ? [name.slice(1)] : NO_KEYS },
  ],
  onStart: everyNode,
  reconcile: register,
  source: 'pkg/volume/csi/nodeinfomanager/nodeinfomanager.go',
})
function everyNode(view: View): readonly string[] { return view.list('nodes').map(n => n.metadata.name) }
const nodeId = 'csi.volume.kubernetes.io/nodeid', merge = 'application/merge-patch+json'

function register(name: string, view: View): Reconciled {
  const node = view.get('nodes', undefined, name), found = view.get(csiNodes, undefined, name)
  if (!node || !found) return DONE
  const wanted = view.list(drivers).flatMap(d => entryOf(d, node)), effects: ControllerEffect[] = []
  const ids = wanted.length === 0 ? null : JSON.stringify(Object.fromEntries(wanted.map(d => [d.name, d.nodeID])))
  if ((node.metadata.annotations?.[nodeId] ?? null) !== ids) {
    effects.push({ do: 'request', request: patch(view.identity, { resource: 'nodes', name }, merge, { metadata: { annotations: { [nodeId]: ids } } }) })
  }
  if (!deepEqual(found.spec?.drivers ?? [], wanted)) {
    effects.push({ do: 'request', request: patch(view.identity, { resource: csiNodes, name }, merge, { spec: { drivers: wanted } }) })
  }
  return effects.length === 0 ? DONE : { effects }
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
