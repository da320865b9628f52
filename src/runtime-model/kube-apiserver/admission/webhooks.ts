import { internalError, type Status } from '../../api/status.ts'
import type { AdmissionAnswer } from '../../api/webhooks.ts'
import { decode } from '../../kinds/decode.ts'
import type { CallFailure } from '../../kernel/actor.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { variablesOf } from './expression-variables.ts'
import { conditionsHold, isAdmissionKind, matches } from './matching.ts'
import type { AdmissionAsks, AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, AdmissionView, MutationResult } from './plugin.ts'

/**
 * Mutating and validating webhooks, asked one after the other in order of their configurations' names. A server that a scenario says the answers of is a process of its own;
 * of any other, an API server finds what it would find: no such Service, nobody there, or (with ready endpoints) a server that allows everything.
 * Source: k8s.io/apiserver pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, errors/statuserror.go; texts seen on a 1.35.4 API server.
 * Approximate: validating webhooks are asked in parallel by a real server; `reinvocationPolicy: IfNeeded` asks nobody again.
 */
const configurations = { mutate: 'mutatingwebhookconfigurations.admissionregistration.k8s.io', validate: 'validatingwebhookconfigurations.admissionregistration.k8s.io' } as const
type Phase = keyof typeof configurations

export const mutatingWebhookPlugin: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook', operations: ['CREATE', 'UPDATE', 'DELETE'], reads: [configurations.mutate, 'namespaces', 'services', 'endpointslices.discovery.k8s.io'],
  mutate: (a, view) => ask('mutate', a, view),
  source: 'k8s.io/apiserver pkg/admission/plugin/webhook/mutating',
}
export const validatingWebhookPlugin: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook', operations: ['CREATE', 'UPDATE', 'DELETE'], reads: [configurations.validate, 'namespaces', 'services', 'endpointslices.discovery.k8s.io'],
  validate: (a, view) => ask('validate', a, view) as any,
  source: 'k8s.io/apiserver pkg/admission/plugin/webhook/validating',
}

const hooksBy = new WeakMap<object, Map<Phase, readonly any[]>>()
function hooksOf(phase: Phase, view: AdmissionView): readonly any[] {
  let known = hooksBy.get(view.configured!)
  if (!known) hooksBy.set(view.configured!, known = new Map())
  let hooks = known.get(phase)
  if (!hooks) known.set(phase, hooks = view.list(configurations[phase]).flatMap(c => c.webhooks ?? []))
  return hooks
}

/** Takes the answer that has come, if one was asked for, and goes on to the next webhook that is concerned. */
function ask(phase: Phase, given: AdmissionAttributes, view: AdmissionView): MutationResult {
  if (view.configured === undefined || isAdmissionKind(given)) return undefined
  const hooks = hooksOf(phase, view), warnings: string[] = []
  let a = given, from = view.asked
  const took = (result: Taken): AdmissionRefusal | undefined => {
    if ('status' in result) return { status: result.status }
    warnings.push(...result.warnings ?? [])
    if (result.object !== undefined) a = { ...a, object: result.object }
    return undefined
  }
  if (view.answer && hooks[from - 1]) { const refused = took(take(phase, hooks[from - 1], a, view.answer)); if (refused) return refused }
  const ending = (): { readonly object?: any; readonly warnings?: readonly string[] } => ({ ...a.object !== given.object ? { object: a.object } : undefined, ...warnings.length > 0 ? { warnings } : undefined })
  for (; from < hooks.length; from++) {
    const hook = hooks[from], concerned = isConcerned(hook, a, view)
    if (concerned === false) continue
    if (concerned !== true) { if (hook.failurePolicy === 'Ignore') continue; return concerned }
    const reach = reachOf(hook, view)
    if ('ask' in reach) return { ...ending(), ask: { webhook: hook.name, timeoutMs: (hook.timeoutSeconds ?? 10) * 1000, asked: from + 1 } } satisfies AdmissionAsks
    const refused = took(take(phase, hook, a, reach))
    if (refused) return refused
  }
  const end = ending()
  return Object.keys(end).length === 0 ? undefined : end as MutationResult
}

function isConcerned(hook: any, a: AdmissionAttributes, view: AdmissionView): boolean | AdmissionRefusal {
  if (!hook.rules?.length || !matches({ rules: hook.rules, matchPolicy: hook.matchPolicy, namespaceSelector: hook.namespaceSelector, objectSelector: hook.objectSelector }, a, view)) return false
  const holds = conditionsHold(hook.matchConditions, () => variablesOf(a, view))
  return typeof holds === 'boolean' ? holds : { status: internalError(`failed calling webhook ${JSON.stringify(hook.name)}: ${holds.error}`) }
}

type Answer = { readonly answer: AdmissionAnswer } | { readonly failure: CallFailure | { readonly text: string } }
/** Who answers to the name: a process of the scenario, or what an API server finds behind the address. */
function reachOf(hook: any, view: AdmissionView): { readonly ask: true } | Answer {
  if (view.hasWebhook(hook.name)) return { ask: true }
  const { service, url } = hook.clientConfig ?? {}
  if (!service) return { failure: { text: `dial tcp: lookup ${hostOf(url)} on 10.96.0.10:53: no such host` } }
  const found = view.get('services', service.namespace, service.name)
  if (!found) return { failure: { text: `service ${JSON.stringify(service.name)} not found` } }
  const ready = view.list('endpointslices.discovery.k8s.io', service.namespace).some(s => s.metadata.labels?.['kubernetes.io/service-name'] === service.name && s.endpoints?.some((e: any) => e.conditions?.ready))
  return ready ? { answer: { allowed: true } } : { failure: { text: `dial tcp ${found.spec.clusterIP}:${service.port ?? 443}: connect: connection refused` } }
}
const hostOf = (url = ''): string => /^https:\/\/([^/:]+)/.exec(url)?.[1] ?? url
function addressOf({ clientConfig: { service, url }, timeoutSeconds = 10 }: any): string {
  const base = service ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? '/'}` : url
  return `${base}${String(base).includes('?') ? '&' : '?'}timeout=${timeoutSeconds}s`
}

type Taken = { readonly status: Status } | { readonly object?: any; readonly warnings?: readonly string[] }
/** What an answer, or none, means for the request. */
function take(phase: Phase, hook: any, a: AdmissionAttributes, given: Answer): Taken {
  if ('failure' in given) return failed(hook, `failed to call webhook: Post ${JSON.stringify(addressOf(hook))}: ${failureText(hook, given.failure)}`)
  const { allowed, warnings, patch } = given.answer
  if (phase === 'validate' && patch !== undefined) return failed(hook, 'received invalid webhook response: validating webhook may not return response.patch')
  if (!allowed) return { status: denied(hook.name, given.answer) }
  if (patch === undefined) return { warnings }
  if (a.operation === 'DELETE') return { status: internalError(`admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`) }
  const patched = Array.isArray(patch) ? jsonPatch(a.object, patch) : mergePatch(a.object, patch)
  const decoded = patched === undefined ? undefined : decode(a.kind, patched)
  if (!decoded || decoded.error !== undefined) return { status: internalError(decoded?.error ?? 'error in remove for path') }
  return { object: a.kind.defaults({ apiVersion: a.object.apiVersion, kind: a.object.kind, ...decoded.object }), warnings }
}
const failed = (hook: any, why: string): Taken => hook.failurePolicy === 'Ignore' ? {} : { status: internalError(`failed calling webhook ${JSON.stringify(hook.name)}: ${why}`) }
function failureText(hook: any, failure: CallFailure | { readonly text: string }): string {
  if (typeof failure === 'object') return failure.text
  if (failure === 'timeout' || failure === 'unreachable') return 'context deadline exceeded'
  if (failure === 'reset') return 'EOF'
  const { service, url } = hook.clientConfig ?? {}
  return `dial tcp ${service ? `${service.name}.${service.namespace}.svc` : hostOf(url)}:${service?.port ?? (/^https:\/\/[^/]*:(\d+)/.exec(url ?? '')?.[1] ?? 443)}: connect: connection refused`
}
function denied(name: string, { message, reason, code = 400 }: AdmissionAnswer): Status {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`, text = message ? `${by}: ${message}` : reason ? `${by}: ${reason}` : `${by} without explanation`
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: text, ...reason ? { reason } : undefined, code: Math.max(code, 400) } as Status
}
