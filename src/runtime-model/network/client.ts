import type { Effect, StepContext } from '../kernel/actor.ts'
import type { ApiRequest, Credentials, PatchType } from '../api/request.ts'

/** Who a component is to the API server. */
export interface Identity { readonly credentials: Credentials; readonly userAgent: string }

/** `deployments.apps` → group and resource. `version` is needed where it is not v1. */
export interface Target { readonly resource: string; readonly namespace?: string; readonly name?: string; readonly subresource?: string; readonly version?: string }

const groupOf = (resource: string): [string, string] => { const dot = resource.indexOf('.'); return dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)] }

/** A typed client as data: each function makes the request; `call` makes the effect that sends it. */
export function request(identity: Identity, verb: ApiRequest['verb'], target: Target, rest: Partial<ApiRequest> = {}): ApiRequest {
  const [resource, group] = groupOf(target.resource)
  return {
    verb, group, version: target.version ?? 'v1', resource, subresource: target.subresource, namespace: target.namespace, name: target.name,
    credentials: identity.credentials, userAgent: identity.userAgent, fieldManager: identity.userAgent, ...rest,
  }
}
export const create = (identity: Identity, target: Target, body: any): ApiRequest => request(identity, 'create', target, { body })
export const update = (identity: Identity, target: Target, body: any): ApiRequest => request(identity, 'update', target, { body })
export const patch = (identity: Identity, target: Target, patchType: PatchType, body: any): ApiRequest => request(identity, 'patch', target, { body, patchType })
export const remove = (identity: Identity, target: Target, options: any = {}): ApiRequest => request(identity, 'delete', target, { body: options })
export const get = (identity: Identity, target: Target): ApiRequest => request(identity, 'get', target)

/** The effect that sends a request, and the id under which its answer (or failure) will arrive. */
export function call(context: StepContext, apiRequest: ApiRequest, options: { timeoutMs?: number; extraMs?: number } = {}): { readonly id: number; readonly effect: Effect } {
  const id = context.nextId()
  return { id, effect: { do: 'send', to: 'kube-apiserver', message: { type: 'request', id, request: apiRequest }, timeoutMs: options.timeoutMs, extraMs: options.extraMs } }
}
