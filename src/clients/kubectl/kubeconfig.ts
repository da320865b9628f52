import { CannotRun, NotModelled } from '../errors.ts'
import type { CommandEnvironment } from '../outcome.ts'
import { writeFile } from '../written-files.ts'
import { failure, SERVER, type Exit } from './errors.ts'
import { helpPage } from './help.ts'
import { EMPTY, entry, HOME, kubeconfigText, readKubeconfig, withEntry, type Entries, type Entry, type Kubeconfig } from './kubeconfig-file.ts'
import type { Session } from './session.ts'

/** The kubeconfig that kubeadm leaves behind: one cluster, one user, one context. Source: kubeadm, phases kubeconfig. */
export const CLUSTER = 'kubernetes'
/** where it lies */
export const FILE = `${HOME}/.kube/config`
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
export const namespaceIn = (context: Entry | undefined): string => String(context?.['namespace'] || 'default')

/** The files that hold the kubeconfig: that of `--kubeconfig`, or those of the variable; none: one's own. Source: client-go tools/clientcmd/loader.go */
export function kubeconfigFiles({ variables }: CommandEnvironment, flag: string): readonly string[] {
  return flag !== '' ? [flag] : [...new Set((variables?.['KUBECONFIG'] ?? '').split(':').filter(Boolean))]
}
/**
 * The kubeconfig of whoever types, in which the namespace of the current context is the one that the scenario is in; or what the files hold that are named.
 * One that is not there is as an empty one, and what the first says holds. Source: loader.go (Load)
 */
export function kubeconfigOf(environment: CommandEnvironment, flag = ''): Kubeconfig {
  const files = kubeconfigFiles(environment, flag)
  if (files.length > 0) return files.map(file => fileAt(environment, file)).reduceRight((later, first) => merged(first, later))
  const { namespace, credentials: { user } } = environment, config = keptIn(environment).get(user) ?? first(user)
  const context = entry(config.contexts, config.current)
  if (!context || namespaceIn(context) === namespace) return config
  return withEntry(config, 'contexts', config.current, { ...context, namespace: namespace === 'default' ? '' : namespace })
}
function fileAt({ readFile }: CommandEnvironment, file: string): Kubeconfig {
  const content = readFile(file)
  return content === undefined ? EMPTY : readKubeconfig(content, file)
}
function merged(first: Kubeconfig, later: Kubeconfig): Kubeconfig {
  const both = (of: 'clusters' | 'users' | 'contexts'): Entries => ({ ...later[of], ...first[of] })
  return { clusters: both('clusters'), users: both('users'), contexts: both('contexts'), current: first.current || later.current }
}

/** Writes that file, or the kubeconfig of whoever types: then the scenario goes on in the namespace of its current context. */
export function keepKubeconfig(environment: CommandEnvironment, config: Kubeconfig, flag = ''): void {
  const [file, ...more] = kubeconfigFiles(environment, flag)
  if (more.length > 0) throw new NotModelled('which of several files of KUBECONFIG is written')
  if (file !== undefined) return writeFile(environment.driver, file, kubeconfigText(config))
  const namespace = namespaceIn(entry(config.contexts, config.current))
  if (namespace !== environment.namespace) {
    if (!environment.useNamespace) throw new CannotRun('the namespace of the context cannot be changed here')
    environment.useNamespace(namespace)
  }
  environment.driver.kept.set(kept, new Map([...keptIn(environment), [environment.credentials.user, config]]))
}

/** A command line that does not fit: the page of the command, and why. Source: kubectl pkg/cmd/config. */
export async function misfit(session: Session, command: string, why: string): Promise<Exit> {
  session.stdout += await helpPage(command)
  return failure(why)
}
