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

const text = (value: string | undefined): string => value ?? ''
function requestOf({ kind, subresource, name, namespace, operation, user, dryRun, options }: AdmissionAttributes): unknown {
  const of = { group: kind.group, version: kind.version, kind: kind.kind }, resource = { group: kind.group, version: kind.version, resource: kind.resource }
  return {
    kind: of, resource, subResource: text(subresource), requestKind: of, requestResource: resource, requestSubResource: text(subresource), name, namespace,
    operation,
    userInfo: { username: user.name, groups: user.groups, uid: '', extra: {} }, dryRun, options: toExpression(undefined, options ?? {}),
  }
}
function authorizerOf({ kind, subresource, namespace, name, user }: AdmissionAttributes, view: AdmissionView): AuthorizerValue {
  const root = new AuthorizerValue({ user, decide: action => view.decide(action) })
  root.requestResource = root.with({
    group: kind.group, resource: kind.resource, subresource: subresource || undefined, namespace: namespace || undefined, name: name || undefined,
  })
  return root
}
