import { apiService } from './api-service.ts'
import { validatingAdmissionPolicy, validatingAdmissionPolicyBinding } from './admission-policy.ts'
import { certificateSigningRequest } from './certificate.ts'
import { configMap, secret } from './config.ts'
import { controllerRevision } from './controller-revision.ts'
import { cronJob } from './cron-job.ts'
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment, volumeAttributesClass } from './csi.ts'
import { customResourceDefinition } from './custom-resource-definition.ts'
import { daemonSet } from './daemon-set.ts'
import { deployment } from './deployment.ts'
import { deviceClass, resourceClaim, resourceClaimTemplate, resourceSlice } from './device.ts'
import { podDisruptionBudget } from './disruption-budget.ts'
import { endpoints, endpointSlice } from './endpoints.ts'
import { event, eventsV1 } from './event.ts'
import { flowSchema, priorityLevelConfiguration } from './flow-control.ts'
import { horizontalPodAutoscaler, horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler.ts'
import { ingress, ingressClass } from './ingress.ts'
import { job } from './job.ts'
import { limitRange, priorityClass, resourceQuota } from './limits.ts'
import { namespace } from './namespace.ts'
import { networkPolicy } from './network-policy.ts'
import { node } from './node.ts'
import { pod } from './pod.ts'
import { clusterRole, clusterRoleBinding, roleBinding, roleKind } from './rbac.ts'
import { makeRegistry } from './registry.ts'
import { replicaSet } from './replica-set.ts'
import { persistentVolume } from './persistent-volume.ts'
import { podTemplate, replicationController } from './replication-controller.ts'
import { runtimeClass } from './runtime-class.ts'
import { service } from './service.ts'
import { ipAddress, serviceCidr } from './service-cidr.ts'
import { lease, serviceAccount, virtualKinds } from './small.ts'
import { statefulSet } from './stateful-set.ts'
import { persistentVolumeClaim, storageClass } from './storage.ts'
import { mutatingWebhook, validatingWebhook } from './webhook.ts'

/** Every kind a plain cluster serves; a kind with rules of its own is one file and one entry here. */
export const registry = makeRegistry([
  pod, node, namespace, service, endpoints, endpointSlice, configMap, secret, serviceAccount, event, eventsV1, lease,
  deployment, replicaSet, statefulSet, daemonSet, replicationController, podTemplate, controllerRevision, job, cronJob,
  podDisruptionBudget, horizontalPodAutoscaler, horizontalPodAutoscalerV1,
  persistentVolumeClaim, persistentVolume, storageClass, volumeAttributesClass, volumeAttachment, csiDriver, csiNode, csiStorageCapacity,
  ingress, ingressClass, networkPolicy, ipAddress, serviceCidr,
  clusterRole, clusterRoleBinding, roleKind, roleBinding, certificateSigningRequest,
  resourceQuota, limitRange, priorityClass, runtimeClass, flowSchema, priorityLevelConfiguration, apiService,
  customResourceDefinition, validatingAdmissionPolicy, validatingAdmissionPolicyBinding, validatingWebhook, mutatingWebhook,
  deviceClass, resourceClaim, resourceClaimTemplate, resourceSlice,
  ...virtualKinds,
])
export type { KindDefinition, KindRegistry, FieldError, DecodeResult } from './kind.ts'
export {
  conditionOf, customResourceOf, definitionsResource, hasCondition, kindsOf as customKindsOf, storageVersion, withCustomKinds,
} from './custom/definition.ts'
export { approvalOf, cleanupFinalizer } from './custom-resource-definition.ts'
export { storageName } from './kind-from-data.ts'
export { decode, normalise } from './decode.ts'
export { validateAddresses as validateServiceAddresses } from './service-families.ts'
export { withoutDisabledFields } from './disabled-fields.ts'
export { storedForm } from './stored-form.ts'
export { fieldStatus, unmodelledFields, type FieldStatus } from './fields.ts'
export { podSummary, restartsText, type PodSummary } from './pod-spec/status-word.ts'
export { qosClass } from './pod-spec/qos.ts'
export { humanDuration } from './meta/duration.ts'
export { labelsText, selectorText } from './meta/cells.ts'
export { internalJson } from './meta/diff.ts'
