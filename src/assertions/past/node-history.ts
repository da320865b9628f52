import type { ComponentState, ContainerTruth, Driver, NodeTruth, PodTruth, PrintedLine } from '../../drivers/driver.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'

interface PodRecord {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly node: string
  ip?: string
  ready: boolean
  phase: string
  readonly containers: Map<string, ContainerTruth>
}
type State = 'up' | 'down' | 'hung'

/** What ran on the nodes, and which components, at a moment of the past: told by the observations up to it. */
export class NodeHistory implements NodeTruth {
  readonly #pods = new Map<string, PodRecord>()
  readonly #power = new Map<string, State>()
  /** by process, `kube-scheduler/cp-1` */
  readonly #processes = new Map<string, { state: State; host: string }>()
  /** members of etcd that take themselves for the leader */
  readonly #leaders = new Set<string>()
  /** processes that have ended and not been elected since: a Lease that names their machine is that of the one before */
  readonly #ended = new Set<string>()
  readonly #now: Driver

  constructor(now: Driver) { this.#now = now }

  apply(o: Observation): void {
    switch (o.type) {
      case 'container': return this.#container(o)
      case 'podStatus': { const pod = this.#record(o); pod.ready = o.ready; pod.phase = o.phase; if (o.ip !== undefined) pod.ip = o.ip; return }
      case 'component':
        if (o.component === 'etcd') this.#elected(o)
        if (o.state === 'down') this.#ended.add(o.actor)
        if (o.state === 'leader') this.#ended.delete(o.actor)
        if (o.state === 'up' || o.state === 'down' || o.state === 'hung') this.#processes.set(o.actor, { state: o.state, host: o.node })
        return
      case 'nodePower': this.#power.set(o.node, o.state); if (o.state === 'down') this.#lost(o.node)
    }
  }
  /** The latest that was elected comes last. */
  #elected({ actor, state }: Extract<Observation, { readonly type: 'component' }>): void {
    if (state === 'leader' || state === 'follower' || state === 'down') this.#leaders.delete(actor)
    if (state === 'leader') this.#leaders.add(actor)
  }
  #record(o: Extract<Observation, { readonly type: 'container' | 'podStatus' }>): PodRecord {
    let pod = this.#pods.get(o.uid)
    if (!pod) {
      this.#pods.set(o.uid, (pod = { uid: o.uid, namespace: o.namespace, name: o.pod, node: o.node, ready: false, phase: 'Pending', containers: new Map() }))
    }
    return pod
  }
  #container(o: Extract<Observation, { readonly type: 'container' }>): void {
    const pod = this.#record(o)
    if (o.state !== 'removed')
      pod.containers.set(o.container, { name: o.container, state: o.state, restarts: o.restarts, exitCode: o.exitCode, reason: o.reason, hung: o.hung })
    else if (pod.containers.get(o.container)?.state !== 'running') pod.containers.delete(o.container)
    if (o.state === 'removed' && pod.containers.size === 0) this.#pods.delete(o.uid)
  }
  /** A machine without power runs nothing. */
  #lost(node: string): void {
    for (const pod of this.#pods.values()) if (pod.node === node) {
      pod.ready = false
      for (const [name, c] of pod.containers) if (c.state === 'running') pod.containers.set(name, { ...c, state: 'exited', reason: 'node down' })
    }
  }

  node(name: string): { readonly power: State; readonly kubelet: State } | undefined {
    if (this.#now.nodeTruth.node(name) === undefined) return undefined
    const power = this.#power.get(name) ?? 'up'
    return { power, kubelet: power === 'up' ? this.#processes.get(`kubelet/${name}`)?.state ?? 'up' : power }
  }
  pod(uid: string): PodTruth | undefined {
    // a mirror pod's uid is not the one by which its node knows the pod
    const pod = this.#pods.get(uid) ?? this.#pods.get(this.#now.nodeTruth.pod(uid)?.uid ?? '')
    const containers = [...pod?.containers.values() ?? []]
    return pod && { ...pod, ready: pod.ready && containers.some(c => c.state === 'running'), containers }
  }
  podsOn(node: string): readonly PodTruth[] { return [...this.#pods.values()].filter(p => p.node === node).map(p => this.pod(p.uid)!) }
  read(uid: string, container: string, path: string): string | undefined { return this.#now.nodeTruth.read(uid, container, path) }
  file(uid: string, container: string, path: string): string | null | undefined { return this.#now.nodeTruth.file(uid, container, path) }
  filesBelow(uid: string, container: string, folder: string): readonly string[] { return this.#now.nodeTruth.filesBelow(uid, container, folder) }
  printed(uid: string, container: string, which: 'current' | 'previous' | 'ended'): readonly PrintedLine[] | null | undefined {
    return this.#now.nodeTruth.printed(uid, container, which)
  }

  /** May this process be the one that a Lease names by its machine? */
  mayLead({ component, node }: ComponentState): boolean { return !this.#ended.has(`${component}/${node}`) }
  components(): readonly ComponentState[] {
    const leading = [...this.#leaders].findLast(actor => (this.#processes.get(actor)?.state ?? 'up') === 'up')
    return this.#now.components().map(({ leader, ...component }) => {
      const process = this.#processes.get(`${component.component}/${component.node}`), power = this.#power.get(process?.host ?? component.node) ?? 'up'
      const elected = component.component === 'etcd' ? { leader: `etcd/${component.node}` === leading && power === 'up' } : {}
      return { ...component, state: power === 'up' ? process?.state ?? 'up' : power, ...elected }
    })
  }
}
