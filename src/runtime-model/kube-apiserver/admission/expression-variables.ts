import { toExpression } from '../../kinds/custom/expression-types.ts'
import { AuthorizerValue } from '../../kinds/expressions/authorizer.ts'
import type { AdmissionAttributes, AdmissionView } from './plugin.ts'

/** What expressions of policies and match conditions may speak of. Source: k8s.io/apiserver pkg/admission/plugin/cel/condition.go. */
const shown = new WeakMap<object, unknown>()
function asValue(object: any): unknown {
  if (object === undefined || object === null) return null
  let value = shown.get(object)
  if (value === undefined) {
    const { managedFields: _, ...metadata } = object.metadata ?? {}
    shown.set(object, value = toExpression(undefined, object.metadata ? { ...object, metadata } : object))
  }
  return value
}
export const valueOf = (object: any): unknown => asValue(object)

export function variablesOf(a: AdmissionAttributes, view: AdmissionView): Readonly<Record<string, unknown>> {
  return {
    object: asValue(a.object), oldObject: asValue(a.oldObject), request: requestOf(a),
    namespaceObject: a.kind.kind === 'Namespace' || a.namespace === '' ? null : asValue(view.get('namespaces', '', a.namespace)),
    authorizer: authorizerOf(a, view),
  }
}

/** Fields that say nothing are not there: whoever asks for one without `has` is told so. Source: k8s.io/api/admission/v1 (AdmissionRequest: omitempty) */
function requestOf({ kind, subresource, name, namespace, operation, user, dryRun, options }: AdmissionAttributes): unknown {
  const of = { group: kind.group, version: kind.version, kind: kind.kind }, resource = { group: kind.group, version: kind.version, resource: kind.resource }
  const below = subresource ? { subResource: subresource, requestSubResource: subresource } : {}
  return {
    kind: of, resource, requestKind: of, requestResource: resource, ...below, ...name ? { name } : {}, ...namespace ? { namespace } : {}, operation,
    userInfo: userInfoOf(user), dryRun, options: toExpression(undefined, optionsOf(operation, dryRun, options)),
  }
}
const userInfoOf = ({ name, uid, groups, extra }: AdmissionAttributes['user']): object =>
  ({ ...name ? { username: name } : {}, ...uid ? { uid } : {}, ...groups.length ? { groups } : {}, ...extra && Object.keys(extra).length ? { extra } : {} })
const optionKinds: Readonly<Record<string, string>> = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' }
function optionsOf(operation: string, dryRun: boolean, options: any): object {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined && value !== ''))
  return { kind: optionKinds[operation], apiVersion: 'meta.k8s.io/v1', ...given, ...dryRun ? { dryRun: ['All'] } : {} }
}
function authorizerOf({ kind, subresource, namespace, name, user }: AdmissionAttributes, view: AdmissionView): AuthorizerValue {
  const root = new AuthorizerValue({ user, decide: action => view.decide(action) })
  root.requestResource = root.with({
    group: kind.group, resource: kind.resource, subresource: subresource || undefined, namespace: namespace || undefined, name: name || undefined,
  })
  return root
}
