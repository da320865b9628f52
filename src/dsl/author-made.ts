/** Kinds whose objects somebody has to make; others (leases, slices, nodes) come by themselves or with names of their own. */
export const authorMade: ReadonlySet<string> = new Set([
  'Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'Ingress',
  'ServiceAccount', 'Namespace', 'HorizontalPodAutoscaler', 'NetworkPolicy',
])
/** What is there in a cluster that nobody has touched. */
export const builtInName =
  /^(?:kube-.*|system:.*|default|kubernetes|coredns.*|etcd-.*|metrics-server.*|standard|extension-apiserver-authentication|apiserver-.*|cluster-info|bootstrap-.*)$/
