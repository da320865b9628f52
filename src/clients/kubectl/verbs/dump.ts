import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { writeFile } from '../../written-files.ts'
import { failure } from '../errors.ts'
import { bool, duration, inert, list, text, type Flags } from '../flags.ts'
import { apiVersionOf, kindOf } from '../kinds.ts'
import { inStructOrder, type Ordered } from '../printers/field-order.ts'
import { orderedJson } from '../printers/json.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Session } from '../session.ts'
import { output, type Verb } from '../verb.ts'

/** In which order, and into which files, the objects of a namespace go. Source: kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go (Run). */
const kinds: readonly (readonly [resource: string, file: string])[] = [
  ['events', 'events'], ['replicationcontrollers', 'replication-controllers'], ['services', 'services'], ['daemonsets', 'daemonsets'],
  ['deployments', 'deployments'], ['replicasets', 'replicasets'], ['pods', 'pods'],
]

/** `cluster-info dump`: what there is in namespaces, and what their containers have printed; in files of a folder, which later commands can read. */
export const clusterInfoDump: Verb = {
  discovers: false,
  flags: {
    ...output, output: text('o', 'json'), 'all-namespaces': bool('A'), namespaces: list(), 'output-directory': text(),
    'pod-running-timeout': inert(duration('20s')),
  },
  async run(session, flags, command) {
    const format = flags.text('output')
    if (format === 'name') throw failure('list types are not supported by name printing: *v1.NodeList')
    if (format !== 'json' && format !== 'yaml') throw new NotModelled(`${command} --output=${format}`)
    const folder = flags.text('output-directory'), write = (path: string, content: string): void => {
      if (folder === '' || folder === '-') session.stdout += content
      else writeFile(session.driver, `${folder}/${path}`, content)
    }
    const nodes = kindOf('nodes')
    let first = true
    const show = async (kind: KindDefinition, path: string, namespace?: string): Promise<readonly any[]> => {
      const found = await session.send({ verb: 'list', ...session.of(kind, namespace) })
      write(`${path}.${format}`, written(kind, found, format, !first && (folder === '' || folder === '-')))
      first = false
      return found.items
    }
    await show(nodes, 'nodes')
    for (const namespace of await namespacesOf(session, flags)) {
      let pods: readonly any[] = []
      for (const [resource, file] of kinds) pods = await show(kindOf(resource), `${namespace}/${file}`, namespace)
      for (const pod of pods) write(`${namespace}/${pod.metadata.name}/logs.txt`, logsOf(session, pod))
    }
    if (folder !== '' && folder !== '-') session.print(`Cluster info dumped to ${folder}`)
  },
}

async function namespacesOf(session: Session, flags: Flags): Promise<readonly string[]> {
  if (flags.on('all-namespaces')) return (await session.list(kindOf('namespaces'))).map(n => n.metadata.name)
  const named = flags.list('namespaces')
  return named.length > 0 ? named : ['kube-system', session.namespace]
}

/** A list as its Go type writes it; its items say nothing of their kind. */
function written(kind: KindDefinition, { metadata, items }: any, format: string, follows: boolean): string {
  const objects = items.map((item: any) => { const { apiVersion: _, kind: __, ...rest } = withoutManagers(item); return rest })
  const head = { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: { resourceVersion: metadata.resourceVersion } }
  if (format === 'yaml') return `${follows ? '---\n' : ''}${toYaml({ ...head, items: objects.length ? objects : null })}`
  return orderedJson(new Map<string, Ordered>([
    ['kind', head.kind], ['apiVersion', head.apiVersion], ['metadata', new Map(Object.entries(head.metadata)) as Ordered],
    ['items', objects.length ? objects.map((o: any) => inStructOrder(kind, o)) : null],
  ]))
}
function withoutManagers(item: any): any {
  const { managedFields: _, ...metadata } = item.metadata
  return { ...item, metadata }
}

/** What nobody has said of a container stands there by name. */
function logsOf(session: Session, { metadata, spec }: any): string {
  return spec.containers.map(({ name }: any) => {
    const printed = session.driver.nodeTruth.printed(metadata.uid, name, 'current'), at = `container ${name} of pod ${metadata.namespace}/${metadata.name}`
    const said = printed ? printed.map(p => `${p.line}\n`).join('') : `<what container ${name} prints is not modelled>\n`
    return `==== START logs for ${at} ====\n${said}==== END logs for ${at} ====\n`
  }).join('')
}
