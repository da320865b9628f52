import { PersistentMap } from '../../base/persistent-map.ts'
import type { Actor, Effect, Message, StepContext } from '../kernel/actor.ts'

/**
 * The provider's own interface: machines and load balancers, as far as Kubernetes asks about them. It is no part of the cluster. Every machine
 * that registers as a node has an instance behind it until a scenario terminates that. An approximation: making a load balancer takes three seconds.
 */
export interface CloudState {
  /** node → what happened to its instance; running if nothing */
  readonly instances: PersistentMap<'terminated' | 'stopped'>
  /** uid of the Service → its load balancer */
  readonly balancers: PersistentMap<Balancer>
  readonly counters: PersistentMap<number>
  /** how load balancers find out which nodes are well: they ask so often, and believe an answer that has come so many times in a row */
  readonly checks: BalancerChecks
  /** so long do requests in flight by a node that a load balancer was told to forget go on, ms */
  readonly drainsMs: number
}
export interface BalancerChecks { readonly everyMs: number; readonly times: number }
/** Approximate: providers differ (5 to 30 s, two or three times). */
const usualChecks: BalancerChecks = { everyMs: 10_000, times: 2 }
/** Approximate: providers differ (0 to 3600 s). */
const usualDrainMs = 300_000
export interface Balancer { readonly ip: string; readonly nodes: readonly string[] }
export const CLOUD_ID = 'cloud/api'
const balancerMs = 3000

/** Requests of the cloud controllers, each a call. */
export type CloudRequest =
  | { readonly ask: 'instance'; readonly node: string }
  | { readonly ask: 'ensure-balancer' | 'update-balancer'; readonly service: string; readonly nodes: readonly string[] }
  | { readonly ask: 'delete-balancer'; readonly service: string }
export interface InstanceAnswer {
  readonly state: 'running' | 'stopped' | 'terminated'
  readonly providerID: string
  readonly type: string
  readonly region: string
}

export const cloudApi = (checks: BalancerChecks = usualChecks, drainsMs = usualDrainMs): Actor<CloudState> => ({
  id: CLOUD_ID, component: 'cloud', host: 'cloud', supervised: false,
  init: () => ({ instances: new PersistentMap(), balancers: new PersistentMap(), counters: new PersistentMap(), checks, drainsMs }),
  step(state, input, context) {
    if (input.on === 'timer') { state.instances.set(input.data.node, 'terminated'); return { state, effects: changed(input.data.node, context) } }
    if (input.on === 'operate') {
      const { operation, args } = input
      if (operation === 'reclaim-instance') {
        return { state, effects: [{ do: 'timer', key: `reclaim ${args.node}`, afterMs: args.noticeMs, data: { node: args.node } }] }
      }
      if (operation === 'start-instance') state.instances.delete(args.node)
      else state.instances.set(args.node, operation === 'terminate-instance' ? 'terminated' : 'stopped')
      return { state, effects: changed(args.node, context) }
    }
    if (input.on !== 'message' || input.message.type !== 'cloud') return { state, effects: [] }
    return { state, effects: answer(state, input.from, input.message) }
  },
})

/** The controllers ask every few seconds; they are told instead that asking is worth while. */
const changed = (node: string, context: StepContext): Effect[] =>
  context.instances('cloud-controller-manager').map(to => ({ do: 'operate', to, operation: 'instance-changed', args: { node } }))

function answer(state: CloudState, to: string, message: Message): readonly Effect[] {
  const request: CloudRequest = message.request
  const reply = (body: unknown, extraMs = 0): readonly Effect[] => [{ do: 'send', to, message: { type: 'cloud answer', replyTo: message.id, body }, extraMs }]
  switch (request.ask) {
    case 'instance':
      return reply(
        {
          state: state.instances.get(request.node) ?? 'running', providerID: `cloud:///${request.node}`, type: 'standard', region: 'region-1',
        } satisfies InstanceAnswer
      )
    case 'delete-balancer': state.balancers.delete(request.service); return reply({}, balancerMs)
    default: {
      const before = state.balancers.get(request.service), n = state.counters.get('balancers') ?? 0
      if (!before) state.counters.set('balancers', n + 1)
      const balancer: Balancer = { ip: before?.ip ?? address(n), nodes: request.nodes }
      state.balancers.set(request.service, balancer)
      const told: Effect = { do: 'record', observation: { type: 'balancer', ip: balancer.ip, nodes: balancer.nodes.join(' ') } }
      return [...before ? [told] : [], ...reply(balancer, before ? 0 : balancerMs)]
    }
  }
}
/** Out of the range kept for documentation (RFC 5737), then the benchmarking range. */
const address = (n: number): string => n < 250 ? `203.0.113.${n + 1}` : `198.18.${(n - 250) >> 8}.${(n - 250) & 255}`
