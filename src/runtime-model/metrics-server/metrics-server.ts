import { PersistentMap } from '../../base/persistent-map.ts'
import { readBehaviour, type Behaviour } from '../api/behaviour.ts'
import { fullName } from '../api/image-names.ts'
import { formatMilli, formatUnits } from '../api/quantity.ts'
import type { RequestMessage } from '../api/messages.ts'
import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import { parseLabelSelector } from '../api/selectors.ts'
import { badRequest, unavailable } from '../api/status.ts'
import { formatTime, parseTime } from '../api/time.ts'
import type { Actor, Effect, StepContext } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, store, type Delta, type Informers, type Watched } from '../network/informer.ts'
import { behaviourOf, knownAt, scrapeMs, turnsOf, usageOf, type PodUsage, type TimedRule } from './usage.ts'

/**
 * metrics-server: the resource metrics API, behind kube-apiserver as an aggregated one. A real one scrapes the kubelets every 15 s and answers from the last
 * two scrapes; here they are worked out when somebody asks, from what scenarios say of the use of pods. Approximate: a node is scraped as long as its Node
 * is Ready, and what nothing was said of is idle. Source: kubernetes-sigs/metrics-server pkg/{api,scraper,storage}
 */
export interface MetricsState {
  readonly informers: Informers
  readonly rules: PersistentMap<TimedRule>
  /** image → what its containers do */
  readonly declared: PersistentMap<Behaviour>
}

export const METRICS_SERVER_ID = 'metrics-server/cluster'
const account = 'metrics-server', user = `system:serviceaccount:kube-system:${account}`
const identity: Identity = { credentials: { user, groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] }, userAgent: 'metrics-server' }
const watched: readonly Watched[] = [{ key: 'pods', resource: 'pods' }, { key: 'nodes', resource: 'nodes' }]
/** until an autoscaler that looks every 15 s has seen it */
const noticedMs = 16_000

/** Objects of a cluster that has one. Source: metrics-server components.yaml */
export const metricsServerRoles: readonly (readonly [string, string, any, any])[] = [
  ['v1', 'ServiceAccount', { name: account, namespace: 'kube-system' }, {}],
  [
    'rbac.authorization.k8s.io/v1', 'ClusterRole',
    {
      name: 'system:aggregated-metrics-reader',
      labels: {
        'rbac.authorization.k8s.io/aggregate-to-admin': 'true', 'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
        'rbac.authorization.k8s.io/aggregate-to-view': 'true',
      },
    },
    { rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }] },
  ],
  [
    'rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'system:metrics-server' },
    {
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }, { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
  ],
  [
    'rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { name: 'system:metrics-server' },
    {
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:metrics-server' },
    },
  ],
  [
    'apiregistration.k8s.io/v1', 'APIService', { name: 'v1beta1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
    {
      spec: {
        group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true,
        service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
      },
      status: { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: null, reason: 'Passed', message: 'all checks passed' }] },
    },
  ],
]

export const metricsServer = (): Actor<MetricsState> => ({
  id: METRICS_SERVER_ID, component: 'metrics-server', host: 'metrics', supervised: true,
  init: () => ({ informers: emptyInformers(watched), rules: new PersistentMap(), declared: new PersistentMap() }),
  // what pods use does not end with who measures it
  restart: state => ({ ...state, informers: emptyInformers(watched) }),
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    const informed = informerStep(state.informers, watched, identity, input, context)
    if (informed.handled) return { state, effects: [...informed.effects, ...awaited(state, informed.deltas, context)] }
    if (input.on === 'operate' && input.operation === 'usage') {
      state.rules.set(String(state.rules.size).padStart(6, '0'), { ...input.args, fromMs: context.wallMs })
      return { state, effects: [{ do: 'timer', key: 'noticed', afterMs: scrapeMs - context.wallMs % scrapeMs + noticedMs }] }
    }
    if (input.on === 'operate' && input.operation === 'declare-image') {
      const { behaviour } = readBehaviour(input.args.behaviour)
      if (behaviour) state.declared.set(fullName(input.args.image), behaviour)
      return { state, effects: [] }
    }
    if (input.on !== 'message' || input.message.type !== 'request') return { state, effects: [] }
    const { id, request } = input.message as RequestMessage
    return { state, effects: [{ do: 'send', to: input.from, message: { type: 'response', replyTo: id, response: answer(state, request, context) } }] }
  },
})

/** Containers that have just started will be measured, and measured anew when they use something else: the cluster is not at rest before. */
function awaited(state: MetricsState, deltas: readonly Delta[], context: StepContext): Effect[] {
  return deltas.flatMap(({ key, new: pod }): Effect[] => {
    if (key !== 'pods' || !pod) return NOTHING
    const starts = (pod.status?.containerStatuses ?? []).flatMap((c: any) => c.state?.running ? [parseTime(c.state.running.startedAt)] : [])
    const until = Math.max(0, ...starts.map(knownAt), ...turns(state, pod))
    return until > context.wallMs ? [{ do: 'timer', key: `noticed ${pod.metadata.uid}`, afterMs: until + noticedMs - context.wallMs }] : NOTHING
  })
}
const NOTHING: Effect[] = []
/** When what a pod uses changes, as seen by a scrape: calendar ms. */
const turns = ({ declared }: MetricsState, pod: KubeObject): readonly number[] =>
  (pod.status?.containerStatuses ?? []).flatMap((c: any) => {
    const behaviour = c.state?.running && behaviourOf(pod, c.name, declared)
    return behaviour?.uses ? turnsOf(behaviour).map(ms => knownAt(parseTime(c.state.running.startedAt) + ms)) : []
  })

function answer(state: MetricsState, request: ApiRequest, context: StepContext): ApiResponse {
  if (!hasSynced(state.informers, watched)) {
    const status = unavailable('the server is currently unable to handle the request')
    return { code: 503, body: status }
  }
  const parsed = request.labelSelector ? parseLabelSelector(request.labelSelector) : undefined
  if (parsed?.error !== undefined) { const status = badRequest(parsed.error); return { code: status.code, body: status } }
  const rules = state.rules.sorted().map(([, r]) => r), of = request.resource, found: any[] = []
  for (const [, object] of store(state.informers, of).sorted()) {
    const { name, namespace, labels } = object.metadata
    if ((request.name !== undefined && name !== request.name) || (request.namespace !== undefined && of === 'pods' && namespace !== request.namespace)
      || (parsed && !parsed.matches(labels))) {
      continue
    }
    const metrics = of === 'pods' ? podMetrics(state, object, rules, context.wallMs) : nodeMetrics(state, object, rules, context.wallMs)
    if (metrics) found.push(metrics)
  }
  const kind = of === 'pods' ? 'PodMetrics' : 'NodeMetrics'
  if (request.name === undefined) return { code: 200, body: { kind: `${kind}List`, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items: found } }
  if (found.length > 0) return { code: 200, body: { kind, apiVersion: 'metrics.k8s.io/v1beta1', ...found[0] } }
  const path = of === 'pods' ? `${request.namespace}/${request.name}` : request.name
  return {
    code: 404,
    body: {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `${kind.toLowerCase()}.metrics.k8s.io "${path}" not found`,
      reason: 'NotFound', details: { name: path, group: 'metrics.k8s.io', kind: kind.toLowerCase() }, code: 404,
    },
  }
}

const scraped = (state: MetricsState, node: string | undefined): boolean =>
  store(state.informers, 'nodes').get(`/${node}`)?.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') === true
const head = ({ metadata: { name, namespace, labels } }: KubeObject, { atMs, windowMs }: PodUsage, wallMs: number): any =>
  ({
    metadata: { name, ...namespace ? { namespace } : undefined, creationTimestamp: formatTime(wallMs), ...labels ? { labels } : undefined },
    timestamp: formatTime(atMs), window: `${windowMs / 1000}s`,
  })

function podMetrics(state: MetricsState, pod: KubeObject, rules: readonly TimedRule[], wallMs: number): any {
  const usage = scraped(state, pod.spec?.nodeName) ? usageOf(pod, rules, wallMs, state.declared) : undefined
  return usage
    && {
      ...head(pod, usage, wallMs),
      containers: usage.containers.map(c => ({ name: c.name, usage: { cpu: formatMilli(c.cpuMilli), memory: formatUnits(c.memoryBytes, 'BinarySI') } })),
    }
}

/** Approximate: a node uses what its pods use. */
function nodeMetrics(state: MetricsState, node: KubeObject, rules: readonly TimedRule[], wallMs: number): any {
  if (!scraped(state, node.metadata.name)) return undefined
  let cpuMilli = 0, memoryBytes = 0
  for (const [, pod] of store(state.informers, 'pods').sorted()) {
    if (pod.spec?.nodeName !== node.metadata.name) continue
    for (const c of usageOf(pod, rules, wallMs, state.declared)?.containers ?? []) { cpuMilli += c.cpuMilli; memoryBytes += c.memoryBytes }
  }
  return {
    ...head(node, { atMs: Math.floor(wallMs / scrapeMs) * scrapeMs, windowMs: scrapeMs, containers: [] }, wallMs),
    usage: { cpu: formatMilli(cpuMilli), memory: formatUnits(memoryBytes, 'BinarySI') },
  }
}
