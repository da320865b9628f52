import { deepEqual } from '../../kinds/meta/errors.ts'
import { variablesOf } from './expression-variables.ts'
import { conditionsHold, isAdmissionKind, matches } from './matching.ts'
import type {
  AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, AdmissionView, MutationResult, Reinvocation, ReviewQuestion, ValidationResult,
} from './plugin.ts'
import { refuse } from './refuse.ts'
import { reachOf, take } from './webhook-calls.ts'

/**
 * Mutating webhooks are asked one after the other, in order of their configurations' names, each about what the ones before it made. If one changes the
 * object, all mutating plugins have a second turn, in which those webhooks with `reinvocationPolicy: IfNeeded` are asked again that came before the change.
 * Validating webhooks are asked all at once; of several refusals the first to come counts, but all are waited for. Source: k8s.io/apiserver
 * pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, mutating/reinvocationcontext.go, pkg/admission/reinvocation.go.
 */
const configurations = {
  mutate: 'mutatingwebhookconfigurations.admissionregistration.k8s.io', validate: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
} as const
type Phase = keyof typeof configurations

export const mutatingWebhookPlugin: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook', operations: ['CREATE', 'UPDATE', 'DELETE'],
  reads: [configurations.mutate, 'namespaces', 'services', 'endpointslices.discovery.k8s.io'],
  mutate, source: 'k8s.io/apiserver pkg/admission/plugin/webhook/mutating',
}
export const validatingWebhookPlugin: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook', operations: ['CREATE', 'UPDATE', 'DELETE'],
  reads: [configurations.validate, 'namespaces', 'services', 'endpointslices.discovery.k8s.io'],
  validate, source: 'k8s.io/apiserver pkg/admission/plugin/webhook/validating',
}

const hooksBy = new WeakMap<object, Map<Phase, readonly any[]>>()
function hooksOf(phase: Phase, view: AdmissionView): readonly any[] {
  let known = hooksBy.get(view.configured!)
  if (!known) hooksBy.set(view.configured!, known = new Map())
  let hooks = known.get(phase)
  if (!hooks) {
    known.set(
      phase, hooks = view.list(configurations[phase]).flatMap(c => (c.webhooks ?? []).map((hook: any) => ({ ...hook, id: `${c.metadata.name}/${hook.name}` })))
    )
  }
  return hooks
}

/** How far a request is: the webhooks there were when it came, and which of them is being asked. */
interface Place { readonly hooks: readonly any[]; readonly at: number }

function mutate(given: AdmissionAttributes, view: AdmissionView): MutationResult {
  if (view.configured === undefined || isAdmissionKind(given)) return undefined
  const place = view.memo as Place | undefined, hooks = place?.hooks ?? hooksOf('mutate', view), warnings: string[] = []
  if (hooks.length === 0) return undefined
  let a = given, at = place?.at ?? 0, { reinvocation } = view
  // in the second turn: built-in plugins have changed what webhooks had made
  if (!place && reinvocation?.again && !deepEqual(reinvocation.output, a.object)) reinvocation = due(reinvocation)
  const took = (hook: any, answer: Parameters<typeof take>[3]): AdmissionRefusal | undefined => {
    const result = take('mutate', hook, a, answer, view)
    if ('status' in result) return { status: result.status }
    warnings.push(...result.warnings ?? [])
    const changed = result.object !== undefined && !deepEqual(result.object, a.object), before = reinvocation ?? notYet
    if (result.object !== undefined) a = { ...a, object: result.object }
    reinvocation = changed ? { ...due(before), wanted: true } : before
    if (hook.reinvocationPolicy === 'IfNeeded') reinvocation = { ...reinvocation, asked: [...reinvocation.asked, hook.id] }
    return undefined
  }
  const ending = () => ({
    ...a.object !== given.object ? { object: a.object } : undefined, ...warnings.length > 0 ? { warnings } : undefined,
    ...reinvocation ? { reinvocation: { ...reinvocation, output: a.object } } : undefined,
  })
  if (place && view.answers.length > 0) {
    const refused = took(hooks[at++], view.answers[0].outcome)
    if (refused) return refused
  }
  for (; at < hooks.length; at++) {
    const hook = hooks[at]
    if (reinvocation?.again && !reinvocation.due.includes(hook.id)) continue
    const concerned = isConcerned(hook, a, view)
    if (typeof concerned !== 'boolean') return concerned
    if (!concerned) continue
    const reach = reachOf(hook, view)
    if ('ask' in reach) return { ...ending(), ask: [question(hook)], memo: { hooks, at } satisfies Place }
    const refused = took(hook, reach)
    if (refused) return refused
  }
  const end = ending()
  return Object.keys(end).length === 0 ? undefined : end as MutationResult
}
const notYet: Reinvocation = { again: false, wanted: false, asked: [], due: [], output: undefined }
/** All that have been asked and want to hear of changes shall be asked again. */
const due = (r: Reinvocation): Reinvocation => ({ ...r, due: [...r.due, ...r.asked], asked: [] })

interface Call { readonly hook: any; readonly outcome?: Parameters<typeof take>[3] }

function validate(a: AdmissionAttributes, view: AdmissionView): ValidationResult {
  if (view.configured === undefined || isAdmissionKind(a)) return undefined
  let calls = view.memo as readonly Call[] | undefined
  if (!calls) {
    const all: Call[] = []
    for (const hook of hooksOf('validate', view)) {
      const concerned = isConcerned(hook, a, view)
      if (typeof concerned !== 'boolean') return concerned
      if (!concerned) continue
      const reach = reachOf(hook, view)
      all.push('ask' in reach ? { hook } : { hook, outcome: reach })
    }
    if (all.length === 0) return undefined
    calls = all
    const asked = calls.filter(c => !c.outcome)
    if (asked.length > 0) return { ask: asked.map(c => question(c.hook)), memo: calls }
  }
  const asked = calls.filter(c => !c.outcome), warnings: string[] = []
  for (const { hook, outcome } of [
    ...calls.filter(c => c.outcome), ...view.answers.map(({ index, outcome }): Call => ({ hook: asked[index].hook, outcome })),
  ]) {
    const result = take('validate', hook, a, outcome!, view)
    if ('status' in result) return { status: result.status }
    warnings.push(...result.warnings ?? [])
  }
  return warnings.length > 0 ? { warnings } : undefined
}

const question = ({ name, timeoutSeconds = 10 }: any): ReviewQuestion => ({ webhook: name, timeoutMs: timeoutSeconds * 1000 })

/** Conditions that cannot be judged refuse the request, or are passed over where the webhook fails open. */
function isConcerned(hook: any, a: AdmissionAttributes, view: AdmissionView): boolean | AdmissionRefusal {
  if (!hook.rules?.length
    || !matches(
      { rules: hook.rules, matchPolicy: hook.matchPolicy, namespaceSelector: hook.namespaceSelector, objectSelector: hook.objectSelector }, a, view
    )) {
    return false
  }
  const holds = conditionsHold(hook.matchConditions, () => variablesOf(a, view))
  if (typeof holds === 'boolean') return holds
  return hook.failurePolicy === 'Ignore' ? false : refuse(a, holds.error)
}
