import { usedVolumes } from './block-volumes.ts'

/**
 * Objects that the volumes and the variables of a pod are made of. Source: pkg/volume/{configmap,secret,projected},
 * pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables)
 */
export interface Need {
  readonly volume?: string
  readonly resource: 'configmaps' | 'secrets' | 'persistentvolumeclaims' | 'serviceaccounts' | 'csidrivers.storage.k8s.io'
  readonly name: string
  readonly optional: boolean
  readonly keys: readonly string[]
}
export const keyOf = (n: { readonly resource: string; readonly name: string }): string => `${n.resource}/${n.name}`

/** The claim of a volume; one that lives as long as its pod is named after both. */
export const claimOf = (podName: string, v: any): string | undefined =>
  v?.persistentVolumeClaim?.claimName ?? (v?.ephemeral ? `${podName}-${v.name}` : undefined)

/** What the volumes of a pod spec need; `podName` for the claims that are named after it. The certificate of the cluster is in every namespace. */
export function volumeNeeds(spec: any, podName = ''): readonly Need[] {
  const needs: Need[] = []
  const from = (volume: string, resource: Need['resource'], source: any, name: string): void => {
    if (name !== 'kube-root-ca.crt') {
      needs.push({ volume, resource, name, optional: source.optional === true, keys: (source.items ?? []).map((i: any) => i.key) })
    }
  }
  const used = spec.volumes?.length ? usedVolumes(spec) : undefined
  for (const v of spec.volumes ?? []) {
    if (!used!.has(v.name)) continue
    if (v.configMap) from(v.name, 'configmaps', v.configMap, v.configMap.name)
    if (v.secret) from(v.name, 'secrets', v.secret, v.secret.secretName)
    if (v.csi) from(v.name, 'csidrivers.storage.k8s.io', {}, v.csi.driver)
    const claim = claimOf(podName, v)
    if (claim) from(v.name, 'persistentvolumeclaims', {}, claim)
    for (const s of v.projected?.sources ?? []) {
      if (s.configMap) from(v.name, 'configmaps', s.configMap, s.configMap.name)
      if (s.secret) from(v.name, 'secrets', s.secret, s.secret.name)
    }
  }
  return needs
}

/** Volumes that hold a token of the pod. */
export const tokenVolumes = (spec: any): readonly string[] =>
  (spec.volumes ?? []).filter((v: any) => v.projected?.sources?.some((s: any) => s.serviceAccountToken)).map((v: any) => v.name)

const NOTHING: readonly Need[] = []
/** What the variables of a container are read from. */
export function variableNeeds(container: any): readonly Need[] {
  if (!container.envFrom && !container.env) return NOTHING
  const needs: Need[] = []
  for (const f of container.envFrom ?? []) {
    if (f.configMapRef) needs.push({ resource: 'configmaps', name: f.configMapRef.name, optional: f.configMapRef.optional === true, keys: [] })
    if (f.secretRef) needs.push({ resource: 'secrets', name: f.secretRef.name, optional: f.secretRef.optional === true, keys: [] })
  }
  for (const { valueFrom } of container.env ?? []) {
    const map = valueFrom?.configMapKeyRef, secret = valueFrom?.secretKeyRef
    if (map) needs.push({ resource: 'configmaps', name: map.name, optional: map.optional === true, keys: [map.key] })
    if (secret) needs.push({ resource: 'secrets', name: secret.name, optional: secret.optional === true, keys: [secret.key] })
  }
  return needs
}
