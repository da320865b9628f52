import type { EtcdResult, EtcdWatchMessage } from '../api/etcd.ts'
import type { CallFailure } from '../kernel/actor.ts'
import { keepCompacting } from './compaction.ts'
import { connectionLost, nextAttempt, says } from './connection.ts'
import { askOwn } from './etcd-client.ts'
import { followSchemas, reviewSchemas } from './fairness/dangling.ts'
import { readyAfterMs } from './health.ts'
import { followIdentities, IDENTITIES, IDENTITY, identityWritten, takeIdentity } from './identity.ts'
import { missOwn, RESTORE, restoreOwn } from './own-objects.ts'
import type { Turn } from './state.ts'
import { customResourceOf, definitionsResource } from '../kinds/index.ts'
import { followDefinitions, isOwnPurpose, retryDefinition, reviewDefinitions } from './custom-resources/controllers.ts'
import { storedResources } from './target.ts'
import { applyEvent, fillCache } from './watch-cache.ts'
import { closeAllWatches, notifyWatches } from './watch-serving.ts'

/**
 * The server's own work with etcd: it lists every resource before it serves anything, then follows one stream of changes. A stream that ends is opened
 * again after the last revision; when etcd has had no leader for 30 s the clients' watches end and the cache begins anew.
 * Source: k8s.io/apiserver pkg/storage/cacher (cacher.go, reflector), pkg/storage/etcd3/watcher.go.
 */
const leaderlessMs = 30_000, retryMs = 1000

/** A restarted process needs about three seconds before it asks for anything (measured). */
export const listenAfterMs = 3000
/**
 * One that starts and finds no etcd at all ends after so long, one whose etcd does not answer when its post-start hooks give up (measured). A running one is
 * ended by its kubelet, whose liveness probe asks for etcd too: every 10 s, and eight failures are enough.
 * Source: storagebackend/factory (newETCD3Client), pkg/registry/core/service/ipallocator/controller (RunUntil), cmd/kubeadm/app/util/staticpod
 */
const noEtcdMs = 20_000, noAnswerMs = 65_000, notLiveMs = 80_000

export function ownAnswer(turn: Turn, purpose: string, result: EtcdResult, stream: number | undefined): void {
  const { state } = turn
  if (purpose === 'compact' || purpose === RESTORE || purpose === IDENTITIES) return
  if (purpose === IDENTITY) return identityWritten(turn, result.ok)
  if (purpose === 'watch') return watchAnswer(turn, result, stream)
  if (!result.ok && isHopeless(turn, noAnswerMs)) return end(turn, hookFailed)
  if (purpose === 'begin' && result.ok) return listAll(turn)
  if (!result.ok) { if (!isNotLive(turn)) turn.effects.push({ do: 'timer', key: purpose, afterMs: retryMs }); return }
  if (isOwnPurpose(purpose)) return
  fillCache(state.cache, purpose.slice('list '.length), result.objects ?? [], result.revision)
  if (purpose === `list ${definitionsResource}`) for (const definition of result.objects ?? []) { state.listsLeft++; list(turn, customResourceOf(definition)) }
  // changes between the first and the last list come through the stream: it begins at the oldest
  if (state.listedAt === 0 || result.revision < state.listedAt) state.listedAt = result.revision
  if (--state.listsLeft > 0) return
  state.cache.revision = state.listedAt
  openStream(turn)
}

export function beginLists(turn: Turn): void {
  if (turn.state.phase === 'starting' && turn.context.now > 0) turn.state.startedAt = turn.context.now - listenAfterMs
  turn.state.listsLeft = storedResources.length
  turn.state.listedAt = 0
  turn.state.phase = 'listing'
  // one question first: a server that finds no etcd asks again every second
  askOwn(turn, { op: 'revision' }, 'begin')
}
function listAll(turn: Turn): void {
  for (const resource of storedResources) list(turn, resource)
}
const list = (turn: Turn, resource: string): void => askOwn(turn, { op: 'list', resource, linearizable: true }, `list ${resource}`)

export function ownFailed(turn: Turn, purpose: string, why: CallFailure): void {
  const { state, context } = turn
  if (why !== 'timeout') connectionLost(turn)
  if (purpose === 'compact' || purpose === RESTORE || purpose === IDENTITIES) return
  if (purpose === IDENTITY) return identityWritten(turn, false)
  if (isHopeless(turn, why === 'timeout' ? noAnswerMs : noEtcdMs)) return end(turn, 'context deadline exceeded')
  if (isNotLive(turn)) return
  const afterMs = purpose === 'watch' && state.connection.brokenAt >= 0 ? nextAttempt(state.connection, 'watch', context.now + 1) - context.now : retryMs
  turn.effects.push({ do: 'timer', key: purpose, afterMs: Math.min(afterMs, untilNotLive(turn)) })
}
/** It has not served since it was started, and so much time has passed. */
const isHopeless = ({ state, context }: Turn, limitMs: number): boolean =>
  !state.listens && state.startedAt > 0 && context.now - state.startedAt >= limitMs
const hookFailed = 'PostStartHook "start-service-ip-repair-controllers" failed: unable to perform initial IP and Port allocation check'
const end = (turn: Turn, reason: string): void => { turn.effects.push({ do: 'exit', reason }) }

/** ms until a kubelet ends it for want of etcd */
const untilNotLive = ({ options: { managed, bare }, state, context }: Turn): number =>
  managed || bare || state.etcdLostAt < 0 ? Infinity : Math.max(1, state.etcdLostAt + notLiveMs - context.now)
function isNotLive(turn: Turn): boolean {
  const { state, context } = turn
  if (untilNotLive(turn) > 1 || context.now - state.etcdLostAt < notLiveMs) return false
  end(turn, 'liveness probe failed')
  return true
}

/** Timers `begin`, `list RESOURCE` and `watch`: another try. */
export function retryOwn(turn: Turn, purpose: string): void {
  if (purpose === 'watch') { if (turn.state.stream === 0) openStream(turn); return }
  if (isOwnPurpose(purpose)) return retryDefinition(turn, purpose)
  askOwn(turn, purpose === 'begin' ? { op: 'revision' } : { op: 'list', resource: purpose.slice('list '.length), linearizable: true }, purpose)
}

const openStream = (turn: Turn): void => askOwn(turn, { op: 'watch', afterRevision: turn.state.cache.revision }, 'watch')

function watchAnswer(turn: Turn, result: EtcdResult, stream: number | undefined): void {
  const { state, context } = turn
  if (result.ok) {
    state.stream = stream!
    state.watchLostAt = state.etcdLostAt = -1
    if (state.phase === 'listing') serve(turn)
    return
  }
  if (result.error.includes('compacted')) return beginAnew(turn)
  if (state.watchLostAt < 0) state.watchLostAt = context.now
  if (state.etcdLostAt < 0) state.etcdLostAt = context.now
  if (isNotLive(turn)) return
  if (state.phase === 'serving' && context.now - state.watchLostAt >= leaderlessMs) return beginAnew(turn)
  turn.effects.push({ do: 'timer', key: 'watch', afterMs: retryMs })
}

function beginAnew(turn: Turn): void {
  closeAllWatches(turn)
  turn.state.watchLostAt = -1
  beginLists(turn)
}

function serve(turn: Turn): void {
  turn.state.phase = 'serving'
  if (!turn.state.listens && turn.state.startedAt > 0) {
    restoreOwn(turn)
    turn.state.servesSince = turn.context.now
    turn.effects.push({ do: 'timer', key: 'ready', afterMs: readyAfterMs })
  }
  if (!turn.state.listens) takeIdentity(turn)
  turn.state.listens = true
  says(turn, true)
  reviewDefinitions(turn)
  reviewSchemas(turn)
}

/** The stream from etcd is gone: this server goes on from where it was. */
export function streamClosed(turn: Turn): void {
  const { state, context } = turn
  state.stream = 0
  if (state.watchLostAt < 0) state.watchLostAt = context.now
  if (state.etcdLostAt < 0) state.etcdLostAt = context.now
  turn.effects.push({ do: 'timer', key: 'watch', afterMs: 0 })
}

/** Changes from etcd: into the cache, then to everybody who watches. Answers whether lists may have become fresh. */
export function receive(turn: Turn, { stream, events, revision }: EtcdWatchMessage): void {
  const { state, context } = turn
  if (stream !== state.stream) return
  const fresh = events.filter(event => applyEvent(state.cache, event, context.now))
  state.cache.revision = Math.max(state.cache.revision, revision)
  if (fresh.length === 0) return
  keepCompacting(turn)
  notifyWatches(turn, fresh)
  if (state.phase === 'serving') { followDefinitions(turn, fresh); missOwn(turn, fresh); followSchemas(turn, fresh); followIdentities(turn, fresh) }
}
