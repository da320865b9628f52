import type { Delta } from '../network/informer.ts'
import { addWatched, hasSynced, informerStep, startInformers } from '../network/informer.ts'
import type { ApiResponse } from '../api/request.ts'
import { isResponse } from '../api/messages.ts'
import type { Actor, Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import { eventStep } from '../network/events.ts'
import { electionStep, startElection } from '../network/leader-election.ts'
import type { ElectionOptions, ElectionResult } from '../network/leader-election.ts'
import { definitionsResource } from '../kinds/index.ts'
import { processIdentity } from './controller.ts'
import type { Controller } from './controller.ts'
import { followDefinitions, isCustom, watchedByWoken, watchedNow } from './custom-resources.ts'
import { limited } from './rate-limit.ts'
import { setUp, sleeps } from './setup.ts'
import type { Setup } from './setup.ts'
import { startUp } from './start-up.ts'
import { newState, queueOf } from './state.ts'
import type { ManagerState } from './state.ts'
import { updateTable } from './tables.ts'
import { enqueue, isRequeue, pump, resume, viewOf, viewsOf } from './worker.ts'
import type { Work } from './worker.ts'

/** Informers and leader election use the kubeconfig's own identity. Source: cmd/kube-controller-manager/app/controllermanager.go (rootClientBuilder) */
const election: ElectionOptions = { component: 'kube-controller-manager', lease: 'kube-controller-manager', identity: processIdentity, releases: false }

export interface ManagerOptions {
  readonly host: string
  readonly version: string
  readonly certificateUntilMs?: number
  readonly controllers: readonly Controller[]
}

/**
 * One replica of kube-controller-manager: all controllers in one process, over shared informers, that starts them when it leads. A standby has no
 * watches. A lost lease ends the process. Source: cmd/kube-controller-manager/app/controllermanager.go
 */
export function managerActor({ host, version, certificateUntilMs, controllers }: ManagerOptions): Actor<ManagerState> {
  const setup = setUp(controllers), minorVersion = Number(version.split('.')[1])
  return {
    id: `kube-controller-manager/${host}`, component: 'kube-controller-manager', host, supervised: true,
    init: () => newState(setup, minorVersion, certificateUntilMs),
    step: (state, input, context) => managerStep(setup, state, input, context),
  }
}

function managerStep(setup: Setup, state: ManagerState, input: Input, context: StepContext): Step<ManagerState> {
  const starting = state.election.holder === '' ? startUp(state, input, processIdentity, context) : undefined
  if (starting) {
    if (!starting.ready) return starting
    return elected(setup, starting.state, startElection({ ...election, certificateUntilMs: state.certificateUntilMs }, context), context)
  }
  if (state.leading && input.on === 'message' && isResponse(input.message)) {
    const flight = state.flights.get(String(input.message.replyTo))
    if (flight) return answered(setup, state, input.message.replyTo, input.message.response, context)
  }
  if (state.leading && input.on === 'failed' && state.flights.has(String(input.id))) {
    return answered(setup, state, input.id, { code: 0, failure: input.why }, context)
  }
  const recorded = eventStep(state.recorder, input, context)
  if (recorded.handled) return { state, effects: recorded.effects.map(e => limited(e, state.tokens, setup.limits, context.now)) }
  const election_ = electionStep(state.election, election, input, context)
  if (election_.handled) return elected(setup, state, election_, context)
  return state.leading ? leaderStep(setup, state, input, context) : { state, effects: [] }
}

function elected(setup: Setup, state: ManagerState, result: ElectionResult, context: StepContext): Step<ManagerState> {
  const next = { ...state, election: result.election }
  if (result.became !== 'leader') return { state: next, effects: result.effects }
  const follow = [...new Set(setup.controllers.flatMap(c => c.heartbeats ? [c.heartbeats.prefix] : []))].map((prefix): Effect => ({ do: 'follow', prefix }))
  const work: Work = {
    state: { ...next, leading: true, startedAt: context.now }, setup, context,
    effects: [...result.effects, ...follow, ...startInformers(state.informers, setup.watched, processIdentity, context)], views: new Map(),
  }
  return { state: whenSynced(work), effects: work.effects }
}

function leaderStep(setup: Setup, state: ManagerState, input: Input, context: StepContext): Step<ManagerState> {
  const work: Work = { state, setup, context, effects: [], views: viewsOf(state, context) }
  const informed = informerStep(state.informers, watchedNow(setup, state), processIdentity, input, context)
  if (informed.handled) {
    work.effects.push(...informed.effects)
    const followed = informed.deltas.some(d => d.key === definitionsResource) ? followDefinitions(work, processIdentity) : work
    const now = state.awake.length === setup.sleepers.length ? followed : woken(followed, informed.deltas, informed.stirred)
    changed(now, informed.deltas)
    return {
      state: now.state.ready.length < setup.controllers.length - setup.sleepers.length + now.state.awake.length ? whenSynced(now) : now.state,
      effects: work.effects,
    }
  }
  if (input.on === 'timer' && isRequeue(input.key)) {
    const controller = setup.byName.get(input.data.controller)!, queue = queueOf(state, controller.name)
    queue.due.delete(input.data.key)
    queue.add(input.data.key)
    pump(work, controller)
  }
  if (input.on === 'heartbeat') for (const controller of setup.controllers) {
    if (!controller.heartbeats || !input.key.startsWith(controller.heartbeats.prefix)) continue
    enqueue(work, controller, controller.heartbeats.toKeys(input, viewOf(work, controller)))
    pump(work, controller)
  }
  return { state, effects: work.effects }
}

/** Something may have come that a sleeping controller is for. */
function woken(work: Work, deltas: readonly Delta[], stirred: readonly string[] | undefined): Work {
  return wake(work, work.setup.sleepers.filter(c =>
    !work.state.awake.includes(c.name) && (c.wokenBy && deltas.some(c.wokenBy) || c.stirredBy !== undefined && stirred?.includes(c.stirredBy))))
}
function wake(work: Work, sleepers: readonly Controller[]): Work {
  const { state, setup, context, effects } = work, fresh = sleepers.filter(c => !state.awake.includes(c.name)).map(c => c.name)
  if (fresh.length === 0) return work
  const awake = [...state.awake, ...fresh], before = watchedByWoken(setup, state.awake)
  for (const w of watchedByWoken(setup, awake)) if (!before.includes(w)) effects.push(addWatched(state.informers, w, processIdentity, context))
  return { ...work, state: { ...state, awake }, views: new Map() }
}

function answered(setup: Setup, state: ManagerState, id: number, response: ApiResponse, context: StepContext): Step<ManagerState> {
  const work: Work = { state, setup, context, effects: [], views: viewsOf(state, context) }, flight = state.flights.get(String(id))!
  state.flights.delete(String(id))
  resume(work, flight, response)
  return { state, effects: work.effects }
}

/** The handlers of all controllers see each change, in the order of the list; then their workers take what was queued. */
function changed(work: Work, deltas: readonly Delta[]): void {
  const { state, setup } = work, touched: Controller[] = []
  for (const delta of deltas) {
    for (const index of setup.indexesOf.get(delta.key) ?? []) updateTable(state.tables, index, delta)
    if (state.custom.length > 0 && isCustom(state, delta.key)) changedCustom(work, delta, touched)
    for (const { controller, watch } of setup.handlersOf.get(delta.key) ?? []) {
      if (sleeps(controller) && !state.ready.includes(controller.name)) continue // it sees what is there when it begins
      const keys = watch.toKeys(delta, viewOf(work, controller))
      if (keys.length === 0) continue
      enqueue(work, controller, keys)
      if (!touched.includes(controller)) touched.push(controller)
    }
  }
  for (const controller of touched) pump(work, controller)
}

function changedCustom(work: Work, delta: Delta, touched: Controller[]): void {
  for (const controller of work.setup.custom) if (controller.custom!.index) updateTable(work.state.tables, controller.custom!.index(delta.key), delta)
  for (const controller of work.setup.custom) {
    const keys = controller.custom!.toKeys(delta.key, delta, viewOf(work, controller))
    if (keys.length === 0) continue
    enqueue(work, controller, keys)
    if (!touched.includes(controller)) touched.push(controller)
  }
}

/** Controllers begin to work once all that they watch has been listed. */
function whenSynced(work: Work): ManagerState {
  const { state, setup } = work
  const fresh = setup.controllers.filter(c =>
    (!sleeps(c) || state.awake.includes(c.name)) && !state.ready.includes(c.name)
      && hasSynced(state.informers, c.watches.map(w => ({ key: w.resource, resource: w.resource }))))
  if (fresh.length === 0) return state
  const next: Work = { ...work, views: new Map(), state: { ...state, ready: [...state.ready, ...fresh.map(c => c.name)] } }
  for (const controller of fresh) {
    if (controller.onStart) enqueue(next, controller, controller.onStart(viewOf(next, controller)))
    pump(next, controller)
  }
  return next.state
}
