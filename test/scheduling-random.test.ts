import { expect, test } from 'vitest'
import { RandomStreams } from '../src/runtime-model/kernel/random.ts'
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

/** What the scheduler keeps as pods and nodes come and go is what it would find by looking at all of them. (An image is as large as the first node said.) */
test.each((recorded as unknown as readonly Recorded[]).map((cluster, i) => [i + 1, cluster] as const))(
  'cluster %i: where a pod goes depends on what is there, not on how it came there', (seed, { nodes, pods, probes }) => {
    const given = nodes.map(n => ({ ...n, status: { ...n.status, images: n.status.images?.map((i: any) => ({ ...i, sizeBytes: 524_288_000 })) } }))
    const random = new RandomStreams(seed, new Map()), draw = (n: number): number => random.bits('changes') % n
    const there = new Map<string, any>(), named = pods.map((pod, i) => ({ ...pod, metadata: { ...pod.metadata, uid: `fixed-${i}` } }))
    let kept = new NodeTable(), away: any
    for (const node of given) kept.setNode(node)
    for (let step = 0; step < 100; step++) {
      const pod = named[draw(named.length)], { name, namespace } = pod.metadata, key = `${namespace}/${name}`
      if (there.has(key) && draw(2) === 0) { kept.removePod(key); there.delete(key) } else {
        const labels = draw(4) === 0 ? named[draw(named.length)].metadata.labels : pod.metadata.labels
        const placed = { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...pod.spec, nodeName: given[draw(given.length)].metadata.name } }
        kept.setPod(podInfo(placed), placed.spec.nodeName)
        there.set(key, placed)
      }
      if (draw(5) === 0) {
        if (away) { kept.setNode(away); away = undefined } else { away = given[draw(given.length)]; kept.removeNode(away.metadata.name) }
      }
      if (draw(6) === 0) kept = kept.fork()
      const anew = new NodeTable(), { node: _, message: __, ...probe } = probes[draw(probes.length)]
      for (const node of given) if (node !== away) anew.setNode(node)
      for (const other of there.values()) anew.setPod(podInfo(other), other.spec.nodeName)
      expect([step, inOrder(outcome(kept, probe))]).toEqual([step, inOrder(outcome(anew, probe))])
    }
  }
)
const inOrder = (end: readonly string[] | string): readonly string[] | string => typeof end === 'string' ? end : [...end].sort()
