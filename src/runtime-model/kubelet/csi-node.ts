import { isOk, type ApiResponse } from '../api/request.ts'
import { create, get } from '../network/client.ts'
import { ask, type NodeStep } from './node-status.ts'
import type { Session } from './session.ts'

/**
 * The CSINode that a kubelet makes beside its Node, with no drivers: those are listed once they have registered. One that is of an older Node of this name
 * goes by the garbage collector, and is made again. Approximate: attempts that fail are repeated every second.
 * Source: pkg/volume/csi/nodeinfomanager/nodeinfomanager.go (tryInitializeCSINodeWithAnnotation), as a kubelet of 1.35 did it
 */
const firstMs = 50, retryMs = 1000
const MIGRATED = ['aws-ebs', 'azure-disk', 'azure-file', 'cinder', 'gce-pd', 'portworx-volume', 'vsphere-volume'].map(name => `kubernetes.io/${name}`).join()
const resource = 'csinodes.storage.k8s.io'

/** Once its Node is registered. */
export function csiNodeSoon(session: Session): void { session.timer('csi-node', session.now + firstMs) }
export function askCsiNode(session: Session): void { ask(session, get(session.identity, { resource, name: session.node }), 'csi-node') }

export function csiNodeAnswered(session: Session, step: NodeStep, response: ApiResponse | undefined): void {
  if (step === 'csi-node' && response?.code === 404) return make(session)
  const answered = response !== undefined && (isOk(response) || response.code === 409)
  if (answered && (step === 'csi-node-create' || ownerOf(response.body) === nodeUid(session))) return
  session.timer('csi-node', session.now + retryMs)
}
function make(session: Session): void {
  const name = session.node
  ask(session, create(session.identity, { resource }, {
    apiVersion: 'storage.k8s.io/v1', kind: 'CSINode',
    metadata: {
      name, annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': MIGRATED },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: nodeUid(session) }],
    },
    spec: { drivers: [] },
  }), 'csi-node-create')
}
const nodeUid = ({ state }: Session): string | undefined => (state.node.object as any)?.metadata.uid
const ownerOf = (csiNode: any): string | undefined => csiNode.metadata.ownerReferences?.find((o: any) => o.kind === 'Node')?.uid
