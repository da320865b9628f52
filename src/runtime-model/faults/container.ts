import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'

const target = (args: Readonly<Record<string, any>>): string => `container ${args.container} in pod ${args.pod}`
const parameters = { namespace: 'of the pod', pod: 'its name', container: 'its name' }
const example = { namespace: 'kube-system', pod: 'first', container: 'coredns' }

/** Tells the runtime of the pod's node; answers how many containers it met. */
function tell(cluster: Cluster, args: Readonly<Record<string, any>>, operation: string): number | string {
  const pod = cluster.stored('pods', args.namespace, args.pod)
  if (!pod) return `there is no pod ${args.pod} in namespace ${args.namespace}`
  const truth = cluster.nodeTruth().pod(pod.metadata.uid), container = truth?.containers.find(c => c.name === args.container)
  if (!truth || !container) return `pod ${args.pod} has no container ${args.container} on a node`
  if (container.state !== 'running' || (operation === 'resume-container' && !isHung(cluster, truth.node, truth.uid, args.container))) return 0
  cluster.kernel.operate(`container-runtime/${truth.node}`, operation, { uid: truth.uid, container: args.container })
  return 1
}

const isHung = ({ kernel }: Cluster, node: string, uid: string, name: string): boolean =>
  kernel.stateOf<any>(`container-runtime/${node}`).pods.get(uid)?.containers.some((c: any) => c.name === name && c.hung)

export const containerCrash = defineFault({
  id: 'container-crash', doc: 'The main process of the container ends with exit code 1.', parameters, example, target,
  inject: (cluster, args) => tell(cluster, args, 'crash-container'),
})
export const containerOom = defineFault({
  id: 'container-oom', doc: 'The kernel of the node kills the container: it has used more memory than its limit (exit code 137, OOMKilled).', parameters,
  example, target, inject: (cluster, args) => tell(cluster, args, 'oom-container'),
})
export const containerHang = defineFault({
  id: 'container-hang', doc: 'The container runs and answers nothing, neither requests nor probes.', parameters, example, target,
  inject: (cluster, args) => tell(cluster, args, 'hang-container'),
  heal: (cluster, args) => { const done = tell(cluster, args, 'resume-container'); return typeof done === 'number' && done > 0 },
})
