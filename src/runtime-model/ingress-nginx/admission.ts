import { webhookActor, type AdmissionAnswer, type AdmissionReviewMessage } from '../api/webhooks.ts'
import type { KubeObject } from '../api/request.ts'
import type { Actor } from '../kernel/actor.ts'
import { emptyInformers, informerStep, startInformers, store, type Informers, type Watched } from '../network/informer.ts'
import { annotationsOf } from './annotations.ts'
import { isOwn } from './classes.ts'
import { flagsOf } from './flags.ts'
import { identity, NAMESPACE } from './state.ts'

/**
 * The admission webhook of the same controller: an Ingress may not bring lines of nginx's own language, nor an expression as a path that is exact or a prefix,
 * nor claim a host and path that another one has. Approximate: it always allows what nginx itself would refuse to
 * read, and does not follow what the ConfigMap says of it (settings.ts names that). Source:
 * internal/ingress/controller/controller.go (CheckIngress, checkOverlap), internal/ingress/inspector/rules.go; docs/user-guide/nginx-configuration/configmap.md
 * (allow-snippet-annotations false, strict-validate-path-type true)
 */
export const ADMISSION_WEBHOOK = 'validate.nginx.ingress.kubernetes.io'
const watched: readonly Watched[] = [
  { key: 'ingresses', resource: 'ingresses.networking.k8s.io' }, { key: 'ingressclasses', resource: 'ingressclasses.networking.k8s.io' },
  { key: 'pods', resource: 'pods', namespace: NAMESPACE },
]

export const ingressAdmission = (): Actor<{ readonly informers: Informers }> => ({
  id: webhookActor(ADMISSION_WEBHOOK), component: 'webhook', host: 'ingress-nginx', supervised: true,
  init: () => ({ informers: emptyInformers(watched) }),
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    if (input.on !== 'message' || input.message.type !== 'admission review') {
      return { state, effects: informerStep(state.informers, watched, identity, input, context).effects }
    }
    const { id, object } = input.message as AdmissionReviewMessage
    return { state, effects: [{ do: 'send', to: input.from, message: { type: 'admission answer', replyTo: id, answer: review(state.informers, object) } }] }
  },
})

function review(informers: Informers, ingress: KubeObject): AdmissionAnswer {
  const classOf = (name: string): KubeObject | undefined => store(informers, 'ingressclasses').get(`/${name}`)
  const { withoutClass } = flagsOf(informers)
  if (!isOwn(ingress, classOf, withoutClass)) return { allowed: true }
  const snippet = Object.keys(ingress.metadata.annotations ?? {}).sort().find(a => a.startsWith('nginx.ingress.kubernetes.io/') && a.endsWith('-snippet'))
  if (snippet) return { allowed: false, message: `${snippet} annotation cannot be used. Snippet directives are disabled by the Ingress administrator` }
  const odd = pathsOf(ingress).filter(p => p.pathType !== 'ImplementationSpecific' && !plainPath.test(p.path || '/'))
  if (odd.length > 0) {
    const told = odd.map(p => `path ${p.path} cannot be used with pathType ${p.pathType}`)
    return { allowed: false, message: `ingress contains invalid paths: ${told.join('\n')}` }
  }
  if (annotationsOf(ingress).canary) return { allowed: true }
  for (const [host, path] of claims(ingress)) for (const [key, other] of store(informers, 'ingresses').sorted()) {
    if (key === `${ingress.metadata.namespace}/${ingress.metadata.name}` || !isOwn(other, classOf, withoutClass) || annotationsOf(other).canary) continue
    if (claims(other).some(([h, p]) => h === host && p === path)) {
      return { allowed: false, message: `host "${host}" and path "${path}" is already defined in ingress ${key}` }
    }
  }
  return { allowed: true }
}
const plainPath = /^\/[a-z0-9._/-]*$/i
const pathsOf = ({ spec }: KubeObject): readonly any[] => (spec.rules ?? []).flatMap((rule: any) => rule.http?.paths ?? [])
const claims = ({ spec }: KubeObject): readonly (readonly [string, string])[] =>
  (spec.rules ?? []).flatMap((rule: any) => (rule.http?.paths ?? []).map((p: any) => [rule.host || '_', p.path || '/'] as const))
