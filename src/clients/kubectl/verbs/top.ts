import { milliOf, unitsOf } from '../../../runtime-model/api/quantity.ts'
import { parseTime } from '../../../runtime-model/api/time.ts'
import { NotModelled } from '../../errors.ts'
import { failure, usage } from '../errors.ts'
import { absent, bool, inert, text, type Flags, type FlagTable } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { selectors, type Verb, withAliases } from '../verb.ts'
import { bareVerb } from './bare.ts'

/** What pods and nodes use, from the resource metrics API. Source: kubectl pkg/cmd/top/{top_pod,top_node}.go, pkg/metricsutil/metrics_printer.go. */
const flags: FlagTable = {
  ...selectors, 'no-headers': bool(), 'sort-by': text(), 'use-protocol-buffers': inert(bool(undefined, 'true')), 'show-swap': absent(bool()),
}
const columns = { cpu: 'CPU(cores)', memory: 'MEMORY(bytes)' } as const

async function available(session: Session): Promise<void> {
  const answer = await session.ask({ verb: 'get', path: '/apis' })
  if (answer.code !== 200 || !(answer.body.groups as readonly any[]).some(g => g.name === 'metrics.k8s.io')) throw failure('Metrics API not available')
}
const metricsOf = (resource: 'pods' | 'nodes', namespace?: string) =>
  ({ group: 'metrics.k8s.io', version: 'v1beta1', resource, ...(namespace ? { namespace } : {}) })

interface Used { readonly milli: number; readonly bytes: number }
const sumOf = (usages: readonly any[]): Used =>
  ({ milli: usages.reduce((sum, u) => sum + milliOf(u.cpu), 0), bytes: usages.reduce((sum, u) => sum + unitsOf(u.memory), 0) })
const cells = ({ milli, bytes }: Used): readonly string[] => [`${milli}m`, `${Math.floor(bytes / (1024 * 1024))}Mi`]

function checkOrder(given: Flags): void {
  if (!['', 'cpu', 'memory'].includes(given.text('sort-by'))) throw failure('--sort-by accepts only cpu or memory')
}
/** by name; `cpu` and `memory`: the largest first */
function sorted<T extends Used & { readonly name: string; readonly namespace: string }>(rows: readonly T[], by: string): readonly T[] {
  const order = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
  return [...rows].sort((a, b) =>
    by === 'cpu' ? b.milli - a.milli : by === 'memory' ? b.bytes - a.bytes : order(a.namespace, b.namespace) || order(a.name, b.name))
}
const print = (session: Session, given: Flags, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const all = given.on('no-headers') ? rows : [head, ...rows]
  for (const line of alignTabs(all.map(r => r.map(c => `${c}\t`).join('')).join('\n'), TABLE).split('\n')) session.print(line)
}

const pods: Verb = {
  flags: { ...flags, 'all-namespaces': bool('A'), containers: bool(), sum: bool(), 'field-selector': text() },
  async run(session, given, command) {
    const [name, second] = given.args, everywhere = given.on('all-namespaces'), namespace = everywhere ? undefined : session.namespace
    checkOrder(given)
    if (second !== undefined) throw usage(command, 'pod [NAME | -l label]')
    if (name !== undefined && given.text('selector') !== '') throw failure('only one of NAME or selector can be provided')
    await available(session)
    if (given.text('field-selector')) throw new NotModelled(`${command} --field-selector`)
    const found = await session.send({
      verb: name ? 'get' : 'list', ...metricsOf('pods', namespace), ...(name ? { name } : {}),
      ...(given.text('selector') ? { labelSelector: given.text('selector') } : {}),
    })
    const items: readonly any[] = name ? [found] : found.items
    if (items.length === 0) return none(session, given, namespace)
    const rows = items.map(item => ({
      name: item.metadata.name, namespace: item.metadata.namespace, containers: item.containers as readonly any[],
      ...sumOf(item.containers.map((c: any) => c.usage)),
    }))
    const lead = everywhere ? ['NAMESPACE'] : [], at = (row: { readonly namespace: string }): string[] => everywhere ? [row.namespace] : []
    if (given.on('containers'))
      print(
        session, given, [...lead, 'POD', 'NAME', ...Object.values(columns)],
        [
          ...sorted(rows, given.text('sort-by')).flatMap(r => r.containers.map(c => [...at(r), r.name, c.name, ...cells(sumOf([c.usage]))])),
          ...total(rows, given),
        ]
      )
    else print(
      session, given, [...lead, 'NAME', ...Object.values(columns)],
      [...sorted(rows, given.text('sort-by')).map(r => [...at(r), r.name, ...cells(r)]), ...total(rows, given)]
    )
  },
}
/** The two lines of `--sum`; without headers kubectl does not count the columns in front of the names. Source: metrics_printer.go (PrintPodMetrics) */
function total(rows: readonly Used[], given: Flags): readonly (readonly string[])[] {
  if (!given.on('sum')) return []
  const counted = given.on('no-headers') ? [] : ['all-namespaces', 'containers'].filter(flag => given.on(flag)), lead = ['', ...counted.map(() => '')]
  const all = { milli: rows.reduce((sum, r) => sum + r.milli, 0), bytes: rows.reduce((sum, r) => sum + r.bytes, 0) }
  return [[...lead, '________', '________'], [...lead, ...cells(all)]]
}
/** None measured: are there any at all, and how old are they? Source: verifyEmptyMetrics, metricsCreationDelay */
async function none(session: Session, given: Flags, namespace: string | undefined): Promise<void> {
  const all = await session.send({
    verb: 'list', ...session.of(kindOf('pods'), namespace ?? ''), ...(given.text('selector') ? { labelSelector: given.text('selector') } : {}),
  })
  for (const { metadata } of all.items) {
    const age = Math.floor((session.calendarMs - parseTime(metadata.creationTimestamp)) / 1000)
    if (age > 120) throw failure(`Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${age}s`)
  }
  if (all.items.length > 0) throw failure('metrics not available yet')
  session.complain(namespace === undefined ? 'No resources found' : `No resources found in ${namespace} namespace.`)
}

const nodes: Verb = {
  flags: { ...flags, 'show-capacity': bool() },
  async run(session, given) {
    const [name] = given.args
    checkOrder(given)
    if (name !== undefined && given.text('selector') !== '') throw failure('only one of NAME or --selector can be provided')
    await available(session)
    const of = session.of(kindOf('nodes'))
    const found = await session.send({
      verb: name ? 'get' : 'list', ...metricsOf('nodes'), ...(name ? { name } : {}),
      ...(given.text('selector') ? { labelSelector: given.text('selector') } : {}),
    })
    const items: readonly any[] = name ? [found] : found.items
    const all: readonly any[] = name
      ? [await session.send({ verb: 'get', ...of, name })]
      : (await session.send({ verb: 'list', ...of, ...(given.text('selector') ? { labelSelector: given.text('selector') } : {}) })).items
    if (items.length === 0) throw failure('metrics not available yet')
    const rows = sorted(items.map(item => ({ name: item.metadata.name, namespace: '', ...sumOf([item.usage]) })), given.text('sort-by'))
    const unmeasured = all.filter(n => !rows.some(r => r.name === n.metadata.name))
    const share = (used: number, of: number): string => `${Math.trunc(used / of * 100)}%`
    print(session, given, ['NAME', columns.cpu, 'CPU(%)', columns.memory, 'MEMORY(%)'], [
      ...rows.map(r => {
        const own = all.find(n => n.metadata.name === r.name)?.status[given.on('show-capacity') ? 'capacity' : 'allocatable'] ?? {}, [cpu, memory] = cells(r)
        return [r.name, cpu, share(r.milli, milliOf(own.cpu)), memory, share(r.bytes, unitsOf(own.memory))]
      }),
      ...unmeasured.map(n => [n.metadata.name, '<unknown>', '<unknown>', '<unknown>', '<unknown>']),
    ])
  },
}
export const top: Verb = bareVerb(withAliases({ pod: pods, node: nodes }, { pods: 'pod', po: 'pod', nodes: 'node', no: 'node' }))
