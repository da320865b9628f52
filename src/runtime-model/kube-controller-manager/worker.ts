import { invariant } from '../../base/invariant.ts'
import type { ApiRequest, ApiResponse } from '../api/request.ts'
import type { Effect, StepContext } from '../kernel/actor.ts'
import { call } from '../network/client.ts'
import { recordEvent } from '../network/events.ts'
import type { Controller, ControllerEffect, Keys, View } from './controller.ts'
import { limited } from './rate-limit.ts'
import type { Setup } from './setup.ts'
import { memoryOf, queueOf } from './state.ts'
import type { Flight, ManagerState } from './state.ts'
import { ControllerView } from './view.ts'

const usualWorkers = 5
const none: readonly number[] = []
/** A reconcile that asks to be called again more often than this never ends. */
const roundsLimit = 1000

/** One step of the manager, as its parts see it: where effects are collected. */
export interface Work {
  readonly state: ManagerState
  readonly setup: Setup
  readonly context: StepContext
  readonly effects: Effect[]
  readonly views: Map<Controller, View>
}

const seen = new WeakMap<ManagerState, { readonly context: StepContext; readonly views: Map<Controller, View> }>()
/** Views of a state, made once: steps change the state in place. */
export function viewsOf(state: ManagerState, context: StepContext): Map<Controller, View> {
  let found = seen.get(state)
  if (found?.context !== context) seen.set(state, found = { context, views: new Map() })
  return found.views
}
export function viewOf(work: Work, controller: Controller): View {
  const { state, setup, context, views } = work
  let view = views.get(controller)
  if (!view) views.set(controller, view = new ControllerView(state, context, setup.identities.get(controller.name)!, memoryOf(state, controller.name)))
  return view
}

export function enqueue(work: Work, controller: Controller, keys: Keys): void {
  const queue = queueOf(work.state, controller.name)
  for (const key of keys) if (typeof key === 'string') queue.add(key); else addAfter(work, controller, key.key, key.afterMs, key.background ?? false, false)
}

/**
 * Source: client-go util/workqueue/delaying_queue.go (of two times for a key the earlier holds). One that somebody waits for is not left to a background timer.
 */
function addAfter(work: Work, controller: Controller, key: string, afterMs: number, background: boolean, own: boolean): void {
  const queue = queueOf(work.state, controller.name), at = work.context.now + Math.ceil(afterMs), before = queue.due.get(key)
  if (afterMs <= 0) return queue.add(key)
  const earlier = before !== undefined && before.at <= at ? before : undefined
  if (earlier && (background || !earlier.background)) return
  queue.due.set(key, { at: earlier?.at ?? at, own: earlier?.own ?? own, background })
  work.effects.push({
    do: 'timer', key: timerKey(controller.name, key), afterMs: earlier ? earlier.at - work.context.now : Math.ceil(afterMs),
    data: { controller: controller.name, key }, background,
  })
}
const timerKey = (controller: string, key: string): string => `requeue ${controller} ${key}`
export const isRequeue = (key: string): boolean => key.startsWith('requeue ')

/** Starts what waits, as far as there are workers. */
export function pump(work: Work, controller: Controller): void {
  if (!work.state.ready.includes(controller.name)) return
  const queue = queueOf(work.state, controller.name), workers = controller.workers ?? usualWorkers
  while (queue.active < workers) {
    const key = queue.take()
    if (key === undefined) return
    supersede(work, controller, key)
    go(work, controller, { controller: controller.name, key, effects: [], at: 0, replies: [], again: null, accept: [] })
  }
}

/**
 * A reconcile says itself when it wants to be called again: what an earlier one has asked for would find nothing to do, and only keep the cluster from being
 * quiet.
 */
function supersede(work: Work, controller: Controller, key: string): void {
  const queue = queueOf(work.state, controller.name)
  if (!queue.due.get(key)?.own) return
  queue.due.delete(key)
  work.effects.push({ do: 'cancel', key: timerKey(controller.name, key) })
}

/** Goes on with a reconcile whose request was answered. */
export function resume(work: Work, flight: Flight, response: ApiResponse): void {
  const controller = work.setup.byName.get(flight.controller)!, ok = response.code >= 200 && response.code < 300
  if (flight.together) {
    const all = gathered(work, flight.together, response)
    if (!all) return
    go(work, controller, { ...flight, replies: [...flight.replies, ...all], together: undefined })
  } else if (ok || flight.accept === 'any' || flight.accept.includes(response.code)) go(work, controller, { ...flight, replies: [...flight.replies, response] })
  else fail(work, controller, flight.key, response.body?.message ?? response.failure ?? `code ${response.code}`, response.body?.reason === 'Conflict')
  pump(work, controller)
}

/** Answers to requests that were sent together, once the last is there. */
function gathered({ state }: Work, { id, at }: NonNullable<Flight['together']>, response: ApiResponse): readonly ApiResponse[] | undefined {
  const answers = state.answers.get(id)!.with(at, response)
  if (answers.includes(null)) { state.answers.set(id, answers); return undefined }
  state.answers.delete(id)
  return answers as readonly ApiResponse[]
}

/** Applies effects up to the next request, calls `reconcile` again where it asked for it. `again: null` is the first call. */
function go(work: Work, controller: Controller, flight: Flight): void {
  const { key, replies } = flight
  let { effects, at, again } = flight, first = again === null
  for (let round = 0; ; round++) {
    invariant(round < roundsLimit, `${controller.name}: reconcile of ${key} never ends`)
    for (; at < effects.length; at++) {
      const effect = effects[at]
      if (effect.do === 'retry') return fail(work, controller, key, effect.why)
      if (effect.do === 'request') {
        return send(work, effect, { controller: flight.controller, key, effects, at: at + 1, replies, again, accept: effect.accept ?? none })
      }
      if (effect.do === 'requests') {
        if (effect.requests.length === 0) continue
        return sendAll(work, effect.requests, { controller: flight.controller, key, effects, at: at + 1, replies, again, accept: none })
      }
      apply(work, controller, key, effect)
    }
    if (again === undefined) return finish(work, controller, key)
    const result = controller.reconcile(key, viewOf(work, controller), replies, first ? undefined : again)
    first = false; effects = result.effects; at = 0; again = result.again
  }
}

function send(work: Work, { request }: Extract<ControllerEffect, { do: 'request' }>, flight: Flight): void {
  const { id, effect } = call(work.context, request)
  work.state.flights.set(String(id), flight)
  work.effects.push(limited(effect, work.state.tokens, work.setup.limits, work.context.now))
}

function sendAll(work: Work, requests: readonly ApiRequest[], flight: Flight): void {
  let first: string | undefined
  requests.forEach((request, at) => {
    const { id, effect } = call(work.context, request)
    first ??= String(id)
    work.state.flights.set(String(id), { ...flight, together: { id: first, at } })
    work.effects.push(limited(effect, work.state.tokens, work.setup.limits, work.context.now))
  })
  work.state.answers.set(first!, requests.map(() => null))
}

function apply(work: Work, controller: Controller, key: string, effect: Exclude<ControllerEffect, { do: 'request' | 'requests' | 'retry' }>): void {
  const { state, context, setup } = work
  switch (effect.do) {
    case 'event': {
      const event = effect.event.component ? effect.event : { ...effect.event, component: controller.eventSource ?? `${controller.name}-controller` }
      for (const e of recordEvent(state.recorder, context, setup.identities.get(controller.name)!, event)) {
        work.effects.push(limited(e, state.tokens, setup.limits, context.now))
      }
      return
    }
    case 'requeueAfter':
      return addAfter(work, controller, effect.key ?? key, effect.ms, effect.background ?? false, effect.key === undefined || effect.key === key)
    case 'remember': {
      const map = memoryOf(state, controller.name)[effect.in]
      if (effect.value === undefined) map.delete(effect.key); else map.set(effect.key, effect.value)
    }
  }
}

function finish(work: Work, controller: Controller, key: string): void {
  const queue = queueOf(work.state, controller.name)
  queue.forget(key)
  queue.done(key)
}

/** `usual`: a conflict, which the next attempt with a fresher cache mends: no news for the timeline. */
function fail(work: Work, controller: Controller, key: string, why: string, usual = false): void {
  const queue = queueOf(work.state, controller.name), afterMs = queue.failed(key, controller.retries)
  if (!usual) work.effects.push({ do: 'record', observation: { type: 'note', text: `${controller.name} controller failed on ${key}: ${why}` } })
  queue.done(key)
  if (afterMs !== undefined) addAfter(work, controller, key, afterMs, false, false)
}
