import { isTolerated } from '../pod-info.ts'
import { definePlugin, rejection } from '../plugin.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const unschedulable = rejection('NodeUnschedulable', true, 'node(s) were unschedulable')

/** Keeps pods from cordoned nodes. */
export const nodeUnschedulable = definePlugin({
  name: 'NodeUnschedulable',
  preFilter: ({ pod }) => isTolerated(taint, pod.tolerations) ? 'skip' : { filter: node => node.unschedulable ? unschedulable : undefined },
  hints: {
    'Node/Add': (_, event) => !event.new!.spec?.unschedulable,
    'Node/UpdateTaint': (_, event) => !event.new!.spec?.unschedulable && event.old!.spec?.unschedulable === true,
    'UnscheduledPod/UpdateToleration': pod => isTolerated(taint, pod.tolerations),
  },
  source: 'pkg/scheduler/framework/plugins/nodeunschedulable',
})
