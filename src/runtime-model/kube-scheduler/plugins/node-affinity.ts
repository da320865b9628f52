import { definePlugin, rejection } from '../plugin.ts'
import type { PodInfo } from '../pod-info.ts'
import { normalise } from '../score.ts'
import { nodeTerm, requiredNodes } from '../terms.ts'

const elsewhere = rejection('NodeAffinity', true, "node(s) didn't match Pod's node affinity/selector")

/** Node names that `matchFields` allow, when every term names some: pods of DaemonSets. */
function namedNodes(pod: PodInfo): ReadonlySet<string> | undefined {
  const terms: readonly any[] | undefined = pod.pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (!terms) return undefined
  const names = new Set<string>()
  for (const term of terms) {
    const fields = (term.matchFields ?? []).filter((f: any) => f.key === 'metadata.name' && f.operator === 'In')
    if (fields.length === 0) return undefined
    const [first, ...rest] = fields
    for (const name of first.values) if (rest.every((f: any) => f.values.includes(name))) names.add(name)
  }
  return names
}
const matches = (pod: PodInfo, node: any): boolean => requiredNodes(pod.pod.spec)?.(node) ?? true

export const nodeAffinity = definePlugin({
  name: 'NodeAffinity',
  preFilter({ pod }) {
    const required = requiredNodes(pod.pod.spec)
    if (!required) return 'skip'
    const only = namedNodes(pod)
    if (only?.size === 0) return { reject: rejection('NodeAffinity', true, 'pod affinity terms conflict') }
    return { filter: node => required(node.node!) ? undefined : elsewhere, only }
  },
  weight: 2,
  preScore({ pod }) {
    const preferred: readonly any[] = pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    if (preferred.length === 0) return undefined
    const terms = preferred.filter(p => p.weight !== 0).map(p => ({ weight: p.weight as number, matches: nodeTerm(p.preference) }))
    return { score: node => terms.reduce((total, t) => total + (t.matches(node.node!) ? t.weight : 0), 0), finish: scores => normalise(scores, false) }
  },
  hints: {
    'Node/Add': (pod, event) => matches(pod, event.new), 'Node/UpdateLabel': (pod, event) => !matches(pod, event.old) && matches(pod, event.new),
    'UnscheduledPod/UpdateSelector': () => true,
  },
  source: 'pkg/scheduler/framework/plugins/nodeaffinity',
})
