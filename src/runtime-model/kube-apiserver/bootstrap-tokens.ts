import { isBootstrapToken, tokenExpiry, tokenField } from '../api/bootstrap-token.ts'
import type { User } from './state.ts'
import { cached } from './watch-cache.ts'
import type { WatchCache } from './watch-cache.ts'

/**
 * Who holds a bootstrap token: a Secret of kube-system says whether it is one, until when, and in which groups. undefined: nobody, for whatever reason.
 * Source: plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go; kubeadm sets --enable-bootstrap-token-auth
 */
export function holderOf(cache: WatchCache, token: string, wallMs: number): User | undefined {
  const [, id, key] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? []
  const secret = id === undefined ? undefined : cached(cache, 'secrets', 'kube-system', `bootstrap-token-${id}`)
  if (!secret || secret.metadata.deletionTimestamp || !isBootstrapToken(secret)) return undefined
  if (tokenField(secret, 'token-secret') !== key || tokenField(secret, 'token-id') !== id) return undefined
  if (tokenField(secret, 'usage-bootstrap-authentication') !== 'true' || wallMs >= (tokenExpiry(secret) ?? Infinity)) return undefined
  const extra = tokenField(secret, 'auth-extra-groups').split(',').filter(Boolean)
  return extra.every(group => groupName.test(group)) ? {
    name: `system:bootstrap:${id}`, groups: [...new Set(['system:bootstrappers', ...extra])].sort(),
  } : undefined
}
const groupName = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/
