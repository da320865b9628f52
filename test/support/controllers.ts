import { committedView } from '../../src/runtime-model/etcd/index.ts'
import { kubeControllerManager } from '../../src/runtime-model/kube-controller-manager/index.ts'
import { controllers as all } from '../../src/runtime-model/kube-controller-manager/controllers/index.ts'
import type { Controller } from '../../src/runtime-model/kube-controller-manager/controller.ts'
import { setUp } from '../../src/runtime-model/kube-controller-manager/setup.ts'
import { memoryOf } from '../../src/runtime-model/kube-controller-manager/state.ts'
import type { ManagerState } from '../../src/runtime-model/kube-controller-manager/state.ts'
import { ControllerView } from '../../src/runtime-model/kube-controller-manager/view.ts'
import type { StepContext } from '../../src/runtime-model/kernel/actor.ts'
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
  const status = (pod: KubeObject, body: any): void => {
    servers.ask({
      verb: 'patch', resource: 'pods', subresource: 'status', namespace: pod.metadata.namespace, name: pod.metadata.name,
      patchType: 'application/merge-patch+json', body: { status: body },
    })
  }
  const live = (outcome: NonNullable<Parameters<Controllers['runPods']>[0]>): boolean => {
    let changed = false
    for (const pod of stored('pods')) {
      const { namespace, name, deletionTimestamp } = pod.metadata, at = formatTime(kernel.options.epochMs + kernel.now), end = outcome(pod)
      if (deletionTimestamp) {
        servers.ask({ verb: 'delete', resource: 'pods', namespace, name, body: { gracePeriodSeconds: 0 } })
        changed = changed || pod.metadata.finalizers === undefined
        continue
      }
      if (pod.status.phase !== 'Pending' && pod.status.phase !== 'Running' || end === 'Pending' || end === 'Ready' && pod.status.phase === 'Running') continue
      changed = true
      if (end === 'Ready') {
        status(pod, {
          phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
        })
        continue
      }
      const exitCode = end === 'Succeeded' ? 0 : end.exitCode
      status(pod, {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [{
          name: pod.spec.containers[0].name, ready: false, restartCount: 0, image: '', imageID: '', state: { terminated: { exitCode, finishedAt: at } },
        }],
      })
    }
    return changed
  }
  return {
    ...servers, stored, settle,
    runPods: (outcome = () => 'Ready') => { settle(); while (live(outcome)) settle() },
    events: name => stored('events').filter(e => e.involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(e => `${e.type} ${e.reason}: ${e.message}`),
    fork: () => over(servers.fork()),
  }
}

/** The law of all controllers: in a settled cluster none has anything to do, however often it looks. A read is no change. */
export const wishesOfAll = (c: Controllers): string[] => all.flatMap(controller => wishes(c, controller)).filter(w => !/: (get|list) /.test(w))

/** Creates objects in namespace default; answers the first refusal. */
export function createAll(c: Controllers, ...objects: readonly any[]): string | undefined {
  for (const o of objects) {
    const [group, version] = o.apiVersion.includes('/') ? o.apiVersion.split('/') : ['', o.apiVersion]
    const resource = `${o.kind.toLowerCase()}s`.replace('endpointss', 'endpoints')
    const answer = c.ask({ verb: 'create', group, version, resource, namespace: o.kind === 'Node' ? undefined : 'default', body: o })
    if (answer.code !== 201) return answer.body?.message ?? String(answer.code)
  }
  return undefined
}
/** Deployments, ReplicaSets and Jobs of one container. */
const template = (name: string, image: string, more: any = {}) =>
  ({ metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }], ...more } })
export const deployment = (name: string, replicas: number, image = 'shop:1', spec: any = {}): any => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, image), ...spec },
})
export const replicaSet = (name: string, replicas: number, spec: any = {}): any => ({
  apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, 'shop:1'), ...spec },
})
export const job = (name: string, spec: any = {}): any =>
  ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: template(name, 'bake:1', { restartPolicy: 'Never' }), ...spec } })

/** What a controller would do now for every key that its watches could give it. */
export function wishes(c: Controllers, controller: Controller): string[] {
  const id = c.kernel.ids('kube-controller-manager').find(i => c.kernel.stateOf<ManagerState>(i).leading)!, fork = c.kernel.fork()
  const state = fork.stateOf<ManagerState>(id), setup = setUp(all)
  const context = {
    now: fork.now, wallMs: fork.options.epochMs + fork.now, self: id, host: 'cp-1', nextId: () => 0, choose: () => 0, bits: () => 0, uid: () => 'uid',
    suffix: () => 'abcde', instances: () => [], heartbeat: (key: string) => fork.heartbeat(key), condition: () => true,
  } as unknown as StepContext
  const view = new ControllerView(state, context, setup.identities.get(controller.name)!, memoryOf(state, controller.name)), keys = new Set<string>()
  // who sleeps watches nothing yet
  if (controller.watches.some(w => state.informers.stores[w.resource] === undefined)) return []
  for (const watch of controller.watches) for (const object of view.list(watch.resource)) {
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
    for (const key of watch.toKeys({ key: watch.resource, name, type: 'ADDED', new: object }, view)) keys.add(typeof key === 'string' ? key : key.key)
  }
  return [...keys].flatMap(key => controller.reconcile(key, view, [], undefined).effects.flatMap(e =>
    e.do === 'request' ? [`${key}: ${e.request.verb} ${e.request.resource} ${e.request.name ?? ''}`]
    : e.do === 'event' ? [`${key}: ${e.event.reason}`]
    : e.do === 'retry' ? [`${key}: ${e.why}`]
    : []))
}
