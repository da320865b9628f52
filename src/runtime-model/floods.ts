import type { Actor } from './kernel/actor.ts'
import { FLOODS, FLOODS_ID, type Flood } from './api/flood.ts'

/**
 * The machines of clients that flood the API servers. Their requests are no events: each API server works out from their rate how full its queues are
 * (`kube-apiserver/fairness/`), whenever somebody else asks it something.
 */
export interface FloodsState { readonly floods: readonly Flood[] }

export const floodsActor = (): Actor<FloodsState> => ({
  id: FLOODS_ID, component: FLOODS, host: 'clients', supervised: false,
  init: () => ({ floods: [] }),
  step(state, input) {
    if (input.on !== 'operate') return { state, effects: [] }
    const others = state.floods.filter(f => f.user !== input.args.user)
    return { state: { floods: input.operation === 'begin' ? [...others, input.args as Flood] : others }, effects: [] }
  },
})
