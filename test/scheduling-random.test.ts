import { expect, test } from 'vitest'
import { NodeTable } from '../src/runtime-model/kube-scheduler/node-table.ts'
import { podInfo } from '../src/runtime-model/kube-scheduler/pod-info.ts'
import { preempt } from '../src/runtime-model/kube-scheduler/preemption.ts'
import { schedulePod } from '../src/runtime-model/kube-scheduler/schedule-pod.ts'
import { unfitMessage } from '../src/runtime-model/kube-scheduler/unfit-message.ts'
import { World } from './support/scheduling.ts'
import recorded from './scheduling/random-pods.json' with { type: 'json' }

/**
 * Twelve random nodes with random pods on them, and for each of many random pods where a 1.35.4 kube-scheduler put it (one of the nodes that are equally
 * good), or why nowhere, word for word. Each was deleted before the next came.
 */
interface Recorded { readonly nodes: readonly any[]; readonly pods: readonly any[]; readonly probes: readonly any[] }
const view = new World({}).with({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } } as any })
  .cluster

function table({ nodes: given, pods }: Recorded): NodeTable {
  const nodes = new NodeTable()
  for (const node of given) nodes.setNode(node)
  for (const [i, pod] of pods.entries()) nodes.setPod(podInfo({ ...pod, metadata: { ...pod.metadata, uid: `fixed-${i}` } }), pod.spec.nodeName)
  return nodes
}
/** The best nodes, or the message. */
function outcome(nodes: NodeTable, pod: any): readonly string[] | string {
  const cycle = { pod: podInfo({ ...pod, metadata: { ...pod.metadata, uid: 'probe' } }), nodes, cluster: view, minorVersion: 35 }, best = new Set<string>()
  let equals = 1
  for (let i = 0; i < equals; i++) {
    const decision = schedulePod(cycle, { start: 0, choose: n => { equals = n; return i } })
    if ('node' in decision) { best.add(decision.node.name); continue }
    const end = preempt(cycle, decision.unfit, { choose: () => 0 })
    return 'post' in end ? unfitMessage(decision.unfit, end.post) : `preempts on ${end.node}`
  }
  return [...best]
}

test.each((recorded as unknown as readonly Recorded[]).map((cluster, i) => [i + 1, cluster] as const))('cluster %i', (_, cluster) => {
  const nodes = table(cluster)
  for (const { node, message, ...pod } of cluster.probes) {
    const end = outcome(nodes, pod), told = JSON.stringify(pod)
    if (node === undefined) expect([told, end]).toEqual([told, message])
    else expect([told, end]).toEqual([told, expect.arrayContaining([node])])
  }
})
