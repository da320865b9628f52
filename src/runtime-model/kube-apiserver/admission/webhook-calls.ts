import { clusterDnsAddress } from '../../api/cluster-dns.ts'
import { internalError, type Status } from '../../api/status.ts'
import type { AdmissionAnswer } from '../../api/webhooks.ts'
import type { CallFailure } from '../../kernel/actor.ts'
import { decode } from '../../kinds/decode.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import type { AdmissionAttributes, AdmissionView, ReviewOutcome } from './plugin.ts'

/**
 * One call of a webhook: who answers, and what an answer, or none, means for the request. A server that a scenario says the answers of is a process of its
 * own, wherever it runs; behind a Service with a selector it is there only while an endpoint of the Service serves (kube-proxy falls back on those that
 * terminate). Of any other, an API server finds what it would find: no such Service, nobody there, or (with endpoints) a server that allows everything.
 * Source: k8s.io/apiserver pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, errors/statuserror.go; texts seen on a 1.35.4 API server.
 */
type Answer = ReviewOutcome | { readonly failure: { readonly text: string } }
export function reachOf(hook: any, view: AdmissionView): { readonly ask: true } | Answer {
  const told = view.hasWebhook(hook.name), { service, url } = hook.clientConfig ?? {}
  if (!service) return told ? { ask: true } : { failure: { text: nobodyAt(url) } }
  const found = view.get('services', service.namespace, service.name)
  if (!found) return told ? { ask: true } : { failure: { text: `service ${JSON.stringify(service.name)} not found` } }
  const ready = view.list('endpointslices.discovery.k8s.io', service.namespace).some(s =>
    s.metadata.labels?.['kubernetes.io/service-name'] === service.name && s.endpoints?.some((e: any) => e.conditions?.ready || e.conditions?.serving))
  if (told && (ready || !found.spec.selector)) return { ask: true }
  return ready ? { answer: { allowed: true } } : { failure: { text: `dial tcp ${found.spec.clusterIP}:${service.port ?? 443}: connect: connection refused` } }
}
/** On its own machine nothing listens; an address elsewhere is silent, and a name is nobody's. */
function nobodyAt(url: string): string {
  const host = hostOf(url), port = /^https:\/\/[^/]*:(\d+)/.exec(url)?.[1] ?? 443
  if (/^(127(\.\d+){3}|localhost)$/.test(host)) return `dial tcp ${host === 'localhost' ? '127.0.0.1' : host}:${port}: connect: connection refused`
  return /^\d+(\.\d+){3}$/.test(host) ? 'context deadline exceeded' : `dial tcp: lookup ${host} on ${clusterDnsAddress}:53: no such host`
}
const hostOf = (url = ''): string => /^https:\/\/([^/:]+)/.exec(url)?.[1] ?? url
function addressOf({ clientConfig: { service, url }, timeoutSeconds = 10 }: any): string {
  const base = service ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? '/'}` : url
  return `${base}${String(base).includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`
}

export type Taken = { readonly status: Status } | { readonly object?: any; readonly warnings?: readonly string[] }
/** What an answer, or none, means for the request. */
export function take(phase: 'mutate' | 'validate', hook: any, a: AdmissionAttributes, given: Answer, view: AdmissionView): Taken {
  if ('failure' in given) return failed(hook, `failed to call webhook: Post ${JSON.stringify(addressOf(hook))}: ${failureText(hook, given.failure, view)}`)
  const { allowed, warnings, patch } = given.answer
  if (phase === 'validate' && patch !== undefined) return failed(hook, 'received invalid webhook response: validating webhook may not return response.patch')
  if (!allowed) return { status: denied(hook.name, given.answer) }
  if (patch === undefined) return { warnings }
  if (a.operation === 'DELETE') {
    return { status: internalError(`admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`) }
  }
  const patched = Array.isArray(patch) ? jsonPatch(a.object, patch) : mergePatch(a.object, patch)
  const decoded = patched === undefined ? undefined : decode(a.kind, patched)
  if (!decoded || decoded.error !== undefined) return { status: internalError(decoded?.error ?? 'error in remove for path') }
  return { object: a.kind.defaults({ apiVersion: a.object.apiVersion, kind: a.object.kind, ...decoded.object }), warnings }
}
const failed = (hook: any, why: string): Taken =>
  hook.failurePolicy === 'Ignore' ? {} : { status: internalError(`failed calling webhook ${JSON.stringify(hook.name)}: ${why}`) }
function failureText(hook: any, failure: CallFailure | { readonly text: string }, view: AdmissionView): string {
  if (typeof failure === 'object') return failure.text
  if (failure === 'timeout' || failure === 'unreachable') return 'context deadline exceeded'
  if (failure === 'reset') return 'EOF'
  const { service, url } = hook.clientConfig ?? {}
  return `dial tcp ${service ? view.get('services', service.namespace, service.name)?.spec.clusterIP ?? `${service.name}.${service.namespace}.svc` : hostOf(url)}:${service?.port ?? (/^https:\/\/[^/]*:(\d+)/.exec(url ?? '')?.[1] ?? 443)}: connect: connection refused`
}
function denied(name: string, { message, reason, code = 400 }: AdmissionAnswer): Status {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`
  const text = message ? `${by}: ${message}` : reason ? `${by}: ${reason}` : `${by} without explanation`
  return {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: text, ...reason ? { reason } : undefined, code: Math.max(code, 400),
  } as Status
}
