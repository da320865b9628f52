import type { KubeObject } from '../../api/request.ts'
import { isTolerated, untolerated } from '../pod-info.ts'
import type { PodInfo, Taint } from '../pod-info.ts'
import { definePlugin, rejection } from '../plugin.ts'
import { normalise } from '../score.ts'

const tainted = rejection('TaintToleration', true, 'node(s) had untolerated taint(s)')
const taintedBy = (taint: Taint) => rejection('TaintToleration', true, `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`)
const isBarred = (node: KubeObject, pod: PodInfo): boolean =>
  untolerated((node.spec?.taints ?? []).filter((t: Taint) => t.effect !== 'PreferNoSchedule'), pod.tolerations) !== undefined

/** Up to 1.34.1 the message names the first taint. */
export const taintToleration = definePlugin({
  name: 'TaintToleration',
  preFilter: ({ pod, minorVersion }) => ({
    filter(node) {
      if (node.hardTaints.length === 0) return undefined
      const taint = untolerated(node.hardTaints, pod.tolerations)
      return taint && (minorVersion < 34 ? taintedBy(taint) : tainted)
    },
  }),
  weight: 3,
  preScore: ({ pod, nodes }) => {
    if (nodes.softTainted === 0) return undefined
    const tolerations = pod.tolerations.filter(t => !t.effect || t.effect === 'PreferNoSchedule')
    return {
      score: node => { let n = 0; for (const t of node.softTaints) if (!isTolerated(t, tolerations)) n++; return n }, finish: scores => normalise(scores, true),
    }
  },
  hints: {
    'Node/Add': (pod, event) => !isBarred(event.new!, pod), 'Node/UpdateTaint': (pod, event) => isBarred(event.old!, pod) && !isBarred(event.new!, pod),
    'UnscheduledPod/UpdateToleration': () => true,
  },
  source: 'pkg/scheduler/framework/plugins/tainttoleration',
})
