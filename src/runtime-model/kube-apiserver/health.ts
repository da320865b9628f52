import { tableOf } from '../../base/table.ts'
import type { ApiResponse } from '../api/request.ts'

/** /livez, /readyz and /healthz. Source: k8s.io/apiserver pkg/server/healthz/healthz.go; checks of a 1.35.4 kube-apiserver. */
const hooks = [
  'start-apiserver-admission-initializer', 'generic-apiserver-start-informers', 'priority-and-fairness-config-consumer', 'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers', 'start-apiextensions-controllers', 'crd-informer-synced', 'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller', 'start-kube-apiserver-identity-lease-garbage-collector', 'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes', 'priority-and-fairness-config-producer', 'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert', 'start-kube-aggregator-informers', 'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller', 'apiservice-discovery-controller', 'kube-apiserver-autoregistration',
].map(h => `poststarthook/${h}`)
const checks = tableOf<readonly string[]>({
  livez: [
    'ping', 'log', 'etcd', ...hooks, 'autoregister-completion', 'poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller',
  ],
  healthz: [
    'ping', 'log', 'etcd', ...hooks, 'autoregister-completion', 'poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller',
  ],
  readyz: [
    'ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...hooks, 'autoregister-completion', 'poststarthook/apiservice-openapi-controller',
    'poststarthook/apiservice-openapiv3-controller', 'shutdown',
  ],
})
export const isHealthPath = (path: string): boolean => checks[path.split('/')[1]] !== undefined

/** ms from when a server serves until these checks hold; the others hold at once. Measured on a 1.35.4 API server. */
const holdsAfterMs: Readonly<Record<string, number>> = {
  'informer-sync': 100, 'autoregister-completion': 100,
  ...Object.fromEntries([
    'start-apiextensions-controllers', 'crd-informer-synced', 'start-service-ip-repair-controllers', 'priority-and-fairness-config-producer',
    'bootstrap-controller', 'start-kubernetes-service-cidr-controller', 'apiservice-registration-controller', 'apiservice-discovery-controller',
  ].map(hook => [`poststarthook/${hook}`, 150])),
  'poststarthook/start-kube-apiserver-identity-lease-controller': 200, 'poststarthook/scheduling/bootstrap-system-priority-classes': 1000,
  'poststarthook/rbac/bootstrap-roles': 1400,
}
/** ms until a server that serves is ready */
export const readyAfterMs = Math.max(...Object.values(holdsAfterMs))

/** `servesMs`: since when it serves; `bare`: without the certificate of an aggregator, as a server that is started by hand */
export interface Health { readonly etcd: boolean; readonly servesMs: number; readonly bare: boolean }

const checksOf = (endpoint: string, bare: boolean): readonly string[] =>
  bare ? checks[endpoint].filter(c => c !== 'poststarthook/aggregator-reload-proxy-client-cert') : checks[endpoint]
export const healthPaths = (bare: boolean): readonly string[] =>
  Object.keys(checks).flatMap(endpoint => [`/${endpoint}`, ...checksOf(endpoint, bare).map(check => `/${endpoint}/${check}`)])

/** Answers a health path; `verbose` and `exclude` as in the query. */
export function healthAnswer(path: string, query: Readonly<Record<string, string>>, health: Health): ApiResponse {
  const [, endpoint, ...rest] = path.split('/'), one = rest.join('/'), all = checksOf(endpoint, health.bare)
  const fails = (check: string): boolean => (check === 'etcd' || check === 'etcd-readiness') ? !health.etcd
    : health.servesMs < (holdsAfterMs[check] ?? 0)
  if (rest.length > 0) {
    if (!all.includes(one)) return { code: 404, body: '404 page not found\n' }
    return fails(one)
      ? { code: 500, body: `internal server error: ${one.startsWith('etcd') ? 'error getting data from etcd: context deadline exceeded' : 'not finished'}\n` }
      : { code: 200, body: 'ok' }
  }
  const excluded = query['exclude'] === undefined ? [] : query['exclude'].split(','), failed = all.filter(c => fails(c) && !excluded.includes(c))
  if (failed.length === 0 && query['verbose'] === undefined) return { code: 200, body: 'ok' }
  const lines = all.map(c => excluded.includes(c) ? `[+]${c} excluded: ok` : fails(c) ? `[-]${c} failed: reason withheld` : `[+]${c} ok`)
  const unknown = excluded.filter(c => !all.includes(c))
  const note = unknown.length > 0 ? [`warn: some health checks cannot be excluded: no matches for ${unknown.map(c => JSON.stringify(c)).join(',')}`] : []
  const text = [...lines, ...note, `${endpoint} check ${failed.length > 0 ? 'failed' : 'passed'}`].join('\n') + '\n'
  return { code: failed.length > 0 ? 500 : 200, body: text }
}
