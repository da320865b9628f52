import { PersistentMap } from '../base/persistent-map.ts'
import { parseIP } from './api/cidr.ts'
import { NAMESPACE, type Question } from './api/behaviour.ts'
import { WAITING_ID, type Wait } from './api/waiting.ts'
import type { Actor, Effect, StepContext } from './kernel/actor.ts'
import type { Kernel } from './kernel/kernel.ts'
import type { ObservationBody } from './kernel/observation.ts'
import type { WaitsFor } from './kubelet/truth.ts'
import { resolveName, routeOnce, sightOf, type Sight } from './reach.ts'

/**
 * Containers that wait until the network answers (`until nslookup db; do sleep 2; done`). They ask every few seconds for ever, so nothing is asked for them: their
 * question is looked at where something on its way changes, and where it is answered then, its container goes on at the next of its own beats.
 * Physics, as traffic is. Approximate: an answer takes no time, and neither does the lack of one.
 */
export interface WaitingState {
  /** id of the container → what it waits for */
  readonly waits: PersistentMap<Wait>
  /** questions that were told as not modelled */
  readonly odd: Readonly<Record<string, true>>
}
const changes: readonly ObservationBody['type'][] = ['proxy', 'policies', 'container', 'podStatus', 'nodePower', 'fault', 'object']
/** until CoreDNS has been told, and until a fault that has been told has acted; how often it is looked at without a cause */
const laterMs = 20, unpromptedMs = 60_000
const LATER = 'later', UNPROMPTED = 'unprompted'

export const waitingActor = (): Actor<WaitingState> => ({
  id: WAITING_ID, component: 'waiting', host: 'nodes', supervised: false,
  init: () => ({ waits: new PersistentMap(), odd: {} }),
  step(before, input, context) {
    const { waits } = before, look = new Look(before, context)
    if (input.on === 'operate') begin(look, input.args)
    else if (input.on === 'timer' && (input.key === UNPROMPTED || input.key === LATER)) look.all()
    else if (input.on === 'timer') look.beat(input.key)
    else if (input.on === 'observation' && waits.size > 0) look.effects.push({ do: 'timer', key: LATER, afterMs: laterMs })
    if (input.on === 'operate' || input.on === 'timer' && input.key === UNPROMPTED) {
      if (waits.size > 0) look.effects.push({ do: 'timer', key: UNPROMPTED, afterMs: unpromptedMs, background: true })
    }
    return { state: look.state, effects: look.effects }
  },
})

function begin(look: Look, wait: Wait): void {
  const { waits } = look.state
  look.effects.push({ do: 'listen', types: changes })
  waits.set(wait.id, wait)
  look.one(wait)
}

class Look {
  readonly effects: Effect[] = []
  readonly context: StepContext
  state: WaitingState
  constructor(state: WaitingState, context: StepContext) { this.state = state; this.context = context }

  all(): void { for (const [, wait] of this.state.waits.sorted()) this.one(wait) }
  /** If it is answered now it goes on at its next beat. Who is asked and does not answer well may do so by then, without a word to anybody. */
  one(wait: Wait): void {
    if (!this.#isThere(wait)) return
    const { now } = this.context, why = this.#complaint(wait), beats = (now - wait.firstAt) / wait.everyMs
    const next = why === undefined ? Math.max(0, Math.ceil(beats)) : isAsked(why) ? Math.floor(beats) + 1 : undefined
    if (next !== undefined) this.effects.push({ do: 'timer', key: wait.id, afterMs: wait.firstAt + next * wait.everyMs - now })
  }
  beat(id: string): void {
    const wait = this.state.waits.get(id)
    if (!wait || !this.#isThere(wait)) return
    if (this.#complaint(wait) !== undefined) return this.one(wait)
    this.state.waits.delete(id)
    this.effects.push({ do: 'operate', to: `container-runtime/${wait.node}`, operation: 'wait-over', args: { uid: wait.uid, id } })
  }
  /** One that runs no longer waits no more. */
  #isThere({ node, uid, id }: Wait): boolean {
    const { state, status } = this.context.peek(`container-runtime/${node}`)!, container = state.pods.get(uid)?.containers.find((c: any) => c.id === id)
    if (container?.state !== 'running') this.state.waits.delete(id)
    return container?.state === 'running' && !container.hung && status === 'up'
  }
  #complaint({ namespace, pod, question }: Wait): string | undefined {
    const why = complaint(this.context, { namespace, pod }, question)
    if (why?.includes('not modelled: ') && !this.state.odd[why]) {
      this.state = { ...this.state, odd: { ...this.state.odd, [why]: true } }
      this.effects.push({ do: 'record', observation: { type: 'note', text: why } })
    }
    return why
  }
}
/** The network leads to somebody. */
const isAsked = (why: string): boolean => / answered \d+$| does not answer$/.test(why)

/** Why the question of a pod is not answered now; undefined: it is. */
function complaint(sight: Sight, from: { readonly namespace: string; readonly pod: string }, question: Question): string | undefined {
  const host = question.host.replaceAll(NAMESPACE, from.namespace)
  const found = parseIP(host) ? { address: host } : resolveName(sight, host, from.namespace, from.pod)
  if (found.error !== undefined || question.ask === 'name') return found.error
  const to = { host: found.address, namespace: from.namespace, port: question.port, ...question.ask === 'page' ? { path: question.path } : {} }
  const { error, status = Number(/ answered (\d+)$/.exec(error ?? '')?.[1] ?? 200) } = routeOnce(sight, from, to)
  if (error !== undefined && status === 200) return `connect to ${host}, port ${question.port}: ${error}`
  return question.ask === 'port' || question.any || status < 400 ? undefined : `${host}${question.path} answered ${status}`
}

/** What containers that run wait for, for who asks why they do. */
export const waitsForIn = (kernel: Kernel): WaitsFor => ({ namespace, name }, { state, behaviour: { waits } }) =>
  state === 'running' && waits ? complaint(sightOf(kernel), { namespace, pod: name }, waits.for) : undefined
