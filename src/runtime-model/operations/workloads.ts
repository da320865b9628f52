import { unitsOf } from '../api/quantity.ts'
import type { KubeObject } from '../api/request.ts'
import { parseLabelSelector } from '../api/selectors.ts'
import type { Cluster } from '../cluster.ts'
import { registry } from '../kinds/index.ts'
import { metricsServer, METRICS_SERVER_ID, metricsServerRoles } from '../metrics-server/index.ts'

type Args = Readonly<Record<string, any>>

/**
 * Clients that send requests to a Service at a steady rate: `{ name, namespace, service, port?, perSecond, takesMs?, connections?, pod?, podNamespace? }`. From
 * outside of the cluster they enter through the nodes that are on; with `pod` (in `podNamespace`, else in that of the Service) they come from it.
 */
export function trafficSource(cluster: Cluster, args: Args): string | void {
  if (cluster.options.bare) return 'a bare cluster has no kube-proxy: no traffic reaches a Service'
  const from = args.podNamespace ?? args.namespace, pod = args.pod === undefined ? undefined : cluster.stored('pods', from, args.pod)
  if (args.pod !== undefined && !pod?.spec.nodeName) return `pod ${args.pod} is on no node yet, so it cannot send requests`
  cluster.kernel.operate('traffic/sources', 'add-source', {
    ...args, pod: pod && { namespace: from, name: args.pod, uid: pod.metadata.uid, node: pod.spec.nodeName },
  })
}

/** A process in a container writes a file there or into one of its volumes: `{ namespace, pod, container, path, content }`; or removes one of the container. */
export const writeFile = (cluster: Cluster, args: Args): string | void => changeFile(cluster, 'write-file', args)
export const removeFile = (cluster: Cluster, args: Args): string | void => changeFile(cluster, 'remove-file', args)
function changeFile(cluster: Cluster, change: string, { namespace, pod, container, path, content }: Args): string | void {
  const uid = cluster.stored('pods', namespace, pod)?.metadata.uid, truth = uid === undefined ? undefined : cluster.nodeTruth().pod(uid)
  if (!truth?.containers.some(c => c.name === container && c.state === 'running')) return `container ${container} of pod ${pod} does not run`
  cluster.kernel.operate(`container-runtime/${truth.node}`, change, { uid: truth.uid, container, path, content })
  cluster.kernel.runTo(cluster.kernel.now)
}

/**
 * What pods consume from now on, those that come later too: `{ cpu?, memory?, namespace?, selector?, name?, node? }`, as metrics-server tells it and kubelets see it when memory runs short. Containers
 * that use more memory than their limit would be killed, which the model does not do by itself.
 */
export function podUsage(cluster: Cluster, { cpu, memory, ...of }: Args): string | void {
  if (!cluster.kernel.has(METRICS_SERVER_ID)) return 'nobody measures what pods use: say `metrics-server is installed` first'
  const limited = memory === undefined
    ? undefined
    : cluster.storedList('pods', of.namespace).find(p =>
      belongs(p, of)
        && p.spec.containers.some((c: any) =>
          c.resources?.limits?.memory !== undefined && unitsOf(memory) / p.spec.containers.length > unitsOf(c.resources.limits.memory)))
  if (limited) return `not modelled: pod ${limited.metadata.name} uses more memory than its limit; say \`container … is OOM killed\``
  const rule = { ...of, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
  cluster.kernel.operate(METRICS_SERVER_ID, 'usage', rule)
  for (const id of cluster.kernel.ids('kubelet')) cluster.kernel.arrange(id, 'usage', rule)
  cluster.kernel.runTo(cluster.kernel.now)
}
const belongs = ({ metadata, spec }: KubeObject, { selector, name, node }: Args): boolean =>
  (name === undefined || metadata.name === name) && (node === undefined || spec?.nodeName === node)
    && (selector === undefined || selects(selector, metadata.labels))
function selects(selector: string, labels: Readonly<Record<string, string>> | undefined): boolean {
  const parsed = parseLabelSelector(selector)
  return parsed.error === undefined && parsed.matches(labels)
}

/** Applies the manifest of metrics-server, as an administrator does: what it may do, and the process. Answers why that failed, if it did. */
export function installMetricsServer(cluster: Cluster): string | void {
  for (const [apiVersion, kind, metadata, rest] of metricsServerRoles) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion], definition = registry.byGroupKind(group, kind)!
    const { code, body, failure } = cluster.request({
      verb: 'create', group, version, resource: definition.resource, namespace: metadata.namespace, body: { apiVersion, kind, metadata, ...rest },
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    })
    if (code >= 300 && code !== 409 || code === 0) return `metrics-server could not be installed: ${body?.message ?? `nobody answered (${failure})`}`
  }
  if (cluster.kernel.has(METRICS_SERVER_ID)) return
  cluster.kernel.add(metricsServer())
  const [runtime] = cluster.kernel.ids('container-runtime'), { declared } = cluster.kernel.stateOf(METRICS_SERVER_ID)
  for (const [image, behaviour] of cluster.kernel.stateOf(runtime).declared.sorted()) declared.set(image, behaviour)
}
