import type { KubeObject } from '../api/request.ts'
import type { AskedAction } from '../kinds/expressions/authorizer.ts'
import type { User } from './state.ts'
import { cached, listCached, type WatchCache } from './watch-cache.ts'

/** What a request asks for. */
export interface Action extends AskedAction { readonly user: User }
export interface PolicyRule {
  readonly verbs?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

/**
 * RBAC on the objects that the watch cache holds. Rules of a user are collected once per state of the RBAC objects; nothing of it is kept in the
 * server's state. Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go, pkg/apis/rbac/v1/evaluation_helpers.go.
 */
const group = 'rbac.authorization.k8s.io'
interface UserRules { readonly cluster: readonly PolicyRule[]; readonly namespaces: Map<string, readonly PolicyRule[]> }
const collected = new WeakMap<object, Map<string, UserRules>>()

export function allows(cache: WatchCache, action: Action): boolean {
  const { cluster } = rulesFor(cache, action.user)
  for (const rule of cluster) if (ruleAllows(rule, action)) return true
  if (!action.namespace) return false
  for (const rule of namespaceRules(cache, action.user, action.namespace)) if (ruleAllows(rule, action)) return true
  return false
}

/** By which binding an action is allowed, for those who ask; undefined: by none. Source: pkg/registry/rbac/validation/rule.go (clusterRoleBindingDescriber) */
export function whyAllowed(cache: WatchCache, action: Action): string | undefined {
  const { user, namespace = '' } = action
  const all = [...listCached(cache, `clusterrolebindings.${group}`), ...namespace ? listCached(cache, `rolebindings.${group}`, namespace) : []]
  for (const { kind, metadata, roleRef, subjects } of all) {
    const within = metadata.namespace ?? '', subject = (subjects ?? []).find((s: any) => isSubject(s, user, within))
    if (!subject || !roleRules(cache, roleRef, within).some(rule => ruleAllows(rule, action))) continue
    const whom = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || within}` : subject.name
    return `RBAC: allowed by ${kind} ${JSON.stringify(within ? `${metadata.name}/${within}` : metadata.name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} `
      + `to ${subject.kind} ${JSON.stringify(whom)}`
  }
  return undefined
}

/** Bindings of the user name roles that are not there: that is told with a refusal; '' if none does. Source: rule.go (VisitRulesFor), rbac.go (Authorize) */
export function missingRoles(cache: WatchCache, { user, namespace = '' }: Action): string {
  const bindings = [...listCached(cache, `clusterrolebindings.${group}`), ...namespace ? listCached(cache, `rolebindings.${group}`, namespace) : []]
  const missing = bindings.filter(b => binds(b, user, b.metadata.namespace ?? '') && !roleNamed(cache, b.roleRef, b.metadata.namespace ?? ''))
    .map(({ roleRef }) => `${roleRef.kind.toLowerCase()}.${group} ${JSON.stringify(roleRef.name)} not found`)
  const told = [...new Set(missing)]
  return told.length === 0 ? '' : `RBAC: ${told.length === 1 ? told[0] : `[${told.join(', ')}]`}`
}

/** All rules that hold for a user in a namespace: those of cluster bindings first. */
export const rulesOf = (cache: WatchCache, user: User, namespace: string): readonly PolicyRule[] =>
  [...rulesFor(cache, user).cluster, ...namespace ? namespaceRules(cache, user, namespace) : []]

/** The last user's rules are at hand: requests come in bursts. */
let last: { readonly rbac: object; readonly user: User; readonly rules: UserRules } | undefined
function rulesFor(cache: WatchCache, user: User): UserRules {
  if (last?.rbac === cache.rbac && last.user.name === user.name && last.user.groups === user.groups) return last.rules
  let users = collected.get(cache.rbac)
  if (!users) collected.set(cache.rbac, users = new Map())
  const key = `${user.name}\n${user.groups.join()}`
  let rules = users.get(key)
  if (!rules) {
    const cluster = listCached(cache, `clusterrolebindings.${group}`).filter(b => binds(b, user, '')).flatMap(b => roleRules(cache, b.roleRef, ''))
    users.set(key, rules = { cluster, namespaces: new Map() })
  }
  last = { rbac: cache.rbac, user, rules }
  return rules
}
function namespaceRules(cache: WatchCache, user: User, namespace: string): readonly PolicyRule[] {
  const { namespaces } = rulesFor(cache, user)
  let rules = namespaces.get(namespace)
  if (!rules) {
    namespaces.set(
      namespace,
      rules = listCached(cache, `rolebindings.${group}`, namespace).filter(b => binds(b, user, namespace)).flatMap(b => roleRules(cache, b.roleRef, namespace))
    )
  }
  return rules
}

function binds(binding: KubeObject, user: User, namespace: string): boolean {
  return (binding.subjects ?? []).some((s: any) => isSubject(s, user, namespace))
}
function isSubject(subject: any, user: User, namespace: string): boolean {
  switch (subject.kind) {
    case 'User': return subject.name === user.name
    case 'Group': return user.groups.includes(subject.name)
    case 'ServiceAccount': return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`
    default: return false
  }
}

export const roleNamed = (cache: WatchCache, roleRef: any, namespace: string): KubeObject | undefined => roleRef.kind === 'ClusterRole'
  ? cached(cache, `clusterroles.${group}`, '', roleRef.name)
  : cached(cache, `roles.${group}`, namespace, roleRef.name)
/** Rules of the role that a binding names; those that an aggregated ClusterRole gathers are its own only once a controller has written them there. */
export const roleRules = (cache: WatchCache, roleRef: any, namespace: string): readonly PolicyRule[] => roleNamed(cache, roleRef, namespace)?.rules ?? []

const has = (list: readonly string[] | undefined, value: string): boolean => list !== undefined && (list.includes(value) || list.includes('*'))
export function ruleAllows(rule: PolicyRule, action: Action): boolean {
  if (!has(rule.verbs, action.verb)) return false
  if (action.path !== undefined) {
    return rule.nonResourceURLs?.some(url => url === '*' || url === action.path || url.endsWith('*') && action.path!.startsWith(url.slice(0, -1))) ?? false
  }
  if (!has(rule.apiGroups, action.group)) return false
  const resource = action.subresource ? `${action.resource}/${action.subresource}` : action.resource
  if (!has(rule.resources, resource) && !(action.subresource && rule.resources?.includes(`*/${action.subresource}`))) return false
  return !rule.resourceNames?.length || (action.name !== undefined && rule.resourceNames.includes(action.name))
}
