/**
 * What the controller's ConfigMap says for every Ingress that does not say it itself, as far as it is modelled. A key that could change an answer and is
 * not modelled makes every answer unknown, with its name. Source: kubernetes/ingress-nginx docs/user-guide/nginx-configuration/configmap.md,
 * internal/ingress/controller/template/configmap.go
 */
export interface Settings {
  readonly defaults: { readonly [annotation: string]: string }
  /** why nothing is known of what the controller does */
  readonly unknown?: string
}

export const NO_SETTINGS: Settings = { defaults: {} }

/** The annotation of the same name wins. */
const followed = [
  'ssl-redirect', 'force-ssl-redirect', 'proxy-body-size', 'proxy-read-timeout', 'whitelist-source-range', 'denylist-source-range', 'proxy-send-timeout',
  'proxy-connect-timeout', 'limit-rate', 'limit-rate-after',
]
/** They change neither who is asked nor whether an answer comes back. */
const harmless = [
  'proxy-buffer-size', 'proxy-buffers-number', 'proxy-buffering', 'proxy-busy-buffers-size', 'proxy-request-buffering', 'proxy-headers-hash-bucket-size',
  'proxy-headers-hash-max-size', 'client-body-buffer-size', 'client-header-buffer-size', 'allow-cross-namespace-resources', 'server-tokens', 'use-gzip',
  'gzip-level', 'gzip-min-length', 'gzip-types', 'enable-brotli', 'brotli-level', 'hsts', 'hsts-include-subdomains', 'hsts-max-age', 'hsts-preload',
  'error-log-level', 'error-log-path', 'access-log-path', 'http-access-log-path', 'stream-access-log-path', 'disable-access-log',
  'enable-access-log-for-default-backend', 'log-format-upstream', 'log-format-escape-json', 'log-format-escape-none', 'log-format-stream',
  'skip-access-log-urls', 'generate-request-id', 'worker-processes', 'worker-cpu-affinity', 'worker-shutdown-timeout', 'max-worker-open-files',
  'enable-opentelemetry', 'opentelemetry-operation-name', 'otlp-collector-host', 'otlp-collector-port', 'keep-alive', 'keep-alive-requests',
  'upstream-keepalive-connections', 'upstream-keepalive-timeout', 'upstream-keepalive-requests', 'upstream-keepalive-time', 'variables-hash-bucket-size',
  'variables-hash-max-size', 'map-hash-bucket-size', 'server-name-hash-bucket-size', 'server-name-hash-max-size', 'reuse-port', 'use-http2',
]
const values: Readonly<Record<string, readonly string[]>> = {
  'ssl-redirect': ['true', 'false'], 'force-ssl-redirect': ['true', 'false'],
  // the admission webhook refuses all lines of nginx's own language, and nothing for its risk
  'allow-snippet-annotations': ['false'], 'annotations-risk-level': ['High'],
}

export function settingsOf(configMap: string, data: { readonly [key: string]: string } | undefined): Settings {
  const all = Object.entries(data ?? {}), odd = all.find(([key, value]) => !harmless.includes(key) && !isFollowed(key, value))
  return {
    defaults: Object.fromEntries(all.filter(([key]) => followed.includes(key))),
    ...odd ? { unknown: `not modelled: ${odd[0]}: ${JSON.stringify(odd[1])} in configmap ${configMap}` } : undefined,
  }
}
const isFollowed = (key: string, value: string): boolean => values[key]?.includes(value) ?? followed.includes(key)
