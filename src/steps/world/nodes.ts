import type { NodeOptions } from '../../drivers/driver.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { CannotRun } from '../../assertions/errors.ts'
import { dns1123Subdomain } from '../../runtime-model/api/names.ts'
import { parseQuantity } from '../../runtime-model/api/quantity.ts'
import { validateLabels } from '../../runtime-model/kinds/meta/object-meta.ts'
import { kubeletTooNew, versionOf } from '../actions/upgrade.ts'
import type { ScenarioContext } from '../context.ts'
import { controlPlaneProblem, kubeletProblem, versionProblem } from '../versions.ts'
import { describe, mostNodes } from './stage.ts'

const columns = ['name', 'cpu', 'memory', 'pods', 'zone', 'labels', 'taints', 'version', 'role']

/** `k=v:NoSchedule, other:NoExecute` */
function taintsOf(text: string): NodeOptions['taints'] | string {
  const taints = []
  for (const part of text.split(/[,\s]+/).filter(p => p)) {
    const found = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(part)
    if (!found) return `${part} is no taint: write key=value:NoSchedule`
    taints.push({ key: found[1], ...(found[2] ? { value: found[2] } : {}), effect: found[3] })
  }
  return taints
}
function labelsOf(text: string): Record<string, string> | string {
  const pairs = text.split(/[,\s]+/).filter(p => p).map(p => p.split('='))
  const wrong = pairs.find(p => p.length !== 2)
  return wrong ? `${wrong.join('=')} is no label: write key=value` : Object.fromEntries(pairs)
}

/** Why it is no amount of a resource that a machine can have; undefined: it is one, or nothing was said. */
function sizeProblem(text: string | undefined, what: string): string | undefined {
  const found = text === undefined ? undefined : parseQuantity(text)
  if (text === undefined || (found && found.nano > 0n)) return undefined
  return `${text} is no amount of ${what}: write ${what === 'cpu' ? '4 or 500m' : '8Gi or 512Mi'}`
}

/** One row of the table as the options of a node, or what is wrong with it. */
export function nodeOf(header: readonly string[], row: readonly string[]): NodeOptions | string {
  const cell = (column: string): string | undefined => row[header.indexOf(column)]?.trim() || undefined
  const name = cell('name')
  if (!name) return 'a node needs a name'
  const labels = labelsOf(cell('labels') ?? ''), taints = taintsOf(cell('taints') ?? ''), pods = cell('pods'), role = cell('role')
  if (typeof labels === 'string') return labels
  if (typeof taints === 'string') return taints
  const wrong = dns1123Subdomain(name)[0] ?? validateLabels(typeof labels === 'string' ? {} : labels, 'labels')[0]?.body
    ?? ['cpu', 'memory'].map(c => sizeProblem(cell(c), c)).find(w => w) ?? versionProblem(cell('version'))
  if (wrong) return `node ${name}: ${wrong}`
  if (pods !== undefined && !/^\d+$/.test(pods)) return `${pods} is no number of pods`
  if (role !== undefined && !['worker', 'control-plane'].includes(role)) return `${role} is no role: a node is worker or control-plane`
  const text = (column: 'cpu' | 'memory' | 'zone' | 'version'): Partial<NodeOptions> => {
    const value = cell(column)
    return value === undefined ? {} : { [column]: value }
  }
  return {
    name, ...text('cpu'), ...text('memory'), ...text('zone'), ...text('version'), ...(pods ? { pods: Number(pods) } : {}),
    ...(role ? { role: role as NodeOptions['role'] } : {}),
    ...(Object.keys(labels).length ? { labels } : {}), ...(taints?.length ? { taints } : {}),
  }
}

/** The version of the cluster may be told behind the step. */
function notAhead(context: ScenarioContext, node: string, version: string): void {
  context.atStart.push(() => {
    const tooNew = kubeletTooNew(node, version, versionOf(context))
    if (tooNew) throw new CannotRun(tooNew.cannotRun)
  })
}

const nodesTable = defineStep({
  id: 'nodes-table', kind: 'world', phrases: ['the nodes:'], argument: 'table',
  doc:
    'The nodes one by one: a table with the columns name, cpu, memory, pods, zone, labels, taints, version, role, of which any but the name may be left out.',
  examples: ['the nodes:'],
  run(context, _args, { argument }) {
    const [header = [], ...rows] = argument.table ?? []
    const names = header.map(h => h.trim().toLowerCase()), unknown = names.find(n => !columns.includes(n))
    if (unknown !== undefined) {
      return {
        cannotRun:
          `the table of nodes has no column ${unknown}: its first row names the columns, as in \`| name | cpu | memory |\`; there are ${columns.join(', ')}`,
      }
    }
    if (!names.includes('name')) return { cannotRun: 'the table of nodes needs a column name' }
    const repeated = names.find((n, i) => names.indexOf(n) !== i)
    if (repeated !== undefined) return { cannotRun: `the table of nodes has two columns ${repeated}` }
    if (rows.length > mostNodes) return { cannotRun: `${rows.length} nodes: Kubernetes supports clusters of up to ${mostNodes}` }
    if (rows.length === 0) return { cannotRun: 'the table of nodes has no rows: each row below the names of the columns is a node' }
    const nodes = rows.map(row => nodeOf(names, row)), wrong = nodes.find(n => typeof n === 'string')
    if (typeof wrong === 'string') return { cannotRun: wrong }
    const unknownVersion = (nodes as NodeOptions[]).map(n => n.version === undefined ? undefined : kubeletProblem(n.version)).find(problem => problem)
    if (unknownVersion) return unknownVersion
    for (const { name, version } of nodes as NodeOptions[]) if (version !== undefined) notAhead(context, name, version)
    return describe(context, stage => ({ ...stage, rows: [...stage.rows, ...(nodes as NodeOptions[])] }))
  },
})
const eachNode = defineStep({
  id: 'each-node', kind: 'world',
  phrases: [
    'each/every node has {cpu} cpu(s) and {memory} (of) memory', 'each/every node has {cpu} cpu(s)', 'each/every node has {memory} (of) memory',
    'each/every node has room for {pods} pod(s)',
  ],
  parameters: { cpu: 'quantity', memory: 'quantity', pods: 'int' },
  doc: 'How large the nodes are: CPUs, memory, or number of pods.',
  examples: ['each node has 2 cpu and 4Gi memory', 'each node has room for 10 pods', 'each node has 500m cpu'],
  run(context, args) {
    const wrong = sizeProblem(args.cpu, 'cpu') ?? sizeProblem(args.memory, 'memory')
    return wrong === undefined ? describe(context, stage => ({ ...stage, each: { ...stage.each, ...args } })) : { cannotRun: wrong }
  },
})
const version = defineStep({
  id: 'kubernetes-version', kind: 'world', phrases: ['kubernetes version {version}'], parameters: { version: 'word' },
  doc: 'The version of the control plane, and of the nodes unless told otherwise. Said before or after the cluster.',
  examples: ['kubernetes version 1.34'],
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  run(context, { version: wanted }) {
    return controlPlaneProblem(wanted) ?? describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, kubernetesVersion: wanted } }))
  },
})
const kubeletVersion = defineStep({
  id: 'kubelet-version', kind: 'world', phrases: ['node {node} runs kubelet {version}'], parameters: { version: 'word' },
  doc: 'A node whose kubelet is of another version than the control plane.',
  examples: ['node worker-1 runs kubelet 1.32'],
  source: 'https://kubernetes.io/releases/version-skew-policy/#kubelet',
  run(context, { node, version: wanted }) {
    if (typeof node !== 'string') return { cannotRun: 'a node that is still to be made has no binding' }
    const refused = kubeletProblem(wanted) ?? describe(context, stage => ({ ...stage, versions: { ...stage.versions, [node]: wanted } }))
    if (refused) return refused
    notAhead(context, node, wanted)
    // the cluster may be described behind this step
    context.atStart.push(driver => {
      if (!driver.stored('nodes', '', node)) {
        throw new CannotRun(
          `there is no node ${node} that could run kubelet ${wanted}; there are ${driver.storedList('nodes').map(n => n.metadata.name).join(', ')}`
        )
      }
    })
  },
})

export const nodes: readonly StepDefinition[] = [nodesTable, eachNode, version, kubeletVersion]
