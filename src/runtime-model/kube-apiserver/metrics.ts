import type { PersistentMap } from '../../base/persistent-map.ts'
import { connectSubresources } from '../api/proxied.ts'
import type { ApiRequest, Verb } from '../api/request.ts'
import { minorOf } from './older-versions.ts'
import type { Turn } from './state.ts'
import { storedResources } from './target.ts'
import { isCached, visitCached } from './watch-cache.ts'

/**
 * /metrics of an API server: what follows from what it has done and has stored, since it was started; everything else that a real one tells is not among it.
 * Requests that renew Leases are not counted one by one, and stand in no row. Sources: k8s.io/apiserver pkg/endpoints/metrics/metrics.go,
 * pkg/storage/etcd3/metrics/metrics.go; k8s.io/component-base metrics/version.go
 */
const verbs: Readonly<Record<Verb, string>> = {
  get: 'GET', list: 'LIST', watch: 'WATCH', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETECOLLECTION',
}
/** Counts a request that is over; a watch is over when it ends, which nobody counts. */
export function count(answered: PersistentMap<number>, request: ApiRequest, code: number): void {
  const { resource, subresource = '', verb } = request
  // what becomes of a request that is handed on is not heard of
  if (resource === 'leases' || code === 101) return
  const scope = request.name !== undefined || verb === 'create' ? 'resource' : request.namespace ? 'namespace' : 'cluster'
  const word = connectSubresources.has(subresource) ? 'CONNECT' : request.patchType === 'application/apply-patch+yaml' ? 'APPLY' : verbs[verb]
  const key = request.path !== undefined ? `${code}|||||${request.path}|GET|`
    : `${code}|${request.dryRun ? 'All' : ''}|${request.group}|${resource}|${scope}|${subresource}|${word}|${request.version}`
  answered.set(key, (answered.get(key) ?? 0) + 1)
}

export function metrics({ state, options, context }: Turn): string {
  const requests = state.answered.sorted().map(([key, many]) => {
    const [code, dryRun, group, resource, scope, subresource, verb, version] = key.split('|'), isPath = verb === 'GET' && resource === ''
    const path = isPath && !/^\/(live|ready|health)z/.test(subresource) ? subresource.slice(1) : subresource
    return row('apiserver_request_total', { code, component: 'apiserver', dry_run: dryRun, group, resource, scope, subresource: path, verb, version }, many)
  })
  const stored = storedResources.filter(resource => isCached(state.cache, resource)).map(resource => {
    let many = 0
    visitCached(state.cache, resource, () => { many++ })
    return { resource, many }
  }).sort((a, b) => a.resource < b.resource ? -1 : 1)
  const [major, minor] = options.version.split('.'), startMs = context.wallMs - context.now + state.startedAt
  return [
    ...family('apiserver_request_total', 'counter', '[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.', requests),
    ...minorOf(options) < 34 ? [] : family('apiserver_resource_objects', 'gauge', `[ALPHA] ${storedHelp}`, stored.map(({ resource, many }) => {
      const [plural, ...group] = resource.split('.')
      return row('apiserver_resource_objects', { group: group.join('.'), resource: plural }, many)
    })),
    ...family('apiserver_storage_objects', 'gauge', `[STABLE] ${minorOf(options) < 34 ? '' : deprecated}${storedHelp}`, stored.map(({ resource, many }) =>
      row('apiserver_storage_objects', { resource }, many))),
    ...family('kubernetes_build_info', 'gauge', "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [row('kubernetes_build_info', { compiler: 'gc', git_tree_state: 'clean', git_version: `v${options.version}`, major, minor, platform: 'linux/amd64' }, 1)]),
    ...family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [`process_start_time_seconds ${startMs / 1000}`]),
  ].map(line => `${line}\n`).join('')
}
const storedHelp = 'Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.'
const deprecated = '(Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] '
const family = (name: string, type: string, help: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows]
const row = (name: string, labels: Readonly<Record<string, string>>, value: number): string =>
  `${name}{${Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`).join(',')}} ${value}`
