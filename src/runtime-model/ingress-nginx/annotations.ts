import { parseUrl, type Guard, type Limits, type Sticky } from '../api/http-proxy.ts'
import type { KubeObject } from '../api/request.ts'
import type { Settings } from './settings.ts'

/**
 * What annotations of an Ingress say, as far as they are modelled. Source: kubernetes/ingress-nginx docs/user-guide/nginx-configuration/annotations.md,
 * internal/ingress/annotations/{canary,rewrite,parser}
 */
export interface Annotated {
  /** it stands beside another Ingress of the same host and path */
  readonly canary?: { readonly header?: string; readonly cookie?: string; readonly value?: string; readonly weight: number; readonly total: number }
  readonly rewrite?: string
  readonly regex: boolean
  readonly toHttps?: 'with certificate' | 'always'
  readonly redirect?: string
  /** `/` leads here */
  readonly appRoot?: string
  /** with `www.`, or without it where the host has it, clients are sent to the host */
  readonly fromToWww: boolean
  readonly guard?: Guard
  readonly sticky?: Sticky
  readonly waitsMs?: number
  /** the Service that answers where a location's own has no ready endpoints */
  readonly defaultBackend?: string
  /** why nothing is known of what it does */
  readonly unknown?: string
}

const prefix = 'nginx.ingress.kubernetes.io/'
/** They change neither who is asked nor whether an answer comes back. Approximate: no browser forgets its cookies. */
const harmless = [
  'proxy-buffer-size', 'proxy-buffering', 'proxy-buffers-number', 'client-body-buffer-size', 'enable-access-log', 'proxy-connect-timeout',
  'proxy-send-timeout', 'proxy-request-buffering', 'upstream-vhost', 'x-forwarded-prefix', 'auth-realm', 'enable-opentelemetry', 'proxy-http-version',
  'enable-cors', 'cors-allow-origin', 'cors-allow-methods', 'cors-allow-headers',
  'cors-expose-headers', 'cors-allow-credentials', 'cors-max-age', 'connection-proxy-header', 'custom-headers', 'auth-method', 'auth-response-headers',
  'auth-proxy-set-headers', 'auth-request-redirect', 'auth-signin-redirect-param', 'auth-always-set-cookie', 'session-cookie-name', 'session-cookie-path',
  'session-cookie-domain', 'session-cookie-samesite', 'session-cookie-conditional-samesite-none', 'session-cookie-secure', 'session-cookie-expires',
  'session-cookie-max-age', 'limit-rate', 'limit-rate-after',
]
const known = [
  ...harmless, 'canary', 'canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern', 'canary-weight', 'canary-weight-total', 'rewrite-target',
  'use-regex', 'ssl-redirect', 'force-ssl-redirect', 'permanent-redirect', 'permanent-redirect-code', 'temporal-redirect', 'temporal-redirect-code', 'app-root',
  'from-to-www-redirect', 'whitelist-source-range', 'allowlist-source-range', 'denylist-source-range', 'auth-type', 'auth-secret', 'auth-secret-type',
  'proxy-read-timeout', 'backend-protocol', 'affinity', 'affinity-mode', 'session-cookie-change-on-failure', 'canary-by-cookie', 'proxy-body-size', 'auth-url',
  'auth-signin', 'default-backend', 'limit-rps', 'limit-rpm', 'limit-connections', 'limit-burst-multiplier', 'limit-whitelist',
]

export function annotationsOf({ metadata }: KubeObject, settings: Settings): Annotated {
  const all = metadata.annotations ?? {}, said = (name: string): string | undefined => all[prefix + name] ?? settings.defaults[name]
  const yes = (name: string): boolean => said(name) === 'true'
  const odd = Object.keys(all).find(a => a.startsWith(prefix) && !known.includes(a.slice(prefix.length))) ?? oddValue(said)
  const unknown = odd === undefined ? settings.unknown : `not modelled: annotation ${odd} of ingress ${metadata.name}`
  const redirect = said('temporal-redirect') ?? said('permanent-redirect'), waitsS = Number(said('proxy-read-timeout') ?? NaN), guard = guardOf(said)
  const sticky: Sticky | undefined = said('affinity') === 'cookie'
    ? { mode: said('affinity-mode') === 'persistent' ? 'persistent' : 'balanced', changesOnFailure: yes('session-cookie-change-on-failure') }
    : undefined
  const pattern = said('canary-by-header-pattern')
  const value = said('canary-by-header-value') ?? (pattern === undefined ? undefined : `/${pattern}/`)
  return {
    ...yes('canary')
      ? {
        canary: {
          ...said('canary-by-header') ? { header: said('canary-by-header')!.toLowerCase() } : undefined,
          ...said('canary-by-cookie') ? { cookie: said('canary-by-cookie') } : undefined, ...value === undefined ? undefined : { value },
          weight: Number(said('canary-weight') ?? 0), total: Number(said('canary-weight-total') ?? 100),
        },
      }
      : undefined,
    ...said('rewrite-target') ? { rewrite: said('rewrite-target') } : undefined, regex: yes('use-regex') || said('rewrite-target') !== undefined,
    ...yes('force-ssl-redirect') ? { toHttps: 'always' } : said('ssl-redirect') === 'false' ? undefined : { toHttps: 'with certificate' },
    ...redirect ? { redirect } : undefined, ...said('app-root')?.startsWith('/') ? { appRoot: said('app-root') } : undefined,
    fromToWww: yes('from-to-www-redirect'), ...guard ? { guard } : undefined, ...sticky ? { sticky } : undefined,
    ...waitsS > 0 ? { waitsMs: waitsS * 1000 } : undefined, ...said('default-backend') ? { defaultBackend: said('default-backend') } : undefined,
    ...unknown === undefined ? undefined : { unknown },
  }
}

type Said = (name: string) => string | undefined
/** What the model follows only for some values: pods that are spoken to in plain HTTP, names that are no variables of nginx. */
function oddValue(said: Said): string | undefined {
  const protocol = said('backend-protocol'), auth = said('auth-type')
  if (protocol !== undefined && protocol.toUpperCase() !== 'HTTP' && protocol.toUpperCase() !== 'AUTO_HTTP') return `${prefix}backend-protocol: ${protocol}`
  if (auth !== undefined && auth !== 'basic') return `${prefix}auth-type: ${auth}`
  if (said('auth-url') !== undefined && !asksOf(said)) return `${prefix}auth-url: ${said('auth-url')}`
  return said('affinity') === undefined || said('affinity') === 'cookie' ? undefined : `${prefix}affinity: ${said('affinity')}`
}
const ranges = (text: string | undefined): readonly string[] | undefined => text === undefined ? undefined : text.split(',').map(r => r.trim()).filter(Boolean)
/** Source: internal/ingress/annotations/{ipallowlist,ipdenylist,auth} (the newer name of a list counts first) */
function guardOf(said: Said): Guard | undefined {
  const allow = ranges(said('allowlist-source-range') ?? said('whitelist-source-range')), deny = ranges(said('denylist-source-range'))
  const password = said('auth-type') === 'basic' && said('auth-secret') !== undefined
  const asks = asksOf(said), limits = limitsOf(said), bodyMost = bytesOf(said('proxy-body-size'))
  if (!allow?.length && !deny?.length && !password && !asks && !limits && bodyMost === undefined) return undefined
  return {
    ...allow?.length ? { allow } : undefined, ...deny?.length ? { deny } : undefined, ...password ? { password } : undefined, ...asks ? { asks } : undefined,
    ...limits ? { limits } : undefined, ...bodyMost === undefined ? undefined : { bodyMost },
  }
}
/** Variables of nginx say nothing of who is asked where they stand in the query. Source: internal/ingress/annotations/authreq */
function asksOf(said: Said): Guard['asks'] {
  const text = said('auth-url')?.split('?')[0], url = text === undefined || text.includes('$') ? undefined : parseUrl(text)
  return url === undefined || typeof url === 'string'
    ? undefined
    : { host: url.host, port: url.port!, path: url.path, signIn: said('auth-signin') !== undefined }
}
/** Source: internal/ingress/annotations/ratelimit (a burst of five times the limit) */
function limitsOf(said: Said): Limits | undefined {
  const number = (name: string): number | undefined => { const n = Number(said(name) ?? 0); return Number.isInteger(n) && n > 0 ? n : undefined }
  const perSecond = number('limit-rps'), perMinute = number('limit-rpm'), connections = number('limit-connections')
  if (!perSecond && !perMinute && !connections) return undefined
  return {
    ...perSecond ? { perSecond } : undefined, ...perMinute ? { perMinute } : undefined, ...connections ? { connections } : undefined,
    multiplier: number('limit-burst-multiplier') ?? 5, exempt: ranges(said('limit-whitelist')) ?? [],
  }
}
/** `8m`: as nginx writes sizes. Source: https://nginx.org/en/docs/syntax.html */
function bytesOf(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(text?.trim() ?? '')
  return match ? Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf(match[2].toLowerCase()) : undefined
}
