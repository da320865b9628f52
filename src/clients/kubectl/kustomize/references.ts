import { isNamespaced, pathTo, podSpecOf, update, type Resource } from './resource.ts'

/**
 * Fields that hold the name of an object of a kind; paths under a pod's spec, and whole ones by kind. Source: kustomize builtinpluginconsts/namereference.go.
 */
const inPods: readonly (readonly [target: string, path: string])[] = [
  ...['containers[]', 'initContainers[]', 'ephemeralContainers[]'].flatMap(c =>
    [
      ['ConfigMap', `${c}/env[]/valueFrom/configMapKeyRef/name`], ['ConfigMap', `${c}/envFrom[]/configMapRef/name`],
      ['Secret', `${c}/env[]/valueFrom/secretKeyRef/name`], ['Secret', `${c}/envFrom[]/secretRef/name`],
    ] as const),
  ['ConfigMap', 'volumes[]/configMap/name'], ['ConfigMap', 'volumes[]/projected/sources[]/configMap/name'], ['Secret', 'volumes[]/secret/secretName'],
  ['Secret', 'volumes[]/projected/sources[]/secret/name'], ['Secret', 'imagePullSecrets[]/name'],
  ['PersistentVolumeClaim', 'volumes[]/persistentVolumeClaim/claimName'], ['ServiceAccount', 'serviceAccountName'], ['PriorityClass', 'priorityClassName'],
]
const elsewhere: Readonly<Record<string, readonly (readonly [target: string, path: string])[]>> = {
  StatefulSet: [['Service', 'spec/serviceName'], ['StorageClass', 'spec/volumeClaimTemplates[]/spec/storageClassName']],
  Ingress: [
    ['Service', 'spec/rules[]/http/paths[]/backend/service/name'], ['Service', 'spec/defaultBackend/service/name'], ['Secret', 'spec/tls[]/secretName'],
    ['IngressClass', 'spec/ingressClassName'],
  ],
  ServiceAccount: [['Secret', 'secrets[]/name'], ['Secret', 'imagePullSecrets[]/name']],
  PersistentVolumeClaim: [['PersistentVolume', 'spec/volumeName'], ['StorageClass', 'spec/storageClassName']],
  PersistentVolume: [['StorageClass', 'spec/storageClassName']],
}

/** References follow the objects that this level renamed. */
export function followNames(resources: readonly Resource[]): void {
  const renamed = resources.filter(r => r.before !== r.object.metadata.name)
  if (renamed.length > 0) for (const resource of resources) resource.object = followed(resource.object, renamed)
  for (const resource of resources) resource.before = resource.object.metadata?.name ?? ''
}
function followed(object: any, renamed: readonly Resource[]): any {
  const target = (kind: string, name: unknown): any =>
    renamed.find(r =>
      r.object.kind === kind && r.before === name
        && (!isNamespaced(r.object) || !isNamespaced(object) || (r.object.metadata.namespace ?? '') === (object.metadata.namespace ?? '')))?.object
  const now = (kind: string) => (name: unknown): unknown => target(kind, name)?.metadata.name ?? name
  const pods = podSpecOf(object.kind)
  let fresh = object
  if (pods) for (const [kind, path] of inPods) fresh = update(fresh, [...pathTo(pods), ...pathTo(path)], now(kind))
  for (const [kind, path] of elsewhere[object.kind] ?? []) fresh = update(fresh, pathTo(path), now(kind))
  if (object.kind === 'HorizontalPodAutoscaler') fresh = update(fresh, ['spec', 'scaleTargetRef'], ref => ({ ...ref, name: now(ref.kind)(ref.name) }))
  if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
    fresh = update(fresh, ['roleRef'], ref => ({ ...ref, name: now(ref.kind)(ref.name) }))
    fresh = update(fresh, ['subjects', '[]'], subject => {
      const account = subject.kind === 'ServiceAccount' ? renamed.find(r => r.object.kind === 'ServiceAccount' && r.before === subject.name)?.object : undefined
      return account ? { ...subject, name: account.metadata.name, ...account.metadata.namespace ? { namespace: account.metadata.namespace } : {} } : subject
    })
  }
  return fresh
}
