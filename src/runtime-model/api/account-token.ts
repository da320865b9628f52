import { hashHex, hashString } from '../../base/hash.ts'
import { textOfBase64 } from '../../base/text-of-bytes.ts'
import type { KubeObject } from './request.ts'

/**
 * Tokens of ServiceAccounts: a JSON Web Token, whose claims anybody may read. No key signs it here: what stands in the signature's place follows from the rest,
 * so that what nobody has made is no token. Sources: pkg/serviceaccount/claims.go (Claims), jwt.go; RFC 7519
 */
export interface AccountClaims {
  readonly aud: readonly string[]
  /** seconds since 1970 */
  readonly exp: number
  readonly iat: number
  readonly iss: string
  readonly jti: string
  readonly 'kubernetes.io': {
    readonly namespace: string; readonly node?: Bound; readonly pod?: Bound; readonly secret?: Bound; readonly serviceaccount: Bound
  }
  readonly nbf: number
  readonly sub: string
}
interface Bound { readonly name: string; readonly uid: string }
export const ISSUER = 'https://kubernetes.default.svc.cluster.local'
const header = { alg: 'RS256', kid: '3fGq7tPzKX0m1cRkYwVb5sNdLhEaUoJiTnWx9DgQe2A' }

export const boundAs = ({ metadata: { name, uid } }: KubeObject): Bound => ({ name, uid: uid ?? '' })
/** What the token of a Secret says, which does not end. Source: pkg/serviceaccount/legacy.go (LegacyClaims) */
export interface LegacyClaims {
  readonly iss: string
  readonly 'kubernetes.io/serviceaccount/namespace': string
  readonly 'kubernetes.io/serviceaccount/secret.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.uid': string
  readonly sub: string
}
export const LEGACY_ISSUER = 'kubernetes/serviceaccount'
/** of a Secret, and the account that it names */
export function legacyToken(namespace: string, secret: string, account: Bound): string {
  const at = 'kubernetes.io/serviceaccount/'
  return writtenToken({
    iss: LEGACY_ISSUER, [`${at}namespace`]: namespace, [`${at}secret.name`]: secret, [`${at}service-account.name`]: account.name,
    [`${at}service-account.uid`]: account.uid, sub: `system:serviceaccount:${namespace}:${account.name}`,
  } as unknown as LegacyClaims)
}
export function writtenToken(claims: AccountClaims | LegacyClaims): string {
  const said = `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(claims))}`
  return `${said}.${signature(said)}`
}
/** undefined: no API server has made it. */
export function claimsOf(token: string): AccountClaims | LegacyClaims | undefined {
  const [head, claims, signed, ...more] = token.split('.')
  if (claims === undefined || signed === undefined || more.length > 0 || signed !== signature(`${head}.${claims}`)) return undefined
  return JSON.parse(textOfBase64(claims.replaceAll('-', '+').replaceAll('_', '/')))
}
const base64Url = (bytes: string): string => btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
const encoded = (text: string): string => base64Url(String.fromCharCode(...new TextEncoder().encode(text)))
/** as long as one of a key of 2048 bits */
function signature(said: string): string {
  const hex = hashHex(`${hashString(said, 1)} ${hashString(said, 2)} ${said.length}`, 64)
  return base64Url(hex.replace(/../g, pair => String.fromCharCode(parseInt(pair, 16))))
}
