import { isResponse } from '../api/messages.ts'
import type { Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import { call } from '../network/client.ts'
import { eventStep, recordEvent } from '../network/events.ts'
import { informerStep, startInformers, store } from '../network/informer.ts'
import type { Delta } from '../network/informer.ts'
import { electionStep, startElection } from '../network/leader-election.ts'
import type { ElectionOptions } from '../network/leader-election.ts'
import { CLOUD_ID } from './cloud-api.ts'
import { monitorMs, reconcileNode } from './nodes.ts'
import { balancedNodes, reconcileService, wanted } from './services.ts'
import { identity, nodesOf, watched } from './state.ts'
import type { Last, ManagerState, Next } from './state.ts'

/**
 * The process: keys are `nodes /NAME` and `services NAMESPACE/NAME`; one step of each at a time, the next when it is answered.
 * A standby does nothing; the leader starts with what it then lists. Source: k8s.io/cloud-provider app/controllermanager.go
 */
const election: ElectionOptions = { component: 'cloud-controller-manager', lease: 'cloud-controller-manager', identity, releases: false }
const firstRetryMs = 5000, maxRetryMs = 300_000, conflictMs = 100

export function step(state: ManagerState, input: Input, context: StepContext): Step<ManagerState> {
  if (input.on === 'start') {
    const started = startElection(election, context)
    return { state: { ...state, election: started.election }, effects: started.effects }
  }
  const elected = electionStep(state.election, election, input, context)
  if (elected.handled) {
    const informers = elected.became === 'leader' ? startInformers(state.informers, watched, identity, context) : []
    return { state: { ...state, election: elected.election }, effects: [...elected.effects, ...informers] }
  }
  if (state.election.role !== 'leader') return { state, effects: [] }
  return { state, effects: lead(state, input, context) }
}

function lead(state: ManagerState, input: Input, context: StepContext): readonly Effect[] {
  const informed = informerStep(state.informers, watched, identity, input, context)
  if (informed.handled) return [...informed.effects, ...informed.deltas.flatMap(delta => changed(state, delta, context))]
  const events = eventStep(state.recorder, input, context)
  if (events.handled) return events.effects
  if (input.on === 'timer') return look(state, input.key, undefined, context)
  if (input.on === 'operate') return [{ do: 'timer', key: `nodes /${input.args.node}`, afterMs: untilRound(context) }]
  if (input.on === 'failed') return answered(state, input.id, undefined, context)
  if (input.on !== 'message') return []
  const { message } = input
  if (isResponse(message)) {
    return answered(
      state, message.replyTo, message.response.code < 300 || message.response.code === 404 ? { body: message.response.body } : undefined, context,
      message.response.code === 409
    )
  }
  return message.replyTo === undefined ? [] : answered(state, message.replyTo, { body: message.body }, context)
}
/** The loop over nodes that are not ready runs every five seconds. */
const untilRound = (context: StepContext): number => monitorMs - context.now % monitorMs

function changed(state: ManagerState, { key, name, type, old, new: now }: Delta, context: StepContext): Effect[] {
  if (key === 'services') { if (type === 'DELETED') state.applied.delete(name); return look(state, `services ${name}`, undefined, context) }
  const others = type === 'MODIFIED' && balancedNodes([old!]).length === balancedNodes([now!]).length
    ? []
    : store(state.informers, 'services').sorted()
      .filter(([service]) => state.applied.has(service))
      .flatMap(([service]) => look(state, `services ${service}`, undefined, context))
  const isNew = now?.spec?.taints?.some((t: any) => t.key === 'node.cloudprovider.kubernetes.io/uninitialized')
  if (type === 'DELETED') return others
  const ready = (o: any): string | undefined => o?.status?.conditions?.find((c: any) => c.type === 'Ready')?.status
  if (isNew) return [...others, ...look(state, `nodes ${name}`, undefined, context)]
  return ready(old) === ready(now) ? others : [...others, { do: 'timer', key: `nodes ${name}`, afterMs: untilRound(context) }]
}

function answered(state: ManagerState, id: number, answer: { readonly body: any } | undefined, context: StepContext, conflict = false): Effect[] {
  const flight = state.flights.get(String(id))
  if (!flight) return []
  state.flights.delete(String(id))
  const { key, did } = flight
  if (!answer) {
    const failures = state.failures.get(key) ?? 0
    state.failures.set(key, failures + 1); state.busy.delete(key)
    if (conflict) return [{ do: 'timer', key, afterMs: conflictMs }]
    return [{ do: 'timer', key, afterMs: Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(failures, 6)) }]
  }
  state.failures.delete(key)
  const wasTouched = state.busy.get(key) === true
  state.busy.delete(key)
  const effects = look(state, key, { did, body: answer.body }, context)
  return wasTouched && !state.busy.has(key) ? [...effects, ...look(state, key, undefined, context)] : effects
}

function look(state: ManagerState, key: string, last: Last | undefined, context: StepContext): Effect[] {
  if (state.busy.has(key)) { state.busy.set(key, true); return [] }
  const [resource, name] = key.split(' '), object = store(state.informers, resource).get(name)
  if (resource === 'nodes') return go(state, key, reconcileNode(object, last, context), context)
  const nodes = nodesOf(state)
  if (object && (last?.did === 'ensured' || last?.did === 'updated')) state.applied.set(name, wanted(object, nodes))
  if (last?.did === 'released') state.applied.delete(name)
  return go(state, key, reconcileService(object, state.applied.get(name), nodes, last), context)
}

function go(state: ManagerState, key: string, next: Next, context: StepContext): Effect[] {
  const effects: Effect[] = (next.events ?? []).flatMap(event => recordEvent(state.recorder, context, identity, event))
  if (next.api) {
    const { id, effect } = call(context, next.api)
    state.flights.set(String(id), { key, did: next.did! }); state.busy.set(key, false)
    return [...effects, effect]
  }
  if (next.cloud) {
    const id = context.nextId()
    state.flights.set(String(id), { key, did: next.did! }); state.busy.set(key, false)
    return [...effects, { do: 'send', to: CLOUD_ID, message: { type: 'cloud', id, request: next.cloud } }]
  }
  return effects
}
