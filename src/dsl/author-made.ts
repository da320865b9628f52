/** Kinds whose objects somebody has to make; others (leases, slices, nodes) come by themselves or with names of their own. */
export const authorMade: ReadonlySet<string> = new Set([
  'Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'Ingress',
  'ServiceAccount', 'Namespace', 'HorizontalPodAutoscaler', 'NetworkPolicy',
])
/**
 * Kinds of well-known names that tell what a cluster has and who works in it: that there is none says something, though no step speaks of it
 * (`apiservice v1beta1.metrics.k8s.io is absent`). Of any other kind a name that nobody has ever heard is as good as misspelt.
 */
export const tellsOfCluster: ReadonlySet<string> = new Set([
  'Lease', 'APIService', 'CustomResourceDefinition', 'IngressClass', 'GatewayClass', 'StorageClass', 'VolumeSnapshotClass', 'RuntimeClass',
  'CSIDriver', 'CSINode',
])
/** What is there in a cluster that nobody has touched. */
export const builtInName =
  /^(?:kube-.*|system:.*|default|kubernetes|coredns.*|etcd-.*|metrics-server.*|standard|extension-apiserver-authentication|apiserver-.*|cluster-info|bootstrap-.*)$/
