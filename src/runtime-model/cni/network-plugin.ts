import type { Actor, Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, type Delta, type Informers, type Watched } from '../network/informer.ts'
import type { Preset } from './presets.ts'

/**
 * What the agents of the network plugin know of NetworkPolicies and whom they select, and so let through: as their watches told them, and
 * still so while the API is away. Pods and namespaces are watched from the first policy on, as nobody is isolated before. Approximate: the
 * agents of all nodes share one view, and what they write takes no time.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface CniState {
  readonly informers: Informers
  /** pods and namespaces are watched too */
  readonly selecting: boolean
  readonly blocksOutsideOnly: boolean
  /** calendar ms of the latest change of a policy */
  readonly changedMs?: number
}

export const CNI_ID = 'network-plugin/cluster'
const identity: Identity = {
  credentials: { user: 'system:serviceaccount:kube-system:network-plugin', groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] },
  userAgent: 'network-plugin',
}
const policies: readonly Watched[] = [{ key: 'networkpolicies', resource: 'networkpolicies.networking.k8s.io' }]
const selected: readonly Watched[] = [{ key: 'pods', resource: 'pods' }, { key: 'namespaces', resource: 'namespaces' }]
const watched = [...policies, ...selected]

export const networkPlugin = (preset: Preset): Actor<CniState> => ({
  id: CNI_ID, component: 'network-plugin', host: 'network', supervised: true,
  init: () => ({ informers: emptyInformers(watched), selecting: false, blocksOutsideOnly: preset.blocksOutsideOnly }),
  step(state, input, context) {
    return input.on === 'start' ? { state, effects: startInformers(state.informers, policies, identity, context) } : watch(state, input, context)
  },
})

function watch(state: CniState, input: Input, context: StepContext): Step<CniState> {
  const { deltas, effects } = informerStep(state.informers, watched, identity, input, context)
  if (deltas.length === 0) return { state, effects }
  if (deltas.some(d => d.key === 'networkpolicies' && matters(d))) state = { ...state, changedMs: context.wallMs }
  if (!state.selecting) {
    return deltas.some(d => d.key === 'networkpolicies')
      ? { state: { ...state, selecting: true }, effects: [...effects, ...startInformers(state.informers, selected, identity, context)] }
      : { state, effects }
  }
  const told: Effect[] = hasSynced(state.informers, watched) && deltas.some(matters)
    ? [{ do: 'record', observation: { type: 'policies', policies: state.informers.stores.networkpolicies.size } }]
    : []
  return { state, effects: [...effects, ...told] }
}
/**
 * Can it change who may talk to whom? A pod that is new has no connections yet, unless it came to be while nobody was told; one that is gone
 * has none any more.
 */
const matters = ({ key, type, old, new: now }: Delta): boolean =>
  key === 'networkpolicies' ? type !== 'MODIFIED' || old!.spec !== now!.spec
    : type === 'MODIFIED' ? old!.metadata.labels !== now!.metadata.labels
    : type === 'ADDED' && (key === 'namespaces' || now!.status?.podIP !== undefined)
