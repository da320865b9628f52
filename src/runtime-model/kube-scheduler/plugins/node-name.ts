import { always, definePlugin, rejection } from '../plugin.ts'

const otherName = rejection('NodeName', true, "node(s) didn't match the requested node name")

export const nodeName = definePlugin({
  name: 'NodeName',
  preFilter: ({ pod }) => pod.pod.spec.nodeName ? { filter: node => node.name === pod.pod.spec.nodeName ? undefined : otherName } : 'skip',
  hints: { 'Node/Add': always },
  source: 'pkg/scheduler/framework/plugins/nodename',
})
