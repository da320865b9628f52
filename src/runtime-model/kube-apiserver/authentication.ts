import { unauthorized, unauthorizedAction, type Status } from '../api/status.ts'
import type { ApiRequest } from '../api/request.ts'
import type { User } from './state.ts'

/**
 * Who asks. Credentials are believed, as long as a certificate that comes with them is valid; none means anonymous. Impersonation needs the
 * right to it, asked of `mayImpersonate`. Source: k8s.io/apiserver pkg/endpoints/filters (authentication.go, impersonation.go),
 * pkg/authentication/request/x509.
 */
export function authenticate(
  request: ApiRequest, wallMs: number, mayImpersonate: (user: User, resource: 'users' | 'groups', name: string) => boolean
): { readonly user: User } | { readonly status: Status } {
  const { user: name, groups, impersonate, valid } = request.credentials
  if (valid && (wallMs < valid.fromMs || wallMs > valid.untilMs)) return { status: unauthorized() }
  const user: User = name === '' ? anonymous : { name, groups: withAuthenticated(groups) }
  if (!impersonate) return { user }
  const wanted: ['users' | 'groups', string][] = [['users', impersonate.user], ...impersonate.groups.map((g): ['groups', string] => ['groups', g])]
  for (const [resource, whom] of wanted) {
    if (!mayImpersonate(user, resource, whom)) return { status: unauthorizedAction({ user: user.name, verb: 'impersonate', group: '', resource, name: whom }) }
  }
  const account = impersonate.groups.length === 0 ? /^system:serviceaccount:([^:]+):[^:]+$/.exec(impersonate.user) : null
  const theirs = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : impersonate.groups
  return { user: impersonate.user === anonymous.name ? anonymous : { name: impersonate.user, groups: withAuthenticated(theirs) } }
}
const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

const known = new WeakMap<readonly string[], readonly string[]>()
function withAuthenticated(groups: readonly string[]): readonly string[] {
  let full = known.get(groups)
  if (!full) known.set(groups, full = groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated'])
  return full
}
