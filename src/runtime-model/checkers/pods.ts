import { defineChecker } from './checker.ts'

export const boundOnce = defineChecker({
  id: 'pod-is-bound-once', doc: 'A pod\'s node never changes once it is set.', source: 'pkg/registry/core/pod/storage (setPodNodeAndMetadata)',
  types: ['object'],
  check: o => o.type === 'object' && o.resource === 'pods' && o.change === 'MODIFIED' && o.old?.spec?.nodeName && o.old.spec.nodeName !== o.new.spec.nodeName
    && o.old.metadata.uid === o.new.metadata.uid
    ? `pod ${o.name} moved from ${o.old.spec.nodeName} to ${o.new.spec.nodeName}` : undefined,
})

const order: Readonly<Record<string, number>> = { Pending: 0, Running: 1, Unknown: 1, Succeeded: 2, Failed: 2 }
export const phasesGoForward = defineChecker({
  id: 'pod-phases-go-forward',
  doc: 'A pod that has succeeded or failed stays so, and a running one is not pending again, unless its init containers run anew in a new sandbox.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase', types: ['object'],
  check: o => o.type === 'object' && o.resource === 'pods' && o.change === 'MODIFIED' && o.old.metadata.uid === o.new.metadata.uid
    && order[o.old.status?.phase] > order[o.new.status?.phase]
    && !(o.new.spec.initContainers?.length && o.old.status.phase === 'Running')
    ? `pod ${o.name} went from ${o.old.status.phase} back to ${o.new.status.phase}` : undefined,
})

export const endedContainersStayEnded = defineChecker({
  id: 'restarts-are-counted', doc: 'The restart count of a container never falls while its pod stays on a node that is on.',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus', types: ['container', 'nodePower'],
  initial: () => new Map<string, number>(),
  check(o, counts) {
    if (o.type === 'nodePower') counts.clear()
    if (o.type !== 'container') return undefined
    const key = `${o.uid}/${o.container}`, before = counts.get(key) ?? 0
    counts.set(key, o.restarts)
    return o.restarts < before ? `container ${o.container} of pod ${o.pod} restarted ${before} times and now ${o.restarts}` : undefined
  },
})
