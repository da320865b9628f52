import type { Actor, CallFailure, Input, Step, StepContext } from '../kernel/actor.ts'
import { isEtcdReply, isEtcdWatch, type EtcdOperation, type EtcdResult } from '../api/etcd.ts'
import type { RequestMessage, ResponseMessage } from '../api/messages.ts'
import { handBack, notHandedBack } from './aggregation.ts'
import { awaitStart, handshakesOver, takeArrivals } from './arrivals.ts'
import { certificatesExpired, handshake } from './certificates.ts'
import { answerStatuses, resumeComponentStatuses } from './component-statuses.ts'
import { resumeCreate } from './create.ts'
import { compact } from './compaction.ts'
import { answered, says, saysReady } from './connection.ts'
import { ask, callFailed, etcdRefused, giveUp, sendParked } from './etcd-client.ts'
import { resumeModify } from './modify.ts'
import { isAdmissionAnswer } from '../api/webhooks.ts'
import type { ReviewOutcome } from './admission/index.ts'
import { reviewed } from './admission-chain.ts'
import { refuse } from './answers.ts'
import { noSuchResource } from '../api/status.ts'
import { answerHealth, resumePath } from './non-resource.ts'
import { begin, resumeBody, resumeSeated } from './pipeline.ts'
import { collectIdentities, IDENTITIES, IDENTITY, identityHeartbeat, renewIdentity } from './identity.ts'
import { lookForOwn } from './own-objects.ts'
import { resumeGet, resumeList, staleAfterAll } from './read.ts'
import { beginLists, listenAfterMs, ownAnswer, ownFailed, receive, retryOwn, streamClosed } from './start-up.ts'
import { initialState, type Flight, type ServerOptions, type ServerState, type Turn } from './state.ts'
import { targetOf, type Target } from './target.ts'
import { bookmark, resumeWatch } from './watch-serving.ts'
import { removeWatch } from './watches.ts'

/**
 * kube-apiserver: the front door, and the only one who talks to etcd. It holds nothing that etcd does not: a cache, the watches of its clients, and the
 * requests it is just serving. When it ends, those are lost; a new one (or another replica) reads everything from etcd again.
 */
export function kubeApiserver(options: ServerOptions): Actor<ServerState> {
  return {
    id: `kube-apiserver/${options.host}`, component: 'kube-apiserver', host: options.host, supervised: true, init: () => initialState(options),
    restart: ({ encryptionKeys }) => ({ ...initialState(options), encryptionKeys }),
    step: (state, input, context) => step(options, state, input, context),
  }
}

function step(options: ServerOptions, state: ServerState, input: Input, context: StepContext): Step<ServerState> {
  const turn: Turn = { options, state, context, effects: [] }
  switch (input.on) {
    case 'start':
      says(turn, false)
      if (context.now > 0) { state.servesSince = Infinity; saysReady(turn, false) }
      if (certificatesExpired(turn)) break
      if (input.boot === 0) beginLists(turn)
      else turn.effects.push({ do: 'timer', key: 'listen', afterMs: listenAfterMs })
      break
    case 'message': onMessage(turn, input.from, input.message); break
    case 'failed': onFailed(turn, input.id, input.why); break
    case 'closed':
      if (input.stream === state.stream) streamClosed(turn)
      else removeWatch(state.watches, input.stream)
      break
    case 'timer': onTimer(turn, input.key); break
    case 'heartbeat': identityHeartbeat(turn, input); break
    case 'operate':
      if (input.operation === 'encryption-keys') state.encryptionKeys = input.args.keys
      else if (input.operation === 'bookmark') bookmark(turn, input.args.stream)
      break
    default: break
  }
  return { state, effects: turn.effects }
}

function onMessage(turn: Turn, from: string, message: any): void {
  if (isEtcdReply(message)) return onReply(turn, message.replyTo, message.result, message.stream)
  if (isAdmissionAnswer(message)) return void onReview(turn, message.replyTo, { answer: message.answer })
  if (isEtcdWatch(message)) { receive(turn, message); return freshened(turn) }
  if (message.type === 'response') { handBack(turn, message as ResponseMessage); return }
  if (message.type !== 'request') return
  if (turn.state.listens) onRequest(turn, from, message as RequestMessage)
  else awaitStart(turn, from, message as RequestMessage)
}
function onRequest(turn: Turn, from: string, message: RequestMessage): void {
  const refused = handshake(turn, from)
  if (refused) turn.effects.push({ do: 'send', to: from, message: { type: 'response', replyTo: message.id, response: refused } })
  else begin(turn, from, message)
}

function onReply(turn: Turn, id: number, result: EtcdResult, stream: number | undefined): void {
  const { state } = turn, key = String(id), call = state.calls.get(key)
  answered(turn)
  if (call) {
    state.calls.delete(key)
    if (shortChecks.has(call.flight.handler) || !etcdRefused(turn, call.flight, call.operation, result)) resume(turn, call.flight, result)
    return
  }
  const purpose = state.own.get(key)
  if (purpose === undefined) return
  state.own.delete(key)
  ownAnswer(turn, purpose, result, stream)
  if (state.listens) for (const { from, message } of takeArrivals(turn)) onRequest(turn, from, message)
}

/** Health checks take any failure for their answer. */
const shortChecks: ReadonlySet<string> = new Set(['path', 'componentstatuses'])

function onFailed(turn: Turn, id: number, why: CallFailure): void {
  if (notHandedBack(turn, id)) return
  const { state } = turn, key = String(id), call = state.calls.get(key)
  if (call) {
    state.calls.delete(key)
    if (!shortChecks.has(call.flight.handler)) return callFailed(turn, call.flight, call.operation, why)
    return call.flight.handler === 'path' ? answerHealth(turn, call.flight, false) : answerStatuses(turn, call.flight, false)
  }
  if (onReview(turn, id, { failure: why })) return
  const purpose = state.own.get(key)
  if (purpose === undefined) return
  state.own.delete(key)
  ownFailed(turn, purpose, why)
}

/** false: no webhook was asked by that call. */
function onReview(turn: Turn, id: number, outcome: ReviewOutcome): boolean {
  const found = reviewed(turn, id, outcome)
  if (found && found !== 'waits') resume(turn, found, undefined)
  return found !== undefined
}

function onTimer(turn: Turn, key: string): void {
  if (key === 'listen') return beginLists(turn)
  if (key === 'compact') return compact(turn)
  if (key === 'ready') return saysReady(turn, true)
  if (key === 'handshake') return handshakesOver(turn)
  if (key === IDENTITY) return renewIdentity(turn)
  if (key === IDENTITIES) return collectIdentities(turn)
  if (key.startsWith('own ')) return lookForOwn(turn, key)
  if (key === 'watch' || key === 'begin' || key.startsWith('list ') || key.startsWith('definition ')) return retryOwn(turn, key)
  const space = key.indexOf(' '), word = key.slice(0, space), parked = turn.state.parked.get(key.slice(space + 1))
  if (!parked) return
  turn.state.parked.delete(key.slice(space + 1))
  switch (word) {
    case 'deadline': return giveUp(turn, parked.flight)
    case 'connect': return sendParked(turn, parked.flight, parked.operation as EtcdOperation)
    case 'retry': return ask(turn, parked.flight, parked.operation as EtcdOperation)
    case 'seat': return resumeSeated(turn, parked.flight)
    case 'admission': return resume(turn, parked.flight, undefined)
    case 'fresh': return staleAfterAll(turn, parked.flight, targetOf(parked.flight.request, turn.state.cache)!)
  }
}

/** Lists and watches that waited for the cache go on. */
function freshened(turn: Turn): void {
  const { state } = turn
  if (state.parked.size === 0) return
  for (const [key, { flight, for: what }] of state.parked.sorted()) {
    if (what !== 'cache' || flight.revision! > state.cache.revision) continue
    state.parked.delete(key)
    turn.effects.push({ do: 'cancel', key: `fresh ${flight.number}` })
    resume(turn, flight, undefined)
  }
}

/** A request goes on where it was. */
function resume(turn: Turn, stored: Flight, result: EtcdResult | undefined): void {
  const flight = { ...stored }, handler = handlers[stored.handler]
  if (flight.request.path !== undefined) return resumePath(turn, flight, result)
  const target = targetOf(flight.request, turn.state.cache)
  // a custom resource may be gone when etcd answers
  if (!target) return refuse(turn, flight, noSuchResource(flight.request, flight.request.name))
  handler(turn, flight, target, result)
}
const handlers: Readonly<Record<string, (turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined) => void>> = {
  get: resumeGet, list: resumeList, watch: resumeWatch, create: resumeCreate, modify: resumeModify, body: resumeBody,
  componentstatuses: (turn, flight, _target, result) => resumeComponentStatuses(turn, flight, result),
}
