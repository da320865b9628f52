import type { PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { belongsTo, referenceOf } from '../subjects/index.ts'
import { everStored, holdsIf, moot, plural, satisfies } from './support.ts'
import { onlyOf } from './fitting.ts'

/** `there are 2 pods on node worker-1`, said of the node: the same pods, which are those of all namespaces but kube-system, or those of an owner. */
const nodePods = definePredicate({
  id: 'node-pods', phrases: ['has/runs {count} pod(s)', 'has/runs {count} pod(s) of {owner}'],
  parameters: { owner: 'subject' }, subjects: ['object'], misfit: onlyOf('nodes'),
  doc: 'How many pods are bound to the node: of an owner, or of all namespaces but kube-system.',
  examples: ['each worker node runs 2 pods', 'node worker-1 has at most 1 pod of deployment web', 'every worker node runs a pod of daemonset agent'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/',
  reads: o => o.type === 'object' && o.resource === 'pods',
  test({ object }, { count, owner }, at) {
    const whose = owner && referenceOf(owner, at), pods = at.driver.storedList('pods').filter(pod => pod.spec?.nodeName === object.metadata.name)
    if (whose && !everStored(at, whose.ref)) return moot(`there is no ${whose.label}`)
    const found = pods.filter(pod => whose ? belongsTo(pod, whose.ref, at.driver) : pod.metadata.namespace !== 'kube-system').length
    return holdsIf(satisfies(count, found), () => `${plural(found, 'pod')}${whose ? ` of ${whose.label}` : ''}`)
  },
})
export const ofNodes: readonly PredicateDefinition[] = [nodePods]
