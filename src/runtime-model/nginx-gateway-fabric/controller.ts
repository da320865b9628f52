import { PersistentMap } from '../../base/persistent-map.ts'
import type { GatewayConfig } from '../api/gateway-proxy.ts'
import { isResponse } from '../api/messages.ts'
import type { Actor, Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import { call } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, type Informers } from '../network/informer.ts'
import { evaluate } from './evaluate.ts'
import { identity, NGINX_GATEWAY_ID, watched } from './names.ts'
import { viewOf } from './view.ts'

/**
 * The control plane of NGINX Gateway Fabric: turns Gateways and HTTPRoutes of its GatewayClasses into statuses, a data plane for each Gateway, and what that is
 * told. The data planes are pods; they go on by what they were told while this loop stands still. Approximate: no pod of the control plane itself is
 * shown, it looks at everything at most once a second, and a pod of a data plane that starts has what the others have.
 * Source: nginx/nginx-gateway-fabric internal/controller/{state,provisioner,status}
 */
interface State {
  readonly informers: Informers
  /** Gateway → what its data plane acts on */
  readonly configs: PersistentMap<GatewayConfig>
  /** request → the object that it writes */
  readonly flights: PersistentMap<string>
  readonly busy: PersistentMap<true>
  readonly lastSyncAt: number
  readonly pending: boolean
}
const minSyncMs = 1000, conflictMs = 100
const fresh = (configs: State['configs']): State =>
  ({ informers: emptyInformers(watched), configs, flights: new PersistentMap(), busy: new PersistentMap(), lastSyncAt: -Infinity, pending: false })

export const nginxGatewayFabric = (options: { readonly cloud: boolean }): Actor<State> => ({
  id: NGINX_GATEWAY_ID, component: 'nginx-gateway-fabric', host: 'nginx-gateway-fabric', supervised: true,
  init: () => fresh(new PersistentMap()),
  restart: state => fresh(state.configs),
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    if (input.on === 'timer' && input.key === 'sync') return sync({ ...state, pending: false }, options.cloud, context)
    const informed = informerStep(state.informers, watched, identity, input, context)
    if (informed.handled) {
      return informed.deltas.length > 0 && hasSynced(state.informers, watched) ? soon(state, informed.effects, context) : { state, effects: informed.effects }
    }
    return answered(state, input, context)
  },
})

function soon(state: State, before: readonly Effect[], context: StepContext, atLeastMs = 0): Step<State> {
  if (state.pending) return { state, effects: before }
  return {
    state: { ...state, pending: true },
    effects: [...before, { do: 'timer', key: 'sync', afterMs: Math.max(atLeastMs, state.lastSyncAt + minSyncMs - context.now) }],
  }
}

function sync(state: State, cloud: boolean, context: StepContext): Step<State> {
  const { writes, configs } = evaluate(viewOf(state.informers, context.wallMs), cloud), effects: Effect[] = []
  for (const [key, request] of writes) {
    if (state.busy.has(key)) continue
    const { id, effect } = call(context, request)
    state.flights.set(String(id), key); state.busy.set(key, true)
    effects.push(effect)
  }
  return { state: { ...state, lastSyncAt: context.now }, effects: [...effects, ...tell(state, configs)] }
}
/** nginx is told where it has changed. */
function tell({ configs: told }: State, configs: ReadonlyMap<string, GatewayConfig>): readonly Effect[] {
  const effects: Effect[] = [], news = (key: string, config: GatewayConfig): void => {
    effects.push({
      do: 'record',
      observation: {
        type: 'httpProxy', proxy: config.name, hosts: [...new Set(config.listeners.flatMap(l => l.rules.map(r => r.hostname ?? l.hostname ?? '*')))].join(' '),
      },
    })
    told.set(key, config)
  }
  for (const [key] of told.sorted()) if (!configs.has(key)) told.delete(key)
  for (const [key, config] of configs) if (JSON.stringify(told.get(key)) !== JSON.stringify(config)) news(key, config)
  return effects
}

/** What was written comes back by the watches; what was refused, or changed meanwhile, is looked at again. */
function answered(state: State, input: Input, context: StepContext): Step<State> {
  const id = input.on === 'failed' ? input.id : input.on === 'message' && isResponse(input.message) ? input.message.replyTo : undefined
  const key = id === undefined ? undefined : state.flights.get(String(id))
  if (key === undefined) return { state, effects: [] }
  state.flights.delete(String(id)); state.busy.delete(key)
  return soon(state, [], context, conflictMs)
}
