import { ApiError, Exit, failure } from '../errors.ts'
import { bool, text, type Flags } from '../flags.ts'
import { findKind } from '../kinds.ts'
import { compactRules, goList, resourceText } from '../policy-rules.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { printerOf } from '../printers/index.ts'
import { allTyped, output, type Verb } from '../verb.ts'
import { bareVerb } from './bare.ts'
import { reconcile } from './reconcile.ts'

const review = (session: Session, group: string, resource: string, kind: string, spec?: object): Promise<any> =>
  session.send({ verb: 'create', group, version: 'v1', resource, body: { apiVersion: `${group}/v1`, kind, metadata: {}, ...spec ? { spec } : undefined } })

/** Source: kubectl pkg/cmd/auth/cani.go (resourceVerbs, nonResourceURLVerbs). */
const resourceVerbs: ReadonlySet<string> = new Set([
  'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use', 'bind', 'impersonate', '*', 'approve', 'sign', 'escalate',
  'attest',
])
const urlVerbs: ReadonlySet<string> = new Set(['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'])

/** Source: kubectl pkg/cmd/auth/cani.go. */
const canI: Verb = {
  flags: { 'all-namespaces': bool('A'), list: bool(), quiet: bool('q'), subresource: text(), 'no-headers': bool() },
  async run(session, flags, command) {
    if (flags.on('list')) {
      if (flags.args.length > 0) throw failure('list option must be specified with no arguments')
      return listRules(session, flags)
    }
    const [verb, target] = flags.args
    if (!verb || !target || flags.args.length > 2) {
      throw failure(`you must specify two arguments: verb resource or verb resource/resourceName.\nSee '${command} -h' for help and examples.`)
    }
    if (target.startsWith('/') && flags.given('subresource')) throw failure('--subresource can not be used with NonResourceURL')
    if (target.startsWith('/') && !urlVerbs.has(verb)) session.complain(`Warning: verb '${verb}' is not a known verb\n`)
    const spec = target.startsWith('/')
      ? { nonResourceAttributes: { path: target, verb } }
      : { resourceAttributes: attributes(session, flags, verb, target) }
    const { status } = await review(session, 'authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', spec)
    const reason = [status.reason, status.evaluationError].filter(Boolean).map(r => ` - ${r}`).join('')
    if (!flags.on('quiet')) session.print(status.allowed ? 'yes' : `no${reason}`)
    if (!status.allowed) throw new Exit('')
  },
}
/** What is impersonated is asked about like a resource. Source: kubectl pkg/cmd/auth/cani.go (nonStandardResourceNames) */
const NO_RESOURCES: ReadonlySet<string> = new Set(['users', 'groups'])
function attributes(session: Session, flags: Flags, verb: string, target: string): object {
  const [word, name] = target.split('/'), kind = findKind(word, session.kinds), [plain, ...group] = word.split('.')
  if (!kind && word !== '*' && !NO_RESOURCES.has(word)) {
    session.complain(`Warning: the server doesn't have a resource type '${plain}'${group.length > 0 ? ` in group '${group.join('.')}'` : ''}\n`)
  }
  if (kind && !kind.namespaced && !flags.on('all-namespaces')) {
    session.complain(`Warning: resource '${kind.resource}' is not namespace scoped${kind.group ? ` in group '${kind.group}'` : ''}\n`)
  }
  if (!flags.on('all-namespaces') && !resourceVerbs.has(verb)) session.complain(`Warning: verb '${verb}' is not a known verb\n`)
  return {
    ...flags.on('all-namespaces') ? {} : { namespace: session.namespace }, verb, group: kind?.group ?? group.join('.'), resource: kind?.resource ?? plain,
    ...flags.given('subresource') ? { subresource: flags.text('subresource') } : {}, ...name ? { name } : {},
  }
}
async function listRules(session: Session, flags: Flags): Promise<void> {
  const { status } = await review(session, 'authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace: session.namespace })
  const rules = compactRules([...status.resourceRules ?? [], ...status.nonResourceRules ?? []])
  const lines = [
    ...flags.on('no-headers') ? [] : ['Resources\tNon-Resource URLs\tResource Names\tVerbs'],
    ...rules.map(r => `${resourceText(r)}\t${goList(r.nonResourceURLs)}\t${goList(r.resourceNames)}\t${goList(r.verbs)}`),
  ]
  session.stdout += alignTabs(lines.map(l => `${l}\n`).join(''), TABLE)
}

/** Source: kubectl pkg/cmd/auth/whoami.go. */
const whoAmI: Verb = {
  discovers: false, flags: output,
  async run(session, flags) {
    const printer = printerOf(flags), answer = await review(session, 'authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview').catch(error => {
      if (!(error instanceof ApiError) || error.reason !== 'Forbidden') throw error
      throw failure('the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it')
    })
    if (printer) return printer(session, [{ kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'SelfSubjectReview' }, object: answer }], true)
    const { username, uid, groups, extra } = answer.status.userInfo
    const rows = [
      ['ATTRIBUTE', 'VALUE'], ...username ? [['Username', username]] : [], ...uid ? [['UID', uid]] : [], ...groups?.length ? [['Groups', goList(groups)]] : [],
      ...Object.keys(extra ?? {}).sort().map(k => [`Extra: ${k}`, goList(extra[k])]),
    ]
    session.stdout += alignTabs(rows.map(r => `${r.join('\t')}\n`).join(''), TABLE)
  },
}
export const auth: Verb = bareVerb({ 'can-i': canI, ...allTyped({ whoami: whoAmI, reconcile }) })
