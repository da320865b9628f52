import type { Driver } from '../../drivers/driver.ts'
import type { Credentials } from '../../runtime-model/api/request.ts'

/**
 * What somebody may do with such resources, told where it is not what was claimed: by which binding, and where. What every cluster gives everybody is left out.
 */
export function grantsOf({ user, groups }: Credentials, resource: string, driver: Driver): readonly string[] {
  const names = ({ kind, name, namespace }: any): boolean =>
    kind === 'User' ? name === user : kind === 'Group' ? groups.includes(name) : user === `system:serviceaccount:${namespace}:${name}`
  const bindings = [...driver.storedList('clusterrolebindings.rbac.authorization.k8s.io'), ...driver.storedList('rolebindings.rbac.authorization.k8s.io')]
  const own = bindings.filter((b: any) => !b.metadata.name.startsWith('system:') && b.subjects?.some(names))
  const others = groups.filter(g => !g.startsWith('system:')), whom = [user, ...others.map(g => `group ${g}`)].join(', nor ')
  if (own.length === 0) return [`no RoleBinding and no ClusterRoleBinding names ${whom}`]
  return [...own.slice(0, mostShown).map(b => grant(b, resource, driver)), ...own.length > mostShown ? [`and ${own.length - mostShown} more`] : []]
}
const mostShown = 3

function grant({ metadata, kind, roleRef }: any, resource: string, driver: Driver): string {
  const { namespace, name } = metadata, role = roleRef.kind === 'Role'
    ? driver.stored('roles.rbac.authorization.k8s.io', namespace, roleRef.name)
    : driver.stored('clusterroles.rbac.authorization.k8s.io', '', roleRef.name)
  const by = `${(kind ?? (namespace ? 'RoleBinding' : 'ClusterRoleBinding')).toLowerCase()} ${name}`, of = `${roleRef.kind.toLowerCase()} ${roleRef.name}`
  const where = namespace ? `in namespace ${namespace}` : 'in all namespaces'
  return role === undefined ? `${by} gives ${of}, which is not there` : `${by} gives ${of}, ${where}: ${rulesOf(role, resource)}`
}
function rulesOf({ rules = [] }: any, resource: string): string {
  const about = rules.filter((r: any) => r.resources?.some((r: string) => r === '*' || r.split('/')[0] === resource))
  if (about.length === 0 && rules.length > mostRules) return `nothing about ${resource}`
  const told = (about.length ? about : rules).map(({ verbs = [], resources, nonResourceURLs = [], resourceNames = [] }: any) =>
    `${verbs.join(', ')} ${(resources ?? nonResourceURLs).join(', ')}${resourceNames.length ? ` (${resourceNames.join(', ')})` : ''}`)
  return told.length === 0 ? 'nothing' : told.length > mostRules ? `${told.slice(0, mostRules).join('; ')}; and ${told.length - mostRules} more rules` : told.join('; ')
}
const mostRules = 4
