import type { FaultDefinition } from './faults/fault.ts'
import type { AdmissionPlugin } from './kube-apiserver/admission/plugin.ts'
import type { Controller } from './kube-controller-manager/controller.ts'
import type { Plugin } from './kube-scheduler/plugin.ts'

/** A controller of one's own. It runs in kube-controller-manager, and acts as `system:serviceaccount:kube-system:NAME-controller`. */
export interface OwnController extends Controller {
  /** what its service account may do, as rules of a ClusterRole; absent: everything */
  readonly rules?: readonly { readonly apiGroups?: readonly string[]; readonly resources?: readonly string[]; readonly verbs: readonly string[] }[]
}

/** What a cluster has besides everything that comes with Kubernetes. Kinds are not here: they are the registry's (`kinds/index.ts`). */
export interface ModelAdditions {
  readonly controllers?: readonly OwnController[]
  readonly admissionPlugins?: readonly AdmissionPlugin[]
  readonly schedulerPlugins?: readonly Plugin[]
  readonly faults?: readonly FaultDefinition[]
}

/** The rights of controllers of a config, as objects of a new cluster: [apiVersion, kind, metadata, rest]. */
export function rolesOf(controllers: readonly OwnController[]): readonly (readonly [string, string, any, any])[] {
  const version = 'rbac.authorization.k8s.io/v1', everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
  return controllers.flatMap(({ name, serviceAccount, rules }) => {
    const role = `kscenario:controller:${name}`
    return [
      [version, 'ClusterRole', { name: role }, { rules: rules ?? everything }],
      [
        version, 'ClusterRoleBinding', { name: role },
        {
          subjects: [{ kind: 'ServiceAccount', name: serviceAccount ?? `${name}-controller`, namespace: 'kube-system' }],
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        },
      ],
    ] as const
  })
}
