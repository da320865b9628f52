import { stringify } from 'yaml'

/**
 * The kubeconfig that leads a client to a served cluster, as its administrator. Without TLS there is nothing to verify, which the JavaScript client wants to
 * be told. Source: k8s.io/client-go tools/clientcmd/api/v1
 */
export const kubeconfig = (server: string): string => {
  const cluster = 'kscenario', user = 'kubernetes-admin', context = `${user}@${cluster}`
  return stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': context, clusters: [{ name: cluster, cluster: { server, 'insecure-skip-tls-verify': true } }],
    contexts: [{ name: context, context: { cluster, user } }], users: [{ name: user, user: {} }],
  })
}
