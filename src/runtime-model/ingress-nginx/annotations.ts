import { parseUrl, type Guard, type Limits, type Sticky } from '../api/http-proxy.ts'
import type { KubeObject } from '../api/request.ts'
import type { Flags } from './flags.ts'
import { NO_SETTINGS, type Settings } from './settings.ts'

/**
 * What annotations of an Ingress say, as far as they are modelled. `ssl-passthrough` says nothing to a controller that was not told to listen. Source:
 * kubernetes/ingress-nginx docs/user-guide/nginx-configuration/annotations.md, internal/ingress/annotations/{canary,rewrite,parser}
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
  /** other names of its hosts */
  readonly aliases: readonly string[]
  /** nginx knows the Service's own address instead of its endpoints */
  readonly byService: boolean
  readonly hashBy?: string
  readonly tries?: number
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
  'session-cookie-max-age', 'limit-rate', 'limit-rate-after', 'proxy-busy-buffers-size', 'proxy-max-temp-file-size', 'proxy-next-upstream-timeout',
  'proxy-cookie-domain', 'proxy-cookie-path', 'preserve-trailing-slash', 'ssl-ciphers', 'ssl-prefer-server-ciphers', 'enable-rewrite-log',
  'mirror-target', 'mirror-request-body', 'mirror-host', 'auth-keepalive', 'auth-keepalive-requests', 'auth-keepalive-timeout', 'http2-push-preload',
]
const known = [
  ...harmless, 'canary', 'canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern', 'canary-weight', 'canary-weight-total', 'rewrite-target',
  'use-regex', 'ssl-redirect', 'force-ssl-redirect', 'permanent-redirect', 'permanent-redirect-code', 'temporal-redirect', 'temporal-redirect-code', 'app-root',
  'from-to-www-redirect', 'whitelist-source-range', 'allowlist-source-range', 'denylist-source-range', 'auth-type', 'auth-secret', 'auth-secret-type',
  'proxy-read-timeout', 'backend-protocol', 'affinity', 'affinity-mode', 'session-cookie-change-on-failure', 'canary-by-cookie', 'proxy-body-size', 'auth-url',
  'auth-signin', 'default-backend', 'limit-rps', 'limit-rpm', 'limit-connections', 'limit-burst-multiplier', 'limit-whitelist', 'limit-allowlist',
  'server-alias', 'service-upstream', 'upstream-hash-by', 'load-balance', 'proxy-next-upstream', 'proxy-next-upstream-tries', 'affinity-canary-behavior',
  'ssl-passthrough', 'satisfy',
]

const noFlags: Flags = { withoutClass: false, passthrough: false }
export function annotationsOf({ metadata }: KubeObject, settings: Settings = NO_SETTINGS, flags: Flags = noFlags): Annotated {
  const all = metadata.annotations ?? {}, said = (name: string): string | undefined => all[prefix + name] ?? settings.defaults[name]
  const yes = (name: string): boolean => said(name) === 'true'
  const odd = Object.keys(all).find(a => a.startsWith(prefix) && !known.includes(a.slice(prefix.length))) ?? oddValue(said)
    ?? (flags.passthrough && yes('ssl-passthrough') ? `${prefix}ssl-passthrough` : undefined)
  const unknown = odd === undefined ? settings.unknown ?? flags.unknown : `not modelled: annotation ${odd} of ingress ${metadata.name}`
  const redirect = said('temporal-redirect') ?? said('permanent-redirect'), waitsS = Number(said('proxy-read-timeout') ?? NaN), guard = guardOf(said)
  const tries = triesOf(said), hashBy = said('upstream-hash-by')
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
    fromToWww: yes('from-to-www-redirect'), aliases: listOf(said('server-alias')) ?? [], byService: yes('service-upstream'),
    ...hashBy ? { hashBy } : undefined, ...tries === undefined ? undefined : { tries }, ...guard ? { guard } : undefined, ...sticky ? { sticky } : undefined,
    ...waitsS > 0 ? { waitsMs: waitsS * 1000 } : undefined, ...said('default-backend') ? { defaultBackend: said('default-backend') } : undefined,
    ...unknown === undefined ? undefined : { unknown },
  }
}

type Said = (name: string) => string | undefined
/**
 * What the model follows only for some values: pods that are spoken to in plain HTTP, endpoints in turn, cookies that hold for canaries too. `off`: nobody else
 * is asked; without `error` and `timeout` only some failures would count.
 */
const followed: readonly (readonly [annotation: string, fits: (value: string) => boolean])[] = [
  ['backend-protocol', value => ['HTTP', 'AUTO_HTTP'].includes(value.toUpperCase())], ['auth-type', value => value === 'basic'],
  ['auth-url', value => value.includes('$') || typeof parseUrl(value.split('?')[0]) !== 'string'], ['affinity', value => value === 'cookie'],
  ['affinity-canary-behavior', value => value === 'sticky'], ['load-balance', value => value === 'round_robin'], ['satisfy', value => value === 'all'],
  ['proxy-next-upstream', value => value === 'off' || [...words(value)].sort().join(' ') === 'error timeout'],
]
const words = (text: string): readonly string[] => text.trim().split(/\s+/)
function oddValue(said: Said): string | undefined {
  const found = followed.find(([name, fits]) => said(name) !== undefined && !fits(said(name)!))
  return found && `${prefix}${found[0]}: ${said(found[0])}`
}
/** Source: internal/ingress/annotations/proxy (0 tries: as many as there are endpoints) */
function triesOf(said: Said): number | undefined {
  if (said('proxy-next-upstream') === 'off') return 1
  const tries = Number(said('proxy-next-upstream-tries') ?? NaN)
  return Number.isInteger(tries) && tries >= 0 ? tries || Infinity : undefined
}
const listOf = (text: string | undefined): readonly string[] | undefined => text === undefined ? undefined : text.split(',').map(r => r.trim()).filter(Boolean)
/** Source: internal/ingress/annotations/{ipallowlist,ipdenylist,auth} (the newer name of a list counts first) */
function guardOf(said: Said): Guard | undefined {
  const allow = listOf(said('allowlist-source-range') ?? said('whitelist-source-range')), deny = listOf(said('denylist-source-range'))
  const password = said('auth-type') === 'basic' && said('auth-secret') !== undefined
  const url = said('auth-url'), asks = url ? { url, signIn: said('auth-signin') !== undefined } : undefined
  const limits = limitsOf(said), bodyMost = bytesOf(said('proxy-body-size'))
  if (!allow?.length && !deny?.length && !password && !asks && !limits && bodyMost === undefined) return undefined
  return {
    ...allow?.length ? { allow } : undefined, ...deny?.length ? { deny } : undefined, ...password ? { password } : undefined, ...asks ? { asks } : undefined,
    ...limits ? { limits } : undefined, ...bodyMost === undefined ? undefined : { bodyMost },
  }
}
/** Source: internal/ingress/annotations/ratelimit (a burst of five times the limit) */
function limitsOf(said: Said): Limits | undefined {
  const number = (name: string): number | undefined => { const n = Number(said(name) ?? 0); return Number.isInteger(n) && n > 0 ? n : undefined }
  const perSecond = number('limit-rps'), perMinute = number('limit-rpm'), connections = number('limit-connections')
  if (!perSecond && !perMinute && !connections) return undefined
  return {
    ...perSecond ? { perSecond } : undefined, ...perMinute ? { perMinute } : undefined, ...connections ? { connections } : undefined,
    multiplier: number('limit-burst-multiplier') ?? 5, exempt: listOf(said('limit-allowlist') ?? said('limit-whitelist')) ?? [],
  }
}
/** `8m`: as nginx writes sizes. Source: https://nginx.org/en/docs/syntax.html */
function bytesOf(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(text?.trim() ?? '')
  return match ? Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf(match[2].toLowerCase()) : undefined
}
