import { PersistentLog } from '../base/persistent-log.ts'
import { PersistentMap } from '../base/persistent-map.ts'
import type { Actor } from './kernel/actor.ts'
import type { ApiResponse, WatchEvent } from './api/request.ts'
import { isResponse, isWatch } from './api/messages.ts'

/** What has come through a stream; without `events`: its end. */
export interface Told { readonly stream: number; readonly events?: readonly WatchEvent[] }

/** The machine in front of the cluster from which people and the library send requests. Answers wait here until they are fetched. */
export interface ClientState {
  readonly answers: PersistentMap<ApiResponse>
  /** request of a watch → its stream, once it is open */
  readonly streams: PersistentMap<number>
  /** the latest that has come through streams, in order */
  readonly told: PersistentLog<Told>
}
export const CLIENT_ID = 'kubectl/client'
/** so much of what streams have told is kept; who wants it looks after each event */
const kept = 1024

export const clientActor = (): Actor<ClientState> => ({
  id: CLIENT_ID, component: 'kubectl', host: 'client', supervised: false,
  init: () => ({ answers: new PersistentMap(), streams: new PersistentMap(), told: new PersistentLog() }),
  step(state, input) {
    if (input.on === 'message' && isResponse(input.message)) {
      const { replyTo, response, stream } = input.message
      state.answers.set(String(replyTo), response)
      if (stream !== undefined) state.streams.set(String(replyTo), stream)
    }
    if (input.on === 'message' && isWatch(input.message)) tell(state, { stream: input.message.stream, events: input.message.events })
    if (input.on === 'closed') tell(state, { stream: input.stream })
    if (input.on === 'failed') state.answers.set(String(input.id), { code: 0, failure: input.why })
    return { state, effects: [] }
  },
})

function tell({ told }: ClientState, what: Told): void {
  told.append(what)
  told.dropBefore(told.length - kept)
}
