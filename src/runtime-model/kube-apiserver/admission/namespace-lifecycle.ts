import { notFound } from '../../api/status.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuse } from './refuse.ts'

const immortal: readonly string[] = ['default', 'kube-system', 'kube-public']
/** how long a create waits for a namespace that the cache does not have yet */
const missingNamespaceWaitMs = 50

/** Nothing is created in a namespace that ends or is not there; the first three namespaces are never deleted. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  reads: ['namespaces'],
  mutate(a, view) {
    if (a.kind.kind === 'Namespace') return a.operation === 'DELETE' && immortal.includes(a.name) ? refuse(a, 'this namespace may not be deleted') : undefined
    if (!a.kind.namespaced || a.operation === 'DELETE' || a.kind.resource === 'localsubjectaccessreviews') return undefined
    const namespace = view.get('namespaces', '', a.namespace)
    if (namespace === undefined) {
      return a.operation === 'CREATE' && view.attempt === 0
        ? { waitMs: missingNamespaceWaitMs }
        : { status: notFound({ group: '', resource: 'namespaces' }, a.namespace) }
    }
    if (a.operation !== 'CREATE' || namespace.status?.phase !== 'Terminating') return undefined
    return refuse(a, `unable to create new content in namespace ${a.namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${a.namespace} is being terminated`, field: 'metadata.namespace' },
    ])
  },
  source: 'k8s.io/apiserver pkg/admission/plugin/namespace/lifecycle/admission.go',
}
