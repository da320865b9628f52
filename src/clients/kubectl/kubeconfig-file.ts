import { NotModelled } from '../errors.ts'
import { explain, failure } from './errors.ts'
import { readYaml } from './parse-manifest.ts'
import { toYaml } from './printers/yaml.ts'

/** A cluster, a user or a context of a kubeconfig by the names of its fields: `server`, `client-certificate-data`, `namespace`. */
export type Entry = Readonly<Record<string, string | boolean>>
export type Entries = Readonly<Record<string, Entry>>
/** the one of this name */
export const entry = (entries: Entries, name: unknown): Entry | undefined => Object.hasOwn(entries, String(name)) ? entries[String(name)] : undefined
export interface Kubeconfig { readonly clusters: Entries; readonly users: Entries; readonly contexts: Entries; readonly current: string }
/** the home folder as kubectl's own reference writes it; the kubeconfig lies there, and relative paths lead from it */
export const HOME = '$HOME'

/**
 * Kubeconfigs as they lie in files: of those that `--kubeconfig` names. Sources: client-go tools/clientcmd/loader.go, tools/clientcmd/api/v1/{types,conversion}.go
 */
export const fieldsOf = {
  clusters: ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data', 'proxy-url'],
  users: ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile', 'username', 'password'],
  contexts: ['cluster', 'user', 'namespace'],
} as const
type Kind = keyof typeof fieldsOf
/** of Go: how one of them is called in a list, the type of the list, and that of what is in it */
const words: Readonly<Record<Kind, readonly [one: string, list: string, type: string]>> = {
  clusters: ['cluster', '[]v1.NamedCluster', 'Cluster'], users: ['user', '[]v1.NamedAuthInfo', 'AuthInfo'],
  contexts: ['context', '[]v1.NamedContext', 'Context'],
}
const kinds = Object.keys(fieldsOf) as readonly Kind[]
export const EMPTY: Kubeconfig = { clusters: {}, users: {}, contexts: {}, current: '' }

/** …with this entry, without the fields of it that say nothing */
export function withEntry(config: Kubeconfig, kind: Kind, name: string, fields: Entry): Kubeconfig {
  return { ...config, [kind]: { ...config[kind], [name]: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false)) } }
}
export const withoutEntry = (config: Kubeconfig, kind: Kind, name: string): Kubeconfig =>
  ({ ...config, [kind]: Object.fromEntries(Object.entries(config[kind]).filter(([other]) => other !== name)) })

export function readKubeconfig(content: string, path: string): Kubeconfig {
  const refused = (why: string): Error => failure(`error loading config file ${JSON.stringify(path)}: ${why}`)
  const { objects, error } = readYaml(content, path), [found = {}] = objects
  if (error !== undefined) throw refused(explain(error).stderr.trimEnd().replace(/^.*?converting YAML to JSON: /, ''))
  const { kind = 'Config', apiVersion = 'v1' } = found
  if (kind !== 'Config' || apiVersion !== 'v1') {
    throw refused(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`)
  }
  const sections = kinds.map(of => [of, entriesIn(found[of], of, refused)] as const)
  return { ...EMPTY, ...Object.fromEntries(sections), current: String(found['current-context'] ?? '') }
}
function entriesIn(list: unknown, of: Kind, refused: (why: string) => Error): Entries {
  const [one, type] = words[of]
  if (list !== undefined && list !== null && !Array.isArray(list)) {
    throw refused(`json: cannot unmarshal ${typeof list === 'object' ? 'object' : typeof list} into Go struct field Config.${of} of type ${type}`)
  }
  return Object.fromEntries((list ?? []).map(({ name = '', [one]: fields }: any) => [name, entryIn(fields ?? {}, of, name, refused)]))
}
const unknown = ['exec', 'auth-provider', 'as', 'as-uid', 'as-groups', 'as-user-extra']
function entryIn(given: any, of: Kind, name: string, refused: (why: string) => Error): Entry {
  const odd = unknown.find(field => given[field] !== undefined)
  if (of === 'users' && odd !== undefined) throw new NotModelled(`${odd} of user ${name} of a kubeconfig`)
  const entry = Object.fromEntries(fieldsOf[of].filter(f => given[f] !== undefined && given[f] !== null && given[f] !== '').map(f => [f, given[f]]))
  const [, , go] = words[of]
  for (const [field, value] of Object.entries(entry)) {
    const is = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value, wanted = field === 'insecure-skip-tls-verify' ? 'bool' : 'string'
    if (is !== wanted) throw refused(`json: cannot unmarshal ${is} into Go struct field ${go}.${of}.${words[of][0]}.${field} of type ${wanted}`)
    const at = field.endsWith('-data') ? badBase64(String(value)) : undefined
    if (at !== undefined) throw refused(`illegal base64 data at input byte ${at}`)
  }
  return entry
}
/** Where base64 breaks off. Source: go/src/encoding/base64 (CorruptInputError) */
export function badBase64(text: string): number | undefined {
  const plain = text.replace(/[\r\n]/g, ''), stray = plain.search(/[^A-Za-z0-9+/=]/), early = plain.search(/=(?=[^=])/)
  const first = [stray, early].filter(at => at >= 0).sort((a, b) => a - b)[0]
  if (first !== undefined) return first
  return plain.length % 4 === 0 ? undefined : plain.length - plain.length % 4
}

/** As `kubectl config view` prints it and a file holds it; `show`: what is seen of a cluster or user. */
export function objectOf(config: Kubeconfig, show: (fields: Entry) => Entry): object {
  const list = (of: Kind, always: readonly string[], shown: (fields: Entry) => Entry): any => {
    const names = Object.keys(config[of]).sort()
    const inOrder = (entry: Entry): Entry =>
      shown(Object.fromEntries(fieldsOf[of].filter(n => entry[n] !== undefined || always.includes(n)).map(n => [n, entry[n] ?? ''])))
    return names.length === 0 ? null : names.map(name => ({ name, [words[of][0]]: inOrder(config[of][name]) }))
  }
  return {
    kind: 'Config', apiVersion: 'v1', clusters: list('clusters', ['server'], show), users: list('users', [], show),
    contexts: list('contexts', ['cluster', 'user'], fields => fields), 'current-context': config.current,
  }
}
export const kubeconfigText = (config: Kubeconfig): string => toYaml(objectOf(config, fields => fields))

const folderOf = (file: string): string => file.replace(/^\.\//, '').split('/').slice(0, -1).map(part => `${part}/`).join('')
/** A path that was typed, as the kubeconfig at `file` names it: from its folder, if it lies there. Source: loader.go (RelativizePathWithNoBacksteps) */
export function placedBeside(file: string, path: string): string {
  const plain = path.replace(/^\.\//, ''), folder = folderOf(file)
  if (path.startsWith('/')) return path
  return file !== '' && plain.startsWith(folder) && !plain.startsWith('..') ? plain.slice(folder.length) : `${HOME}/${plain}`
}
/** …and where one finds what it names. */
export const foundBeside = (file: string, named: string): string =>
  named.startsWith(`${HOME}/`) ? named.slice(HOME.length + 1) : named.startsWith('/') ? named : folderOf(file) + named
/** …in full, as kubectl speaks of it. */
export const shownBeside = (file: string, named: string): string => named.startsWith('/') || named.startsWith(`${HOME}/`) ? named : `${HOME}/${folderOf(file)}${named}`
