import { PersistentMap } from '../../../base/persistent-map.ts'
import type { ApiResponse, KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { patch, update } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS } from '../controller.ts'
import type { ControllerEffect, Keys, Reconciled, View } from '../controller.ts'
import { podsByNode } from '../indexes.ts'
import { leaseOf, lostIn, lostStatus, monitorMs, notReadyConditions } from '../node-lifecycle/health.ts'
import type { Known } from '../node-lifecycle/health.ts'
import { addTaints, noExecuteKeys, noExecuteWanted, noScheduleChanges, readyStatus, removeTaints } from '../node-lifecycle/taints.ts'
import { allDown, evictionRate, nodesByZone, rateIn, zoneOf, zoneState } from '../node-lifecycle/zones.ts'

/**
 * Watches over nodes: marks those unknown whose heartbeats have ended, tells their pods, and taints what is not ready. Upstream looks at all nodes
 * every 5 s; here a node is looked at in those rounds only in which something can have changed. Keys: `register N` (a round for a node that
 * came or went), `zone N` (it is in another zone), `health N` (a round), `taint N` (NoSchedule, at once), `evict N` (NoExecute, at its zone's pace), `zones`.
 */
export const nodeLifecycle = defineController({
  name: 'node',
  watches: [{ resource: 'nodes', toKeys: keysOfNode }, { resource: 'pods', toKeys: () => NO_KEYS }],
  indexes: [podsByNode, nodesByZone],
  heartbeats: { prefix: leaseOf(''), toKeys: ({ key }) => [`health ${key.slice(leaseOf('').length)}`] },
  initialMemory: () => ({
    forkable:
      true, known: new PersistentMap<Known>(), slots: new PersistentMap<number>(), next: new PersistentMap<number>(), zones: new PersistentMap<string>(),
  }),
  // the first round is at once
  onStart: view => view.list('nodes').map(node => `register ${node.metadata.name}`),
  workers: 8,
  reconcile(key, view, replies, carried) {
    const space = key.indexOf(' '), name = key.slice(space + 1), node = view.get('nodes', '', name)
    switch (key.slice(0, space)) {
      case 'register': return register(name, node, view)
      case 'zone': return node ? { effects: [...knownZone(node, view), { do: 'requeueAfter', ms: 0, key: 'zones ' }] } : DONE
      case 'health': return node ? health(node, view, replies, carried) : DONE
      case 'taint': return node ? taint(node, view, replies, carried) : DONE
      case 'evict': return node ? evict(node, view, replies, carried) : DONE
      default: return zones(view)
    }
  },
  source: 'pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/controller/util/node/controller_utils.go',
})

/** A round of the monitor, and a tenth of a second later the first one of the taint loop. */
const evictionLoopMs = 100
/** A round that finds nodes lost writes down each before it looks at their zones. */
const roundMs = 50

function keysOfNode({ type, old, new: node }: Delta, view: View): Keys {
  const name = (node ?? old!).metadata.name, atRound = view.untilTick(monitorMs)
  if (type === 'DELETED') return [{ key: `register ${name}`, afterMs: atRound }, { key: 'zones ', afterMs: atRound }]
  const heard = beat(node!) !== (old && beat(old)), known: Known | undefined = view.memory.known.get(name)
  if (heard && known) view.memory.known.set(name, { ...known, statusAt: view.now })
  if (type === 'ADDED') return [`taint ${name}`, { key: `register ${name}`, afterMs: atRound }]
  const keys: (Keys[number])[] = []
  const { add, remove } = noScheduleChanges(node!), before = readyStatus(old!), now = readyStatus(node!)
  if (add.length + remove.length > 0) keys.push(`taint ${name}`)
  if (zoneOf(old!) !== zoneOf(node!)) keys.push({ key: `zone ${name}`, afterMs: atRound })
  if (before !== now || zoneOf(old!) !== zoneOf(node!)) {
    keys.push(
      { key: 'zones ', afterMs: now === 'Unknown' ? roundMs : atRound }, now === 'Unknown' ? `health ${name}` : { key: `health ${name}`, afterMs: atRound }
    )
  }
  return keys
}
const beat = (node: KubeObject): string | undefined => node.status?.conditions?.find((c: any) => c.type === 'Ready')?.lastHeartbeatTime

function register(name: string, node: KubeObject | undefined, view: View): Reconciled {
  const known: Known | undefined = view.memory.known.get(name)
  if (!node) {
    return known
      ? {
        effects: [
          { do: 'remember', in: 'known', key: name, value: undefined }, { do: 'remember', in: 'slots', key: name, value: undefined },
          nodeEvent(name, undefined, 'RemovingNode', `Removing Node ${name} from Controller`),
        ],
      }
      : DONE
  }
  if (known) return DONE
  const effects: ControllerEffect[] = [
    { do: 'remember', in: 'known', key: name, value: { since: view.now, statusAt: view.now } },
    ...knownZone(node, view),
    nodeEvent(name, node, 'RegisteredNode', `Registered Node ${name} in Controller`),
    { do: 'requeueAfter', ms: 0, key: `health ${name}` }, { do: 'requeueAfter', ms: 0, key: 'zones ' },
  ]
  return { effects }
}
const knownZone = (node: KubeObject, view: View): ControllerEffect[] =>
  view.memory.zones.get(zoneOf(node)) ? [] : [{ do: 'remember', in: 'zones', key: zoneOf(node), value: 'normal' }]
/** Source: controller_utils.go (RecordNodeEvent, RecordNodeStatusChange). Of a node that is gone only the name is left. */
function nodeEvent(name: string, node: KubeObject | undefined, reason: string, what: string): ControllerEffect {
  const message = reason === 'NodeNotReady' ? what : `Node ${name} event: ${what}`
  return { do: 'event', event: { regarding: { kind: 'Node', name, apiVersion: 'v1', uid: node?.metadata.uid ?? name }, type: 'Normal', reason, message } }
}

// ---- health
interface Lost { readonly was: string | undefined; readonly step: 'status' | 'pods' }

function health(node: KubeObject, view: View, replies: readonly ApiResponse[], carried: Lost | undefined): Reconciled {
  const { name } = node.metadata
  if (carried?.step === 'status') return { effects: lost(replies[0].body, carried.was, view) }
  const known: Known | undefined = view.memory.known.get(name)
  if (!known) return DONE
  const ms = lostIn(node, known, view)
  if (ms === Infinity || ms > 0) {
    return { effects: [...ms === Infinity ? [] : [{ do: 'requeueAfter', ms, key: `health ${name}` } as const], ...paced(node, view)] }
  }
  const status = lostStatus(node, view)
  if (!status) return { effects: paced(node, view) }
  const body = { ...node, status }
  return {
    effects: [{ do: 'request', request: update(view.identity, { resource: 'nodes', name, subresource: 'status' }, body) }],
    again: { was: readyStatus(node), step: 'status' } satisfies Lost,
  }
}

/** The status is written: say so, and mark the pods on it. */
function lost(node: KubeObject, was: string | undefined, view: View): ControllerEffect[] {
  const { name } = node.metadata
  if (was !== 'True') return paced(node, view)
  const effects: ControllerEffect[] = [nodeEvent(name, node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`), ...paced(node, view)]
  for (const pod of view.by(podsByNode, name)) {
    const conditions = notReadyConditions(pod, view), { namespace, name: podName } = pod.metadata
    if (!conditions) continue
    effects.push({
      do: 'request', accept: 'any',
      request: patch(
        view.identity, { resource: 'pods', namespace, name: podName, subresource: 'status' }, 'application/strategic-merge-patch+json',
        { status: { conditions } }
      ),
    })
    effects.push({ do: 'event', event: { regarding: pod, type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' } })
  }
  return effects
}

/** A node that is not ready gets its turn in its zone's queue; one that is ready loses the taint in this round. */
function paced(node: KubeObject, view: View): ControllerEffect[] {
  const { name } = node.metadata, wanted = noExecuteWanted(node), there = noExecuteKeys(node)
  if (there.length === (wanted ? 1 : 0) && there[0] === wanted) return wanted ? [] : [{ do: 'remember', in: 'slots', key: name, value: undefined }]
  if (!wanted || there.length > 0) return [{ do: 'requeueAfter', ms: 0, key: `evict ${name}` }]
  return [{ do: 'requeueAfter', ms: view.untilTick(evictionLoopMs), key: `evict ${name}` }]
}

// ---- taints
interface Removing { readonly keys: readonly string[] }

function taint(node: KubeObject, view: View, replies: readonly ApiResponse[], carried: Removing | undefined): Reconciled {
  if (carried) return { effects: [{ do: 'request', request: removeTaints(view.identity, replies[0].body, carried.keys, 'NoSchedule') }] }
  const { add, remove } = noScheduleChanges(node)
  if (add.length > 0) {
    return {
      effects: [{ do: 'request', request: addTaints(view.identity, node, add, 'NoSchedule', view.wallMs) }],
      again: remove.length > 0 ? { keys: remove } : undefined,
    }
  }
  return remove.length > 0 ? { effects: [{ do: 'request', request: removeTaints(view.identity, node, remove, 'NoSchedule') }] } : DONE
}

function evict(node: KubeObject, view: View, replies: readonly ApiResponse[], carried: Removing | undefined): Reconciled {
  if (carried) return { effects: [{ do: 'request', request: removeTaints(view.identity, replies[0].body, carried.keys, 'NoExecute') }] }
  const { name } = node.metadata, wanted = noExecuteWanted(node), there = noExecuteKeys(node), zone = zoneOf(node)
  if (!wanted || allDown(zoneNames(view), view)) {
    const free: ControllerEffect = { do: 'remember', in: 'slots', key: name, value: undefined }
    return { effects: there.length > 0 ? [free, { do: 'request', request: removeTaints(view.identity, node, there, 'NoExecute') }] : [free] }
  }
  if (there.includes(wanted)) return DONE
  const others = there.filter(k => k !== wanted), slot: number | undefined = view.memory.slots.get(name), rate = evictionRate(zone, view)
  if (others.length === 0) {
    if (rate === 0) return { effects: [{ do: 'remember', in: 'slots', key: name, value: undefined }] } // until the zone is better
    if (slot === undefined) {
      const mine = Math.max(view.now, view.memory.next.get(zone) ?? 0)
      return {
        effects: [
          { do: 'remember', in: 'slots', key: name, value: mine }, { do: 'remember', in: 'next', key: zone, value: mine + Math.round(1000 / rate) },
          { do: 'requeueAfter', ms: mine - view.now, key: `evict ${name}` },
        ],
      }
    }
    if (slot > view.now) return { effects: [{ do: 'requeueAfter', ms: slot - view.now, key: `evict ${name}` }] }
  }
  return {
    effects: [{ do: 'request', request: addTaints(view.identity, node, [wanted], 'NoExecute', view.wallMs) }],
    again: others.length > 0 ? { keys: others } : undefined,
  }
}

// ---- zones
const zoneNames = (view: View): string[] =>
  (view.memory.zones as PersistentMap<string>).sorted().map(([zone]) => zone).filter(zone => view.count(nodesByZone, zone) > 0)

/** Compares the zones with what they were. When the last one goes down, all taints of eviction go; when one is back, all begins anew. */
function zones(view: View): Reconciled {
  const names = zoneNames(view), before = view.memory.zones as PersistentMap<string>, effects: ControllerEffect[] = []
  const wasDown = names.length > 0 && names.every(zone => before.get(zone) === 'full'), isDown = allDown(names, view)
  const changed = names.filter(zone => zoneState(zone, view) !== before.get(zone))
  if (changed.length === 0) return DONE
  for (const zone of changed) effects.push({ do: 'remember', in: 'zones', key: zone, value: zoneState(zone, view) })
  for (const zone of wasDown ? names : changed) effects.push(...newPace(zone, wasDown ? 0 : rateIn(before.get(zone), zone, view), view))
  for (const node of names.flatMap(zone => view.by(nodesByZone, zone))) {
    const { name } = node.metadata
    if (isDown) { if (noExecuteKeys(node).length > 0) effects.push({ do: 'requeueAfter', ms: 0, key: `evict ${name}` }) }
    else if (wasDown) effects.push(
      { do: 'remember', in: 'known', key: name, value: { since: view.now, statusAt: view.now } }, { do: 'requeueAfter', ms: 0, key: `health ${name}` }
    )
    else if (noExecuteWanted(node) && noExecuteKeys(node).length === 0) effects.push({ do: 'requeueAfter', ms: 0, key: `evict ${name}` })
  }
  return { effects }
}
/** A zone of another pace waits for its first turn if it was waiting before, or had none. Source: scheduler/rate_limited_queue.go (SwapLimiter) */
function newPace(zone: string, before: number, view: View): ControllerEffect[] {
  const rate = evictionRate(zone, view)
  if (rate === 0 || rate === before || before > 0 && (view.memory.next.get(zone) ?? 0) <= view.now) return []
  return [{ do: 'remember', in: 'next', key: zone, value: view.now + Math.round(1000 / rate) }]
}
