import type { KubeObject } from '../../runtime-model/api/request.ts'
import type { ObservationBody } from '../../runtime-model/kernel/observation.ts'
import { CannotHere } from '../driver.ts'
import type { ComponentState, ContainerTruth, NodeTruth, PodTruth } from '../driver.ts'
import type { Change } from './informer.ts'
import type { Mirror } from './mirror.ts'

/**
 * What runs on the nodes, as far as their kubelets report it: nobody else can be asked from outside. A node whose kubelet is silent is shown as it was told
 * last, with its kubelet down, so that a loss between two reports is not seen before the node is NotReady.
 */
export function reportedTruth(mirror: Mirror): NodeTruth {
  const pods = (): readonly any[] => mirror.all('pods')
  return {
    node(name) {
      const node = mirror.one('nodes', '', name)
      return node && { power: 'up', kubelet: isReady(node) ? 'up' : 'down' }
    },
    pod(uid) { const pod = pods().find(p => p.metadata.uid === uid); return pod && podTruth(pod) },
    podsOn: node => pods().filter(p => p.spec.nodeName === node).map(podTruth),
    file() { throw new CannotHere('what is written in a container is not seen from outside') },
    filesBelow() { throw new CannotHere('what is written in a container is not seen from outside') },
    read() { throw new CannotHere('what a program has read is not seen from outside') },
    printed() { throw new CannotHere('what a container prints is not seen by a look at the node') },
  }
}
const conditionOf = (object: any, type: string): string | undefined => object.status?.conditions?.find((c: any) => c.type === type)?.status
const isReady = (object: KubeObject): boolean => conditionOf(object, 'Ready') === 'True'

function podTruth(pod: any): PodTruth {
  const { metadata: { uid, namespace, name }, spec, status = {} } = pod
  return {
    uid, namespace, name, node: spec.nodeName ?? '', ip: status.podIP, ready: isReady(pod), phase: status.phase ?? 'Pending',
    containers: statusesOf(pod).flatMap(s => containerTruth(s) ?? []),
  }
}
const statusesOf = ({ status }: any): readonly any[] => [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []]
function containerTruth({ name, restartCount, state = {} }: any): ContainerTruth | undefined {
  const { running, terminated } = state
  if (running) return { name, state: 'running', restarts: restartCount, startedAt: Date.parse(running.startedAt) }
  return terminated && { name, state: 'exited', restarts: restartCount, exitCode: terminated.exitCode, reason: terminated.reason }
}

/** What a change of an object tells of its node, in the words of those who see it there. */
export function* toldOfNodes({ of, old, new: object, change }: Change): Generator<ObservationBody & { readonly type: 'container' | 'podStatus' }> {
  if (of.resource !== 'pods' || of.group !== '') return
  const pod: any = object ?? old, { uid, namespace, name } = pod.metadata, base = { node: pod.spec.nodeName ?? '', pod: name, namespace, uid }
  if (base.node === '') return
  if (change === 'DELETED') {
    for (const { name: container, restartCount } of statusesOf(old)) yield { type: 'container', ...base, container, state: 'exited', restarts: restartCount }
    for (const { name: container, restartCount } of statusesOf(old)) yield { type: 'container', ...base, container, state: 'removed', restarts: restartCount }
    return
  }
  const before = old ? new Map(podTruth(old).containers.map(c => [c.name, c])) : undefined, now = podTruth(pod)
  for (const { name: container, state, restarts, exitCode, reason, startedAt } of now.containers) {
    const was = before?.get(container)
    if (was?.state === state && was.restarts === restarts && was.startedAt === startedAt) continue
    yield { type: 'container', ...base, container, state, restarts, ...exitCode === undefined ? {} : { exitCode }, ...reason ? { reason } : {} }
  }
  const then = old && podTruth(old)
  if (!then || then.ready !== now.ready || then.phase !== now.phase || then.ip !== now.ip) {
    yield { type: 'podStatus', ...base, ready: now.ready, phase: now.phase, ...now.ip ? { ip: now.ip } : {} }
  }
}

/** by their label k8s-app */
const ofPods: Readonly<Record<string, string>> = { 'kube-dns': 'coredns', 'kube-proxy': 'kube-proxy' }
const leased = ['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager']
/**
 * The components that show themselves: control-plane pods of kubeadm, kind and the like by their labels, the kubelets by their Nodes, kube-proxy and CoreDNS by
 * their pods. A managed control plane shows none of its own.
 */
export function reportedComponents(mirror: Mirror): readonly ComponentState[] {
  const system: readonly any[] = mirror.all('pods', 'kube-system')
  const leaderOf = (component: string): string => (mirror.one('leases.coordination.k8s.io', 'kube-system', component) as any)?.spec.holderIdentity ?? ''
  const pods = system.flatMap((pod): ComponentState[] => {
    const { labels = {} } = pod.metadata, node: string = pod.spec.nodeName ?? ''
    const component = labels.tier === 'control-plane' ? labels.component : ofPods[labels['k8s-app']]
    if (component === undefined || node === '') return []
    const leads = leased.includes(component) && leaderOf(component).startsWith(`${node}_`)
    return [{ component, node, state: isReady(pod) ? 'up' : 'down', ...leads ? { leader: true } : {} }]
  })
  const kubelets = mirror.all('nodes').map((node): ComponentState => ({ component: 'kubelet', node: node.metadata.name, state: isReady(node) ? 'up' : 'down' }))
  return [...pods, ...kubelets]
}
