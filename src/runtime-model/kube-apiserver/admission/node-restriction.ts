import { subjectOfRequest } from '../../api/certificate-request.ts'
import { internalJson, unifiedDiff } from '../../kinds/meta/diff.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionView, MutationResult } from './plugin.ts'
import { refuse } from './refuse.ts'

const userPrefix = 'system:node:', mirror = 'kubernetes.io/config.mirror', leases = 'leases.coordination.k8s.io'
const csiNodes = 'csinodes.storage.k8s.io', slices = 'resourceslices.resource.k8s.io', claims = 'persistentvolumeclaims'
const requests = 'certificatesigningrequests.certificates.k8s.io', ownSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet']
/** labels under kubernetes.io and k8s.io that a kubelet may set. Source: staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go */
const ownLabels: readonly string[] = [
  'kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region', 'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type', 'kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch',
  'node.kubernetes.io/windows-build',
]
const ownPrefixes: readonly string[] = ['kubelet.kubernetes.io', 'node.kubernetes.io']

/** A kubelet changes its own Node, pods bound to it, and its lease, and nothing else; it asks for certificates of its own name. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  resources: ['pods', 'nodes', leases, requests, csiNodes, slices, claims],
  reads: ['pods'],
  mutate(a, view) {
    if (!a.user.name.startsWith(userPrefix) || !a.user.groups.includes('system:nodes')) return undefined
    const node = a.user.name.slice(userPrefix.length)
    if (a.kind.kind === 'Node') return forNode(a, node)
    if (a.kind.kind === 'Lease') return forLease(a, node)
    if (a.kind.kind === 'CertificateSigningRequest') return forRequest(a)
    if (a.kind.kind === 'CSINode') return a.name !== node ? refuse(a, 'can only access CSINode with the same name as the requesting node') : undefined
    if (a.kind.kind === 'PersistentVolumeClaim') return forClaim(a, node)
    if (a.kind.kind === 'ResourceSlice') return forSlice(a, node)
    return forPod(a, node, view)
  },
  source: 'plugin/pkg/admission/noderestriction/admission.go',
}

function forPod(a: AdmissionAttributes, node: string, view: AdmissionView): MutationResult {
  const self = 'spec.nodeName set to itself'
  if (a.subresource === 'status') {
    return a.operation !== 'UPDATE' ? refuse(a, `unexpected operation "${a.operation}"`)
      : a.oldObject.spec?.nodeName !== node ? refuse(a, `node "${node}" can only update pod status for pods with ${self}`)
      : undefined
  }
  if (a.subresource === 'eviction') {
    return view.get('pods', a.namespace, a.name)?.spec.nodeName !== node ? refuse(a, `node ${node} can only evict pods with ${self}`) : undefined
  }
  if (a.subresource) return refuse(a, `unexpected pod subresource "${a.subresource}", only 'status' and 'eviction' are allowed`)
  if (a.operation === 'DELETE') {
    return (a.oldObject ?? view.get('pods', a.namespace, a.name))?.spec.nodeName !== node
      ? refuse(a, `node "${node}" can only delete pods with ${self}`)
      : undefined
  }
  if (a.operation !== 'CREATE') return refuse(a, `unexpected operation "${a.operation}", node "${node}" can only create and delete mirror pods`)
  const { metadata, spec } = a.object
  if (metadata.annotations?.[mirror] === undefined) return refuse(a, `pod does not have "${mirror}" annotation, node "${node}" can only create mirror pods`)
  if (spec.nodeName !== node) return refuse(a, `node "${node}" can only create pods with ${self}`)
  return spec.serviceAccountName ? refuse(a, `node "${node}" can not create pods that reference a service account`) : undefined
}

function forNode(a: AdmissionAttributes, node: string): MutationResult {
  if (a.name !== node) return refuse(a, `node "${node}" is not allowed to modify node "${a.name}"`)
  if (a.operation === 'CREATE') {
    const wrong = changedLabels(a.object.metadata.labels, {})
    return wrong.length > 0 ? refuse(a, `node "${node}" is not allowed to set the following labels: ${wrong.join(', ')}`) : undefined
  }
  if (a.operation !== 'UPDATE') return undefined
  if (a.object.spec !== a.oldObject.spec && !deepEqual(a.object.spec?.taints, a.oldObject.spec?.taints)) {
    return refuse(a, `node "${node}" is not allowed to modify taints`)
  }
  const wrong = changedLabels(a.object.metadata.labels, a.oldObject.metadata.labels)
  return wrong.length > 0 ? refuse(a, `is not allowed to modify labels: ${wrong.join(', ')}`) : undefined
}
function changedLabels(now: Readonly<Record<string, string>> = {}, before: Readonly<Record<string, string>> = {}): string[] {
  if (now === before) return []
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(k => now[k] !== before[k] && isForbidden(k)).sort()
}
function isForbidden(label: string): boolean {
  const domain = label.includes('/') ? label.slice(0, label.indexOf('/')) : '', within = (d: string): boolean => domain === d || domain.endsWith(`.${d}`)
  if (within('node-restriction.kubernetes.io')) return true
  if (!within('kubernetes.io') && !within('k8s.io')) return false
  return !ownLabels.includes(label) && !ownPrefixes.some(within)
}

function forRequest(a: AdmissionAttributes): MutationResult {
  const { signerName, request } = a.object?.spec ?? {}
  if (a.operation !== 'CREATE' || a.subresource || !ownSigners.includes(signerName)) return undefined
  return subjectOfRequest(request ?? '')?.commonName === a.user.name ? undefined : refuse(a, `can only create a node CSR with CN=${a.user.name}`)
}

function forLease(a: AdmissionAttributes, node: string): MutationResult {
  if (a.namespace !== 'kube-node-lease') return refuse(a, 'can only access leases in the "kube-node-lease" system namespace')
  return a.name !== node ? refuse(a, 'can only access node lease with the same name as the requesting node') : undefined
}

function forSlice(a: AdmissionAttributes, node: string): MutationResult {
  const its = 'ResourceSlice with the same NodeName as the requesting node'
  if (a.operation === 'CREATE') return (a.object.spec?.nodeName ?? '') !== node ? refuse(a, `can only create ${its}`) : undefined
  return a.operation === 'DELETE' && a.oldObject?.spec?.nodeName !== node ? refuse(a, `can only delete ${its}`) : undefined
}

function forClaim(a: AdmissionAttributes, node: string): MutationResult {
  if (a.operation !== 'UPDATE' || a.subresource !== 'status') return undefined
  const before = othersOf(a.oldObject), after = othersOf(a.object)
  return deepEqual(before, after) ? undefined : refuse(
    a,
    `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions: ${unifiedDiff(inLines(before), inLines(after))}`
  )
}
/** a claim without what its node may say of it */
function othersOf({ metadata: { managedFields: _m, resourceVersion: _v, ...metadata }, status = {}, ...claim }: any): any {
  const { capacity: _c, conditions: _d, allocatedResources: _a, allocatedResourceStatuses: _s, ...kept } = status
  return { ...claim, metadata, status: kept }
}
const inLines = ({ metadata, spec, status }: any): string[] => JSON.stringify({
  ...metadata, Spec: internalJson('core.v1.PersistentVolumeClaimSpec', spec), Status: internalJson('core.v1.PersistentVolumeClaimStatus', status),
}, null, 1).split('\n')
