import { ANONYMOUS, type Credentials } from '../../runtime-model/api/request.ts'
import { CannotRun, NotModelled } from '../errors.ts'
import type { CommandEnvironment } from '../outcome.ts'
import { logRefusals } from './discovery.ts'
import { bare, Exit, failure, SERVER } from './errors.ts'
import { helpPage } from './help.ts'
import type { Flags } from './flags.ts'
import type { Session } from './session.ts'

/** A cluster, a user or a context of a kubeconfig by the names of its fields: `server`, `client-certificate-data`, `namespace`. */
export type Entry = Readonly<Record<string, string | boolean>>
export type Entries = Readonly<Record<string, Entry>>
/** the one of this name */
export const entry = (entries: Entries, name: unknown): Entry | undefined => Object.hasOwn(entries, String(name)) ? entries[String(name)] : undefined
export interface Kubeconfig { readonly clusters: Entries; readonly users: Entries; readonly contexts: Entries; readonly current: string }

/** The kubeconfig that kubeadm leaves behind: one cluster, one user, one context. Source: kubeadm, phases kubeconfig. */
export const CLUSTER = 'kubernetes'
/** the home folder as kubectl's own reference writes it; the kubeconfig lies there, and relative paths lead from it */
export const HOME = '$HOME', FILE = `${HOME}/.kube/config`
/** what stands in place of certificates and keys */
export const HIDDEN = 'DATA+OMITTED'

const kept = 'kubeconfigs of kubectl'
type Kept = ReadonlyMap<string, Kubeconfig>
const keptIn = ({ driver }: CommandEnvironment): Kept => driver.kept.get(kept) as Kept | undefined ?? new Map<string, Kubeconfig>()

function first(user: string): Kubeconfig {
  const context = `${user}@${CLUSTER}`
  return {
    clusters: { [CLUSTER]: { server: `https://${SERVER}`, 'certificate-authority-data': HIDDEN } },
    users: { [user]: { 'client-certificate-data': HIDDEN, 'client-key-data': HIDDEN } },
    contexts: { [context]: { cluster: CLUSTER, user } }, current: context,
  }
}
const namespaceIn = (context: Entry | undefined): string => String(context?.['namespace'] || 'default')

/** The kubeconfig of whoever types; the namespace of its current context is the one that the scenario is in. */
export function kubeconfigOf(environment: CommandEnvironment, flags?: Flags): Kubeconfig {
  if (flags && flags.text('kubeconfig') !== '') throw new NotModelled('kubectl config --kubeconfig: there is one kubeconfig')

  const { namespace, credentials: { user } } = environment, config = keptIn(environment).get(user) ?? first(user)
  const context = entry(config.contexts, config.current)
  if (!context || namespaceIn(context) === namespace) return config
  return withEntry(config, 'contexts', config.current, { ...context, namespace: namespace === 'default' ? '' : namespace })
}

/** Writes the kubeconfig of whoever types: the scenario goes on in the namespace of its current context. */
export function keepKubeconfig(environment: CommandEnvironment, config: Kubeconfig): void {
  const namespace = namespaceIn(entry(config.contexts, config.current))
  if (namespace !== environment.namespace) {
    if (!environment.useNamespace) throw new CannotRun('the namespace of the context cannot be changed here')
    environment.useNamespace(namespace)
  }
  environment.driver.kept.set(kept, new Map([...keptIn(environment), [environment.credentials.user, config]]))
}

type Kind = 'clusters' | 'users' | 'contexts'
/** …with this entry, without the fields of it that say nothing */
export function withEntry(config: Kubeconfig, kind: Kind, name: string, fields: Entry): Kubeconfig {
  return { ...config, [kind]: { ...config[kind], [name]: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false)) } }
}
export const withoutEntry = (config: Kubeconfig, kind: Kind, name: string): Kubeconfig =>
  ({ ...config, [kind]: Object.fromEntries(Object.entries(config[kind]).filter(([other]) => other !== name)) })

/** Where a command goes: in which namespace it is, and as whom it asks. What is amiss is told once somebody wants to know. */
export interface Reach {
  /** the name of the user in the kubeconfig */
  readonly user: string
  namespace(): string
  credentials(session: Session): Credentials
}
export type ReachFlag = 'context' | 'cluster' | 'user' | 'kubeconfig' | 'token' | 'username' | 'password' | (typeof fileFlags)[number][0]
/** flags that name files, as kubectl names what it reads from them, in the order in which it does */
const fileFlags = [['certificate-authority', 'certificate-authority'], ['client-certificate', 'client-cert'], ['client-key', 'client-key']] as const
/** Source: client-go tools/clientcmd/client_config.go; `given` is what the flags of every command say. */
export function reachOf(environment: CommandEnvironment, given: (flag: ReachFlag) => string): Reach {
  const config = kubeconfigOf(environment), name = given('context') || config.current, context = entry(config.contexts, name)
  const whom = given('user') || String(context?.['user'] ?? '')
  const checked = (): Entry => {
    const file = given('kubeconfig')
    if (file !== '' && environment.readFile(file) === undefined) throw failure(`stat ${file}: no such file or directory`)
    if (file !== '') throw new NotModelled('kubectl --kubeconfig: there is one kubeconfig')
    if (name !== '' && !context) throw bare(`Error in configuration: context was not found for specified context: ${name}`)
    return context ?? {}
  }
  return {
    user: whom, namespace: () => namespaceIn(checked()),
    credentials(session) {
      const { cluster } = checked()
      if (given('cluster') !== '' && !entry(config.clusters, given('cluster'))) throw failure(`no server found for cluster ${JSON.stringify(given('cluster'))}`)
      if (given('user') !== '' && !entry(config.users, given('user'))) throw failure(`auth info ${JSON.stringify(given('user'))} does not exist`)
      const there = entry(config.clusters, given('cluster') || cluster)
      if (!there?.['server']) throw noServer(session)
      if (there['server'] !== `https://${SERVER}`) throw new NotModelled(`the cluster at ${there['server']}: there is one cluster`)
      for (const [flag, what] of fileFlags) {
        const path = given(flag), of = flag === 'certificate-authority' ? given('cluster') || String(cluster) : whom
        if (path === '') continue
        if (environment.readFile(path) === undefined) throw failure(`unable to read ${what} ${path} for ${of} due to open ${path}: no such file or directory`)
        throw new NotModelled(`kubectl --${flag}: whom the certificate in ${path} names`)
      }
      const typed = Object.fromEntries((['token', 'username', 'password'] as const).map(name => [name, given(name)]).filter(([, value]) => value !== ''))
      return credentialsIn({ ...entry(config.users, whom), ...typed }, whom, environment, session)
    },
  }
}

/** Who a user of the kubeconfig is; one who says nothing is asked at the terminal, where nobody answers. Source: client_config.go. */
function credentialsIn(user: Entry | undefined, name: string, environment: CommandEnvironment, session: Session): Credentials {
  const token = user?.['token'], certificate = user?.['client-certificate-data'] ?? user?.['client-certificate']
  if (token !== undefined && (user?.['username'] !== undefined || user?.['password'] !== undefined)) {
    throw failure(`more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`)
  }
  // of both the certificate counts: a server looks at that first
  if (certificate !== undefined) {
    if (name === environment.credentials.user && certificate === HIDDEN) return environment.credentials
    throw new NotModelled(`whom the certificate of user ${name} of the kubeconfig names`)
  }
  if (token !== undefined) {
    // one that a server has signed begins with a JSON object; any other is a bootstrap token or nobody's
    if (String(token).startsWith('eyJ')) throw new NotModelled(`whose token user ${name} of the kubeconfig has`)
    return { ...ANONYMOUS, token: String(token) }
  }
  // no API server takes passwords since 1.19: it does not look at them
  if (user?.['username'] !== undefined && user['password'] !== undefined) return ANONYMOUS
  if (environment.stdin !== undefined) throw new NotModelled('an answer to who one is')
  session.stdout += `Please enter ${user?.['username'] === undefined ? 'Username' : 'Password'}: `
  throw failure('EOF')
}

/** Without a cluster kubectl looks for one on its own machine, where nothing listens. Source: client-go tools/clientcmd (DefaultClientConfig) */
function noServer(session: Session): Exit {
  if (!session.discovers) throw new NotModelled('what this command says of localhost:8080, where there is no cluster')
  logRefusals(session, 'http://localhost:8080', '127.0.0.1:8080')
  return bare('The connection to the server localhost:8080 was refused - did you specify the right host or port?')
}

/** A command line that does not fit: the page of the command, and why. Source: kubectl pkg/cmd/config. */
export async function misfit(session: Session, command: string, why: string): Promise<Exit> {
  session.stdout += await helpPage(command)
  return failure(why)
}
