import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts'
import { defaultIngressClass } from './default-ingress-class.ts'
import { defaultStorageClass } from './default-storage-class.ts'
import { defaultTolerationSeconds } from './default-toleration-seconds.ts'
import { limitRanger } from './limit-ranger.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { nodeRestriction } from './node-restriction.ts'
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts'
import { podSecurity } from './pod-security.ts'
import { podTopologyLabels } from './pod-topology-labels.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { priorityPlugin } from './priority.ts'
import { resourceQuotaPlugin } from './resource-quota.ts'
import { runtimeClass } from './runtime-class.ts'
import { serviceAccountPlugin } from './service-account.ts'
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts'
import { validatingAdmissionPolicyPlugin } from './validating-admission-policy.ts'
import { mutatingWebhookPlugin, validatingWebhookPlugin } from './webhooks.ts'
import { taintNodesByCondition } from './taint-nodes-by-condition.ts'

/** In the order of a 1.35 API server as kubeadm starts it. Source: pkg/kubeapiserver/options/plugins.go. Not there: plugins for kinds that are not modelled. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle, limitRanger, serviceAccountPlugin, nodeRestriction, taintNodesByCondition, podSecurity, priorityPlugin, defaultTolerationSeconds,
  defaultStorageClass, storageObjectInUseProtection, persistentVolumeClaimResize, runtimeClass, certificateApproval, certificateSigning,
  certificateSubjectRestriction, defaultIngressClass, podTopologyLabels, mutatingWebhookPlugin, validatingAdmissionPolicyPlugin,
  validatingWebhookPlugin, resourceQuotaPlugin,
]
export type {
  AdmissionAsks, AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, AdmissionView, AdmissionWait, AdmissionWarning, FirstWrite, MutationResult,
  Reinvocation, ReviewAnswer, ReviewOutcome, ReviewQuestion, ValidationResult,
} from './plugin.ts'
