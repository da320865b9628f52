import { hashHex } from '../../base/hash.ts'
import { unauthorized, unauthorizedAction, type Status } from '../api/status.ts'
import { dns1123Label, dns1123Subdomain } from '../api/names.ts'
import type { ApiRequest, Impersonation } from '../api/request.ts'
import type { User } from './state.ts'

/**
 * Who asks. Credentials are believed, as long as a certificate that comes with them is valid; none means anonymous. Impersonation needs the
 * right to it, asked of `mayImpersonate`. Source: k8s.io/apiserver pkg/endpoints/filters (authentication.go, impersonation.go),
 * pkg/authentication/request/x509.
 */
export function authenticate(
  request: ApiRequest, wallMs: number, mayImpersonate: (user: User, wanted: Wanted) => boolean,
  holder: (token: string) => User | undefined
): { readonly user: User } | { readonly status: Status } {
  const { user: given, groups: theirGroups, impersonate, valid, token } = request.credentials, held = token === undefined ? undefined : holder(token)
  if (token !== undefined && !held) return { status: unauthorized() }
  const name = held?.name ?? given, groups = held?.groups ?? theirGroups
  if (valid && (wallMs < valid.fromMs || wallMs > valid.untilMs)) return { status: unauthorized() }
  const extra = valid && !held ? { extra: fingerprintOf(request.credentials) }
    : held ? { ...held.uid ? { uid: held.uid } : {}, ...held.extra ? { extra: held.extra } : {} } : undefined
  const user: User = name === '' ? anonymous : { name, groups: withAuthenticated(groups), ...extra }
  if (!impersonate) return { user }
  const account = accountOf(impersonate.user)
  for (const wanted of wantedFor(impersonate, account)) {
    if (!mayImpersonate(user, wanted)) return { status: unauthorizedAction({ user: user.name, verb: 'impersonate', ...wanted }) }
  }
  const groupless = impersonate.groups.length === 0, { uid, extra: theirExtra } = impersonate
  const more = { ...uid ? { uid } : undefined, ...theirExtra ? { extra: theirExtra } : undefined }
  const theirs = account && groupless ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : impersonate.groups
  if (theirs.includes('system:unauthenticated')) return { user: { name: impersonate.user, groups: theirs, ...more } }
  const nobody = impersonate.user === anonymous.name && groupless
  return { user: { name: impersonate.user, groups: nobody ? anonymous.groups : withAuthenticated(theirs), ...more } }
}
/** Each is a right of its own. Source: impersonation.go (buildImpersonationRequests) */
function wantedFor({ user, groups, uid, extra = {} }: Impersonation, account: ReturnType<typeof accountOf>): readonly Wanted[] {
  return [
    account ? { group: '', resource: 'serviceaccounts', ...account } : { group: '', resource: 'users', name: user },
    ...groups.map((name): Wanted => ({ group: '', resource: 'groups', name })),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((name): Wanted => ({ group: 'authentication.k8s.io', resource: 'userextras', subresource: key, name }))),
    ...uid ? [{ group: 'authentication.k8s.io', resource: 'uids', name: uid }] : [],
  ]
}
/**
 * Who comes with a certificate is known by its fingerprint too; who is impersonated is not. The model has no certificates to take it from: it follows from what
 * one would say. Source: apiserver pkg/authentication/request/x509/x509.go (CommonNameUserConversion)
 */
const fingerprints = new WeakMap<ApiRequest['credentials'], User['extra']>()
function fingerprintOf(credentials: ApiRequest['credentials']): User['extra'] {
  const known = fingerprints.get(credentials)
  if (known) return known
  const { user, groups } = credentials
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${hashHex(`${user}/${groups.join('/')}`, 8)}`] }
  fingerprints.set(credentials, extra)
  return extra
}
interface Wanted { readonly group: string; readonly resource: string; readonly subresource?: string; readonly name: string; readonly namespace?: string }
/** Source: k8s.io/apiserver pkg/authentication/serviceaccount/util.go (SplitUsername) */
function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  return namespace !== undefined && dns1123Label(namespace).length === 0 && dns1123Subdomain(name).length === 0 ? { namespace, name } : undefined
}
const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

const known = new WeakMap<readonly string[], readonly string[]>()
function withAuthenticated(groups: readonly string[]): readonly string[] {
  let full = known.get(groups)
  if (!full) known.set(groups, full = groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated'])
  return full
}
