import { PersistentMap } from '../../base/persistent-map.ts'
import type { KubeObject } from '../api/request.ts'
import type { Actor, Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, store, type Delta, type Informers, type Watched } from '../network/informer.ts'
import { traitsOf, type ModeTraits, type ProxyMode } from './mode.ts'
import { rulesFor, type ServiceRules } from './rules.ts'

/**
 * kube-proxy of one node: watches Services and EndpointSlices and writes the node's rules, at most once a second (with ipvs: at once): when it has
 * written nothing for a second right away, else when the second is over, with all that has changed by then. The rules are the node's, not the
 * process': they stay while kube-proxy or the API is down, and go with the machine's power.
 * Source: pkg/proxy/iptables/proxier.go (minSyncPeriod 1 s), pkg/proxy/runner/bounded_frequency_runner.go (no bursts since 1.34).
 */
export interface KubeProxyState {
  readonly informers: Informers
  /** `namespace/name` of a Service → names of its slices */
  readonly slices: PersistentMap<readonly string[]>
  /** Services whose rules are not up to date */
  readonly dirty: PersistentMap<true>
  /** `namespace/name` → the rules in force */
  readonly rules: PersistentMap<ServiceRules>
  readonly mode: ModeTraits
  readonly zone?: string
  readonly lastSyncAt: number
  /**
   * false: its node is about to go, so that /healthz (of port 10256) answers 503 and load balancers take it out while it still serves. Source:
   * pkg/proxy/healthcheck/proxy_health.go (SyncNode), KEP-3836
   */
  readonly nodeEligible: boolean
  readonly pending: boolean
}

const serviceLabel = 'kubernetes.io/service-name'

export function kubeProxy(options: { readonly node: string; readonly mode?: ProxyMode; readonly scheduler?: string }): Actor<KubeProxyState> {
  const { node } = options, mode = traitsOf(options.mode, options.scheduler)
  const identity: Identity = {
    credentials: { user: 'system:serviceaccount:kube-system:kube-proxy', groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] },
    userAgent: 'kube-proxy',
  }
  const watched: readonly Watched[] = [
    { key: 'services', resource: 'services' }, { key: 'endpointslices', resource: 'endpointslices.discovery.k8s.io' },
    { key: 'nodes', resource: 'nodes', fieldSelector: `metadata.name=${node}` },
  ]
  const fresh = (rules: PersistentMap<ServiceRules>): KubeProxyState =>
    ({
      informers: emptyInformers(watched), slices: new PersistentMap(), dirty: new PersistentMap(), rules, mode, lastSyncAt: -mode.minSyncMs, nodeEligible: true,
      pending: false,
    })
  return {
    id: `kube-proxy/${node}`, component: 'kube-proxy', host: node, supervised: true,
    init: () => fresh(new PersistentMap()),
    restart: (state, after) => fresh(after === 'exit' ? state.rules : new PersistentMap()),
    step(state, input, context): Step<KubeProxyState> {
      if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
      if (input.on === 'timer' && input.key === 'sync') return sync({ ...state, pending: false }, node, context)
      return watchStep(state, watched, identity, node, input, context)
    },
  }
}

function watchStep(
  state: KubeProxyState, watched: readonly Watched[], identity: Identity, node: string, input: Input, context: StepContext
): Step<KubeProxyState> {
  const synced = hasSynced(state.informers, watched), result = informerStep(state.informers, watched, identity, input, context)
  let next = state
  for (const delta of result.deltas) next = note(next, delta)
  const { dirty } = next
  if (!hasSynced(next.informers, watched)) return { state: next, effects: result.effects }
  // the first sync also takes away what was written by a kube-proxy that ran before
  if (!synced) for (const [key] of next.rules.sorted()) dirty.set(key, true)
  const told: readonly Effect[] = next.nodeEligible === state.nodeEligible
    ? result.effects
    : [...result.effects, { do: 'record', observation: { type: 'nodeEligible', node, eligible: next.nodeEligible } }]
  if (dirty.size === 0 || next.pending) return { state: next, effects: told }
  const step = schedule(next, node, context)
  return { state: step.state, effects: [...told, ...step.effects] }
}

const toBeDeleted = 'ToBeDeletedByClusterAutoscaler'
const stays = ({ metadata, spec }: KubeObject): boolean => metadata.deletionTimestamp === undefined && !spec?.taints?.some((t: any) => t.key === toBeDeleted)

/** Which Services a change touches. Endpoints that change nothing kube-proxy reads (their trigger time) do not count. */
function note(state: KubeProxyState, delta: Delta): KubeProxyState {
  if (delta.key === 'nodes') {
    const zone = delta.new?.metadata.labels?.['topology.kubernetes.io/zone'], nodeEligible = delta.new ? stays(delta.new) : state.nodeEligible
    if (zone !== state.zone) for (const [key] of state.rules) state.dirty.set(key, true)
    return zone === state.zone && nodeEligible === state.nodeEligible ? state : { ...state, zone, nodeEligible }
  }
  if (delta.key === 'services') { state.dirty.set(delta.name, true); return state }
  const slice = (delta.new ?? delta.old)!, name = slice.metadata.labels?.[serviceLabel]
  if (name === undefined) return state
  const key = `${slice.metadata.namespace}/${name}`, before = state.slices.get(key) ?? []
  if (delta.type === 'DELETED') state.slices.set(key, before.filter(n => n !== delta.name))
  else if (!before.includes(delta.name)) state.slices.set(key, [...before, delta.name])
  if (delta.type !== 'MODIFIED' || delta.old!.endpoints !== delta.new!.endpoints || delta.old!.ports !== delta.new!.ports) state.dirty.set(key, true)
  return state
}

function schedule(state: KubeProxyState, node: string, context: StepContext): Step<KubeProxyState> {
  const waitMs = state.lastSyncAt + state.mode.minSyncMs - context.now
  return waitMs <= 0 ? sync(state, node, context) : { state: { ...state, pending: true }, effects: [{ do: 'timer', key: 'sync', afterMs: waitMs }] }
}

function sync(state: KubeProxyState, node: string, context: StepContext): Step<KubeProxyState> {
  const effects: Effect[] = [], services = store(state.informers, 'services'), slices = store(state.informers, 'endpointslices')
  for (const [key] of state.dirty.sorted()) {
    const service = services.get(key), own = (state.slices.get(key) ?? []).map(n => slices.get(n)).filter((s): s is KubeObject => s !== undefined)
    const rules = service && rulesFor(service, own, node, state.zone), before = state.rules.get(key)
    if (rules === undefined) { if (!before) continue; state.rules.delete(key) } else state.rules.set(key, rules)
    const [namespace, name] = key.split('/')
    effects.push({
      do: 'record', observation: { type: 'proxy', node, service: name, namespace, endpoints: Math.max(0, ...(rules?.ports ?? []).map(p => p.internal.length)) },
    })
  }
  state.dirty.clear()
  return { state: { ...state, lastSyncAt: context.now }, effects }
}
