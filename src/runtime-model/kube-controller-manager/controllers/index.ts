import type { Controller } from '../controller.ts'
import { csiAttacher } from '../csi/attacher.ts'
import { csiNodeRegistrar } from '../csi/nodes.ts'
import { csiProvisioner } from '../csi/provisioner.ts'
import { csiModifier } from '../csi/modifier.ts'
import { csiResizer } from '../csi/resizer.ts'
import { apiServiceStatus } from './apiservice-status.ts'
import { attachDetach } from './attachdetach.ts'
import { clusterRoleAggregation } from './clusterrole-aggregation.ts'
import { cronJob } from './cronjob.ts'
import { csrApproving } from './csrapproving.ts'
import { csrCleaner } from './csrcleaner.ts'
import { csrSigning } from './csrsigning.ts'
import { daemonSet } from './daemonset.ts'
import { deployment } from './deployment.ts'
import { disruption } from './disruption.ts'
import { endpoints } from './endpoints.ts'
import { endpointSlice } from './endpointslice.ts'
import { endpointSliceMirroring } from './endpointslicemirroring.ts'
import { ephemeralVolume } from './ephemeral-volume.ts'
import { garbageCollector } from './garbage-collector.ts'
import { horizontalPodAutoscaler } from './horizontalpodautoscaler.ts'
import { job } from './job.ts'
import { localPathProvisioner } from './local-path-provisioner.ts'
import { namespace } from './namespace.ts'
import { nodeIpam } from './node-ipam.ts'
import { nodeLifecycle } from './node-lifecycle.ts'
import { persistentVolumeBinder } from './persistentvolume-binder.ts'
import { podGarbageCollector } from './pod-garbage-collector.ts'
import { replicaSet } from './replicaset.ts'
import { replicationController } from './replicationcontroller.ts'
import { resourceQuota } from './resourcequota.ts'
import { rootCaCertPublisher } from './root-ca-cert-publisher.ts'
import { serviceAccount } from './serviceaccount.ts'
import { resourceClaim } from './resource-claim.ts'
import { serviceCidrs } from './service-cidrs.ts'
import { serviceAccountToken } from './serviceaccount-token.ts'
import { pvcProtection } from './pvc-protection.ts'
import { pvProtection } from './pv-protection.ts'
import { statefulSet } from './statefulset.ts'
import { taintEviction } from './taint-eviction.ts'
import { ttlAfterFinished } from './ttl-after-finished.ts'
import { tokenCleaner } from './tokencleaner.ts'
import { ttl } from './ttl.ts'
import { validatingAdmissionPolicyStatus } from './validatingadmissionpolicy-status.ts'
import { vacProtection } from './vac-protection.ts'
import { volumeExpand } from './volume-expand.ts'

/** Every controller that kube-controller-manager runs, one a line; see controller.ts. */
export const controllers: readonly Controller[] = [
  apiServiceStatus,
  attachDetach,
  clusterRoleAggregation,
  cronJob,
  csiAttacher,
  csiModifier,
  csiNodeRegistrar,
  csiProvisioner,
  csiResizer,
  csrApproving,
  csrCleaner,
  csrSigning,
  daemonSet,
  deployment,
  disruption,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  ephemeralVolume,
  garbageCollector,
  horizontalPodAutoscaler,
  job,
  localPathProvisioner,
  namespace,
  nodeIpam,
  nodeLifecycle,
  persistentVolumeBinder,
  podGarbageCollector,
  pvcProtection,
  pvProtection,
  replicaSet,
  replicationController,
  resourceQuota,
  rootCaCertPublisher,
  serviceAccount,
  serviceAccountToken,
  statefulSet,
  taintEviction,
  tokenCleaner,
  ttl,
  ttlAfterFinished,
  validatingAdmissionPolicyStatus,
  vacProtection,
  volumeExpand,
  ...serviceCidrs,
  resourceClaim,
]
