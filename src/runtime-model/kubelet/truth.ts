import type { ContainerTruth, NodeTruth, PodTruth } from '../../drivers/driver.ts'
import { fileExists, printedBy } from '../api/behaviour.ts'
import { isShared, placesOf, type PodRuntime, type RuntimeContainer, type Writes } from '../api/cri.ts'
import { parseTime } from '../api/time.ts'
import type { RuntimeState } from '../container-runtime/state.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { settingsFile } from './settings.ts'
import type { KubeletState } from './state.ts'
import { isReady } from './status/conditions.ts'

/** What the command of a container waits for, and why that is not there; undefined: it waits for nothing. */
export type WaitsFor = (pod: PodRuntime, container: RuntimeContainer) => string | undefined

/** What runs on the nodes, whatever the API says: read from the runtimes, and from the kubelets what they think of readiness. */
export function nodeTruthOf(kernel: Kernel, waitsFor?: WaitsFor): NodeTruth {
  const runtimeOf = (node: string): RuntimeState | undefined =>
    kernel.has(`container-runtime/${node}`) ? kernel.stateOf(`container-runtime/${node}`) : undefined
  const nodes = (): string[] => kernel.ids('container-runtime').map(id => kernel.actor(id).host)
  /** the pod of a manifest file whose mirror has this uid, else the uid itself */
  const staticOf = (node: string, uid: string): string =>
    (kernel.has(`kubelet/${node}`) ? kernel.stateOf(`kubelet/${node}`) as KubeletState : undefined)?.mirrors[uid] ?? uid
  const podOf = (node: string, pod: PodRuntime): PodTruth => {
    const kubelet: KubeletState | undefined = kernel.has(`kubelet/${node}`) ? kernel.stateOf(`kubelet/${node}`) : undefined
    const status = kubelet?.workers.get(pod.uid)?.status, off = kernel.powerOf(node) === 'down'
    const containers = newestOf(pod).map(c => containerOf(c, off, waitsFor?.(pod, c)))
    const ready = !off && containers.some(c => c.state === 'running') && isReady(status)
    return {
      uid: pod.uid, namespace: pod.namespace, name: pod.name, node, ...pod.sandbox?.ip ? { ip: pod.sandbox.ip } : undefined, ready,
      phase: status?.phase ?? 'Unknown', containers,
    }
  }
  /** the container that runs, or ran last */
  const runOf = (uid: string, container: string): { readonly home: string; readonly run: RuntimeContainer } | undefined => {
    const home = nodes().find(node => runtimeOf(node)?.pods.has(uid)), run = home && newestOf(runtimeOf(home)!.pods.get(uid)!).find(c => c.name === container)
    return home && run ? { home, run } : undefined
  }
  const fileOf = (uid: string, container: string, path: string): string | null | undefined => {
    const found = runOf(uid, container)
    if (!found) return undefined
    const { home, run } = found
    const worker = (kernel.has(`kubelet/${home}`) ? kernel.stateOf(`kubelet/${home}`) as KubeletState : undefined)?.workers.get(uid)
    const setting = worker ? settingsFile(worker, container, path) : false
    if (setting !== false) return setting
    for (const { place, time } of placesOf(run, path)) {
      const untilMs = time === undefined ? Infinity : parseTime(time) - kernel.options.epochMs
      const written = (isShared(place) ? nodes() : [home]).flatMap(node => runtimeOf(node)?.files.get(place) ?? []).filter(w => w.atMs <= untilMs)
      const latest = written.reduce<Writes[number] | undefined>((best, w) => best && best.atMs > w.atMs ? best : w, undefined)
      if (latest) return latest.content
    }
    return saidOf(run, path, kernel.now - run.startedAt)
  }
  return {
    node: name => kernel.has(`container-runtime/${name}`)
      ? { power: kernel.powerOf(name), kubelet: kernel.has(`kubelet/${name}`) ? kernel.statusOf(`kubelet/${name}`) : 'down' }
      : undefined,
    pod: (uid, known) => {
      for (const node of known === undefined ? nodes() : [known]) {
        const pod = runtimeOf(node)?.pods.get(staticOf(node, uid))
        if (pod) return podOf(node, pod)
      }
      return undefined
    },
    podsOn: node => runtimeOf(node)?.pods.sorted().map(([, pod]) => podOf(node, pod)) ?? [],
    file: fileOf,
    filesBelow: (uid, container, folder) => {
      const found = runOf(uid, container)
      if (!found) return []
      // volumes may stand below the folder
      const places = [folder, ...found.run.mounts.map(m => m.path).filter(path => path.startsWith(`${folder}/`))].flatMap(path => placesOf(found.run, path)
        .map(({ place }) => ({ prefix: `${place}/`, below: `${path.slice(folder.length + 1)}/`.replace(/^\//, ''), isShared: isShared(place) })))
      const written = places.flatMap(({ prefix, below, isShared }) => (isShared ? nodes() : [found.home])
        .flatMap(node => [...runtimeOf(node)?.files.keys() ?? []]).filter(key => key.startsWith(prefix)).map(key => below + key.slice(prefix.length)))
      const said = (found.run.behaviour.files ?? []).map(row => row.path).filter(path => path.startsWith(`${folder}/`)).map(path => path.slice(folder.length + 1))
      return [...new Set([...written, ...said])].filter(path => typeof fileOf(uid, container, `${folder}/${path}`) === 'string').sort()
    },
    read: (uid, container, path) => {
      const home = nodes().find(node => runtimeOf(node)?.pods.has(uid))
      const worker = (home && kernel.has(`kubelet/${home}`) ? kernel.stateOf(`kubelet/${home}`) as KubeletState : undefined)?.workers.get(uid)
      const text = worker && settingsFile(worker, container, path, worker.atStart[container])
      return text === false ? undefined : text
    },
    printed: (uid, container, which) => {
      const found = nodes().flatMap(node => runtimeOf(node)?.pods.get(staticOf(node, uid)) ?? [])[0]?.containers.filter(c => c.name === container)
      const one = which === 'ended' ? found?.find(c => c.state === 'exited') : found?.[which === 'previous' ? 1 : 0]
      if (found && !one) return null
      if (!one || one.startedAt < 0) return undefined
      const forMs = one.state === 'exited' ? one.finishedMs - one.startedMs : kernel.now - one.startedAt
      return printedBy(one.behaviour, forMs)?.map(({ afterMs, line }) => ({ wallMs: one.startedMs + afterMs, line }))
    },
  }
}
/** A file of a container's own, as its command and those that came later have left it. */
function saidOf({ behaviour, mounts }: RuntimeContainer, path: string, sinceMs: number): string | null | undefined {
  const exists = mounts.some(m => path.startsWith(`${m.path}/`)) ? undefined : fileExists(behaviour, path, sinceMs)
  return exists === false ? null : behaviour.files?.findLast(row => row.path === path && sinceMs >= row.fromMs)?.content
}
const newestOf = (pod: PodRuntime): RuntimeContainer[] => pod.containers.filter((c, i) => pod.containers.findIndex(x => x.name === c.name) === i)
function containerOf(c: RuntimeContainer, off: boolean, waitsFor: string | undefined): ContainerTruth {
  const ended = off && c.state !== 'exited' ? { state: 'exited' as const, exitCode: 255, reason: 'Unknown' }
    : c.state === 'exited' ? { state: c.state, exitCode: c.exitCode, reason: c.reason }
    : { state: c.state }
  return {
    name: c.name, ...ended, restarts: c.attempt, ...c.startedAt >= 0 ? { startedAt: c.startedAt } : undefined, ...c.hung ? { hung: true } : undefined,
    ...waitsFor === undefined ? undefined : { waitsFor },
  }
}
