import { NotModelled } from '../../errors.ts'
import type { CommandEnvironment } from '../../outcome.ts'
import { failure, usage } from '../errors.ts'
import { array, bool, situational, text, truthOf, type Flags, type FlagTable } from '../flags.ts'
import { FILE, keepKubeconfig, kubeconfigFiles, kubeconfigOf, misfit } from '../kubeconfig.ts'
import { badBase64, entry, placedBeside, withEntry, withoutEntry, type Entry, type Kubeconfig } from '../kubeconfig-file.ts'
import type { Session } from '../session.ts'
import type { Verb } from '../verb.ts'
import { helpPage } from '../help.ts'

type Change = (config: Kubeconfig, flags: Flags, session: Session, command: string) => Promise<{ readonly config: Kubeconfig; readonly said: string }>
/** Writes the kubeconfig anew and says so. */
const changing = (flags: FlagTable, change: Change): Verb => ({
  discovers: false, flags,
  async run(session, given, command) {
    const file = given.text('kubeconfig'), { config, said } = await change(kubeconfigOf(session.environment, file), given, session, command)
    keepKubeconfig(session.environment, config, file)
    session.print(said)
  },
})
const many = ({ args }: Flags): string => `args: [${args.join(' ')}]`
/** the fields that flags of these names give */
const given = (flags: Flags, names: readonly string[]): Entry => Object.fromEntries(names.filter(n => flags.given(n)).map(n => [n, flags.text(n)]))
/** the kubeconfig that is changed, as it is spoken of */
const fileOf = (environment: CommandEnvironment, flags: Flags): string => kubeconfigFiles(environment, flags.text('kubeconfig'))[0] ?? FILE
/** Fields that name files, or what stands in them. Source: create_cluster.go, create_authinfo.go (--embed-certs) */
function filesOf(flags: Flags, names: readonly string[], environment: CommandEnvironment): Entry {
  const { readFile } = environment, [file = ''] = kubeconfigFiles(environment, flags.text('kubeconfig'))
  return Object.assign({}, ...names.filter(n => flags.given(n)).map(name => {
    const path = flags.text(name)
    if (!flags.on('embed-certs')) return path === '' ? { [name]: '' } : { [name]: placedBeside(file, path), [`${name}-data`]: '' }
    const content = readFile(path)
    if (content === undefined) throw failure(`could not stat ${name} file ${path}: stat ${path}: no such file or directory`)
    return { [name]: '', [`${name}-data`]: Buffer.from(content, 'utf8').toString('base64') }
  })) as Entry
}

/** Source: create_context.go */
const setContext = changing({ current: bool(), cluster: text(), user: text() }, async (config, flags, session, command) => {
  if (flags.args.length > 1) throw await misfit(session, command, `Unexpected ${many(flags)}`)
  const [typed] = flags.args, current = flags.on('current')
  if (!typed && !current) throw failure('you must specify a non-empty context name or --current')
  if (typed && current) throw failure('you cannot specify both a context name and --current')
  if (current && config.current === '') throw failure('no current context is set')
  const name = current ? config.current : typed, before = entry(config.contexts, name)
  return {
    config: withEntry(config, 'contexts', name, { ...before, ...given(flags, ['cluster', 'user', 'namespace']) }),
    said: `Context ${JSON.stringify(name)} ${before ? 'modified' : 'created'}.`,
  }
})
/** Source: create_cluster.go */
const setCluster = changing({
  server: text(), 'certificate-authority': text(), 'embed-certs': bool(), 'insecure-skip-tls-verify': bool(), 'proxy-url': text(), 'tls-server-name': text(),
}, async (config, flags, session, command) => {
  if (flags.args.length !== 1) throw await misfit(session, command, `Unexpected ${many(flags)}`)
  const [name] = flags.args, authority = flags.text('certificate-authority'), insecure = flags.on('insecure-skip-tls-verify')
  if (insecure && authority !== '') throw failure('you cannot specify a certificate authority and insecure mode at the same time')
  if (flags.on('embed-certs') && authority === '') throw failure('you must specify a --certificate-authority to embed')
  return {
    config: withEntry(config, 'clusters', name, {
      ...entry(config.clusters, name), ...flags.given('server') ? { server: flags.text('server'), 'tls-server-name': '' } : {},
      ...given(flags, ['tls-server-name', 'proxy-url']),
      'insecure-skip-tls-verify': insecure,
      ...insecure ? { 'certificate-authority': '', 'certificate-authority-data': '' } : {},
      ...filesOf(flags, ['certificate-authority'], session.environment),
    }),
    said: `Cluster ${JSON.stringify(name)} set.`,
  }
})
/** Source: create_authinfo.go; one way to authenticate replaces the other. */
const setCredentials = changing({
  token: text(), 'client-certificate': text(), 'client-key': text(), 'embed-certs': bool(), username: text(), password: text(), 'auth-provider': text(),
  'auth-provider-arg': array(), 'exec-api-version': text(), 'exec-arg': array(), 'exec-command': text(), 'exec-env': array(),
  'exec-interactive-mode': text(), 'exec-provide-cluster-info': bool(),
}, async (config, flags, session, command) => {
  if (flags.args.length !== 1) throw await misfit(session, command, `unexpected ${many(flags)}`)
  const [name] = flags.args, token = flags.text('token') !== '', basic = flags.text('username') !== '' || flags.text('password') !== ''
  if (token && basic) throw failure('you cannot specify more than one authentication method at the same time: --token, --username/--password')
  const certificates = ['client-certificate', 'client-key'], embeds = flags.on('embed-certs')
  if (embeds && certificates.every(n => flags.text(n) === '')) throw failure('you must specify a --client-certificate or --client-key to embed')
  return {
    config: withEntry(config, 'users', name, {
      ...entry(config.users, name), ...token ? { username: '', password: '' } : basic ? { token: '' } : {},
      ...given(flags, ['token', 'username', 'password']), ...filesOf(flags, certificates, session.environment),
    }),
    said: `User ${JSON.stringify(name)} set.`,
  }
})

/** Source: rename_context.go */
const renameContext = changing({}, async (config, flags, session, command) => {
  if (flags.args.length !== 2) throw await misfit(session, command, `Unexpected ${many(flags)}`)
  const [from, to] = flags.args, context = entry(config.contexts, from), amiss = `cannot rename the context ${JSON.stringify(from)}`
  if (!context) throw failure(`${amiss}, it's not in ${fileOf(session.environment, flags)}`)
  if (entry(config.contexts, to)) throw failure(`${amiss}, the context ${JSON.stringify(to)} already exists in ${fileOf(session.environment, flags)}`)
  return {
    config: { ...withoutEntry(withEntry(config, 'contexts', to, context), 'contexts', from), current: config.current === from ? to : config.current },
    said: `Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.`,
  }
})
/** Sources: delete_cluster.go, delete_context.go, delete_user.go */
const deletion = (kind: 'clusters' | 'users' | 'contexts', noun: string): Verb => ({
  discovers: false, flags: {},
  async run(session, flags, command) {
    const [name] = flags.args, file = flags.text('kubeconfig'), config = kubeconfigOf(session.environment, file)
    if (kind === 'users' && flags.args.length !== 1) throw usage(command, 'user to delete is required')
    if (flags.args.length !== 1) { session.stdout += await helpPage(command); return }
    if (!entry(config[kind], name)) throw failure(`cannot delete ${noun} ${name}, not in ${fileOf(session.environment, flags)}`)
    if (kind === 'contexts' && name === config.current) {
      session.complain('warning: this removed your active context, use "kubectl config use-context" to select a different one')
    }
    keepKubeconfig(session.environment, withoutEntry(config, kind, name), file)
    session.print(`deleted ${noun} ${name} from ${fileOf(session.environment, flags)}`)
  },
})

const properties: Readonly<Record<'clusters' | 'users' | 'contexts', RegExp>> = {
  clusters: /^(.+)\.(server|tls-server-name|insecure-skip-tls-verify|certificate-authority|certificate-authority-data|proxy-url)$/,
  users: /^(.+)\.(client-certificate|client-certificate-data|client-key|client-key-data|token|tokenFile|username|password)$/,
  contexts: /^(.+)\.(cluster|user|namespace)$/,
}
/** `contexts.dev.namespace` in parts. Source: navigation_step_parser.go */
function propertyOf(path: string): { readonly kind: keyof typeof properties; readonly rest: string; readonly name?: string; readonly field?: string } {
  const [kind, ...words] = path.split('.'), rest = words.join('.')
  if (kind !== 'clusters' && kind !== 'users' && kind !== 'contexts') {
    if (['preferences', 'extensions', 'kind', 'apiVersion', 'current-context'].includes(kind)) throw new NotModelled(`kubectl config: the property ${path}`)
    throw failure(`unable to parse ${path} after [] at api.Config`)
  }
  const [, name, field] = properties[kind].exec(rest) ?? []
  return { kind, rest, name, field }
}
/** Bytes stand in base64; typed they are that, unless they are said to be the bytes themselves. Source: set.go (modifyConfig) */
function bytesOf(value: string, raw: boolean): string {
  const at = raw ? undefined : badBase64(value)
  if (at !== undefined) throw failure(`error decoding input value: illegal base64 data at input byte ${at}`)
  return raw ? Buffer.from(value, 'utf8').toString('base64') : value
}
/** Source: set.go */
const set = changing({ 'set-raw-bytes': situational(bool()) }, async (config, flags, session, command) => {
  if (flags.args.length !== 2) throw await misfit(session, command, `Unexpected ${many(flags)}`)
  const [path, value] = flags.args, said = `Property ${JSON.stringify(path)} set.`
  if (path === 'current-context') return { config: { ...config, current: value }, said }
  const { kind, name, field } = propertyOf(path)
  if (name === undefined || field === undefined) throw new NotModelled(`kubectl config set: the property ${path}`)
  const truth = field === 'insecure-skip-tls-verify' ? truthOf(value) : field.endsWith('-data') ? bytesOf(value, flags.on('set-raw-bytes')) : value
  if (truth === undefined) throw failure(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  return { config: withEntry(config, kind, name, { ...entry(config[kind], name), [field]: truth }), said }
})
/** Source: unset.go */
const unset = changing({}, async (config, flags, session, command) => {
  if (flags.args.length !== 1) throw await misfit(session, command, `Unexpected ${many(flags)}`)
  const [path] = flags.args, said = `Property ${JSON.stringify(path)} unset.`
  if (path === 'current-context') return { config: { ...config, current: '' }, said }
  const { kind, rest, name, field } = propertyOf(path)
  if (rest === '') return { config: { ...config, [kind]: {} }, said }
  if (name === undefined || field === undefined) return { config: withoutEntry(config, kind, rest), said }
  if (!entry(config[kind], name)) throw failure(`current map key \`${name}\` is invalid`)
  return { config: withEntry(config, kind, name, { ...entry(config[kind], name), [field]: '' }), said }
})

/** Verbs of `kubectl config` that change the file. */
export const changes: Readonly<Record<string, Verb>> = {
  'set-context': setContext, 'set-cluster': setCluster, 'set-credentials': setCredentials, 'rename-context': renameContext,
  'delete-cluster': deletion('clusters', 'cluster'), 'delete-context': deletion('contexts', 'context'), 'delete-user': deletion('users', 'user'), set, unset,
}
