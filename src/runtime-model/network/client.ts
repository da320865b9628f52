import type { Effect, StepContext } from '../kernel/actor.ts'
import type { ApiRequest, Credentials, PatchType } from '../api/request.ts'

/** Who a component is to the API server. */
export interface Identity { readonly credentials: Credentials; readonly userAgent: string }

/** `deployments.apps` → group and resource. `version` is needed where it is not v1. */
export interface Target {
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  readonly version?: string
}

interface Resource { readonly resource: string; readonly group: string }
const resources = new Map<string, Resource>()
function resourceOf(name: string): Resource {
  let found = resources.get(name)
  if (found === undefined) {
    const dot = name.indexOf('.')
    resources.set(name, found = dot < 0 ? { resource: name, group: '' } : { resource: name.slice(0, dot), group: name.slice(dot + 1) })
  }
  return found
}

/** A typed client as data: each function makes the request; `call` makes the effect that sends it. */
export function request(identity: Identity, verb: ApiRequest['verb'], target: Target, rest: Partial<ApiRequest> = {}): ApiRequest {
  return Object.assign(withBody(identity, verb, target, undefined, undefined, false), rest)
}
/** All requests of components have one shape: they are on the path of every write. */
function withBody(
  identity: Identity, verb: ApiRequest['verb'], target: Target, body: any, patchType: PatchType | undefined, canonical: boolean, leadsTo?: ApiRequest['leadsTo']
): ApiRequest {
  const { resource, group } = resourceOf(target.resource), { credentials, userAgent } = identity
  return {
    verb, group, version: target.version ?? 'v1', resource, subresource: target.subresource, namespace: target.namespace, name: target.name,
    credentials, userAgent, fieldManager: userAgent, body, patchType, canonical, leadsTo,
  }
}
export const create = (identity: Identity, target: Target, body: any): ApiRequest => withBody(identity, 'create', target, body, undefined, false)
/** of an object in the very form that decoding would give it */
export const createCanonical = (identity: Identity, target: Target, body: any): ApiRequest => withBody(identity, 'create', target, body, undefined, true)
export const update = (identity: Identity, target: Target, body: any): ApiRequest => withBody(identity, 'update', target, body, undefined, false)
export const patch = (identity: Identity, target: Target, patchType: PatchType, body: any): ApiRequest =>
  withBody(identity, 'patch', target, body, patchType, false)
export const patchStatus = (identity: Identity, target: Target, body: any, leadsTo: ApiRequest['leadsTo']): ApiRequest =>
  withBody(identity, 'patch', target, body, 'application/strategic-merge-patch+json', false, leadsTo)
export const remove = (identity: Identity, target: Target, options: any = {}): ApiRequest => withBody(identity, 'delete', target, options, undefined, false)
export const get = (identity: Identity, target: Target): ApiRequest => request(identity, 'get', target)

/** The effect that sends a request, and the id under which its answer (or failure) will arrive. */
export function call(
  context: StepContext, apiRequest: ApiRequest, options: { timeoutMs?: number; extraMs?: number } = {}
): { readonly id: number; readonly effect: Effect } {
  const id = context.nextId()
  return {
    id,
    effect: { do: 'send', to: 'kube-apiserver', message: { type: 'request', id, request: apiRequest }, timeoutMs: options.timeoutMs, extraMs: options.extraMs },
  }
}
