import type { KubeObject } from '../api/request.ts'

/**
 * What annotations of an Ingress say, as far as they are modelled. Source: kubernetes/ingress-nginx docs/user-guide/nginx-configuration/annotations.md,
 * internal/ingress/annotations/{canary,rewrite,parser}
 */
export interface Annotated {
  /** it stands beside another Ingress of the same host and path */
  readonly canary?: { readonly header?: string; readonly value?: string; readonly weight: number; readonly total: number }
  readonly rewrite?: string
  readonly regex: boolean
  readonly toHttps?: 'with certificate' | 'always'
  /** why nothing is known of what it does */
  readonly unknown?: string
}

const prefix = 'nginx.ingress.kubernetes.io/'
/** They change neither who is asked nor whether an answer comes back, as requests take no time. */
const harmless = [
  'proxy-body-size', 'proxy-buffer-size', 'proxy-buffering', 'proxy-buffers-number', 'client-body-buffer-size', 'enable-access-log', 'proxy-connect-timeout',
  'proxy-read-timeout', 'proxy-send-timeout', 'proxy-http-version', 'enable-cors', 'cors-allow-origin', 'cors-allow-methods', 'cors-allow-headers',
  'cors-expose-headers', 'cors-allow-credentials', 'cors-max-age', 'connection-proxy-header', 'custom-headers',
]
const known = [
  ...harmless, 'canary', 'canary-by-header', 'canary-by-header-value', 'canary-by-header-pattern', 'canary-weight', 'canary-weight-total', 'rewrite-target',
  'use-regex', 'ssl-redirect', 'force-ssl-redirect',
]

export function annotationsOf({ metadata }: KubeObject): Annotated {
  const all = metadata.annotations ?? {}, said = (name: string): string | undefined => all[prefix + name]
  const yes = (name: string): boolean => said(name) === 'true'
  const odd = Object.keys(all).find(a => a.startsWith(prefix) && !known.includes(a.slice(prefix.length)))
  const pattern = said('canary-by-header-pattern')
  const value = said('canary-by-header-value') ?? (pattern === undefined ? undefined : `/${pattern}/`)
  return {
    ...yes('canary')
      ? {
        canary: {
          ...said('canary-by-header') ? { header: said('canary-by-header')!.toLowerCase() } : undefined, ...value === undefined ? undefined : { value },
          weight: Number(said('canary-weight') ?? 0), total: Number(said('canary-weight-total') ?? 100),
        },
      }
      : undefined,
    ...said('rewrite-target') ? { rewrite: said('rewrite-target') } : undefined, regex: yes('use-regex') || said('rewrite-target') !== undefined,
    ...yes('force-ssl-redirect') ? { toHttps: 'always' } : said('ssl-redirect') === 'false' ? undefined : { toHttps: 'with certificate' },
    ...odd === undefined ? undefined : { unknown: `not modelled: annotation ${odd} of ingress ${metadata.name}` },
  }
}
