import type { ApiRequest } from '../api/request.ts'
import { forbidden, notFound, type Status } from '../api/status.ts'
import type { KindDefinition } from '../kinds/index.ts'
import { deepEqual } from '../kinds/meta/errors.ts'
import { allows, roleNamed, roleRules, rulesOf, type PolicyRule } from './rbac.ts'
import type { User } from './state.ts'
import type { WatchCache } from './watch-cache.ts'

interface Writer { readonly user: User; readonly request: ApiRequest }
/** All there is. Source: pkg/registry/rbac/clusterrole/policybased/storage.go (fullAuthority) */
const everything: readonly PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }]

/**
 * Nobody grants more than they have: who writes a role must hold its rules, also those that were there before, who writes a binding those of its role,
 * unless they may `escalate` or `bind` it (a create by POST has no name that could be allowed). A role that gathers others could come to hold anything.
 * Source: pkg/registry/rbac/{role,rolebinding,…}/policybased/storage.go, pkg/registry/rbac/escalation_check.go, …/validation/{rule,policy_compact}.go.
 */
export function escalates(cache: WatchCache, kind: KindDefinition, { user, request }: Writer, object: any, old: any): Status | undefined {
  if (kind.group !== 'rbac.authorization.k8s.io' || user.groups.includes('system:masters')) return undefined
  if (old && deepEqual(beyondCollection(object), beyondCollection(old))) return undefined
  const namespace: string = object.metadata.namespace ?? '', name: string = object.metadata.name
  if (object.roleRef) {
    const resource = object.roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles'
    if (allows(cache, { user, verb: 'bind', group: kind.group, resource, namespace: namespace || undefined, name: object.roleRef.name })) return undefined
    // nobody can tell what a role allows that is not there; the answer names the resource of the binding
    if (!roleNamed(cache, object.roleRef, namespace)) return notFound(kind, object.roleRef.name)
    return refusal(cache, kind, user, name, namespace, roleRules(cache, object.roleRef, namespace))
  }
  const escalate = { user, verb: 'escalate', group: kind.group, resource: kind.resource, namespace: namespace || undefined, name: request.name }
  if (allows(cache, escalate)) return undefined
  const refused = refusal(cache, kind, user, name, namespace, object.rules ?? [])
  if (refused || !(object.aggregationRule ?? old?.aggregationRule) || missingOf(cache, user, namespace, everything).length === 0) return refused
  return forbidden(kind, name, 'must have cluster-admin privileges to use the aggregationRule')
}
/** Who only takes finalizers and owners away, as the garbage collector does, grants nothing. Source: pkg/registry/rbac/helpers.go (IsOnlyMutatingGCFields) */
function beyondCollection({ metadata, ...rest }: any): any {
  const { ownerReferences: _o, finalizers: _f, managedFields: _m, resourceVersion: _r, ...kept } = metadata
  return { ...rest, metadata: kept }
}

const missingOf = (cache: WatchCache, user: User, namespace: string, wanted: readonly PolicyRule[]): readonly PolicyRule[] => {
  const held = rulesOf(cache, user, namespace)
  return wanted.flatMap(singles).filter(single => !held.some(rule => covers(rule, single)))
}
function refusal(cache: WatchCache, kind: KindDefinition, user: User, name: string, namespace: string, wanted: readonly PolicyRule[]): Status | undefined {
  const missing = missingOf(cache, user, namespace, wanted)
  if (missing.length === 0) return undefined
  const texts = compact(missing).map(ruleText).sort()
  return forbidden(
    kind, name,
    `user ${JSON.stringify(user.name)} (groups=[${user.groups.map(g => JSON.stringify(g)).join(' ')}]) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}`
  )
}

/** A rule taken apart: one verb, one group, one resource (and name) each. */
function singles(rule: PolicyRule): PolicyRule[] {
  const found: PolicyRule[] = []
  for (const group of rule.apiGroups ?? []) for (const resource of rule.resources ?? []) for (const verb of rule.verbs ?? []) {
    if (!rule.resourceNames?.length) found.push({ apiGroups: [group], resources: [resource], verbs: [verb] })
    for (const name of rule.resourceNames ?? []) found.push({ apiGroups: [group], resources: [resource], verbs: [verb], resourceNames: [name] })
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs ?? []) found.push({ nonResourceURLs: [url], verbs: [verb] })
  return found
}
function covers(rule: PolicyRule, single: PolicyRule): boolean {
  const within = (list: readonly string[] | undefined, value: string): boolean => list?.includes('*') === true || list?.includes(value) === true
  if (!within(rule.verbs, single.verbs![0])) return false
  if (single.nonResourceURLs) {
    return rule.nonResourceURLs?.some(u => u === single.nonResourceURLs![0] || u.endsWith('*') && single.nonResourceURLs![0].startsWith(u.slice(0, -1)))
      ?? false
  }
  const resource = single.resources![0], slash = resource.indexOf('/')
  if (!within(rule.apiGroups, single.apiGroups![0])) return false
  if (!within(rule.resources, resource) && !(slash > 0 && rule.resources?.includes(`*${resource.slice(slash)}`))) return false
  return !rule.resourceNames?.length || (single.resourceNames !== undefined && rule.resourceNames.includes(single.resourceNames[0]))
}

/** Rules that differ only in their verb become one. */
function compact(rules: readonly PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>()
  for (const rule of rules) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]), before = merged.get(key)
    if (!before?.verbs!.includes(rule.verbs![0])) merged.set(key, before ? { ...before, verbs: [...before.verbs!, ...rule.verbs!] } : rule)
  }
  return [...merged.values()]
}
function ruleText(rule: PolicyRule): string {
  const part = (name: string, list: readonly string[] | undefined): string[] => list?.length ? [`${name}:[${list.map(x => JSON.stringify(x)).join(' ')}]`] : []
  return `{${[...part('NonResourceURLs', rule.nonResourceURLs), ...part('APIGroups', rule.apiGroups), ...part('Resources', rule.resources), ...part('ResourceNames', rule.resourceNames), ...part('Verbs', rule.verbs)].join(', ')}}`
}
