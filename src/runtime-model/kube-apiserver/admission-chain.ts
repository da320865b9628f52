import {
  admissionPlugins, type AdmissionAsks, type AdmissionAttributes, type AdmissionPlugin, type AdmissionView, type Reinvocation, type ReviewAnswer,
  type ReviewOutcome,
} from './admission/index.ts'
import { pass, refuseAt, warn } from './answers.ts'
import { decide } from './authorization.ts'
import { served } from './custom-resources/served.ts'
import { registry, storageName } from '../kinds/index.ts'
import { webhookActor } from '../api/webhooks.ts'
import { withWrite } from './flights.ts'
import { minorOf } from './older-versions.ts'
import type { Flight, ServerOptions, Turn, Write } from './state.ts'
import { storedKind, targetOf } from './target.ts'
import { cached, listCached, type WatchCache } from './watch-cache.ts'

/**
 * Takes a write through the admission plugins, first all mutating phases, later all validating ones. A plugin that waits for the cache stops the
 * request; it goes on with the same plugin. Source: k8s.io/apiserver pkg/admission/chain.go.
 */
export type Admitted = Flight & { readonly write: Write }

type Chains = { readonly [phase in 'mutate' | 'validate']: Record<AdmissionAttributes['operation'], Map<string, readonly AdmissionPlugin[]>> }
const noChains = (): Chains['mutate'] => ({ CREATE: new Map(), UPDATE: new Map(), DELETE: new Map(), CONNECT: new Map() })
/** by the plugins of a config, then by the server's version */
const chainsOf = new WeakMap<readonly AdmissionPlugin[], Map<string, Chains>>(), noOwn: readonly AdmissionPlugin[] = []
function chainsFor({ own = noOwn, version }: ServerOptions): Chains {
  let versions = chainsOf.get(own)
  if (!versions) chainsOf.set(own, versions = new Map())
  let chains = versions.get(version)
  if (!chains) versions.set(version, chains = { mutate: noChains(), validate: noChains() })
  return chains
}
function chainOf(
  { options }: Turn, phase: 'mutate' | 'validate', operation: AdmissionAttributes['operation'], resource: string
): readonly AdmissionPlugin[] {
  const chains = chainsFor(options)[phase][operation]
  let chain = chains.get(resource)
  if (!chain) {
    chains.set(
      resource,
      chain = [...admissionPlugins, ...options.own ?? noOwn].filter(p =>
        p[phase] && (p.since === undefined || p.since <= minorOf(options)) && p.operations.includes(operation)
          && (p.resources === undefined || p.resources.includes(resource)))
    )
  }
  return chain
}

/**
 * `object` of the write is replaced by what the plugins made of it; undefined: refused or waiting, with `phase` to come back to. All have a second turn when a
 * webhook has changed the object.
 */
export function mutate(turn: Turn, flight: Admitted): Admitted | undefined {
  const { write } = flight, chain = chainOf(turn, 'mutate', write.operation, write.resource)
  let { object, reinvocation } = write, now: Admitted = flight
  if (chain.length === 0) return pass(turn, now, 'mutating admission')
  let attributes = attributesOf(turn, flight, object, nameForMutating(write, object))
  const view = viewOf(turn, flight, write)
  for (let i = write.plugin; i < chain.length; i++) {
    if (i === write.plugin + 1) forget(view)
    const result = chain[i].mutate!(attributes, view)
    if (result === undefined) continue
    if ('status' in result) { refuseAt(turn, now, 'mutating admission', result.status); return undefined }
    if ('waitMs' in result) {
      wait(
        turn, withWrite(now, { object, reinvocation, plugin: i, waited: (i === write.plugin ? write.waited : 0) + 1 }, 'mutating'),
        result.waitMs
      )
      return undefined
    }
    if ('warnings' in result && result.warnings) now = warn(now, result.warnings) as Admitted
    if ('reinvocation' in result && result.reinvocation) view.reinvocation = reinvocation = result.reinvocation
    if ('object' in result && result.object !== undefined) { object = result.object; attributes = { ...attributes, object } }
    if ('ask' in result) {
      review(turn, withWrite(now, { object, reinvocation, plugin: i }, 'mutating'), attributes, result)
      return undefined
    }
  }
  if (reinvocation?.wanted && !reinvocation.again) {
    return mutate(turn, withWrite(now, { ...atStart, object, reinvocation: { ...reinvocation, again: true } }))
  }
  const done = object === write.object && write.plugin === 0 ? now : withWrite(now, { ...atStart, object, reinvocation })
  return pass(turn, done, 'mutating admission')
}
const atStart = { plugin: 0, waited: 0, memo: undefined, answers: [] } as const

/** What one plugin was told is nothing to the next. */
function forget(view: ReturnType<typeof viewOf>): void { view.attempt = 0; view.memo = undefined; view.answers = [] }

/** The write with what must be stored first; undefined: refused or waiting. */
export function validate(turn: Turn, flight: Admitted): Admitted | undefined {
  const { write } = flight, chain = chainOf(turn, 'validate', write.operation, write.resource)
  let { first } = write, now: Admitted = flight
  if (chain.length === 0) return pass(turn, now, 'validating admission')
  const attributes = attributesOf(turn, flight, write.object, write.name), view = viewOf(turn, flight, write)
  for (let i = write.plugin; i < chain.length; i++) {
    if (i === write.plugin + 1) forget(view)
    const result = chain[i].validate!(attributes, view)
    if (result === undefined) continue
    if ('status' in result) { refuseAt(turn, now, 'validating admission', result.status); return undefined }
    if ('waitMs' in result) {
      wait(turn, withWrite(now, { first, plugin: i, waited: (i === write.plugin ? write.waited : 0) + 1 }, 'validating'), result.waitMs)
      return undefined
    }
    if ('warnings' in result && result.warnings) now = warn(now, result.warnings) as Admitted
    if ('writesFirst' in result) first = [...first, ...result.writesFirst]
    if ('ask' in result) { review(turn, withWrite(now, { first, plugin: i }, 'validating'), attributes, result); return undefined }
  }
  const done = first === write.first && write.plugin === 0 ? now : withWrite(now, { ...atStart, first })
  return pass(turn, done, 'validating admission')
}

function wait(turn: Turn, flight: Flight, ms: number): void {
  turn.state.parked.set(String(flight.number), { flight, for: 'admission' })
  turn.effects.push({ do: 'timer', key: `admission ${flight.number}`, afterMs: ms })
}

/** Sends the questions, all at once; the request goes on with the same plugin when each is answered, or will not be. */
function review(turn: Turn, flight: Admitted, { operation, object, oldObject }: AdmissionAttributes, { ask, memo }: AdmissionAsks): void {
  const { reviews, reviewCalls } = turn.state
  reviews.set(String(flight.number), { flight: withWrite(flight, { memo, answers: [] }), left: ask.length, answers: [] })
  ask.forEach(({ webhook, timeoutMs }, index) => {
    const id = turn.context.nextId()
    reviewCalls.set(String(id), { flight: flight.number, index })
    turn.effects.push(
      { do: 'record', observation: { type: 'note', text: `asks webhook ${webhook} about ${flight.what}` } },
      {
        do: 'send', to: webhookActor(webhook), message: { type: 'admission review', id, operation, object: object ?? oldObject },
        timeoutMs: Math.max(1, Math.min(timeoutMs, flight.deadlineAt - turn.context.now)),
      },
    )
  })
}
/** The request that waited for this call, with what became of all it asked; `waits`: for other answers still; undefined: nobody waits for it. */
export function reviewed({ state: { reviews, reviewCalls } }: Turn, id: number, outcome: ReviewOutcome): Flight | 'waits' | undefined {
  const call = reviewCalls.get(String(id)), key = String(call?.flight), waiting = call && reviews.get(key)
  if (!waiting) return undefined
  reviewCalls.delete(String(id))
  const answers = [...waiting.answers, { index: call.index, outcome }], left = waiting.left - 1
  if (left > 0) { reviews.set(key, { ...waiting, left, answers }); return 'waits' }
  reviews.delete(key)
  return withWrite(waiting.flight as Admitted, { answers })
}

const nameForMutating = (write: Write, object: any): string => write.name || object?.metadata?.name || object?.metadata?.generateName || ''

function attributesOf({ state: { cache } }: Turn, flight: Admitted, object: any, name: string): AdmissionAttributes {
  const { request, user, write } = flight
  return {
    operation: write.operation, kind: targetOf(request, cache)?.kind ?? storedKind(write.resource, cache),
    subresource: request.verb === 'delete' || request.verb === 'deletecollection' ? undefined : request.subresource,
    namespace: write.resource === 'namespaces' ? name : write.namespace, name, object: write.operation === 'DELETE' ? undefined : object, oldObject: write.old,
    user,
    dryRun: request.dryRun ?? false,
    options: write.operation === 'DELETE' ? request.body : { fieldManager: request.fieldManager, fieldValidation: request.fieldValidation },
  }
}

function kindServed(cache: WatchCache, group: string, kind: string): { readonly resource: string; readonly namespaced: boolean } | undefined {
  const found = registry.byGroupKind(group, kind) ?? served(cache).kinds.find(k => k.group === group && k.kind === kind)
  return found && { resource: storageName(found.group, found.resource), namespaced: found.namespaced }
}

function viewOf(
  turn: Turn, flight: Admitted, { waited: attempt, memo, answers, reinvocation }: Write
): AdmissionView & { attempt: number; memo: unknown; answers: readonly ReviewAnswer[]; reinvocation: Reinvocation | undefined } {
  const { cache } = turn.state, { newest } = flight.write, { context } = turn
  const newer = (resource: string, namespace: string, name: string): any =>
    newest.find(o => o.metadata.name === name && (o.metadata.namespace ?? '') === namespace && storedKind(resource, cache).kind === o.kind)
  return {
    get: (resource, namespace, name) =>
      newest.length > 0 ? newer(resource, namespace, name) ?? cached(cache, resource, namespace, name) : cached(cache, resource, namespace, name),
    list: (resource, namespace) => {
      const list = listCached(cache, resource, namespace)
      if (newest.length === 0) return list
      return list.map(o => newer(resource, o.metadata.namespace ?? '', o.metadata.name) ?? o)
    },
    wallMs: context.wallMs, attempt,
    choose: (purpose, n) => context.choose(`admission ${purpose}`, n),
    suffix: () => context.suffix(),
    configured: cache.admission, memo, answers, reinvocation, hasWebhook: name => context.instances('webhook').includes(webhookActor(name)),
    kindOf: (group, kind) => kindServed(cache, group, kind), decide: action => decide(cache, action),
  }
}
