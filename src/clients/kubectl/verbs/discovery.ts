import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { ApiError, connection, bare, Exit, failure, SERVER, usage } from '../errors.ts'
import { bool, inert, list, situational, text, type Flags } from '../flags.ts'
import { learnKinds } from '../custom-kinds.ts'
import { apiVersionOf, kindOf, qualifiedResource } from '../kinds.ts'
import { printerOf } from '../printers/index.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import type { Verb } from '../verb.ts'
import { clusterInfoDump } from './dump.ts'

const before = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
/** Asks the server what there is; the answer is what the data of the kinds says. */
async function discover(session: Session): Promise<readonly KindDefinition[]> {
  const answer = await session.ask({ verb: 'get', path: '/apis' })
  if (answer.code === 0) throw bare(connection(answer.failure))
  await learnKinds(session)
  const preferred = new Map<string, KindDefinition>()
  for (const kind of session.kinds.all) if (!preferred.has(qualifiedResource(kind))) preferred.set(qualifiedResource(kind), kind)
  return [...preferred.values()].sort((a, b) => before(a.group, b.group) || before(a.resource, b.resource))
}

/** Source: kubectl pkg/cmd/apiresources/apiresources.go. */
export const apiResources: Verb = {
  flags: {
    'api-group': text(), namespaced: bool(undefined, 'true'), 'no-headers': situational(bool()), output: text('o'), verbs: list(), 'sort-by': text(),
    categories: list(),
    cached: inert(bool()), 'show-managed-fields': inert(bool()),
  },
  async run(session, flags, command) {
    if (flags.args.length > 0) throw usage(command, `unexpected arguments: [${flags.args.join(' ')}]`)
    if (!['', 'name', 'kind'].includes(flags.text('sort-by'))) throw failure('--sort-by accepts only name or kind')
    if (!['', 'json', 'kyaml', 'name', 'wide', 'yaml'].includes(flags.text('output'))) {
      throw failure(
        `unable to match a printer suitable for the output format ${JSON.stringify(flags.text('output'))}, allowed formats are: json,kyaml,name,wide,yaml`
      )
    }
    const kinds = (await discover(session)).filter(k =>
      (!flags.given('api-group') || k.group === flags.text('api-group')) && (!flags.given('namespaced') || k.namespaced === flags.on('namespaced'))
      && flags.list('verbs').every(v => k.verbs.includes(v)) && flags.list('categories').every(c => k.categories.includes(c)))
    const sorted = flags.text('sort-by') === 'name' ? [...kinds].sort((a, b) => before(a.resource, b.resource))
      : flags.text('sort-by') === 'kind' ? [...kinds].sort((a, b) => before(a.kind, b.kind))
      : kinds
    if (flags.text('output') === 'name') { for (const k of sorted) session.print(qualifiedResource(k)); return }
    const wide = flags.text('output') === 'wide'
    if (['json', 'yaml', 'kyaml'].includes(flags.text('output'))) return printerOf(flags)!(session, [{ kind: listKind, object: asList(sorted) }], true)
    const rows = [...flags.on('no-headers') ? [] : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...wide ? ['VERBS', 'CATEGORIES'] : []]],
      ...sorted.map(k =>
        [k.resource, k.shortNames.join(','), apiVersionOf(k), String(k.namespaced), k.kind, ...wide ? [k.verbs.join(','), k.categories.join(',')] : []])]
    session.stdout += alignTabs(rows.map(r => `${r.join('\t')}\n`).join(''), TABLE)
  },
}
const listKind = { group: '', version: 'v1', kind: 'APIResourceList' }
const asList = (kinds: readonly KindDefinition[]): object => ({
  kind: 'APIResourceList', apiVersion: 'v1', groupVersion: '',
  resources: kinds.map(k => ({
    name: k.resource, singularName: k.singular, namespaced: k.namespaced, ...k.group ? { group: k.group } : {}, version: k.version, kind: k.kind,
    verbs: [...k.verbs], ...k.shortNames.length ? { shortNames: [...k.shortNames] } : {}, ...k.categories.length ? { categories: [...k.categories] } : {},
  })),
})
export const apiVersions: Verb = {
  flags: {},
  async run(session, flags, command) {
    if (flags.args.length > 0) throw usage(command, `unexpected arguments: [${flags.args.join(' ')}]`)
    await discover(session)
    for (const version of [...new Set(session.kinds.all.map(apiVersionOf))].sort()) session.print(version)
  },
}

const CLIENT = 'v1.35.4', KUSTOMIZE = 'v5.7.1'
const clientVersion = { major: '1', minor: '35', gitVersion: CLIENT, gitTreeState: 'clean', compiler: 'gc', platform: 'linux/amd64' }
/** What it was built from and when is not told. JSON has an indent of its own here, and the fields in their order. */
async function printVersions(session: Session, flags: Flags): Promise<void> {
  const all = {
    clientVersion, kustomizeVersion: KUSTOMIZE, ...flags.on('client') ? {} : { serverVersion: await session.send({ verb: 'get', path: '/version' }) },
  }
  session.stdout += flags.text('output') === 'json' ? `${JSON.stringify(all, null, 2)}\n` : `${toYaml(all)}\n`
}
/** Source: kubectl pkg/cmd/version/version.go. */
export const version: Verb = {
  discovers: false, flags: { client: bool(), output: text('o') },
  async run(session, flags) {
    if (flags.given('output') && !['json', 'yaml'].includes(flags.text('output'))) throw failure("--output must be 'yaml' or 'json'")
    if (flags.given('output')) return printVersions(session, flags)
    if (!flags.on('client')) session.wholeOf({ verb: 'get', path: '/version' }) // whoever cannot be asked at all is told first
    session.print(`Client Version: ${CLIENT}\nKustomize Version: ${KUSTOMIZE}`)
    if (flags.on('client')) return
    const { gitVersion } = await session.send({ verb: 'get', path: '/version' }), minor = (v: string): number => Number(v.split('.')[1])
    session.print(`Server Version: ${gitVersion}`)
    const skew = Math.abs(minor(gitVersion) - minor(CLIENT))
    if (skew > 1) {
      session.complain(
        `Warning: version difference between client (${CLIENT.slice(1, 5)}) and server (${String(gitVersion).slice(1, 5)}) exceeds the supported minor version skew of +/-1`
      )
    }
  },
}

/** Source: kubectl pkg/cmd/clusterinfo/clusterinfo.go. */
export const clusterInfo: Verb = {
  flags: {}, under: { dump: clusterInfoDump }, takesWords: true,
  async run(session) {
    const closing = "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'."
    let services: any[]
    void session.namespace
    try { services = await session.list(kindOf('services'), { namespace: 'kube-system', labelSelector: 'kubernetes.io/cluster-service=true' }) } catch (error) {
      if (error instanceof ApiError || error instanceof Exit) session.print(closing)
      throw error
    }
    session.print(`Kubernetes control plane is running at https://${SERVER}`)
    for (const { metadata, spec } of services) {
      const name = metadata.labels?.['kubernetes.io/name'] || metadata.name, port = spec.ports?.[0]?.name
      session.print(`${name} is running at https://${SERVER}/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}${port ? `:${port}` : ''}/proxy`)
    }
    session.print(closing)
  },
}
