import { unaskable } from '../../api/names.ts'
import type { AdmissionPlugin, AdmissionView } from './plugin.ts'
import { refuse } from './refuse.ts'

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount', volumePrefix = 'kube-api-access-'
/** how often the account `default`, which a controller makes, is looked for again */
const defaultAccountTries = 10

/** Gives every pod a service account, its pull secrets, and a mounted token. Static pods' mirrors have none. */
export const serviceAccountPlugin: AdmissionPlugin = {
  name: 'ServiceAccount',
  operations: ['CREATE'],
  resources: ['pods'],
  reads: ['serviceaccounts'],
  mutate(a, view) {
    const pod = a.object
    if (a.subresource || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return undefined
    const name = pod.spec.serviceAccountName || 'default', account = view.get('serviceaccounts', a.namespace, name)
    if (account === undefined) {
      if (name === 'default' && view.attempt < defaultAccountTries) return { waitMs: 100 + view.choose('service account wait', 100) }
      return refuse(a, `error looking up service account ${a.namespace}/${name}: ${unaskable(name) ?? `serviceaccount "${name}" not found`}`)
    }
    let spec = pod.spec.serviceAccountName === name ? pod.spec : { ...pod.spec, serviceAccountName: name }
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) spec = withToken(spec, view)
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) spec = { ...spec, imagePullSecrets: account.imagePullSecrets }
    return spec === pod.spec ? undefined : { object: { ...pod, spec } }
  },
  validate(a, view) {
    const pod = a.object
    if (a.subresource || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return undefined
    const account = view.get('serviceaccounts', a.namespace, pod.spec.serviceAccountName), enforced = account?.metadata.annotations?.[enforceAnnotation]
    const why = trueWords.includes(enforced) ? foreignSecret(pod.spec, account) : undefined
    return why === undefined ? undefined : refuse(a, why)
  },
  source: 'plugin/pkg/admission/serviceaccount/admission.go',
}

/** of a deprecated annotation; words as Go's strconv.ParseBool reads them */
const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets', trueWords = ['1', 't', 'T', 'TRUE', 'true', 'True']
/** The first Secret of a pod that its account does not list. Source: limitSecretReferences */
function foreignSecret(spec: any, { metadata: { name }, secrets = [], imagePullSecrets = [] }: any): string | undefined {
  const unknown = (secret: string | undefined): boolean => secret !== undefined && !secrets.some((s: any) => s.name === secret)
  const refused = `is not allowed because service account ${name} does not reference that secret`
  for (const { secret } of spec.volumes ?? []) if (unknown(secret?.secretName)) return `volume with secret.secretName="${secret.secretName}" ${refused}`
  for (const [list, word] of [['initContainers', 'init container'], ['containers', 'container']]) {
    for (const c of spec[list] ?? []) for (const variable of c.env ?? []) {
      const secret = variable.valueFrom?.secretKeyRef?.name
      if (unknown(secret)) return `${word} ${c.name} with envVar ${variable.name} referencing secret.secretName="${secret}" ${refused}`
    }
  }
  const at = (spec.imagePullSecrets ?? []).findIndex((s: any) => !imagePullSecrets.some((own: any) => own.name === s.name))
  return at < 0 ? undefined
    : `imagePullSecrets[${at}].name="${spec.imagePullSecrets[at].name}" is not allowed because service account ${name} does not reference that imagePullSecret`
}

/** The spec with the projected token in every container that mounts nothing at its place. */
function withToken(spec: any, view: AdmissionView): any {
  const lacks = (container: any): boolean => !container.volumeMounts?.some((m: any) => m.mountPath === tokenPath)
  if (![...spec.containers ?? [], ...spec.initContainers ?? []].some(lacks)) return spec
  const existing = spec.volumes?.find((v: any) => v.name.startsWith(volumePrefix)), name = existing?.name ?? volumePrefix + view.suffix()
  const mounted = (containers: readonly any[]): readonly any[] =>
    containers.map(c => lacks(c) ? { ...c, volumeMounts: (c.volumeMounts ?? []).concat([{ name, readOnly: true, mountPath: tokenPath }]) } : c)
  const next = { ...spec, containers: mounted(spec.containers ?? []) }
  if (spec.initContainers) next.initContainers = mounted(spec.initContainers)
  if (!existing) next.volumes = (spec.volumes ?? []).concat([{ name, projected: { sources: tokenSources, defaultMode: 420 } }])
  return next
}
const tokenSources = Object.freeze([
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
])
