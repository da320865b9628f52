import type { Effect, Input, StepContext } from '../kernel/actor.ts'
import type { ApiRequest, ApiResponse } from '../api/request.ts'
import { formatMicroTime } from '../api/time.ts'
import { isResponse } from '../api/messages.ts'
import { call, create, get, update } from './client.ts'
import type { Identity } from './client.ts'
import { eventRecorder, recordEvent } from './events.ts'

/**
 * One leader among the replicas of a component, by a Lease: acquired and lost by real requests, renewed in closed form.
 * Source: k8s.io/client-go tools/leaderelection/leaderelection.go; defaults of component-base/config/v1alpha1/defaults.go.
 */
export interface ElectionOptions {
  readonly component: string
  /** name of the Lease in kube-system */
  readonly lease: string
  readonly identity: Identity
  /** gives the Lease up when it must end or is asked to (kube-scheduler does, kube-controller-manager of 1.35 does not) */
  readonly releases: boolean
  /** calendar ms until which the certificate of its kubeconfig is valid */
  readonly certificateUntilMs?: number
  /** whom its Events name as their source; absent: the component */
  readonly eventSource?: string
}
export interface Election {
  readonly role: 'candidate' | 'leader' | 'lost'
  /** `<hostname>_<uuid>`, new with every start of the process */
  readonly holder: string
  /** the request in flight and what it is for; 0: none */
  readonly call: number
  readonly doing: 'get' | 'create' | 'take' | 'renew' | 'reread' | 'release get' | 'release'
  /** the Lease as last seen, and since when it looks so */
  readonly seen: any
  readonly seenAt: number
  /** a leader that cannot renew gives up then; Infinity while all is well */
  readonly deadlineAt: number
}
export interface ElectionResult { readonly election: Election; readonly effects: readonly Effect[]; readonly handled: boolean; readonly became?: 'leader' }

const leaseMs = 15_000, renewDeadlineMs = 10_000, retryMs = 2000
/** A request for the Lease may take half of the renew deadline. Source: resourcelock.NewFromKubeconfig */
const requestTimeoutMs = renewDeadlineMs / 2

export const leaseKey = (lease: string): string => `leases.coordination.k8s.io/kube-system/${lease}`
export const newElection = (): Election => ({ role: 'candidate', holder: '', call: 0, doing: 'get', seen: undefined, seenAt: 0, deadlineAt: Infinity })

/** Call when the process is ready to run for the lease. */
export function startElection(options: ElectionOptions, context: StepContext): ElectionResult {
  const election = { ...newElection(), holder: `${context.host}_${context.uid()}` }, leftMs = (options.certificateUntilMs ?? 0) - context.wallMs
  return send(
    election, 'get', get(options.identity, target(options)), [{ do: 'follow', prefix: leaseKey(options.lease) }, ...leftMs > 0 ? [expiry(leftMs + 1)] : []],
    context
  )
}

/** Takes inputs that belong to the election; `became` says that this replica leads from now on. A lost lease ends the process. */
export function electionStep(election: Election, options: ElectionOptions, input: Input, context: StepContext): ElectionResult {
  if (input.on === 'message' && isResponse(input.message) && input.message.replyTo === election.call && election.call !== 0) {
    return answered({ ...election, call: 0 }, options, input.message.response, context)
  }
  if (input.on === 'failed' && input.id === election.call && election.call !== 0) return answered({ ...election, call: 0 }, options, undefined, context)
  if (input.on === 'timer' && input.key === 'election') return election.role === 'leader' ? renew(election, options, context) : look(election, options, context)
  if (input.on === 'timer' && input.key === 'election deadline') return lose(election, options, context)
  if (input.on === 'timer' && input.key === 'election certificate') return expired(election, options, context)
  if (input.on === 'operate' && input.operation === 'terminate') return election.role === 'leader' ? lose(election, options, context) : exit(election, 'terminated')
  if (input.on === 'heartbeat' && input.key === leaseKey(options.lease)) return heartbeat(election, input, context)
  return { election, effects: [], handled: false }
}

const target = (options: ElectionOptions) => ({ resource: 'leases.coordination.k8s.io', namespace: 'kube-system', name: options.lease })
const done = (election: Election, effects: readonly Effect[] = []): ElectionResult => ({ election, effects, handled: true })

function send(election: Election, doing: Election['doing'], request: ApiRequest, before: readonly Effect[], context: StepContext): ElectionResult {
  const { id, effect } = call(context, request, { timeoutMs: requestTimeoutMs })
  return done({ ...election, call: id, doing }, [...before, effect])
}

function answered(election: Election, options: ElectionOptions, response: ApiResponse | undefined, context: StepContext): ElectionResult {
  const { doing } = election, code = response?.code ?? 0
  if (doing === 'release get' && code === 200) {
    return send(election, 'release', update(options.identity, target(options), released(response!.body, context)), [], context)
  }
  if (doing === 'release get' || doing === 'release') return exit(election)
  if (election.role === 'lost') return done(election)
  if (doing === 'get') {
    return code === 404
      ? send(election, 'create', create(options.identity, { ...target(options), name: undefined }, newLease(election, options, context)), [], context)
      : code === 200 ? judge(election, options, response!.body, context) : later(election, context)
  }
  if (doing === 'create' || doing === 'take') return code >= 200 && code < 300 ? lead(election, options, response!.body, context) : later(election, context)
  if (doing === 'reread') {
    return code === 200 && response!.body.spec?.holderIdentity === election.holder
      ? renew({ ...election, seen: response!.body }, options, context)
      : again(election, context)
  }
  if (code >= 200 && code < 300) return renewed(election, options, response!.body, context)
  return code === 409 ? send(election, 'reread', get(options.identity, target(options)), [], context) : again(election, context)
}

// ---- candidates
function look(election: Election, options: ElectionOptions, context: StepContext): ElectionResult {
  return election.call !== 0 || election.role !== 'candidate' ? done(election) : send(election, 'get', get(options.identity, target(options)), [], context)
}

/** May the Lease that was just read be taken? Only when nobody holds it, or when it has looked the same for 15 s. */
function judge(election: Election, options: ElectionOptions, lease: any, context: StepContext): ElectionResult {
  const changed = election.seen?.metadata.resourceVersion !== lease.metadata.resourceVersion
  const next: Election = changed ? { ...election, seen: lease, seenAt: context.now } : election
  const holder = lease.spec?.holderIdentity
  if (holder && holder !== election.holder) {
    if (context.heartbeat(leaseKey(options.lease))?.kept) return done(next) // its end will be told
    if (next.seenAt + leaseMs > context.now) return later(next, context)
  }
  return send(next, 'take', update(options.identity, target(options), taken(lease, next, context)), [], context)
}

/** Candidates retry every 2 s × [1, 2.2); a model that chooses nothing takes the middle. Source: leaderelection.go (acquire, JitterFactor) */
const retryAfterMs = (context: StepContext): number => retryMs + Math.floor(retryMs * 1.2 * middle(context, 'election retry') / 100)
const middle = (context: StepContext, purpose: string): number => (context.choose(purpose, 100) + 50) % 100
const later = (election: Election, context: StepContext): ElectionResult =>
  done(election, [{ do: 'timer', key: 'election', afterMs: retryAfterMs(context) }])
/** What is left of a candidate's sleep at a moment that it knows nothing of: any part of it. */
const restOfSleepMs = (context: StepContext, purpose: string): number => Math.floor(retryAfterMs(context) * middle(context, purpose) / 100)

function lead(election: Election, options: ElectionOptions, lease: any, context: StepContext): ElectionResult {
  const next: Election = { ...election, role: 'leader', seen: lease, seenAt: context.now, deadlineAt: Infinity }
  const effects: Effect[] = [
    { do: 'unfollow', prefix: leaseKey(options.lease) }, { do: 'cancel', key: 'election' },
    { do: 'record', observation: { type: 'component', component: options.component, node: context.host, state: 'leader' } },
    { do: 'keep', key: leaseKey(options.lease), periodMs: retryMs },
    // of the first leader of a new cluster, which made the Lease, nobody reads; Events of the run are about what happens in it
    ...election.doing === 'take' ? leaderEvent(options, election.holder, lease, context) : [],
  ]
  return { election: next, effects, handled: true, became: 'leader' }
}

/** Source: leaderelection.go (acquire), resourcelock/leaselock.go (RecordEvent). Whether it arrives is nobody's concern. */
const leaderEvent = (options: ElectionOptions, holder: string, lease: any, context: StepContext): readonly Effect[] =>
  recordEvent(eventRecorder(options.eventSource ?? options.component), context, options.identity, {
    regarding: { ...lease, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, type: 'Normal', reason: 'LeaderElection', message: `${holder} became leader`,
  })

function heartbeat(election: Election, input: Extract<Input, { on: 'heartbeat' }>, context: StepContext): ElectionResult {
  if (election.role === 'leader') {
    if (input.state !== 'failing' || election.deadlineAt < Infinity) return done(election)
    const startAt = Math.max(context.now, input.lastAt + retryMs)
    return done({ ...election, deadlineAt: startAt + renewDeadlineMs }, [
      { do: 'timer', key: 'election', afterMs: startAt - context.now },
      { do: 'timer', key: 'election deadline', afterMs: startAt + renewDeadlineMs - context.now },
    ])
  }
  if (election.role !== 'candidate') return done(election)
  if (input.state !== 'stopped') return done(election)
  // it sleeps, and looks when it would have anyway; so it did when it saw the last renewal
  const seenAt = input.lastAt + restOfSleepMs(context, 'election poll')
  return done({ ...election, seenAt }, [{ do: 'timer', key: 'election', afterMs: restOfSleepMs(context, 'election sleep') }])
}

/** One event in a year: from here on the leader's renewals are real, and refused. */
const expiry = (afterMs: number): Effect => ({ do: 'timer', key: 'election certificate', afterMs, background: true })
function expired(election: Election, options: ElectionOptions, context: StepContext): ElectionResult {
  const beat = context.heartbeat(leaseKey(options.lease))
  if (election.role !== 'leader' || !beat) return done(election)
  const failing = heartbeat(election, { on: 'heartbeat', key: leaseKey(options.lease), state: 'failing', lastAt: beat.lastAt }, context)
  return { ...failing, effects: [{ do: 'drop', key: leaseKey(options.lease) }, ...failing.effects] }
}

// ---- the leader, when its renewals fail
function renew(election: Election, options: ElectionOptions, context: StepContext): ElectionResult {
  if (election.call !== 0) return done(election)
  const { seen } = election, lease = { ...seen, spec: { ...seen.spec, renewTime: formatMicroTime(context.wallMs) } }
  return send(election, 'renew', update(options.identity, target(options), lease), [], context)
}
const again = (election: Election, context: StepContext): ElectionResult =>
  done(election, context.now < election.deadlineAt ? [{ do: 'timer', key: 'election', afterMs: retryMs }] : [])

function renewed(election: Election, options: ElectionOptions, lease: any, context: StepContext): ElectionResult {
  return done({ ...election, seen: lease, seenAt: context.now, deadlineAt: Infinity }, [
    { do: 'cancel', key: 'election deadline' }, { do: 'cancel', key: 'election' }, { do: 'keep', key: leaseKey(options.lease), periodMs: retryMs },
  ])
}

function lose(election: Election, options: ElectionOptions, context: StepContext): ElectionResult {
  const lost: Election = { ...election, role: 'lost' }
  return options.releases ? send(lost, 'release get', get(options.identity, target(options)), [{ do: 'cancel', key: 'election' }], context) : exit(lost)
}
const exit = (election: Election, reason = 'leaderelection lost'): ElectionResult => done({ ...election, role: 'lost' }, [{ do: 'exit', reason }])

// ---- what a Lease says
function newLease(election: Election, options: ElectionOptions, context: StepContext): any {
  const now = formatMicroTime(context.wallMs)
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: options.lease, namespace: 'kube-system' },
    spec: { holderIdentity: election.holder, leaseDurationSeconds: 15, acquireTime: now, renewTime: now, leaseTransitions: 0 },
  }
}
function taken(lease: any, election: Election, context: StepContext): any {
  const now = formatMicroTime(context.wallMs), before = lease.spec ?? {}
  const transitions = (before.leaseTransitions ?? 0) + (before.holderIdentity === election.holder ? 0 : 1)
  return {
    ...lease, spec: { ...before, holderIdentity: election.holder, leaseDurationSeconds: 15, acquireTime: now, renewTime: now, leaseTransitions: transitions },
  }
}
function released(lease: any, context: StepContext): any {
  const now = formatMicroTime(context.wallMs)
  return { ...lease, spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now } }
}
