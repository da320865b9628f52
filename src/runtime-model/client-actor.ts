import { PersistentMap } from '../base/persistent-map.ts'
import type { Actor } from './kernel/actor.ts'
import type { ApiResponse } from './api/request.ts'
import { isResponse } from './api/messages.ts'

/** The machine in front of the cluster from which people and the library send requests. Answers wait here until they are fetched. */
export interface ClientState { readonly answers: PersistentMap<ApiResponse> }
export const CLIENT_ID = 'kubectl/client'

export const clientActor = (): Actor<ClientState> => ({
  id: CLIENT_ID, component: 'kubectl', host: 'client', supervised: false,
  init: () => ({ answers: new PersistentMap() }),
  step(state, input) {
    if (input.on === 'message' && isResponse(input.message)) state.answers.set(String(input.message.replyTo), input.message.response)
    if (input.on === 'failed') state.answers.set(String(input.id), { code: 0, failure: input.why })
    return { state, effects: [] }
  },
})
