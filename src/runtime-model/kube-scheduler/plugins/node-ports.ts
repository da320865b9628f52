import { always, definePlugin, rejection } from '../plugin.ts'
import type { NodeInfo } from '../node-info.ts'
import { podInfo } from '../pod-info.ts'
import type { HostPort } from '../pod-info.ts'

const taken = rejection('NodePorts', false, "node(s) didn't have free ports for the requested pod ports")
const anyAddress = '0.0.0.0'
const conflict = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress)

function isFree(node: NodeInfo, wanted: readonly HostPort[]): boolean {
  if (node.hostPorts === 0) return true
  for (const pod of node.pods.values()) for (const used of pod.ports) for (const port of wanted) if (conflict(used, port)) return false
  return true
}

export const nodePorts = definePlugin({
  name: 'NodePorts',
  preFilter: ({ pod }) => pod.ports.length === 0 ? 'skip' : { filter: node => isFree(node, pod.ports) ? undefined : taken },
  hints: { 'Node/Add': always, 'AssignedPod/Delete': (pod, event) => podInfo(event.old!).ports.some(gone => pod.ports.some(p => conflict(p, gone))) },
  source: 'pkg/scheduler/framework/plugins/nodeports',
})
