import { bare, failure } from '../errors.ts'
import { array, list, text, type Flags } from '../flags.ts'
import { findKind } from '../kinds.ts'
import type { Session } from '../session.ts'
import { pairsOf, creation } from './typed.ts'

const group = 'rbac.authorization.k8s.io'
const unique = (values: readonly string[]): string[] => [...new Set(values)]
const verbsOf = (flags: Flags): string[] => { const verbs = unique(flags.list('verb')); return verbs.includes('*') ? ['*'] : verbs }

/** Verbs that some resources have alone, served or not. Source: create_role.go (specialVerbs). */
const ofRoles = [`roles.${group}`, `clusterroles.${group}`]
const specialVerbs: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'], bind: ofRoles, escalate: ofRoles,
  impersonate: ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io'],
}

/** One rule for each API group, in order of the groups. Source: create_role.go (generateResourcePolicyRules). */
function rulesOf(flags: Flags, { kinds }: Session): any[] {
  const byGroup = new Map<string, string[]>(), verbs = verbsOf(flags), names = unique(flags.list('resource-name'))
  for (const word of flags.list('resource')) {
    const [type, subresource] = word.split('/')
    if (type === '') throw failure('resource must be specified if apiGroup/subresource specified')
    if (type === '*') { byGroup.set('', [...byGroup.get('') ?? [], '*']); continue }
    const [plain, ...of] = type.split('.'), inGroup = of.join('.'), kind = findKind(inGroup ? type : plain, kinds)
    const found = kind ?? { resource: plain, group: inGroup }, special = verbs.filter(v => Object.hasOwn(specialVerbs, v))
    const odd = special.find(v => !specialVerbs[v].includes(`${found.resource}.${found.group}`))
    if (odd !== undefined) throw failure(`can not perform '${odd}' on '${found.resource}' in group '${found.group}'`)
    if (!kind && special.length === 0) {
      throw bare(`the server doesn't have a resource type ${JSON.stringify(plain)}${inGroup ? ` in group ${JSON.stringify(inGroup)}` : ''}`)
    }
    const resource = subresource ? `${found.resource}/${subresource}` : found.resource, known = byGroup.get(found.group) ?? []
    if (!known.includes(resource)) byGroup.set(found.group, [...known, resource])
  }
  return [...byGroup.keys()].sort().map(g => ({ apiGroups: [g], ...names.length ? { resourceNames: names } : {}, resources: byGroup.get(g), verbs }))
}
/** Source: create_role.go (validResourceVerbs). */
const standardVerbs = [
  '*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection', 'use', 'bind', 'escalate', 'impersonate',
]
function checkRule(flags: Flags, session: Session, missing = 'at least one resource must be specified'): void {
  for (const verb of flags.list('resource').length > 0 ? flags.list('verb') : []) {
    if (!standardVerbs.includes(verb)) session.complain(`Warning: '${verb}' is not a standard resource verb`)
  }
  if (flags.list('verb').length === 0) throw failure('at least one verb must be specified')
  if (flags.list('resource').length === 0 && flags.list('non-resource-url').length === 0) throw failure(missing)
}
const ruleFlags = { verb: list(), resource: list(), 'resource-name': array() }

/** Source: create_clusterrole.go (validNonResourceVerbs). */
const urlVerbs = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options']
export const role = creation({
  of: 'roles', discovers: true, flags: ruleFlags, build: (_, flags, session) => { checkRule(flags, session); return { rules: rulesOf(flags, session) } },
})
export const clusterRole = creation({
  of: 'clusterroles', discovers: true, flags: { ...ruleFlags, 'non-resource-url': list(), 'aggregation-rule': list() },
  build(_, flags, session) {
    const aggregation = flags.list('aggregation-rule')
    if (aggregation.length > 0) {
      if (['non-resource-url', 'verb', 'resource', 'resource-name'].some(name => flags.list(name).length > 0)) {
        throw failure('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames')
      }
      return {
        aggregationRule: {
          clusterRoleSelectors: [{ matchLabels: pairsOf(aggregation, v => failure(`aggregation rule must be in format <key>=<value>: ${v}`)) }],
        },
        rules: null,
      }
    }
    checkRule(flags, session, 'one of resource or nonResourceURL must be specified')
    const urls = unique(flags.list('non-resource-url')), odd = flags.list('verb').find(v => !urlVerbs.includes(v))
    if (urls.some(url => url !== '*' && !url.startsWith('/'))) throw failure('nonResourceURL should start with /')
    if (urls.length > 0 && odd !== undefined) throw failure(`invalid verb: '${odd}' for nonResourceURL`)
    return { rules: [...rulesOf(flags, session), ...urls.length ? [{ nonResourceURLs: urls, verbs: verbsOf(flags) }] : []] }
  },
})

function subjectsOf(flags: Flags): any[] {
  const named = (kind: string, names: readonly string[]): any[] => unique(names).map(name => ({ kind, apiGroup: group, name }))
  const accounts = flags.list('serviceaccount').map(account => {
    const parts = account.split(':')
    if (parts.length !== 2 || !parts[0] || !parts[1]) throw failure('serviceaccount must be <namespace>:<name>')
    return { kind: 'ServiceAccount', namespace: parts[0], name: parts[1] }
  })
  return [...named('User', flags.list('user')), ...named('Group', flags.list('group')), ...accounts]
}
const subjectFlags = { user: array(), group: array(), serviceaccount: array(), clusterrole: text() }
const bindingOf = (flags: Flags, kind: string, name: string): any =>
  ({ ...subjectsOf(flags).length ? { subjects: subjectsOf(flags) } : {}, roleRef: { apiGroup: group, kind, name } })

/** Sources: create_rolebinding.go, create_clusterrolebinding.go. */
export const roleBinding = creation({
  of: 'rolebindings', wrapped: 'rolebinding', flags: { ...subjectFlags, role: text() },
  build(_, flags) {
    if ((flags.text('role') === '') === (flags.text('clusterrole') === '')) throw failure('exactly one of clusterrole or role must be specified')
    return flags.text('role') ? bindingOf(flags, 'Role', flags.text('role')) : bindingOf(flags, 'ClusterRole', flags.text('clusterrole'))
  },
})
export const clusterRoleBinding = creation({
  of: 'clusterrolebindings', wrapped: 'clusterrolebinding', required: ['clusterrole'], flags: subjectFlags,
  build: (_, flags) => bindingOf(flags, 'ClusterRole', flags.text('clusterrole')),
})
