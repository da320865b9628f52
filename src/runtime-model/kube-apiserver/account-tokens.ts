import { boundAs, claimsOf, ISSUER, writtenToken, type AccountClaims, type LegacyClaims } from '../api/account-token.ts'
import type { KubeObject } from '../api/request.ts'
import type { Turn, User } from './state.ts'
import { cached, type WatchCache } from './watch-cache.ts'

/** The claims of a token of an account, for these audiences. A pod's are bound to its node too. Source: pkg/registry/core/serviceaccount/storage/token.go */
export function accountToken({ context, state: { cache } }: Turn, account: KubeObject, audiences: readonly string[], seconds: number, to: any): string {
  const { metadata: { name, namespace = '' } } = account, now = Math.floor(context.wallMs / 1000)
  const bound = to && cached(cache, resources[to.kind], to.kind === 'Node' ? '' : namespace, to.name)
  const node = to?.kind === 'Pod' && bound?.spec.nodeName ? cached(cache, 'nodes', '', bound.spec.nodeName) : undefined
  return writtenToken({
    aud: audiences, exp: now + seconds, iat: now, iss: ISSUER, jti: context.uid(),
    'kubernetes.io': {
      namespace, ...node ? { node: boundAs(node) } : {}, ...bound ? { [to.kind.toLowerCase()]: boundAs(bound) } : {}, serviceaccount: boundAs(account),
    },
    nbf: now, sub: `system:serviceaccount:${namespace}:${name}`,
  })
}
const resources: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }

/** Whose token it is, and for whom; a text: why it is nobody's. Source: pkg/serviceaccount/{jwt,claims}.go (AuthenticateToken, Validate) */
export function accountOfToken(
  cache: WatchCache, token: string, wallMs: number, wanted: readonly string[] = [ISSUER]
): { readonly user: User; readonly audiences: readonly string[] } | string {
  const claims = claimsOf(token), invalid = 'invalid bearer token'
  if (!claims) return invalid
  if (!('exp' in claims)) return accountOfSecret(cache, token, claims, wanted) ?? invalid
  const audiences = claims.aud.filter(audience => wanted.includes(audience))
  if (audiences.length === 0) return notFor(claims.aud, wanted)
  if (wallMs >= claims.exp * 1000) return `[${invalid}, service account token has expired]`
  const { namespace, serviceaccount, ...bound } = claims['kubernetes.io']
  const isGone = `[${invalid}, service account token has been invalidated]`
  if (cached(cache, 'serviceaccounts', namespace, serviceaccount.name)?.metadata.uid !== serviceaccount.uid) return isGone
  for (const [kind, { name, uid }] of Object.entries(bound)) {
    // with the node of its pod a token does not end
    if (kind === 'node' && bound.pod) continue
    if (cached(cache, `${kind}s`, kind === 'node' ? '' : namespace, name)?.metadata.uid !== uid) return isGone
  }
  return { user: userOf(claims), audiences }
}
const quoted = (list: readonly string[]): string => `[${list.map(text => JSON.stringify(text)).join(' ')}]`
const notFor = (audiences: readonly string[], wanted: readonly string[]): string =>
  `[invalid bearer token, token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(wanted)}]`
/** Whose token a Secret holds. Approximate: when it was used last is not noted on it. Source: pkg/serviceaccount/legacy.go (Validate) */
function accountOfSecret(cache: WatchCache, token: string, claims: LegacyClaims, audiences: readonly string[]): ReturnType<typeof accountOfToken> | undefined {
  const at = 'kubernetes.io/serviceaccount/', namespace = claims[`${at}namespace`], uid = claims[`${at}service-account.uid`]
  const secret: any = cached(cache, 'secrets', namespace, claims[`${at}secret.name`])
  const account = cached(cache, 'serviceaccounts', namespace, claims[`${at}service-account.name`])
  if (!secret || secret.metadata.deletionTimestamp || secret.data?.token !== btoa(token) || account?.metadata.uid !== uid) return undefined
  if (!audiences.includes(ISSUER)) return notFor([ISSUER], audiences)
  return { user: { name: claims.sub, uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] }, audiences: [ISSUER] }
}
/** Who comes with it. */
export function accountHolder(cache: WatchCache, token: string, wallMs: number): User | undefined {
  const found = accountOfToken(cache, token, wallMs)
  return typeof found === 'string' ? undefined : found.user
}
function userOf({ jti, sub, 'kubernetes.io': { namespace, serviceaccount, node, pod } }: AccountClaims): User {
  const key = (name: string): string => `authentication.kubernetes.io/${name}`
  return {
    name: sub, uid: serviceaccount.uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    extra: {
      [key('credential-id')]: [`JTI=${jti}`], ...node ? { [key('node-name')]: [node.name], [key('node-uid')]: [node.uid] } : {},
      ...pod ? { [key('pod-name')]: [pod.name], [key('pod-uid')]: [pod.uid] } : {},
    },
  }
}
