import { parseRequirements, type Requirement } from './selector-text.ts'

/** Label and field selectors. Source: k8s.io/apimachinery pkg/labels/selector.go, pkg/fields/selector.go, pkg/apis/meta/v1/helpers.go. */
export type Labels = Readonly<Record<string, string>>
export type Matcher = (labels: Labels | undefined | null) => boolean
export interface LabelSelector {
  readonly matchLabels?: Labels | null
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | null }[] | null
}
export type { Requirement }

/** `a=b,c!=d,e in (f,g),!h` → matcher, or what is wrong in Kubernetes' words. */
export function parseLabelSelector(text: string): {
  readonly matches: Matcher; readonly requirements: readonly Requirement[]; readonly error?: undefined
} | { readonly error: string } {
  const known = parsed.get(text)
  if (known) return known
  const result = parseRequirements(text)
  if (result.error !== undefined) return { error: result.error }
  const { requirements } = result, value = { requirements, matches: matcherOf(requirements) }
  if (parsed.size > 5000) parsed.clear()
  parsed.set(text, value)
  return value
}
const parsed = new Map<string, { matches: Matcher; requirements: readonly Requirement[] }>()

/** Matcher of a LabelSelector object: none (nil) matches nothing, an empty one everything. */
export function selectorMatcher(selector: LabelSelector | undefined | null): Matcher {
  if (!selector) return () => false
  const known = compiled.get(selector)
  if (known) return known
  const matches = matcherOf(requirementsOf(selector))
  compiled.set(selector, matches)
  return matches
}
const compiled = new WeakMap<object, Matcher>()
export const labelsMatch = (selector: LabelSelector | undefined | null, labels: Labels | undefined | null): boolean => selectorMatcher(selector)(labels)
/** A Service's `selector`: a plain map; empty or absent selects nothing. */
export function mapSelects(selector: Labels | undefined | null, labels: Labels | undefined | null): boolean {
  let any = false
  for (const key in selector) {
    any = true
    if (labels?.[key] !== selector![key]) return false
  }
  return any
}

const operators: Readonly<Record<string, Requirement['operator']>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: 'gt', Lt: 'lt' }
export const requirementsOf = (selector: LabelSelector): Requirement[] => [
  ...Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({ key, operator: 'in', values: [value] })),
  ...(selector.matchExpressions ?? []).map((e): Requirement => ({ key: e.key, operator: operators[e.operator] ?? 'in', values: e.values ?? [] })),
]

function matcherOf(requirements: readonly Requirement[]): Matcher {
  const tests = requirements.map(testOf)
  if (tests.length === 1) return labels => tests[0](labels ?? none)
  return labels => { const l = labels ?? none; for (const test of tests) if (!test(l)) return false; return true }
}
const none: Labels = {}
export function testOf({ key, operator, values }: Requirement): (labels: Labels) => boolean {
  switch (operator) {
    case 'in': case '=': case '==': if (values.length === 1) {
      const [value] = values
      return labels => labels[key] === value
    } return labels => Object.hasOwn(labels, key) && values.includes(labels[key])
    case 'notin': case '!=': return labels => !Object.hasOwn(labels, key) || !values.includes(labels[key])
    case 'exists': return labels => Object.hasOwn(labels, key)
    case '!': return labels => !Object.hasOwn(labels, key)
    case 'gt': return labels => /^[+-]?\d+$/.test(labels[key] ?? '') && Number(labels[key]) > Number(values[0])
    case 'lt': return labels => /^[+-]?\d+$/.test(labels[key] ?? '') && Number(labels[key]) < Number(values[0])
  }
}

export interface FieldTerm { readonly field: string; readonly value: string; readonly equals: boolean }
/** `status.phase!=Running,spec.nodeName=x` → terms, or what is wrong in Kubernetes' words. */
export function parseFieldSelector(text: string): { readonly terms: readonly FieldTerm[]; readonly error?: undefined } | { readonly error: string } {
  const terms: FieldTerm[] = []
  for (const part of splitTerms(text)) {
    if (part === '') continue
    const m = /^(.*?)(?<!\\)(!=|==|=)(.*)$/.exec(part), escape = /\\(?![\\,=])(.?)/.exec(m?.[3].replace(/\\\\/g, '') ?? '')
    if (escape) return { error: `invalid field selector: invalid escape sequence: \\${escape[1]}` }
    if (!m) return { error: `invalid selector: '${text}'; can't understand '${part}'` }
    terms.push({ field: m[1], value: m[3].replace(/\\([\\,=])/g, '$1'), equals: m[2] !== '!=' })
  }
  return { terms }
}
const splitTerms = (text: string): string[] => text.split(/(?<!\\),/)

/**
 * Whether an object satisfies the terms; `fields` are the kind's own (`KindDefinition.fieldSelectors`). An unknown field is an
 * error: `field label not supported: <field>`.
 */
export function fieldMatcher(
  terms: readonly FieldTerm[], fields: Readonly<Record<string, (object: any) => string>>, namespaced: boolean,
): { readonly matches: (object: any) => boolean; readonly error?: undefined } | { readonly error: string } {
  const tests: ((object: any) => boolean)[] = []
  for (const { field, value, equals } of terms) {
    const own = Object.hasOwn(fields, field) ? fields[field] : undefined
    const read = field === 'metadata.name' ? nameOf : field === 'metadata.namespace' && namespaced ? namespaceOf : own
    if (!read) return { error: `field label not supported: ${field}` }
    tests.push(object => (read(object) === value) === equals)
  }
  return { matches: object => tests.every(test => test(object)) }
}
const nameOf = (object: any): string => object.metadata?.name ?? '', namespaceOf = (object: any): string => object.metadata?.namespace ?? ''

/** `matchLabelKeys` stand for the pod's own values of these labels. Source: pkg/registry/core/pod/strategy.go (applyMatchLabelKeysAndMismatchLabelKeys) */
export function withLabelKeys(
  selector: LabelSelector | undefined, match: readonly string[] | undefined, mismatch: readonly string[] | undefined, labels: Labels
): LabelSelector | undefined {
  if (!selector || !match?.length && !mismatch?.length) return selector
  const made = (keys: readonly string[] | undefined, operator: string) =>
    (keys ?? []).filter(key => labels[key] !== undefined).map(key => ({ key, operator, values: [labels[key]] }))
  const known = new Set((selector.matchExpressions ?? []).map(e => `${e.key} ${e.operator} ${e.values}`))
  const extra = [...made(match, 'In'), ...made(mismatch, 'NotIn')].filter(e => !known.has(`${e.key} ${e.operator} ${e.values}`))
  return { ...selector, matchExpressions: [...selector.matchExpressions ?? [], ...extra] }
}
