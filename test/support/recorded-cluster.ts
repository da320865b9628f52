import { runCommandLine } from '../../src/clients/index.ts'
import { createModelDriver } from '../../src/drivers/model.ts'
import type { ModelDriver } from '../../src/drivers/model.ts'
import type { Observation } from '../../src/runtime-model/kernel/observation.ts'
import { ADMIN, createContext } from '../../src/runner/context.ts'
import type { RunningContext } from '../../src/runner/context.ts'

/** What a naive evaluator knows of a moment: stored objects, and who is up. Read from observations alone. */
export interface Seen {
  readonly at: number
  /** id of the observation after which it was so */
  readonly id: number
  readonly pods: ReadonlyMap<string, any>
  readonly nodes: ReadonlyMap<string, any>
  /** Deployments and ReplicaSets */
  readonly workloads: ReadonlyMap<string, any>
  readonly down: ReadonlySet<string>
}
export interface Recorded {
  readonly context: RunningContext
  /** when the assertion is said */
  readonly startedAt: number
  readonly latest: { readonly at: number; readonly observation: number }
  /** every moment of the run, from its beginning to long after the assertion */
  readonly moments: readonly Seen[]
  /** the moment just before what happened at this observation, or before the step that caused it */
  before(id: number): number
}

/** One line of a script: a command line, `fault NAME k=v`, `heal NAME k=v`, or milliseconds that pass. */
export type ScriptLine = string | number

export const deadlineMs = 60_000, observeMs = 300_000
/** longer than any claim is watched */
const afterwardsMs = 1_500_000

export async function record(script: readonly ScriptLine[], seed: number): Promise<Recorded> {
  const context = createContext({ createDriver: options => createModelDriver({ ...options, nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] }),
    readFile: () => undefined, deadlineMs, observeMs }, seed)
  const driver = context.driver() as ModelDriver
  for (const line of script) {
    if (typeof line === 'number') { await driver.advance(line); continue }
    context.beforeLatest = { at: driver.now(), observation: driver.mark(line) }
    const [word, name, ...given] = line.split(' '), args = Object.fromEntries(given.map(g => g.split('=')))
    if (word === 'fault') driver.inject(name, args)
    else if (word === 'heal') driver.heal(name, args)
    else await runCommandLine(line, { driver, credentials: ADMIN, namespace: 'default', readFile: () => undefined, binding: () => undefined })
  }
  const startedAt = driver.now(), later = driver.fork()
  const startId = [...driver.history()].at(-1)!.id
  await later.advance(afterwardsMs)
  const history = [...later.history()]
  return { context, startedAt, latest: context.beforeLatest, moments: momentsOf(history, startedAt, startId, driver), before: beforeIn(history) }
}

function momentsOf(history: readonly Observation[], startedAt: number, startId: number, driver: ModelDriver): readonly Seen[] {
  const first = history[0].id, pods = new Map<string, any>(), nodes = new Map<string, any>(), workloads = new Map<string, any>(), down = new Set<string>()
  const kept: Readonly<Record<string, Map<string, any> | undefined>> = { pods, nodes, 'deployments.apps': workloads, 'replicasets.apps': workloads }
  const keyOf = (o: { readonly resource: string; readonly namespace?: string; readonly name: string }): string =>
    o.resource === 'pods' ? `${o.namespace}/${o.name}` : o.resource === 'nodes' ? o.name : `${o.resource}/${o.namespace}/${o.name}`
  // what the cluster's coming up left, by undoing what happened since
  for (const pod of driver.storedList('pods')) pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod)
  for (const node of driver.storedList('nodes')) nodes.set(node.metadata.name, node)
  for (const resource of ['deployments.apps', 'replicasets.apps']) {
    for (const o of driver.storedList(resource)) workloads.set(keyOf({ resource, ...o.metadata } as never), o)
  }
  for (const o of history.filter(h => h.id <= startId).reverse()) {
    const map = o.type === 'object' ? kept[o.resource] : undefined
    if (o.type !== 'object' || !map) continue
    if (o.change === 'ADDED') map.delete(keyOf(o)); else map.set(keyOf(o), o.old)
  }
  const moments: Seen[] = [{ at: 0, id: first - 1, pods: new Map(pods), nodes: new Map(nodes), workloads: new Map(workloads), down: new Set() }]
  for (const o of history) {
    const map = o.type === 'object' ? kept[o.resource] : undefined
    if (o.type === 'object' && map) {
      if (o.change === 'DELETED') map.delete(keyOf(o)); else map.set(keyOf(o), o.new)
    } else if (o.type === 'component' && (o.state === 'up' || o.state === 'down')) {
      if (o.state === 'down') down.add(o.component); else down.delete(o.component)
    } else if (o.id !== startId) continue
    moments.push({ at: o.at, id: o.id, pods: new Map(pods), nodes: new Map(nodes), workloads: new Map(workloads), down: new Set(down) })
    if (o.id === startId && o.at < startedAt) moments.push({ ...moments.at(-1)!, at: startedAt })
  }
  return moments
}

const beforeIn = (history: readonly Observation[]) => (id: number): number => {
  const at = (i: number): Observation | undefined => history[i - history[0].id]
  let first = id
  const isMark = (o: Observation): boolean => o.actor === 'scenario' && o.type === 'note'
  while (first > history[0].id && !isMark(at(first)!) && at(first - 1)!.at === at(first)!.at) first--
  return first - 1
}
