import { committedView } from '../../src/runtime-model/etcd/index.ts'
import { kubeControllerManager } from '../../src/runtime-model/kube-controller-manager/index.ts'
import type { KubeObject } from '../../src/runtime-model/api/request.ts'
import { formatTime } from '../../src/runtime-model/api/time.ts'
import { startServers } from './api-servers.ts'
import type { Servers } from './api-servers.ts'

/** A control plane without scheduler and nodes: the test plays the kubelet. */
export interface Controllers extends Servers {
  stored(resource: string): readonly KubeObject[]
  /** Runs until nothing happens for five seconds. */
  settle(): void
  /** Pods come up as `outcome` says until everything has settled: `Ready` unless told otherwise; what is being deleted goes. */
  runPods(outcome?: (pod: KubeObject) => 'Ready' | 'Pending' | 'Succeeded' | { readonly exitCode: number }): void
  /** texts of Events of an object, oldest first */
  events(name: string): string[]
  fork(): Controllers
}

export function startControllers(options: { readonly managers?: number; readonly seed?: number; readonly version?: string } = {}): Controllers {
  const hosts = Array.from({ length: options.managers ?? 1 }, (_, i) => `cp-${i + 1}`)
  const servers = startServers({ seed: options.seed, actors: hosts.map(host => kubeControllerManager({ host, version: options.version ?? '1.35.4' })) })
  const controllers = over(servers)
  controllers.settle()
  return controllers
}

function over(servers: Servers): Controllers {
  const { kernel } = servers
  const stored = (resource: string): readonly KubeObject[] => committedView(kernel.ids('etcd').map(id => kernel.stateOf(id))).list(resource)
  const settle = (): void => { while (!kernel.quiet && kernel.nextForegroundAt() < kernel.now + 5000) kernel.stepOnce() }
  const status = (pod: KubeObject, body: any): void => { servers.ask({ verb: 'patch', resource: 'pods', subresource: 'status', namespace: pod.metadata.namespace, name: pod.metadata.name, patchType: 'application/merge-patch+json', body: { status: body } }) }
  const live = (outcome: NonNullable<Parameters<Controllers['runPods']>[0]>): boolean => {
    let changed = false
    for (const pod of stored('pods')) {
      const { namespace, name, deletionTimestamp } = pod.metadata, at = formatTime(kernel.options.epochMs + kernel.now), end = outcome(pod)
      if (deletionTimestamp) { servers.ask({ verb: 'delete', resource: 'pods', namespace, name, body: { gracePeriodSeconds: 0 } }); changed = changed || pod.metadata.finalizers === undefined; continue }
      if (pod.status.phase !== 'Pending' && pod.status.phase !== 'Running' || end === 'Pending' || end === 'Ready' && pod.status.phase === 'Running') continue
      changed = true
      if (end === 'Ready') { status(pod, { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }] }); continue }
      const exitCode = end === 'Succeeded' ? 0 : end.exitCode
      status(pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [{ name: pod.spec.containers[0].name, ready: false, restartCount: 0, image: '', imageID: '', state: { terminated: { exitCode, finishedAt: at } } }] })
    }
    return changed
  }
  return {
    ...servers, stored, settle,
    runPods: (outcome = () => 'Ready') => { settle(); while (live(outcome)) settle() },
    events: name => stored('events').filter(e => e.involvedObject.name === name).sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)).map(e => `${e.type} ${e.reason}: ${e.message}`),
    fork: () => over(servers.fork()),
  }
}

/** Deployments, ReplicaSets and Jobs of one container. */
const template = (name: string, image: string, more: any = {}) => ({ metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }], ...more } })
export const deployment = (name: string, replicas: number, image = 'shop:1', spec: any = {}): any => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, image), ...spec } })
export const replicaSet = (name: string, replicas: number, spec: any = {}): any => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name }, spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, 'shop:1'), ...spec } })
export const job = (name: string, spec: any = {}): any => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: template(name, 'bake:1', { restartPolicy: 'Never' }), ...spec } })
