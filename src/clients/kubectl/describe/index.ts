import { role, roleBinding } from './access.ts'
import { signingRequest } from './certificates.ts'
import { configMap, limitRange, namespace, priorityClass, quota, secret, serviceAccount } from './config.ts'
import type { Describer } from './describer.ts'
import { generic } from './generic.ts'
import { ingressClass, networkPolicy } from './network-policy.ts'
import { node } from './node.ts'
import { pod } from './pod.ts'
import { autoscaler, disruptionBudget } from './policies.ts'
import { endpoints, endpointSlice, ingress, service, serviceCidr } from './services.ts'
import { claim, csiNode, storageClass, volume, volumeAttributesClass } from './storage.ts'
import { cronJob, daemonSet, deployment, job, replicaSet, replicationController, statefulSet } from './workloads.ts'

/** By kind. Source: describe.go, describerMap. */
const describers: Readonly<Record<string, Describer>> = {
  Pod: pod, Node: node, Deployment: deployment, ReplicaSet: replicaSet, ReplicationController: replicationController, DaemonSet: daemonSet,
  StatefulSet: statefulSet, Job: job, CronJob: cronJob, Service: service, Endpoints: endpoints, EndpointSlice: endpointSlice, Ingress: ingress,
  ConfigMap: configMap, Secret: secret, ServiceAccount: serviceAccount, Namespace: namespace, ResourceQuota: quota, LimitRange: limitRange,
  PriorityClass: priorityClass, PersistentVolumeClaim: claim, PersistentVolume: volume,
  StorageClass: storageClass, CSINode: csiNode, VolumeAttributesClass: volumeAttributesClass, ServiceCIDR: serviceCidr,
  Role: role, ClusterRole: role, RoleBinding: roleBinding, ClusterRoleBinding: roleBinding, NetworkPolicy: networkPolicy,
  IngressClass: ingressClass, PodDisruptionBudget: disruptionBudget, HorizontalPodAutoscaler: autoscaler, CertificateSigningRequest: signingRequest,
}
export const describerOf = (kind: string): Describer => describers[kind] ?? generic
