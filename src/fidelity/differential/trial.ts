import type { ApiRequest, ApiResponse } from '../../runtime-model/api/request.ts'
import { registry, type KindDefinition } from '../../runtime-model/kinds/index.ts'
import { typeNameOf } from '../../runtime-model/api/schema.ts'
import { apart, comparable } from './answers.ts'
import { chanceOf, mutate, some, type Chance } from './mutate.ts'

/** Who answers: a connection to a real API server, or a modelled cluster. */
export interface Asked { request(request: ApiRequest): Promise<ApiResponse> }
export interface Disagreement { readonly number: number; readonly kind: string; readonly request: ApiRequest; readonly real: string; readonly model: string }
export interface Outcome { readonly asked: number; readonly accepted: number; readonly disagreements: readonly Disagreement[] }
export interface TrialOptions {
  readonly seed: number
  readonly count: number
  /** manifests to begin with, whatever their kinds */
  readonly manifests: readonly any[]
  /** these kinds only */
  readonly kinds?: ReadonlySet<string>
}

const administrator = {
  credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'differential', fieldManager: 'differential',
} as const
/** Nothing that one can make is one of these: they ask a question, or bind a pod. */
const questions = /Review$|^(?:Binding|ComponentStatus|Event)$/

/**
 * Sends the same mutated manifests to both, as trials of a creation (dry runs), of which nothing is left. Where they do not answer the same, one of them is
 * wrong, and it is not the real one.
 */
export async function compared(real: Asked, model: Asked, options: TrialOptions): Promise<Outcome> {
  const disagreements: Disagreement[] = [], makes = requestsOf(options)
  let accepted = 0
  for (let number = 0; number < options.count; number++) {
    const request = makes(number, chanceOf(options.seed * 1_000_003 + number)), { generateName, kind } = { kind: '', ...request.body.metadata, ...request.body }
    const [said, answered] = await Promise.all([real.request(request), model.request(request)])
    if (said.code === 0) throw new Error(`the real cluster does not answer: ${said.failure}`)
    if (said.code < 300) accepted++
    const a = comparable(said, generateName), b = comparable(answered, generateName)
    if (a !== b) { const [ofReal, ofModel] = apart(a, b); disagreements.push({ number, kind, request, real: ofReal, model: ofModel }) }
  }
  return { asked: options.count, accepted, disagreements }
}

function requestsOf({ manifests, kinds: only }: TrialOptions): (number: number, chance: Chance) => ApiRequest {
  const kinds = registry.all.filter(kind => !questions.test(kind.kind) && (!only || only.has(kind.kind)))
  const begin = (kind: KindDefinition): readonly any[] => manifests.filter(m => m.kind === kind.kind && m.apiVersion === apiVersionOf(kind))
  const known = new Map(kinds.map(kind => [kind, begin(kind)]))
  const pod = kinds.find(kind => kind.kind === 'Pod')
  return (number, chance) => {
    // a third are pods, of which there is most to say
    const kind = pod && chance.so(0.3) ? pod : chance.of(kinds), type = typeNameOf(apiVersionOf(kind), kind.kind), from = known.get(kind)!
    const body = from.length > 0 && chance.so(0.85) ? structuredClone(chance.of(from)) : some({ is: 'struct', name: type }, '', undefined, chance, 0)
    const { namespace: _n, generateName: _g, ...metadata } = body.metadata ?? {}, { status: _s, ...own } = body
    const object = { ...own, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { ...metadata, name: `trial-${number}` } }
    for (let left = chance.of([0, 1, 1, 1, 1, 2, 2, 3]); left > 0; left--) mutate(object, type, chance)
    return {
      ...administrator, verb: 'create', group: kind.group, version: kind.version, resource: kind.resource, body: object, dryRun: true,
      ...kind.namespaced ? { namespace: 'default' } : undefined, ...chance.so(0.3) ? { fieldValidation: 'Strict' as const } : undefined,
    }
  }
}
const apiVersionOf = ({ group, version }: KindDefinition): string => group === '' ? version : `${group}/${version}`
