import { decode } from '../kinds/decode.ts'
import { registry } from '../kinds/index.ts'
import type { Cluster } from '../cluster.ts'

type Args = Readonly<Record<string, any>>

/**
 * An administrator writes or removes a file in /etc/kubernetes/manifests of a node: `{ node, file, document }`, or with `remove` for it to go. What is no pod
 * that a kubelet takes stays on the disk and is complained of in its log. Source: pkg/kubelet/config/{file,file_linux,common}.go (tryDecodeSinglePod)
 */
export function putManifest(cluster: Cluster, { node, file, document, remove }: Args): string | void {
  const runtime = `container-runtime/${node}`
  if (!cluster.kernel.has(runtime)) return `there is no node ${node} in this cluster`
  if (cluster.kernel.powerOf(node) !== 'up') return `node ${node} is ${cluster.kernel.powerOf(node)}: nobody can write to its disk`
  const there = Object.keys(cluster.kernel.stateOf(runtime).manifests).includes(file)
  if (remove && !there) return `there is no file ${file} in /etc/kubernetes/manifests of ${node}`
  cluster.kernel.operate(runtime, 'manifest', { file, ...remove ? {} : podIn(document) })
  cluster.kernel.settle()
}

function podIn(document: any): { readonly pod: any } | { readonly error: string } {
  const kind = registry.byGroupKind('', 'Pod')!, { apiVersion, kind: name } = document ?? {}
  if (apiVersion !== 'v1' || name !== 'Pod') {
    return { error: `couldn't parse as pod(no kind "${name ?? ''}" of version "${apiVersion ?? ''}"), please check config file` }
  }
  const { object, error } = decode(kind, document)
  if (error !== undefined) return { error: `couldn't parse as pod(${error}), please check config file` }
  const reference = referenceOf(object.spec)
  if (reference) return { error: `static pods may not reference ${reference}` }
  const pod = kind.defaults({ ...object, metadata: { ...object.metadata, namespace: object.metadata?.namespace ?? 'default' } }), wrong = kind.validate(pod)
  return wrong.length > 0 ? { error: `invalid pod: [${wrong.map(e => `${e.field}: ${e.body}`).join(', ')}]` } : { pod }
}

/** The first kind of object of the API that a pod needs: a static pod may need none. Source: pkg/api/v1/pod/util.go (HasAPIObjectReference) */
function referenceOf(spec: any): string | undefined {
  const containers: readonly any[] = [...spec?.initContainers ?? [], ...spec?.containers ?? []], sources = (spec?.volumes ?? []).flatMap(sourcesOf)
  const variables = containers.flatMap(c => [...c.envFrom ?? [], ...(c.env ?? []).map((e: any) => e.valueFrom ?? {})])
  if (spec?.serviceAccountName) return 'serviceaccounts'
  if (spec?.imagePullSecrets?.length || sources.some((s: any) => s.secret) || variables.some(v => v.secretRef || v.secretKeyRef)) return 'secrets'
  if (sources.some((s: any) => s.configMap) || variables.some(v => v.configMapRef || v.configMapKeyRef)) return 'configmaps'
  if (spec?.resourceClaims?.length) return 'resourceclaims'
  return [['persistentVolumeClaim', 'persistentvolumeclaims'], ['ephemeral', 'persistentvolumeclaims'], ['csi', 'csidrivers'],
    ['serviceAccountToken', 'serviceaccounts'], ['clusterTrustBundle', 'clustertrustbundles']].find(([field]) => sources.some((s: any) => s[field]))?.[1]
}
const sourcesOf = (volume: any): readonly any[] => [volume, ...volume.projected?.sources ?? []]
