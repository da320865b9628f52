/**
 * Versions of kinds that a 1.35 API server knows and does not serve: what says it is one of these is read, and then found to be for another path.
 * Source: the registered types of k8s.io/api; seen on a 1.35.4 API server.
 */
const workloads = ['ControllerRevision', 'Deployment', 'StatefulSet'], roles = ['ClusterRoleBinding', 'ClusterRole', 'RoleBinding', 'Role']
const flows = ['FlowSchema', 'PriorityLevelConfiguration']
const devices = ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice']
const policies = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']
const attached = ['CSIStorageCapacity', 'VolumeAttachment', 'VolumeAttributesClass']
const kinds: Readonly<Record<string, readonly string[]>> = {
  'apps/v1beta1': workloads, 'apps/v1beta2': [...workloads, 'DaemonSet', 'ReplicaSet'],
  'extensions/v1beta1': ['DaemonSet', 'Deployment', 'ReplicaSet', 'Ingress', 'NetworkPolicy'],
  'batch/v1beta1': ['CronJob'], 'autoscaling/v2beta1': ['HorizontalPodAutoscaler'], 'autoscaling/v2beta2': ['HorizontalPodAutoscaler'],
  'networking.k8s.io/v1beta1': ['IngressClass', 'Ingress', 'IPAddress', 'ServiceCIDR'], 'policy/v1beta1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1beta1': roles, 'rbac.authorization.k8s.io/v1alpha1': roles,
  'storage.k8s.io/v1beta1': ['CSIDriver', 'CSINode', 'StorageClass', ...attached], 'storage.k8s.io/v1alpha1': attached,
  'scheduling.k8s.io/v1beta1': ['PriorityClass'], 'scheduling.k8s.io/v1alpha1': ['PriorityClass'], 'node.k8s.io/v1beta1': ['RuntimeClass'],
  'node.k8s.io/v1alpha1': ['RuntimeClass'],
  'admissionregistration.k8s.io/v1beta1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', ...policies],
  'admissionregistration.k8s.io/v1alpha1': policies,
  'certificates.k8s.io/v1beta1': ['CertificateSigningRequest'], 'coordination.k8s.io/v1beta1': ['Lease'], 'discovery.k8s.io/v1beta1': ['EndpointSlice'],
  'events.k8s.io/v1beta1': ['Event'],
  'flowcontrol.apiserver.k8s.io/v1beta1': flows, 'flowcontrol.apiserver.k8s.io/v1beta2': flows, 'flowcontrol.apiserver.k8s.io/v1beta3': flows,
  'resource.k8s.io/v1beta1': devices, 'resource.k8s.io/v1beta2': devices, 'authentication.k8s.io/v1beta1': ['SelfSubjectReview', 'TokenReview'],
  'authorization.k8s.io/v1beta1': ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'apiregistration.k8s.io/v1beta1': ['APIService'], 'apiextensions.k8s.io/v1beta1': ['CustomResourceDefinition'],
}
export const isOldVersion = (apiVersion: string, kind: string): boolean => kinds[apiVersion]?.includes(kind) ?? false
