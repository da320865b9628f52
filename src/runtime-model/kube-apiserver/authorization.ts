import type { ApiRequest } from '../api/request.ts'
import { unauthorizedAction, type Status } from '../api/status.ts'
import { authorizeNode } from './node-authorizer.ts'
import { allows, missingRoles, type Action } from './rbac.ts'
import type { User } from './state.ts'
import type { WatchCache } from './watch-cache.ts'

/**
 * May this user do that? system:masters always, then the Node authorizer, then RBAC; the first that decides does, none that allows is no.
 * Source: k8s.io/apiserver pkg/endpoints/filters/authorization.go, pkg/authorization/union; kubeadm's --authorization-mode=Node,RBAC.
 */
export interface Decision { readonly allowed: boolean; readonly reason: string }

export function decide(cache: WatchCache, action: Action, fieldSelector?: string, knowsRoles = true): Decision {
  if (action.user.groups.includes('system:masters')) return yes
  const node = authorizeNode(cache, action, fieldSelector)
  if (node?.allowed) return yes
  if (!knowsRoles) return { allowed: false, reason: node?.reason ?? '' }
  return allows(cache, action) ? yes : { allowed: false, reason: [node?.reason, missingRoles(cache, action)].filter(Boolean).join('\n') }
}
const yes: Decision = { allowed: true, reason: '' }

/** The action that a request is. A list or watch of one name by field selector is one of that name. */
export function actionOf(request: ApiRequest, user: User): Action {
  if (request.path !== undefined) return { user, verb: 'get', group: '', resource: '', path: request.path }
  const { verb, group, resource, subresource, namespace, name } = request
  return {
    user, verb, group, resource, subresource, namespace: resource === 'namespaces' ? namespace ?? name : namespace,
    name: verb === 'create' && !subresource ? undefined : name ?? (verb === 'deletecollection' ? undefined : selectedName(request.fieldSelector)),
  }
}
const selectedName = (selector: string | undefined): string | undefined => selector ? /^metadata\.name=([^,!=]+)$/.exec(selector)?.[1] : undefined

/** The refusal of a request, undefined if it is allowed. `knowsRoles`: RBAC is asked too. */
export function authorize(cache: WatchCache, request: ApiRequest, user: User, knowsRoles = true): Status | undefined {
  const action = actionOf(request, user), decision = decide(cache, action, request.fieldSelector, knowsRoles)
  if (decision.allowed) return undefined
  const { verb, group, resource, subresource, name, path } = action
  return unauthorizedAction({ user: user.name, verb, group, resource, subresource, namespace: action.namespace || undefined, name, path }, decision.reason)
}
