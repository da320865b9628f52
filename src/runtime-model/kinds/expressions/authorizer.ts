/**
 * `authorizer` of admission expressions: who is asking may do what? Each step narrows the question, `check` asks it.
 * Source: k8s.io/apiserver pkg/cel/library/authz.go.
 */
export interface AskedUser { readonly name: string; readonly groups: readonly string[] }
/** What is asked for; `path` for requests that are no resource's. */
export interface AskedAction {
  readonly user: AskedUser
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** undefined: cluster scope */
  readonly namespace?: string
  readonly name?: string
  readonly path?: string
}
export type Decide = (action: AskedAction) => { readonly allowed: boolean; readonly reason: string }
interface Asking {
  readonly user: AskedUser
  readonly decide: Decide
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly path?: string
}

export class AuthorizerValue {
  readonly #asking: Asking
  /** the very resource that a request is about */
  requestResource?: AuthorizerValue
  constructor(asking: Asking) { this.#asking = asking }
  with(more: Partial<Asking>): AuthorizerValue { return new AuthorizerValue({ ...this.#asking, ...more }) }
  check(verb: string): DecisionValue {
    const { decide, user, group = '', resource = '', subresource, namespace, name, path } = this.#asking
    return new DecisionValue(decide({ user, verb, group, resource, subresource, namespace, name, path }))
  }
}
export class DecisionValue {
  readonly allowed: boolean
  readonly reason: string
  constructor({ allowed, reason }: { readonly allowed: boolean; readonly reason: string }) { this.allowed = allowed; this.reason = reason }
}

const narrowed = (field: string) => (asking: AuthorizerValue, value: string): AuthorizerValue => asking.with({ [field]: value || undefined })
export const authorizerFunctions: Readonly<Record<string, (...args: any[]) => any>> = {
  'authz.Authorizer.group(string): authz.Authorizer': narrowed('group'), 'authz.Authorizer.resource(string): authz.Authorizer': narrowed('resource'),
  'authz.Authorizer.subresource(string): authz.Authorizer': narrowed('subresource'),
  'authz.Authorizer.namespace(string): authz.Authorizer': narrowed('namespace'), 'authz.Authorizer.name(string): authz.Authorizer': narrowed('name'),
  'authz.Authorizer.path(string): authz.Authorizer': narrowed('path'),
  'authz.Authorizer.serviceAccount(string, string): authz.Authorizer': (asking: AuthorizerValue, namespace: string, name: string) =>
    asking.with({
      user: {
        name: `system:serviceaccount:${namespace}:${name}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      },
    }),
  'authz.Authorizer.check(string): authz.Decision': (asking: AuthorizerValue, verb: string) => asking.check(verb),
  'authz.Decision.allowed(): bool': (d: DecisionValue) => d.allowed, 'authz.Decision.reason(): string': (d: DecisionValue) => d.reason,
  'authz.Decision.errored(): bool': () => false, 'authz.Decision.error(): string': () => '',
}
