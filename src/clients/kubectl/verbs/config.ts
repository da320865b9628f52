import { NotModelled } from '../../errors.ts'
import type { CommandEnvironment } from '../../outcome.ts'
import { failure, throwAll, usage } from '../errors.ts'
import { bool, text, type Flags, type FlagTable } from '../flags.ts'
import { entry, HIDDEN, HOME, keepKubeconfig, kubeconfigOf, misfit, type Entries, type Entry, type Kubeconfig } from '../kubeconfig.ts'
import { printerOf } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { allTyped, output, type Verb } from '../verb.ts'
import { bareVerb } from './bare.ts'
import { changes } from './config-changes.ts'

const offline = (flags: FlagTable, run: (session: Session, flags: Flags, command: string) => void | Promise<void>): Verb =>
  ({ discovers: false, flags, async run(session, given, command) { await run(session, given, command) } })

/** Field by field as client-go has them. Source: client-go tools/clientcmd/api/v1/types.go */
const inOrder = (fields: Entry, names: readonly string[], show: (fields: Entry) => Entry, always: readonly string[] = []): Entry =>
  show(Object.fromEntries(names.filter(n => fields[n] !== undefined || always.includes(n)).map(n => [n, fields[n] ?? ''])))
const plain = (fields: Entry): Entry => fields
const ofCluster = [
  'server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data', 'proxy-url',
]
const ofUser = ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'username', 'password']
const secrets: Readonly<Record<string, string>> = { 'certificate-authority-data': HIDDEN, 'client-certificate-data': HIDDEN, 'client-key-data': HIDDEN,
  token: 'REDACTED', password: 'REDACTED',
}
const hidden = (fields: Entry): Entry => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, secrets[name] ?? value]))
/** As it stands in the file. What is in a certificate or key is known of files alone: whoever looks at another is told that. */
const revealed = ({ readFile }: CommandEnvironment) => (fields: Entry): Entry => {
  const shown: Record<string, string | boolean> = {}
  for (const [name, value] of Object.entries(fields)) {
    const path = new RegExp(`^${HIDDEN.replace('+', '\\+')} of (.*)$`).exec(String(value))?.[1], content = path === undefined ? undefined : readFile(path)
    const get = (): string | boolean => {
      if (content !== undefined) return Buffer.from(content).toString('base64')
      if (String(value).startsWith(HIDDEN)) throw new NotModelled(`kubectl config view: what ${name} holds; there are no certificates to show`)
      return value
    }
    Object.defineProperty(shown, name, { enumerable: true, get })
  }
  return shown
}
/** Files that are named, by what they hold. Source: client-go tools/clientcmd/api/helpers.go (FlattenConfig) */
const flattened = ({ readFile }: CommandEnvironment, entries: Entries): Entries => Object.fromEntries(Object.entries(entries).map(([name, fields]) =>
  [name, Object.fromEntries(Object.entries(fields).map(([field, value]) => {
    if (secrets[`${field}-data`] === undefined) return [field, value]
    const path = String(value).replace(`${HOME}/`, '')
    if (readFile(path) === undefined) throw failure(`open ${String(value)}: no such file or directory`)
    return [`${field}-data`, `${HIDDEN} of ${path}`]
  }))]))
const listed = (entries: Entries, as: string, show: (fields: Entry) => Entry): any => {
  const names = Object.keys(entries).sort()
  return names.length === 0 ? null : names.map(name => ({ name, [as]: show(entries[name]) }))
}
/** Only what the context needs. Source: client-go tools/clientcmd/api/helpers.go (MinifyConfig) */
function minified(config: Kubeconfig, context: string): Kubeconfig {
  if (context === '') throw failure('current-context must exist in order to minify')
  const chosen = entry(config.contexts, context), only = (entries: Entries, what: string, name: unknown): Entries => {
    if (name === undefined) return {}
    if (!entry(entries, name)) throw failure(`cannot locate ${what} ${String(name)}`)
    return { [String(name)]: entries[String(name)] }
  }
  if (!chosen) throw failure(`cannot locate context ${context}`)
  return {
    contexts: { [context]: chosen }, current: context, clusters: only(config.clusters, 'cluster', chosen['cluster']),
    users: only(config.users, 'user', chosen['user']),
  }
}

/** A file that is not there holds nothing, unless it alone is asked for. Source: view.go (getStartingConfig) */
function fileNamed({ environment }: Session, flags: Flags): Kubeconfig {
  const path = flags.text('kubeconfig')
  if (environment.readFile(path) !== undefined) throw new NotModelled('kubectl config --kubeconfig: there is one kubeconfig')
  if (flags.given('merge') && !flags.on('merge')) throw failure(`open ${path}: no such file or directory`)
  return { clusters: {}, users: {}, contexts: {}, current: '' }
}
/** Source: kubectl pkg/cmd/config/view.go; what is secret is not shown, unless it is asked for. */
const view = offline(
  { ...output, output: text('o', 'yaml'), minify: bool(), flatten: bool(), raw: bool(), merge: bool(undefined, 'true') }, (session, flags, command) => {
  if (flags.args.length > 0) throw usage(command, `unexpected arguments: [${flags.args.join(' ')}]`)
  const { environment } = session, flat = flags.on('flatten'), show = flags.on('raw') || flat ? revealed(environment) : hidden
  if (!flags.on('merge') && flags.text('kubeconfig') === '') throw failure('if merge==false a precise file must be specified')
  const whole = flags.text('kubeconfig') === '' ? kubeconfigOf(environment) : fileNamed(session, flags)
  const chosen = flags.on('minify') ? minified(whole, flags.text('context') || whole.current) : whole
  const config = flat ? { ...chosen, users: flattened(environment, chosen.users), clusters: flattened(environment, chosen.clusters) } : chosen
  const object = {
    kind: 'Config', apiVersion: 'v1', clusters: listed(config.clusters, 'cluster', c => inOrder(c, ofCluster, show, ['server'])),
    users: listed(config.users, 'user', u => inOrder(u, ofUser, show)),
    contexts: listed(config.contexts, 'context', c => inOrder(c, ['cluster', 'user', 'namespace'], plain, ['cluster', 'user'])),
    'current-context': config.current,
  }
  const printer = printerOf(flags)
  if (!printer) {
    throw failure(`unable to match a printer suitable for the output format ${JSON.stringify(flags.text('output'))}, allowed formats are: json,yaml`)
  }
  printer(session, [{ kind: { group: '', version: 'v1', kind: 'Config' }, object }], true)
}
)

/** Source: get_contexts.go */
const getContexts = offline({ output: text('o'), 'no-headers': bool() }, (session, flags) => {
  const { contexts, current } = kubeconfigOf(session.environment, flags), form = flags.text('output'), bare = flags.on('no-headers')
  if (form !== '' && form !== 'name') throw failure(`--output ${form} is not available in kubectl config get-contexts; resetting to default output format`)
  const asked = flags.args.length > 0 ? flags.args : Object.keys(contexts), rows = asked.filter(name => entry(contexts, name)).sort()
  const cell = (name: string, field: string): string => String(contexts[name][field] ?? '')
  if (form === 'name') for (const name of rows) session.print(name)
  else {
    const cells = [...bare ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']],
      ...rows.map(name => [name === current ? '*' : '', name, cell(name, 'cluster'), cell(name, 'user'), cell(name, 'namespace')])]
    session.stdout += alignTabs(cells.map(r => `${r.join('\t')}\n`).join(''), TABLE)
  }
  throwAll(asked.filter(name => !entry(contexts, name)).map(name => failure(`context ${name} not found`)))
})
/** Source: use_context.go */
const useContext = offline({}, async (session, flags, command) => {
  const [name] = flags.args, config = kubeconfigOf(session.environment, flags)
  if (flags.args.length !== 1) throw await misfit(session, command, `Unexpected args: [${flags.args.join(' ')}]`)
  if (name === '') throw failure('empty context names are not allowed')
  if (!entry(config.contexts, name)) throw failure(`no context exists with the name: ${JSON.stringify(name)}`)
  keepKubeconfig(session.environment, { ...config, current: name })
  session.print(`Switched to context ${JSON.stringify(name)}.`)
})
/** Source: current_context.go */
const currentContext = offline({}, (session, flags) => {
  const { current } = kubeconfigOf(session.environment, flags)
  if (current === '') throw failure('current-context is not set')
  session.print(current)
})
const names = (of: 'clusters' | 'users'): Verb =>
  offline({}, (session, flags) => { for (const name of ['NAME', ...Object.keys(kubeconfigOf(session.environment, flags)[of]).sort()]) session.print(name) })

/** What a user does with a kubeconfig. Source: kubectl pkg/cmd/config. */
export const config: Verb = bareVerb({
  ...allTyped({ view }), 'get-contexts': getContexts, 'current-context': currentContext, 'use-context': useContext,
  use: { ...useContext, name: 'use-context' }, 'get-clusters': names('clusters'), 'get-users': names('users'), ...changes,
})
