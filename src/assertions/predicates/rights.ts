import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import { kindOf } from '../subjects/index.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, moot } from './support.ts'

/** Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verbs-authorization */
const verbs = [
  'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use', 'bind', 'escalate', 'impersonate', 'approve', 'sign', 'attest',
]
const has = (list: readonly string[] | undefined, word: string): boolean => list?.some(own => own === '*' || own === word) ?? false
/** Of any object of that name: what is allowed of named ones alone is not allowed of all. Source: pkg/apis/rbac/v1/evaluation_helpers.go */
function allowing(rules: readonly any[], verb: string, group: string, resource: string): boolean {
  const [, subresource] = resource.split('/')
  return rules.some(r => !r.resourceNames?.length && has(r.verbs, verb) && has(r.apiGroups, group)
    && (has(r.resources, resource) || (subresource !== undefined && has(r.resources, `*/${subresource}`))))
}
const told = ({ verbs: allowed = [], resources = [], nonResourceURLs = [], resourceNames = [] }: any): string =>
  `${allowed.join(', ')} ${[...resources, ...nonResourceURLs].join(', ')}${resourceNames.length ? ` (${resourceNames.join(', ')})` : ''}`

const allows = definePredicate({
  id: 'role-allows', phrases: ['allows (to) {verbs} on {resource}', 'allows {verbs} of {resource}'], parameters: { verbs: 'value', resource: 'value' },
  subjects: ['object'], misfit: onlyOf('roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'),
  doc:
    'The rules of a Role or a ClusterRole allow each of these verbs (`"get, list"`) on every object of a resource (`pods`, `deployments`, `pods/log`). Where some are allowed and some are not, it is neither so nor not so. What somebody may do is asked with `user "ana" can list pods`.',
  examples: ['role reader allows "get, list" on pods', 'clusterrole viewer does not allow delete on deployments', 'role reader allows "get" on "pods/log"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole',
  test({ object }, { verbs: said, resource }, { driver }) {
    const asked: readonly string[] = said.toLowerCase().split(/\s*,\s*|\s+and\s+/), unknown = asked.find(v => !verbs.includes(v))
    if (unknown !== undefined) throw new CannotRun(`\`${unknown}\` is no verb of requests: they are ${verbs.join(', ')}`)
    const [word, ...rest] = (resource as string).split('/'), kind = kindOf(word, driver), name = [kind.resource.split('.')[0], ...rest].join('/')
    const allowed = asked.filter(verb => allowing(object.rules ?? [], verb, kind.group, name)), seen = (object.rules ?? []).map(told).join('; ') || 'no rules'
    if (allowed.length > 0 && allowed.length < asked.length) return moot(`${allowed.join(', ')} alone: ${seen}`)
    return holdsIf(allowed.length === asked.length, () => seen)
  },
})
export const rights: readonly PredicateDefinition[] = [allows]
