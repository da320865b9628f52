import { PersistentMap } from '../../base/persistent-map.ts'
import { isResponse } from '../api/messages.ts'
import type { Actor, Effect, Input, StepContext } from '../kernel/actor.ts'
import { call } from '../network/client.ts'
import { eventRecorder, eventStep, recordEvent } from '../network/events.ts'
import type { EventRecorder, NewEvent } from '../network/events.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, store } from '../network/informer.ts'
import type { Informers } from '../network/informer.ts'
import { nextForContent } from './content.ts'
import type { Work } from './content.ts'
import { contents, identity, SNAPSHOT_CONTROLLER_ID, snapshots, watched } from './names.ts'
import { nextForSnapshot } from './snapshot.ts'
import { viewOf } from './view.ts'
import type { Next } from './view.ts'

/**
 * The snapshot controller with the csi-snapshotter of every driver, in one process. Approximate: no pods of theirs are shown, and neither elects a leader.
 * Each change makes it look at every snapshot and content; there are few. One request of each is on its way at a time.
 */
interface State {
  readonly informers: Informers
  readonly recorder: EventRecorder
  /** request → the object that it is for, and what is said once it is done */
  readonly flights: PersistentMap<{ readonly key: string; readonly events: readonly NewEvent[] }>
  readonly busy: PersistentMap<boolean>
  readonly work: PersistentMap<Work>
}
const fresh = (): State => ({
  informers: emptyInformers(watched), recorder: eventRecorder('snapshot-controller'), flights: new PersistentMap(), busy: new PersistentMap(),
  work: new PersistentMap(),
})
const conflictMs = 100

export const snapshotController = (): Actor<State> => ({
  id: SNAPSHOT_CONTROLLER_ID, component: 'snapshot-controller', host: 'snapshot-controller', supervised: true,
  init: fresh,
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    return { state, effects: handle(state, input, context) }
  },
})

function handle(state: State, input: Input, context: StepContext): readonly Effect[] {
  const informed = informerStep(state.informers, watched, identity, input, context)
  if (informed.handled) return informed.deltas.length ? [...informed.effects, ...lookAtAll(state, context)] : informed.effects
  const events = eventStep(state.recorder, input, context)
  if (events.handled) return events.effects
  if (input.on === 'timer') return lookAt(state, input.key, context)
  if (input.on === 'failed') return answered(state, input.id, false, context)
  return input.on === 'message' && isResponse(input.message) ? answered(state, input.message.replyTo, input.message.response.code < 300, context) : []
}

function lookAtAll(state: State, context: StepContext): readonly Effect[] {
  if (!hasSynced(state.informers, watched)) return []
  return [snapshots, contents].flatMap(resource => store(state.informers, resource).sorted().flatMap(([name]) => lookAt(state, `${resource} ${name}`, context)))
}

function lookAt(state: State, key: string, context: StepContext): readonly Effect[] {
  const [resource, name] = key.split(' '), object = store(state.informers, resource).get(name)
  if (!object) { state.work.delete(key); return [] }
  if (state.busy.has(key)) return []
  const view = viewOf(state.informers, context.now, context.wallMs)
  return act(
    state, key,
    resource === snapshots
      ? nextForSnapshot(object, view)
      : nextForContent(object, state.work.get(key) ?? { failures: 0 }, work => state.work.set(key, work), view),
    context
  )
}
function act(state: State, key: string, { request, events = [], afterMs }: Next, context: StepContext): readonly Effect[] {
  const later: readonly Effect[] = afterMs === undefined ? [] : [{ do: 'timer', key, afterMs }]
  if (!request) return later
  const { id, effect } = call(context, request)
  state.flights.set(String(id), { key, events })
  state.busy.set(key, true)
  return [effect, ...later]
}

/** Done: what it changed comes by the watches, and with it the next look. Refused (somebody else was faster): another look soon. */
function answered(state: State, id: number, done: boolean, context: StepContext): readonly Effect[] {
  const flight = state.flights.get(String(id))
  if (!flight) return []
  state.flights.delete(String(id)); state.busy.delete(flight.key)
  if (!done) return [{ do: 'timer', key: flight.key, afterMs: conflictMs }]
  // the change itself may have come before its answer
  return [...flight.events.flatMap(event => recordEvent(state.recorder, context, identity, event)), { do: 'timer', key: flight.key, afterMs: 1 }]
}
