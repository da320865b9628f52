import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1123Label, dns1123Subdomain } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, duplicate, forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { change, fill } from './meta/fill.ts'

/** Priority and fairness. Source: pkg/apis/flowcontrol/{v1/defaults.go,validation/validation.go}, pkg/registry/flowcontrol, printers.go. */
export const flowSchema: KindRules = {
  resource: 'flowschemas.flowcontrol.apiserver.k8s.io', metaOfUpdate: 'V', statusKeepsMeta: 'all',
  generation: true,
  defaults: f => change(f, 'spec', spec => spec.matchingPrecedence ? spec : { ...spec, matchingPrecedence: 1000 }),
  validate: f =>
    [...validateSchema(f.metadata.name, f.spec ?? {}), ...unchangedIfMandatory(f, mandatorySchema(f.metadata.name), 'flowcontrol.v1.FlowSchemaSpec')],
  validateUpdate: (f, old) => [...validateSchema(f.metadata.name, f.spec ?? {}), ...unchangedIfMandatory(f, old, 'flowcontrol.v1.FlowSchemaSpec')],
  validateStatusUpdate: f => validateConditions(f.status?.conditions ?? []),
  rowOrder: (a, b) => a.spec.matchingPrecedence - b.spec.matchingPrecedence || (a.metadata.name < b.metadata.name ? -1 : 1),
  cells: (f, nowMs) => [
    f.metadata.name, f.spec?.priorityLevelConfiguration?.name ?? '', f.spec?.matchingPrecedence ?? 0, f.spec?.distinguisherMethod?.type ?? '<none>',
    age(f, nowMs),
    f.status?.conditions?.find((c: any) => c.type === 'Dangling')?.status ?? '?',
  ],
}
/** What a server makes of the two that it keeps. Source: k8s.io/api flowcontrol bootstrap (apis/flowcontrol/bootstrap/default.go). */
function mandatorySchema(name: string): any {
  const masters = { kind: 'Group', group: { name: 'system:masters' } }
  const all = ['system:unauthenticated', 'system:authenticated'].map(group => ({ kind: 'Group', group: { name: group } }))
  const anything = (subjects: readonly any[]): any => [{
    subjects, resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  }]
  return {
    spec: name === 'exempt'
      ? { priorityLevelConfiguration: { name }, matchingPrecedence: 1, rules: anything([masters]) }
      : { priorityLevelConfiguration: { name }, matchingPrecedence: 10_000, distinguisherMethod: { type: 'ByUser' }, rules: anything(all) },
  }
}
/** The server keeps these two as they are. */
function unchangedIfMandatory(object: any, old: any, type: string): FieldError[] {
  const { name } = object.metadata
  if (name !== 'exempt' && name !== 'catch-all') return []
  const fixed = ({ exempt: _, ...spec }: any): any => spec, free = name === 'exempt' && type.includes('PriorityLevel')
  if (deepEqual(free ? fixed(object.spec) : object.spec, free ? fixed(old.spec) : old.spec)) return []
  return [invalid('spec', internalJson(type, object.spec), `spec of '${name}' ${free ? "except the 'spec.exempt' field " : ''}must equal the fixed value`)]
}
function validateConditions(conditions: readonly any[]): FieldError[] {
  return conditions.flatMap(({ type = '' }, i) => [
    ...conditions.findIndex(c => (c.type ?? '') === type) < i ? [duplicate(`status.conditions[${i}].type`, type)] : [],
    ...type === '' ? [required(`status.conditions[${i}].type`)] : [],
  ])
}

const methods = ['ByNamespace', 'ByUser']
function validateSchema(name: string, spec: any): FieldError[] {
  const errors: FieldError[] = [], { matchingPrecedence: precedence, distinguisherMethod: method, priorityLevelConfiguration: level = {} } = spec
  const at = 'spec.matchingPrecedence'
  if (precedence <= 0) errors.push(invalid(at, precedence, 'must be a positive value'))
  if (precedence > 10_000) errors.push(invalid(at, precedence, 'must not be greater than 10000'))
  if (precedence === 1 && name !== 'exempt') errors.push(invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"))
  if (method && !methods.includes(method.type)) errors.push(notSupported('spec.distinguisherMethod.type', { Type: method.type }, methods))
  if (!level.name) errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'))
  else for (const text of dns1123Subdomain(level.name)) errors.push(invalid('spec.priorityLevelConfiguration.name', level.name, text))
  ;(spec.rules ?? []).forEach((rule: any, i: number) => validateRule(rule, `spec.rules[${i}]`, errors))
  return errors
}
function validateRule(rule: any, at: string, errors: FieldError[]): void {
  const subjects = rule.subjects ?? [], resourceRules = rule.resourceRules ?? [], nonResourceRules = rule.nonResourceRules ?? []
  if (subjects.length === 0) errors.push(required(`${at}.subjects`, 'subjects must contain at least one value'))
  subjects.forEach((s: any, i: number) => validateSubject(s, `${at}.subjects[${i}]`, errors))
  if (resourceRules.length + nonResourceRules.length === 0) errors.push(required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  resourceRules.forEach((r: any, i: number) => validateResourceRule(r, `${at}.resourceRules[${i}]`, errors))
  nonResourceRules.forEach((r: any, i: number) => validateNonResourceRule(r, `${at}.nonResourceRules[${i}]`, errors))
}

const subjectFields: Readonly<Record<string, string>> = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' }
const subjectKinds = Object.keys(subjectFields)
function validateSubject(subject: any, at: string, errors: FieldError[]): void {
  const { kind } = subject, field = subjectFields[kind]
  if (field === undefined) { errors.push(notSupported(`${at}.kind`, kind ?? '', subjectKinds)); return }
  const { name, namespace } = subject[field] ?? {}
  if (!subject[field]) errors.push(required(`${at}.${field}`, `${field} is required when subject kind is '${kind}'`))
  else {
    if (!name) errors.push(required(`${at}.${field}.name`))
    if (kind === 'ServiceAccount') {
      if (name && name !== '*') for (const text of dns1123Subdomain(name)) errors.push(invalid(`${at}.${field}.name`, name, text))
      if (!namespace) errors.push(required(`${at}.${field}.namespace`, 'must specify namespace for service account'))
      else for (const text of dns1123Label(namespace)) errors.push(invalid(`${at}.${field}.namespace`, namespace, text))
    }
  }
  for (const other of ['ServiceAccount', 'User', 'Group']) {
    const unwanted = subjectFields[other]
    if (other !== kind && subject[unwanted]) errors.push(forbidden(`${at}.${unwanted}`, `${unwanted} is forbidden when subject kind is not '${other}'`))
  }
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']
function validateVerbs(given: readonly string[], at: string, errors: FieldError[]): void {
  if (given.length === 0) errors.push(required(at, 'verbs must contain at least one value'))
  else if (given.includes('*')) { if (given.length > 1) errors.push(invalid(at, given, "if '*' is present, must not specify other verbs")) }
  else if (!given.every(v => verbs.includes(v))) errors.push(notSupported(at, given, verbs))
}
function validateResourceRule(rule: any, at: string, errors: FieldError[]): void {
  const apiGroups = rule.apiGroups ?? [], resources = rule.resources ?? [], namespaces = rule.namespaces ?? []
  const lone = (list: readonly string[], what: string, field: string): void => {
    if (list.length > 1 && list.includes('*')) errors.push(invalid(`${at}.${field}`, list, `if '*' is present, must not specify other ${what}`))
  }
  validateVerbs(rule.verbs ?? [], `${at}.verbs`, errors)
  if (apiGroups.length === 0) errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'))
  lone(apiGroups, 'api groups', 'apiGroups')
  if (resources.length === 0) errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'))
  lone(resources, 'resources', 'resources')
  if (namespaces.length === 0 && !rule.clusterScope) {
    errors.push(required(`${at}.namespaces`, 'resource rules that are not cluster scoped must supply at least one namespace'))
  }
  lone(namespaces, 'namespaces', 'namespaces')
  if (!namespaces.includes('*')) {
    namespaces.forEach((n: string, i: number) => {
      for (const text of dns1123Label(n)) errors.push(invalid(`${at}.namespaces[${i}]`, n, `each member of this list must be '*' or a DNS-1123 label; ${text}`))
    })
  }
}
function validateNonResourceRule(rule: any, at: string, errors: FieldError[]): void {
  const urls: readonly string[] = rule.nonResourceURLs ?? []
  validateVerbs(rule.verbs ?? [], `${at}.verbs`, errors)
  if (urls.length === 0) errors.push(required(`${at}.nonResourceURLs`, 'nonResourceURLs must contain at least one value'))
  else if (urls.includes('*')) {
    if (urls.length > 1) errors.push(invalid(`${at}.nonResourceURLs`, urls, "if '*' is present, must not specify other non-resource URLs"))
  }
  else urls.forEach((url, i) => { const wrong = urlProblem(url); if (wrong) errors.push(invalid(`${at}.nonResourceURLs[${i}]`, url, wrong)) })
}
function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty'
  if (url === '/') return undefined
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const stars = url.split('*').length - 1
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined
}

export const priorityLevelConfiguration: KindRules = {
  resource: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', metaOfUpdate: 'V', statusKeepsMeta: 'all',
  generation: true,
  defaults: p => change(p, 'spec', spec => change(change(spec, 'limited', defaultLimited), 'exempt', e => fill(e, exemptDefaults))),
  validate: p => validateLevel(p.metadata.name, p.spec ?? {}),
  validateUpdate: (p, old) =>
    [...validateLevel(p.metadata.name, p.spec ?? {}), ...unchangedIfMandatory(p, old, 'flowcontrol.v1.PriorityLevelConfigurationSpec')],
  validateStatusUpdate: p => validateConditions(p.status?.conditions ?? []),
  cells: (p, nowMs) => {
    const limited = p.spec?.limited, queuing = limited?.limitResponse?.queuing
    return [
      p.metadata.name, p.spec?.type ?? '', limited?.nominalConcurrencyShares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>',
      queuing?.queueLengthLimit ?? '<none>', age(p, nowMs),
    ]
  },
}
const exemptDefaults = { nominalConcurrencyShares: 0, lendablePercent: 0 }, limitedDefaults = { nominalConcurrencyShares: 30, lendablePercent: 0 }
const queueDefaults: Readonly<Record<string, number>> = { queues: 64, handSize: 8, queueLengthLimit: 50 }
const defaultLimited = (limited: any): any => change(fill(limited, limitedDefaults), 'limitResponse', r => change(r, 'queuing', queuing => {
  let q = queuing
  for (const field in queueDefaults) if (!q[field]) q = { ...q, [field]: queueDefaults[field] }
  return q
}))

function validateLevel(name: string, spec: any): FieldError[] {
  const errors: FieldError[] = [], { type, limited, exempt } = spec
  if ((name === 'exempt') !== (type === 'Exempt')) errors.push(invalid('spec.type', type ?? '', "must be 'Exempt' if and only if `name` is 'exempt'"))
  if (type === 'Exempt') {
    if (limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'))
    if (exempt) validateShares(exempt, 'spec.exempt', errors)
  } else if (type === 'Limited') {
    if (exempt) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'))
    if (!limited) errors.push(required('spec.limited', 'must not be empty when type is Limited'))
    else validateLimited(limited, 'spec.limited', errors)
  } else errors.push(notSupported('spec.type', type ?? '', ['Exempt', 'Limited']))
  return errors
}
function validateShares({ nominalConcurrencyShares: shares, lendablePercent: percent }: any, at: string, errors: FieldError[]): void {
  if (shares < 0) errors.push(invalid(`${at}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'))
  if (percent < 0 || percent > 100) errors.push(invalid(`${at}.lendablePercent`, percent, 'must be between 0 and 100, inclusive'))
}
function validateLimited(limited: any, at: string, errors: FieldError[]): void {
  const { type = '', queuing } = limited.limitResponse ?? {}, path = `${at}.limitResponse`, shares: FieldError[] = []
  validateShares(limited, at, shares)
  errors.push(...shares.filter(e => e.field.endsWith('Shares')))
  if (type === 'Reject') { if (queuing) errors.push(forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited')) }
  else if (type !== 'Queue') errors.push(notSupported(`${path}.type`, type, ['Queue', 'Reject']))
  else if (!queuing) errors.push(required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'))
  else validateQueues(queuing, `${path}.queuing`, errors)
  errors.push(...shares.filter(e => e.field.endsWith('Percent')))
  if (limited.borrowingLimitPercent < 0) {
    errors.push(invalid(`${at}.borrowingLimitPercent`, limited.borrowingLimitPercent, 'if specified, must be a non-negative integer'))
  }
}
function validateQueues({ queues, handSize, queueLengthLimit }: any, at: string, errors: FieldError[]): void {
  if (queueLengthLimit <= 0) errors.push(invalid(`${at}.queueLengthLimit`, queueLengthLimit, 'must be positive'))
  if (queues <= 0) errors.push(invalid(`${at}.queues`, queues, 'must be positive'))
  else if (queues > 10_000_000) errors.push(invalid(`${at}.queues`, queues, 'must not be greater than 10000000'))
  if (handSize <= 0) errors.push(invalid(`${at}.handSize`, handSize, 'must be positive'))
  else if (handSize > queues) errors.push(invalid(`${at}.handSize`, handSize, `should not be greater than queues (${queues})`))
  else if (Math.ceil(Math.log2(queues) * handSize) > 60) errors.push(invalid(
    `${at}.handSize`, handSize, `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than 60`
  ))
}
