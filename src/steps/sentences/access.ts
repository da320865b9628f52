import { CannotRun } from '../../assertions/errors.ts'
import { isNobody } from '../../assertions/mentions.ts'
import { kindOf, referenceOf } from '../../assertions/subjects/index.ts'
import { suggest } from '../../base/suggest.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { isOk, type Credentials } from '../../runtime-model/api/request.ts'
import type { AskedAction } from '../../runtime-model/kinds/expressions/authorizer.ts'
import { registry } from '../../runtime-model/kinds/index.ts'
import type { ScenarioContext } from '../context.ts'
import { grantsOf } from './grants.ts'

/** Whom the API server lets do what, asked of it with a SubjectAccessReview in a fork of the cluster: nothing is done, and no time passes. */
const doc = 'What the API server would answer a user or a ServiceAccount who asks for it now, by all authorizers: of the current namespace, another, or of all.'
const source = 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access'
const whole: Credentials = { user: 'kubernetes-admin', groups: ['system:masters'] }

/** Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verbs-authorization */
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use', 'bind', 'escalate', 'impersonate', 'approve', 'sign']
type Args = Readonly<Record<string, any>>
type Attributes = Omit<AskedAction, 'user' | 'path'>

function attributesOf(context: ScenarioContext, args: Args, everywhere: boolean): Attributes {
  const verb: string = args.verb.toLowerCase()
  if (!verbs.includes(verb)) throw new CannotRun(`\`${args.verb}\` is no verb of requests; ${nearOr(verb, verbs, `they are ${verbs.join(', ')}`)}`)
  if (args.what) {
    const { ref } = referenceOf(args.what, { driver: context.driver(), context })
    return { verb, group: ref.group, resource: ref.resource.split('.')[0], namespace: ref.namespace, name: ref.name }
  }
  const [word, subresource] = (args.resource as string).split('/'), { group, resource, namespaced } = kindOf(word, context.driver())
  if (!namespaced && args.namespace !== undefined) throw new CannotRun(`${resource} are in no namespace`)
  if (subresource !== undefined) checkSubresource(word, subresource)
  const of = { verb, group, resource: resource.split('.')[0], ...subresource === undefined ? {} : { subresource } }
  return namespaced && !everywhere ? { ...of, namespace: args.namespace ?? context.namespace } : of
}
function checkSubresource(word: string, subresource: string): void {
  const known = Object.keys(registry.find(word)?.subresources ?? {})
  if (!known.includes(subresource)) throw new CannotRun(`there is no ${word}/${subresource}; ${nearOr(subresource, known, `there is ${known.join(', ') || 'none'}`)}`)
}
function nearOr(word: string, known: readonly string[], otherwise: string): string {
  const [near] = suggest(word, known, 1)
  return near === undefined ? otherwise : `did you mean \`${near}\`?`
}

/** As the API server would know who asks. Source: pkg/serviceaccount/util.go */
function credentialsOf(context: ScenarioContext, { user, account }: Args): { readonly label: string; readonly is: Credentials } | { readonly failed: string } {
  if (user !== undefined) return { label: `user "${user}"`, is: { user, groups: [...context.users.get(user) ?? [], 'system:authenticated'] } }
  const [name, namespace = context.namespace] = (account as string).split('/').reverse(), label = `serviceaccount ${account}`
  if (context.driver().stored('serviceaccounts', namespace, name) === undefined) return { failed: `there is no ${label}` }
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
  return { label, is: { user: `system:serviceaccount:${namespace}:${name}`, groups } }
}

async function ask(context: ScenarioContext, args: Args, text: string, wanted: boolean): Promise<StepOutcome> {
  const who = credentialsOf(context, args)
  if ('failed' in who) return who
  const attributes = attributesOf(context, args, / in (?:any namespace|all namespaces)$/i.test(text)), { namespace } = attributes
  if (!wanted && args.what && isNobody(args.what, { driver: context.driver(), context })) {
    return { vacuous: `there never was a ${args.what.kind} ${args.what.name}, so that this holds of any name` }
  }
  if (namespace !== undefined && !context.driver().stored('namespaces', '', namespace)) return { failed: `there is no namespace ${namespace}` }
  const twin = context.driver().fork?.() ?? context.driver()
  const { code, body } = await twin.request({
    credentials: whole, userAgent: 'kscenario', verb: 'create', group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {},
      spec: { user: who.is.user, groups: who.is.groups, resourceAttributes: attributes },
    },
  })
  if (!isOk({ code, body })) return { failed: 'no API server answers who may do what' }
  const { allowed = false, reason } = (body as any).status
  if (allowed === wanted) return
  const notes = [...reason ? [reason] : [], ...allowed ? [] : grantsOf(who.is, attributes.resource, context.driver())]
  const everywhere = namespace === undefined && kindOf(attributes.resource, context.driver()).namespaced ? ' in all namespaces' : ''
  return { failed: `${who.label} ${allowed ? 'can' : 'cannot'} ${asSaid(attributes)}${everywhere}`, ...notes.length ? { notes } : {} }
}
function asSaid({ verb, resource, subresource, namespace, name }: Attributes): string {
  return `${verb} ${resource}${subresource ? `/${subresource}` : ''}${name ? ` ${name}` : ''}${namespace === undefined ? '' : ` in namespace ${namespace}`}`
}

const whats = ['{verb} {resource}', '{verb} {resource} in namespace {namespace}', '{verb} {resource} in any namespace', '{verb} {resource} in all namespaces', '{verb} {what}']
const phrasesOf = (...may: readonly string[]): string[] =>
  ['(the) user {user}', '(the) serviceaccount {account}'].flatMap(who => may.flatMap(word => whats.map(what => `${who} ${word} ${what}`)))
const access = (id: string, wanted: boolean, may: readonly string[], examples: readonly string[]): StepDefinition => defineStep({
  id, kind: 'sentence', phrases: phrasesOf(...may), doc, source, examples,
  parameters: { user: 'value', account: 'word', verb: 'word', resource: 'word', what: 'subject' },
  run: (context, args, { text }) => ask(context, args, text, wanted),
})

export const accesses: readonly StepDefinition[] = [
  access('may', true, ['can/may', 'is allowed to'], [
    'user "ana" can list pods', 'user "ana" can get pods/log in namespace bookstore', 'user "ana" may delete pod catalog', 'user "ana" is allowed to watch nodes',
    'serviceaccount ci can create deployments', 'serviceaccount build/ci can list secrets in any namespace',
  ]),
  access('may-not', false, ['cannot/can\'t', 'can/may not', 'is not allowed to'], [
    'user "ana" cannot delete pods', 'user "ana" may not list secrets in namespace kube-system', 'serviceaccount default is not allowed to delete pod catalog',
  ]),
]
