import type { Driver } from '../../drivers/driver.ts'
import { registry, storageName, withCustomKinds } from '../../runtime-model/kinds/index.ts'
import type { KindDefinition, KindRegistry } from '../../runtime-model/kinds/kind.ts'
import { kindFromData } from '../../runtime-model/kinds/kind-from-data.ts'
import type { Flags } from './flags.ts'
import { groupVersion, qualifiedResource } from './kinds.ts'
import { parseManifest } from './parse-manifest.ts'
import type { Session } from './session.ts'

/**
 * Kinds of custom resources, as kubectl learns of them: from the server's discovery, when it meets a word it does not know, and kept from then on, so that a
 * kind which is gone is still asked for. Source: client-go restmapper/discovery.go (DeferredDiscoveryRESTMapper), discovery/cached/disk.
 */
const discovery = 'kubectl discovery'
export const kindsSeenBy = (driver: Driver): KindRegistry => driver.kept.get(discovery) as KindRegistry | undefined ?? registry

/** Before a command runs: what it names that is not known yet is looked for. */
export async function meetWords(session: Session, flags: Flags, command: string): Promise<void> {
  const known = session.driver.kept.has(discovery), words = wordsOf(flags, command)
  if (!words.every(word => (session.kinds.find(word) && !(known && misread(word, session.kinds))) || (word === 'all' && known))
    || !objectsOf(session, flags).every(o => isKnown(o, session.kinds))) {
    await learnKinds(session)
  }
  // roles look each up when they are checked and when they are made
  for (const word of rolesMade.test(command) ? [...words, ...words] : words) tellRivals(session, word)
}
/** Of several resources with a short name the first is meant. Source: client-go restmapper/shortcut.go (expandResourceShortcut) */
function tellRivals(session: Session, word: string): void {
  const { all } = session.kinds, [meant, ...rivals] = all.filter(k => k.shortNames.includes(word))
  if (!meant || all.some(k => k.resource === word || k.singular === word)) return
  for (const other of new Set(rivals.filter(k => k.group !== meant.group || k.resource !== meant.resource).map(qualifiedResource))) {
    session.complain(`Warning: short name ${JSON.stringify(word)} could also match lower priority resource ${other}`)
  }
}

/**
 * `tunnels.net.example.com` is read as resource, version and group first; as there is none, kubectl asks anew. Source: cli-runtime resource/builder.go
 * (mappingFor)
 */
function misread(word: string, kinds: KindRegistry): boolean {
  const [, resource, version, group] = /^([^.]+)\.([^.]+)\.(.+)$/.exec(word) ?? []
  return resource !== undefined && !kinds.all.some(k => k.resource === resource && k.version === version && k.group === group)
}

export async function learnKinds(session: Session): Promise<void> {
  const { code, body } = await session.quietly({ verb: 'get', path: '/apis', query: { aggregated: 'true' } })
  if (code !== 200) return
  const kinds = (body.items ?? []).flatMap(({ metadata, versions }: any) =>
    versions.flatMap(({ version, resources }: any) => resources.flatMap((r: any) => custom(metadata.name ?? '', version, r))))
  session.kinds = withCustomKinds(registry, kinds)
  session.driver.kept.set(discovery, session.kinds)
}
function custom(group: string, version: string, r: any): KindDefinition[] {
  if (registry.all.some(k => k.group === group && k.version === version && k.resource === r.resource)) return []
  const subresources = Object.fromEntries((r.subresources ?? []).map((s: any) => [s.subresource, { verbs: s.verbs, ...s.responseKind }]))
  return [kindFromData(
    {
      group, version, resource: r.resource, kind: r.responseKind.kind, singular: r.singularResource, namespaced: r.scope === 'Namespaced', verbs: r.verbs,
      shortNames: r.shortNames, categories: r.categories, subresources,
    },
    { resource: storageName(group, r.resource) }
  )]
}

/** Words that may be kinds: `pods,svc`, `deploy/web`; `all` and other categories too. */
function wordsOf(flags: Flags, command: string): readonly string[] {
  if (rolesMade.test(command)) return flags.list('resource').map(w => w.split('/')[0]).filter(w => w !== '*')
  if (command === 'kubectl events') return flags.list('for').map(w => w.split('/')[0])
  const args = command === 'kubectl auth can-i' ? flags.args.slice(1)
    : command === 'kubectl explain' ? flags.args.map(a => a.split('.')[0])
    : speaksOfKinds.test(command) && !flags.given('filename') ? flags.args
    : []
  if (args.length === 0 || args[0].startsWith('/') || args[0] === '*') return []
  return args.some(a => a.includes('/')) ? args.filter(a => a.includes('/')).map(a => a.split('/')[0]) : args[0].split(',').filter(w => w !== '')
}
const rolesMade = /^kubectl create (cluster)?role$/
const speaksOfKinds = /^kubectl (get|describe|delete|label|annotate|patch|scale|wait|edit|autoscale|expose)$/
function objectsOf(session: Session, flags: Flags): readonly any[] {
  return flags.list('filename').flatMap(path => session.environment.listFiles?.(path, flags.on('recursive')) ?? [path]).flatMap(path => {
    const content = path === '-' ? session.environment.stdin : session.environment.readFile(path)
    try {
      return content === undefined ? [] : parseManifest(content, path).flatMap(o => o?.kind === 'List' && Array.isArray(o.items) ? o.items : [o])
    } catch { return [] }
  })
}
function isKnown(object: any, kinds: KindRegistry): boolean {
  if (!object?.apiVersion || !object.kind) return true
  const { group, version } = groupVersion(String(object.apiVersion))
  return kinds.all.some(k => k.group === group && k.version === version && k.kind === object.kind)
}
