import { CannotRun, NotModelled } from '../../errors.ts'
import { failure, SERVER } from '../errors.ts'
import { array, bool, inert, text, type Flags, type FlagTable } from '../flags.ts'
import { printerOf } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { allTyped, output, type Verb } from '../verb.ts'
import { bareVerb } from './bare.ts'

/** The kubeconfig that kubeadm leaves behind: one cluster, one user, one context. Source: kubeadm, phases kubeconfig. */
export const CLUSTER = 'kubernetes'
export const userOf = (session: Session): string => session.environment.credentials.user
/** `kubernetes-admin@kubernetes` */
export const contextOf = (session: Session): string => `${userOf(session)}@${CLUSTER}`

const offline = (flags: FlagTable, run: (session: Session, flags: Flags) => void): Verb =>
  ({ discovers: false, flags, async run(session, given) { run(session, given) } })
const absent = (flags: FlagTable = {}): Verb =>
  ({ discovers: false, flags, async run(_, __, command) { throw new NotModelled(`${command}: there is one cluster, one user and one context`) } })

/** Source: kubectl pkg/cmd/config/view.go; what is secret is not shown. */
const view = offline(
  { ...output, output: text('o', 'yaml'), minify: inert(bool()), flatten: bool(), raw: bool(), merge: inert(bool(undefined, 'true')) }, (session, flags) => {
  const hidden = 'DATA+OMITTED', namespace = session.environment.namespace
  if (flags.on('raw')) throw new NotModelled('kubectl config view --raw: there are no certificates to show')
  const config = {
    kind: 'Config', apiVersion: 'v1', clusters: [{ name: CLUSTER, cluster: { server: `https://${SERVER}`, 'certificate-authority-data': hidden } }],
    users: [{ name: userOf(session), user: { 'client-certificate-data': hidden, 'client-key-data': hidden } }],
    contexts: [{ name: contextOf(session), context: { cluster: CLUSTER, user: userOf(session), ...namespace === 'default' ? {} : { namespace } } }],
    'current-context': contextOf(session),
  }
  const printer = printerOf(flags)
  if (!printer) {
    throw failure(`unable to match a printer suitable for the output format ${JSON.stringify(flags.text('output'))}, allowed formats are: json,yaml`)
  }
  printer(session, [{ kind: { group: '', version: 'v1', kind: 'Config' }, object: config }], true)
}
)

/** Source: get_contexts.go */
const getContexts = offline({ output: text('o'), 'no-headers': bool() }, (session, flags) => {
  const name = contextOf(session), namespace = session.environment.namespace, unknown = flags.args.find(a => a !== name)
  if (flags.text('output') === 'name') { session.print(name); return }
  const rows = [
    ...flags.on('no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']],
    ...unknown === undefined ? [['*', name, CLUSTER, userOf(session), namespace === 'default' ? '' : namespace]] : [],
  ]
  session.stdout += alignTabs(rows.map(r => `${r.join('\t')}\n`).join(''), TABLE)
  if (unknown !== undefined) throw failure(`context ${unknown} not found`)
})
/** Source: use_context.go */
const useContext = offline({}, (session, flags) => {
  const [name] = flags.args
  if (flags.args.length !== 1) throw failure(`Unexpected args: [${flags.args.join(' ')}]`)
  if (name !== contextOf(session)) throw failure(`no context exists with the name: ${JSON.stringify(name)}`)
  session.print(`Switched to context ${JSON.stringify(name)}.`)
})
/** Source: set_context.go (create_context.go) */
const setContext = offline({ current: bool(), cluster: text(), user: text() }, (session, flags) => {
  const name = flags.on('current') ? contextOf(session) : flags.args[0]
  if (name === undefined) throw failure('you must specify a non-empty context name or --current')
  if (name !== contextOf(session) || flags.given('cluster') || flags.given('user')) {
    throw new NotModelled('kubectl config set-context: there is one cluster, one user and one context')
  }
  if (flags.given('namespace')) {
    if (!session.environment.useNamespace) throw new CannotRun('the namespace of the context cannot be changed here')
    session.environment.useNamespace(flags.text('namespace') || 'default')
  }
  session.print(`Context ${JSON.stringify(name)} modified.`)
})
const names = (of: (session: Session) => string): Verb => offline({}, session => { session.print('NAME'); session.print(of(session)) })

/** What a user does with a kubeconfig. Source: kubectl pkg/cmd/config. */
export const config: Verb = bareVerb({
  ...allTyped({ view }), 'get-contexts': getContexts, 'current-context': offline({}, session => session.print(contextOf(session))), 'use-context': useContext,
  use: useContext,
  'set-context': setContext,
  'get-clusters': names(() => CLUSTER), 'get-users': names(userOf), 'delete-cluster': absent(), 'delete-context': absent(), 'delete-user': absent(),
  'rename-context': absent(), set: absent({ 'set-raw-bytes': bool() }), unset: absent(),
  'set-cluster': absent({
    server: text(), 'certificate-authority': text(), 'embed-certs': bool(), 'insecure-skip-tls-verify': bool(), 'proxy-url': text(), 'tls-server-name': text(),
  }),
  'set-credentials': absent({
    token: text(), 'client-certificate': text(), 'client-key': text(), 'embed-certs': bool(), username: text(), password: text(), 'auth-provider': text(),
    'auth-provider-arg': array(), 'exec-api-version': text(), 'exec-arg': array(), 'exec-command': text(), 'exec-env': array(),
    'exec-interactive-mode': text(), 'exec-provide-cluster-info': bool(),
  }),
})
