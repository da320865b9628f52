import { configMap, secret } from './config.ts'
import { controllerRevision } from './controller-revision.ts'
import { cronJob } from './cron-job.ts'
import { daemonSet } from './daemon-set.ts'
import { deployment } from './deployment.ts'
import { podDisruptionBudget } from './disruption-budget.ts'
import { endpoints, endpointSlice } from './endpoints.ts'
import { event, eventsV1 } from './event.ts'
import { horizontalPodAutoscaler, horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler.ts'
import { job } from './job.ts'
import { limitRange, priorityClass, resourceQuota } from './limits.ts'
import { namespace } from './namespace.ts'
import { node } from './node.ts'
import { pod } from './pod.ts'
import { clusterRole, clusterRoleBinding, roleBinding, roleKind } from './rbac.ts'
import { makeRegistry } from './registry.ts'
import { replicaSet } from './replica-set.ts'
import { service } from './service.ts'
import { lease, plainKinds, serviceAccount, virtualKinds } from './small.ts'
import { statefulSet } from './stateful-set.ts'
import { persistentVolume, persistentVolumeClaim, storageClass } from './storage.ts'

/** Every kind a plain cluster serves; a kind with rules of its own is one file and one entry here. */
export const registry = makeRegistry([
  pod, node, namespace, service, endpoints, endpointSlice, configMap, secret, serviceAccount, event, eventsV1, lease,
  deployment, replicaSet, statefulSet, daemonSet, controllerRevision, job, cronJob, podDisruptionBudget, horizontalPodAutoscaler, horizontalPodAutoscalerV1,
  persistentVolumeClaim, persistentVolume, storageClass,
  clusterRole, clusterRoleBinding, roleKind, roleBinding, resourceQuota, limitRange, priorityClass,
  ...plainKinds, ...virtualKinds,
])
export type { KindDefinition, KindRegistry, FieldError, DecodeResult } from './kind.ts'
export { storageName } from './kind-from-data.ts'
export { decode, normalise } from './decode.ts'
export { fieldStatus, unmodelledFields, type FieldStatus } from './fields.ts'
export { podSummary, restartsText, type PodSummary } from './pod-spec/status-word.ts'
export { qosClass } from './pod-spec/qos.ts'
export { humanDuration } from './meta/duration.ts'
export { labelsText, selectorText } from './meta/cells.ts'
