import { connectSubresources } from '../api/proxied.ts'
import type { RequestMessage } from '../api/messages.ts'
import type { ApiRequest } from '../api/request.ts'
import { badRequest, methodNotAllowed, noSuchResource, notFound, overloaded, unauthorized } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { registry, storageName, type KindDefinition } from '../kinds/index.ts'
import { asReviewed, reviews } from './access-reviews.ts'
import { mutate, validate, type Admitted } from './admission-chain.ts'
import { forward, isAggregated, notServed, remoteVersions } from './aggregation.ts'
import { answer, pass, refuse, refuseAt, warn } from './answers.ts'
import { knowsRoles } from './arrivals.ts'
import { authenticate } from './authentication.ts'
import { accountHolder } from './account-tokens.ts'
import { holderOf } from './bootstrap-tokens.ts'
import { authorize, decide } from './authorization.ts'
import { wrongTarget } from './binding.ts'
import { showsExpired } from './certificates.ts'
import { beginComponentStatuses } from './component-statuses.ts'
import { connect } from './connect.ts'
import { beginCreate, decodeBody } from './create.ts'
import { wrongDeleteOptions, wrongNamespace, wrongPlace, wrongWriteOptions } from './documents.ts'
import { deadlineMs } from './etcd-client.ts'
import { admission, flooded } from './fairness/index.ts'
import { flightWith, newWrite } from './flights.ts'
import { beginModify } from './modify.ts'
import { beginPath } from './non-resource.ts'
import { isServed } from './older-versions.ts'
import { wrongPatch } from './patch/index.ts'
import { wrongLogOptions } from './pod-log.ts'
import { beginGet, beginList } from './read.ts'
import { asScale } from './scale.ts'
import type { Flight, Turn } from './state.ts'
import { createToken } from './subresources.ts'
import { nameRequest, targetOf, type Target } from './target.ts'
import { cached } from './watch-cache.ts'
import { beginWatch } from './watch-serving.ts'

/**
 * The stages every request passes, in order: authentication, priority and fairness, authorization; then for writes mutating admission, validation,
 * validating admission and storage, in the file of the verb.
 * Source: k8s.io/apiserver pkg/server/config.go (DefaultBuildHandlerChain), pkg/endpoints/installer.go.
 */
export function begin(turn: Turn, from: string, message: RequestMessage): void {
  const { request, id } = message, target = request.path === undefined ? servedTarget(turn, request) : undefined, what = nameRequest(request, target)
  const who = showsExpired(turn, request)
    ? { status: unauthorized() }
    : authenticate(
      request, turn.context.wallMs,
      (user, wanted) => decide(turn.state.cache, { user, verb: 'impersonate', ...wanted }).allowed,
      token => holderOf(turn.state.cache, token, turn.context.wallMs) ?? accountHolder(turn.state.cache, token, turn.context.wallMs)
    )
  const user = 'user' in who ? who.user : { name: request.credentials.user, groups: request.credentials.groups }
  const flight: Flight = {
    number: id, from, request, what, user, deadlineAt: turn.context.now + deadlineMs(request.verb, request.timeoutMs), handler: '', phase: '', warnings: none,
    passed: 0, write: undefined, body: undefined, inMemory: undefined, collection: undefined, revision: undefined,
  }
  turn.effects.push({
    do: 'record', actor: from, observation: { type: 'request', request: id, to: turn.context.self, verb: request.verb, what, user: user.name },
  })
  if ('status' in who) return refuseAt(turn, flight, 'authentication', who.status)
  const known = pass(turn, flight, 'authentication')
  if (flooded(turn) && !seated(turn, known)) return
  authorized(turn, known, target)
}
/** false: the request waits for a seat, or was refused one. */
function seated(turn: Turn, flight: Flight): boolean {
  const found = admission(turn, flight)
  if (!found || 'waitsMs' in found && found.waitsMs === 0) return true
  if ('refused' in found) refuse(turn, flight, found.refused)
  else {
    const patienceMs = Math.floor((flight.deadlineAt - turn.context.now) / 4), late = found.waitsMs > patienceMs
    turn.state.parked.set(String(flight.number), { flight: late ? flightWith(flight, { phase: 'late' }) : flight, for: 'seat' })
    turn.effects.push({ do: 'timer', key: `seat ${flight.number}`, afterMs: late ? patienceMs : found.waitsMs })
  }
  return false
}
/** A request has waited for a seat as long as it was to, or as it could: a quarter of the time that it has. */
export function resumeSeated(turn: Turn, flight: Flight): void {
  if (flight.phase === 'late') return refuse(turn, flight, overloaded())
  authorized(turn, { ...flight }, flight.request.path === undefined ? servedTarget(turn, flight.request) : undefined)
}

function authorized(turn: Turn, flight: Flight, target: Target | undefined): void {
  const refused = authorize(turn.state.cache, flight.request, flight.user, knowsRoles(turn))
  if (refused) return refuseAt(turn, flight, 'authorization', refused)
  route(turn, pass(turn, flight, 'authorization'), target)
}
const none: readonly never[] = []
function servedTarget({ options, state }: Turn, request: ApiRequest): Target | undefined {
  const target = targetOf(request, state.cache)
  return target && isServed(options, target.kind) ? target : undefined
}

/** To the file of the verb. */
function route(turn: Turn, flight: Flight, target: Target | undefined): void {
  const { request } = flight, { verb, subresource } = request
  if (request.path !== undefined) return beginPath(turn, flight)
  if (!target) {
    return isAggregated(turn, request.group) ? forward(turn, flight)
      : remoteVersions(turn, request.group).length > 0 ? notServed(turn, flight)
      : refuse(turn, flight, noSuchResource(request, request.name))
  }
  const { kind } = target, verbs = subresource === undefined ? kind.verbs : kind.subresources[subresource]?.verbs
  if (!kind.namespaced && request.namespace) return refuse(turn, flight, noSuchPath)
  // an object of a namespace is nowhere without it
  if (kind.namespaced && !request.namespace && request.name !== undefined && verb !== 'create') return refuse(turn, flight, noSuchPath)
  if (!verbs) return refuse(turn, flight, kind.schema && request.name !== undefined ? notFound(kind, request.name) : noSuchPath)
  // objects of all namespaces can be listed, but made and deleted in one only
  const allNamespaces = kind.namespaced && !request.namespace && (verb === 'create' || verb === 'deletecollection') && verbs.includes('list')
  // the paths of such requests are those of others
  const namedCreate = verb === 'create' && subresource === undefined && request.name !== undefined, nameless = verb === 'update' && request.name === undefined
  if (!verbs.includes(verb) || allNamespaces || namedCreate || nameless) return refuse(turn, flight, isPath(kind, request) ? methodNotAllowed() : noSuchPath)
  if (subresource !== undefined && connectSubresources.has(subresource)) return connect(turn, flight, target)
  const oddLog = subresource === 'log' ? wrongLogOptions(request) : undefined
  if (oddLog) return refuse(turn, flight, oddLog)
  if (kind.resource === 'componentstatuses') return beginComponentStatuses(turn, flight)
  const warned = kind.deprecated ? warn(flight, [kind.deprecated]) : flight
  switch (verb) {
    case 'get': return beginGet(turn, warned, target)
    case 'list': return beginList(turn, warned, target)
    case 'watch': return beginWatch(turn, warned, target)
    default: return write(turn, warned, target)
  }
}

/** below a group that is there: the server's own answer, which names nothing */
const noSuchPath = noSuchResource({ group: '', resource: '' })
/** Whether anything at all can be asked of the request's path: what is only created has no names, and no lists over all namespaces. */
function isPath({ verbs, namespaced }: KindDefinition, { subresource, name, namespace }: ApiRequest): boolean {
  if (subresource !== undefined) return true
  return name !== undefined ? verbs.includes('get') || verbs.includes('update') : namespace || !namespaced ? true : verbs.includes('list')
}

function write(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight, { kind } = target, { verb, subresource, name = '' } = request
  const review = reviews[storageName(kind.group, kind.resource)]
  if (review) {
    const decoded = decodeBody(turn, flight, kind, request.body)
    if (!decoded) return
    const wrong = wrongNamespace(decoded.object.metadata ?? {}, kind.namespaced ? request.namespace : undefined)
    if (wrong) return refuseAt(turn, decoded.flight, 'validation', wrong)
    const body = asReviewed(kind, decoded.object, request, formatTime(turn.context.wallMs))
    return answer(turn, decoded.flight, review(turn.state.cache, { ...request, body }, flight.user, turn.context))
  }
  if (subresource === 'token') return createToken(turn, flight, target)
  if (subresource === 'binding' || subresource === 'eviction' || kind.resource === 'bindings') return admitBody(turn, flight, target)
  if (verb === 'delete' || verb === 'deletecollection') {
    const wrong = wrongDeleteOptions(request.body), { propagationPolicy, orphanDependents } = request.body ?? {}
    if (wrong) return refuse(turn, flight, wrong)
    const asked = isTrial(request.body) ? flightWith(flight, { request: { ...request, dryRun: true } }) : flight
    const unsaid = (propagationPolicy ?? orphanDependents ?? undefined) === undefined
    const warned = kind.deletionWarning && unsaid ? warn(asked, [kind.deletionWarning]) : asked
    return verb === 'delete' ? beginModify(turn, warned, target, name) : beginList(turn, warned, target)
  }
  if (verb === 'create') return beginCreate(turn, flight, target)
  if (verb === 'patch') {
    const unfit = wrongPatch(kind, request) ?? wrongWriteOptions(request)
    return unfit ? refuseAt(turn, flight, 'validation', unfit) : beginModify(turn, flight, target, name)
  }
  // most clients send back what they were given, with parts of it replaced
  const stored = cached(turn.state.cache, target.resource, kind.namespaced ? request.namespace ?? '' : '', name)
  const known = stored && kind.storedAs ? kind.storedAs.fromStored(stored) : stored
  const decoded = subresource === 'scale' ? decodeBody(turn, flight, asScale(kind), request.body) : decodeBody(turn, flight, kind, request.body, known)
  if (!decoded) return
  const wrong = wrongPlace(decoded.object.metadata ?? {}, name, kind.namespaced ? request.namespace : undefined)
  if (wrong) return refuseAt(turn, decoded.flight, 'validation', wrong)
  beginModify(turn, { ...decoded.flight, body: decoded.object, ...decoded.inMemory ? { inMemory: decoded.inMemory } : undefined }, target, name)
}

/** a dry run may stand in the options of a delete, too */
const isTrial = (options: any): boolean => options?.dryRun?.includes('All') === true

const bindingKind = registry.byGroupKind('', 'Binding')!, evictionKind: KindDefinition = { ...bindingKind, group: 'policy', kind: 'Eviction' }
/** Documents about a pod that are not the pod: admission sees them, then they act on it. */
function admitBody(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight, eviction = request.subresource === 'eviction'
  const decoded = decodeBody(
    turn, flight, eviction ? evictionKind : bindingKind,
    eviction && request.body?.apiVersion === 'policy/v1beta1' ? { ...request.body, apiVersion: 'policy/v1' } : request.body
  )
  if (!decoded) return
  const { object } = decoded, own: string = object.metadata?.name ?? '', name = request.name ?? own
  const wrong = wrongNamespace(object.metadata ?? {}, request.namespace)
    ?? (own !== name ? badRequest(`name in URL does not match name in ${eviction ? 'Eviction' : 'Binding'} object`)
      : eviction ? undefined
      : wrongTarget(object))
    ?? (name === '' ? badRequest('Name parameter required.') : undefined)
  if (wrong) return refuseAt(turn, decoded.flight, 'validation', wrong)
  resumeBody(
    turn, flightWith(decoded.flight, {
      handler: 'body', phase: 'mutating', write: newWrite('CREATE', target.resource, request.namespace ?? '', name, object),
    }), target
  )
}
export function resumeBody(turn: Turn, flight: Flight, target: Target): void {
  const mutated = flight.phase === 'mutating' ? mutate(turn, flight as Admitted) : flight as Admitted, validated = mutated && validate(turn, mutated)
  if (!validated) return
  const asBinding = target.kind.resource === 'bindings', pods = { kind: registry.byResource('pods')!, resource: 'pods' }
  beginModify(
    turn,
    flightWith(validated, {
      body: validated.write.object,
      request: asBinding ? { ...flight.request, resource: 'pods', subresource: 'binding', name: validated.write.name }
        : isTrial(validated.write.object.deleteOptions) ? { ...flight.request, dryRun: true }
        : flight.request,
    }),
    pods, validated.write.name
  )
}
