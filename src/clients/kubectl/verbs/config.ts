import { NotModelled } from '../../errors.ts'
import type { CommandEnvironment } from '../../outcome.ts'
import { failure, throwAll, usage } from '../errors.ts'
import { bool, text, type Flags, type FlagTable } from '../flags.ts'
import { HIDDEN, keepKubeconfig, kubeconfigFiles, kubeconfigOf, misfit } from '../kubeconfig.ts'
import { entry, foundBeside, objectOf, shownBeside, type Entries, type Entry, type Kubeconfig } from '../kubeconfig-file.ts'
import { printerOf } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { allTyped, output, type Verb } from '../verb.ts'
import { bareVerb } from './bare.ts'
import { changes } from './config-changes.ts'

const offline = (flags: FlagTable, run: (session: Session, flags: Flags, command: string) => void | Promise<void>): Verb =>
  ({ discovers: false, flags, async run(session, given, command) { await run(session, given, command) } })

const secrets: Readonly<Record<string, string>> = { 'certificate-authority-data': HIDDEN, 'client-certificate-data': HIDDEN, 'client-key-data': HIDDEN,
  token: 'REDACTED', password: 'REDACTED',
}
const hidden = (fields: Entry): Entry => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, secrets[name] ?? value]))
/** As it stands in the file. What is in the certificate and key that every cluster begins with is not known: whoever looks at them is told that. */
const revealed = (fields: Entry): Entry => {
  const shown: Record<string, string | boolean> = {}
  for (const [name, value] of Object.entries(fields)) {
    const get = (): string | boolean => {
      if (value === HIDDEN) throw new NotModelled(`kubectl config view: what ${name} holds; there are no certificates to show`)
      return value
    }
    Object.defineProperty(shown, name, { enumerable: true, get })
  }
  return shown
}
/** Files that are named, by what they hold. Source: client-go tools/clientcmd/api/helpers.go (FlattenConfig) */
const flattened = ({ readFile }: CommandEnvironment, file: string, entries: Entries): Entries =>
  Object.fromEntries(Object.entries(entries).map(([name, fields]) =>
    [name, Object.fromEntries(Object.entries(fields).map(([field, value]) => {
      if (secrets[`${field}-data`] === undefined) return [field, value]
      const content = readFile(foundBeside(file, String(value)))
      if (content === undefined) throw failure(`open ${shownBeside(file, String(value))}: no such file or directory`)
      return [`${field}-data`, Buffer.from(content, 'utf8').toString('base64')]
    }))]))
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

/** Source: kubectl pkg/cmd/config/view.go; what is secret is not shown, unless it is asked for. */
const view = offline(
  { ...output, output: text('o', 'yaml'), minify: bool(), flatten: bool(), raw: bool(), merge: bool(undefined, 'true') }, (session, flags, command) => {
  if (flags.args.length > 0) throw usage(command, `unexpected arguments: [${flags.args.join(' ')}]`)
  const { environment } = session, file = flags.text('kubeconfig'), flat = flags.on('flatten'), show = flags.on('raw') || flat ? revealed : hidden
  if (!flags.on('merge') && file === '') throw failure('if merge==false a precise file must be specified')
  if (!flags.on('merge') && environment.readFile(file) === undefined) throw failure(`open ${file}: no such file or directory`)
  const whole = kubeconfigOf(environment, file), chosen = flags.on('minify') ? minified(whole, flags.text('context') || whole.current) : whole
  const [beside = ''] = kubeconfigFiles(environment, file)
  const config = flat
    ? { ...chosen, users: flattened(environment, beside, chosen.users), clusters: flattened(environment, beside, chosen.clusters) }
    : chosen
  const object = objectOf(config, show)
  const printer = printerOf(flags)
  if (!printer) {
    throw failure(`unable to match a printer suitable for the output format ${JSON.stringify(flags.text('output'))}, allowed formats are: json,yaml`)
  }
  printer(session, [{ kind: { group: '', version: 'v1', kind: 'Config' }, object }], true)
}
)

/** Source: get_contexts.go */
const getContexts = offline({ output: text('o'), 'no-headers': bool() }, (session, flags) => {
  const { contexts, current } = kubeconfigOf(session.environment, flags.text('kubeconfig')), form = flags.text('output'), bare = flags.on('no-headers')
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
  const [name] = flags.args, config = kubeconfigOf(session.environment, flags.text('kubeconfig'))
  if (flags.args.length !== 1) throw await misfit(session, command, `Unexpected args: [${flags.args.join(' ')}]`)
  if (name === '') throw failure('empty context names are not allowed')
  if (!entry(config.contexts, name)) throw failure(`no context exists with the name: ${JSON.stringify(name)}`)
  keepKubeconfig(session.environment, { ...config, current: name }, flags.text('kubeconfig'))
  session.print(`Switched to context ${JSON.stringify(name)}.`)
})
/** Source: current_context.go */
const currentContext = offline({}, (session, flags) => {
  const { current } = kubeconfigOf(session.environment, flags.text('kubeconfig'))
  if (current === '') throw failure('current-context is not set')
  session.print(current)
})
const names = (of: 'clusters' | 'users'): Verb =>
  offline({}, (session, flags) => {
    const names = Object.keys(kubeconfigOf(session.environment, flags.text('kubeconfig'))[of]).sort()
    for (const name of ['NAME', ...names]) session.print(name)
  })

/** What a user does with a kubeconfig. Source: kubectl pkg/cmd/config. */
export const config: Verb = bareVerb({
  ...allTyped({ view }), 'get-contexts': getContexts, 'current-context': currentContext, 'use-context': useContext,
  use: { ...useContext, name: 'use-context' }, 'get-clusters': names('clusters'), 'get-users': names('users'), ...changes,
})
