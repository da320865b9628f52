import type { CommandEnvironment } from '../outcome.ts'
import { Exit } from './errors.ts'
import { HOME } from './kubeconfig-file.ts'
import { parseManifest } from './parse-manifest.ts'

export interface Option { readonly name: string; readonly default: string }
export interface Default { readonly command: string; readonly options?: readonly Option[] }
export interface Alias extends Default { readonly name: string; readonly prependArgs?: readonly string[]; readonly appendArgs?: readonly string[] }
export interface Preference { readonly apiVersion: string; readonly defaults: readonly Default[]; readonly aliases: readonly Alias[] }

/** Where kubectl looks for one, unless `--kuberc` says where it is. Source: kubectl pkg/kuberc/kuberc.go (RecommendedKubeRCFileName) */
export const PREFERENCES = `${HOME}/.kube/kuberc`
export const refused = (why: string): Exit => new Exit(`error occurred while applying preferences ${why}\n`)
const known = {
  top: ['apiVersion', 'kind', 'defaults', 'aliases', 'credentialPluginPolicy', 'credentialPluginAllowlist'], defaults: ['command', 'options'],
  aliases: ['name', 'command', 'prependArgs', 'appendArgs', 'options'],
}
/** What a file of preferences says. Sources: kubectl pkg/kuberc/{kuberc,marshal}.go, pkg/config/v1beta1/types.go */
export function readPreference(
  path: string, { readFile }: Pick<CommandEnvironment, 'readFile'>
): { readonly preference: Preference | undefined; readonly said: string } {
  const content = readFile(path)
  if (content === undefined) throw refused(`kuberc error kuberc: open ${path}: no such file or directory`)
  const documents = content.trim() === '' ? [] : parseManifest(content, path)
  if (documents.length === 0) return { preference: undefined, said: '' }
  const found = documents.find(d => d?.kind === 'Preference' && /^kubectl\.config\.k8s\.io\/(v1alpha1|v1beta1)$/.test(d.apiVersion))
  if (!found) throw refused(`kuberc error kuberc: no valid preferences found in ${path}, use --v=5 to see details`)
  const preference: Preference = { apiVersion: found.apiVersion, defaults: found.defaults ?? [], aliases: found.aliases ?? [] }
  const odd = [
    ...Object.keys(found).filter(k => !known.top.includes(k)).map(k => k),
    ...(['defaults', 'aliases'] as const).flatMap(list => preference[list].flatMap((entry, i) =>
      Object.keys(entry).filter(k => !known[list].includes(k)).map(k => `${list}[${i}].${k}`))),
  ].map(field => `unknown field ${JSON.stringify(field)}`)
  check(preference)
  return { preference, said: odd.length === 0 ? '' : `kuberc: ignoring strict decoding error in ${path}: strict decoding error: ${odd.join(', ')}` }
}
/** Source: kuberc.go (validate) */
function check({ aliases, defaults }: Preference): void {
  const dashed = ({ options = [] }: Default): void => {
    const odd = options.find(o => o.name.startsWith('-'))
    if (odd) throw refused(`flag name ${odd.name} should be in long form without dashes`)
  }
  aliases.forEach((alias, i) => {
    if (!/^[a-zA-Z]+$/.test(alias.name)) throw refused('invalid alias name, can only include alphabetical characters')
    dashed(alias)
    if (aliases.findIndex(a => a.name === alias.name) < i) throw refused(`duplicate alias name ${alias.name}`)
  })
  defaults.forEach(dashed)
}
