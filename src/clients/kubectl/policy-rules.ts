/**
 * Rules as kubectl shows them: one resource a line, verbs of equal lines together. Sources: kubectl pkg/util/rbac (BreakdownRule, CompactRules,
 * SortableRuleSlice).
 */
export interface PolicyRule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly verbs: readonly string[]
}

function breakDown({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs = [] }: PolicyRule): PolicyRule[] {
  const names = resourceNames.length ? resourceNames.map(n => [n]) : [undefined]
  const perResource = apiGroups.flatMap(group => resources.flatMap(resource =>
    verbs.flatMap(verb => names.map(n => ({ apiGroups: [group], resources: [resource], verbs: [verb], ...n ? { resourceNames: n } : {} })))))
  return [...perResource, ...nonResourceURLs.flatMap(url => verbs.map(verb => ({ nonResourceURLs: [url], verbs: [verb] })))]
}
/** Only rules about one resource are joined; those about URLs stay as they came. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const joined = new Map<string, PolicyRule>(), others: PolicyRule[] = []
  for (const simple of rules.flatMap(breakDown)) {
    if (simple.nonResourceURLs) { others.push(simple); continue }
    const key = JSON.stringify([simple.apiGroups, simple.resources, simple.resourceNames]), known = joined.get(key)
    joined.set(key, known ? { ...known, verbs: known.verbs.includes(simple.verbs[0]) ? known.verbs : [...known.verbs, ...simple.verbs] } : simple)
  }
  return [...joined.values(), ...others].map((rule, i) => ({ rule, i, text: sortText(rule) }))
    .sort((a, b) => a.text < b.text ? -1 : a.text > b.text ? 1 : a.i - b.i)
    .map(r => r.rule)
}
/** the rule as Go prints it, by which rules are sorted */
const sortText = (r: PolicyRule): string =>
  `Verbs:${goList(r.verbs)},APIGroups:${goList(r.apiGroups)},Resources:${goList(r.resources)},ResourceNames:${goList(r.resourceNames)},NonResourceURLs:${goList(r.nonResourceURLs)}`

/** `deployments.apps/scale` */
export function resourceText({ resources = [], apiGroups = [] }: PolicyRule): string {
  if (resources.length === 0) return ''
  const [resource, subresource] = resources[0].split('/')
  return `${resource}${apiGroups[0] ? `.${apiGroups[0]}` : ''}${subresource === undefined ? '' : `/${subresource}`}`
}
export const goList = (list: readonly string[] | undefined): string => `[${(list ?? []).join(' ')}]`

/** The rules of `asked`, one verb of one resource each, that none of `given` allows. Source: component-helpers auth/rbac/validation (Covers, ruleCovers). */
export function uncovered(given: readonly PolicyRule[], asked: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = given.flatMap(breakDown)
  return asked.flatMap(breakDown).filter(rule => !simple.some(by => covers(by, rule)))
}
function covers(by: PolicyRule, { verbs: [verb], apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): boolean {
  const has = (list: readonly string[] = [], word: string): boolean => list.includes('*') || list.includes(word)
  if (!has(by.verbs, verb)) return false
  if (nonResourceURLs) {
    const [url] = nonResourceURLs
    return by.nonResourceURLs?.some(u => u === url || (u.endsWith('*') && url.startsWith(u.slice(0, -1)))) ?? false
  }
  const [resource] = resources!, sub = resource.split('/')[1]
  return has(by.apiGroups, apiGroups![0]) && (has(by.resources, resource) || (sub !== undefined && (by.resources ?? []).includes(`*/${sub}`)))
    && (!by.resourceNames?.length || (resourceNames !== undefined && by.resourceNames.includes(resourceNames[0])))
}
