import { FLOODS, FLOODS_ID, type Flood } from '../../api/flood.ts'
import { overloaded, type Status } from '../../api/status.ts'
import type { Flight, Turn } from '../state.ts'
import { listCached } from '../watch-cache.ts'
import { flowOf, inOrder, type Asked, type Flow } from './classify.ts'
import { levelsOf, longestWaitMs, seatsOf, settledEveryMs, type Level } from './levels.ts'

/**
 * API Priority and Fairness. A request belongs to a flow, and a flow to a priority level, which serves so many at a time. Within a level every flow has its
 * turn:
 * one that asks for more than its part waits in its own queues, and is refused once they are full; those of others hardly wait. What is exempt never waits.
 *
 * Only floods fill seats: what else happens in a cluster is served in no time. A flood is a steady stream, so how many of its requests are served, wait and are
 * refused is arithmetic. Approximate: each request takes one seat, also a long list; no two flows share a queue.
 * Source: k8s.io/apiserver pkg/server/filters/priority-and-fairness.go, pkg/util/flowcontrol/fairqueuing; KEP 1040.
 */
export type Admission = { readonly refused: Status } | { readonly waitsMs: number } | undefined

export const schemasResource = 'flowschemas.flowcontrol.apiserver.k8s.io', levelsResource = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'
const authenticated = (groups: readonly string[]): readonly string[] => groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated']
/** what a flood asks for: all pods there are */
const askedBy = ({ user, groups }: Flood): Asked => ({ user: { name: user, groups: authenticated(groups) }, verb: 'list', group: '', resource: 'pods' })

/** Are there floods at all? A cluster without them pays no more than this question. */
export const flooded = ({ context }: Turn): boolean => context.instances(FLOODS).length > 0

export function admission(turn: Turn, { request, user }: Flight): Admission {
  const { context, state: { cache } } = turn, floods: readonly Flood[] = context.peek(FLOODS_ID)?.state.floods ?? []
  if (floods.length === 0) return undefined
  const servers = Math.max(1, context.instances('kube-apiserver').filter(id => context.peek(id)?.status === 'up').length)
  const levels = levelsOf(listCached(cache, levelsResource)), schemas = inOrder(listCached(cache, schemasResource))
  const { verb, group, resource, subresource, namespace, path } = request
  const flow = flowOf(
    path === undefined ? { user, verb, group, resource, subresource, namespace } : { user, verb: 'get', group, resource, path }, schemas, levels
  )
  const level = flow && levels.get(flow.level)
  if (!level || level.exempt) return undefined
  const streams = streamsOf(floods, servers, schemas, levels), mine = streams.filter(s => s.flow.level === level.name)
  return mine.length === 0 ? undefined : judge(turn, flow, level, mine, settled(streams, levels, level.name, context.now))
}

interface Stream {
  readonly flow: Flow
  readonly perMs: number
  readonly takesMs: number
  readonly since: number
  /** seats that it would fill */
  readonly wants: number
}
function streamsOf(floods: readonly Flood[], servers: number, schemas: readonly any[], levels: ReadonlyMap<string, Level>): readonly Stream[] {
  return floods.flatMap(flood => {
    const flow = flowOf(askedBy(flood), schemas, levels), perMs = flood.perSecond / 1000 / servers
    return flow ? [{ flow, perMs, takesMs: flood.takesMs, since: flood.since, wants: perMs * flood.takesMs }] : []
  })
}

/** Seats of a level now: its own, and as many more as others have lent it since the floods began. */
function settled(streams: readonly Stream[], levels: ReadonlyMap<string, Level>, name: string, now: number): number {
  let seats = seatsOf(levels, () => 0)
  const since = Math.min(...streams.map(s => s.since)), rounds = Math.min(10, Math.floor((now - since) / settledEveryMs))
  for (let i = 0; i < rounds; i++) {
    const before = seats
    seats = seatsOf(levels, level => streams.filter(s => s.flow.level === level).reduce((sum, s) => sum + s.wants, 0) === 0 ? 0
      : Math.min(streams.filter(s => s.flow.level === level).reduce((sum, s) => sum + s.wants, 0), before.get(level)! + levels.get(level)!.room))
  }
  return seats.get(name)!
}

function judge(turn: Turn, flow: Flow, level: Level, streams: readonly Stream[], seats: number): Admission {
  const wanted = streams.reduce((sum, s) => sum + s.wants, 0), own = streams.find(s => s.flow.key === flow.key)
  if (wanted < seats) return undefined
  if (level.rejects) return refusedBy(turn, 1 - seats / wanted) ? { refused: overloaded() } : undefined
  const part = own && fairPart(own, streams, seats)
  // somebody else's turn is the next seat that comes free
  if (!own || part === undefined || own.wants <= part) return { waitsMs: Math.ceil(Math.max(...streams.map(s => s.takesMs)) / seats) }
  const servedPerMs = part / own.takesMs, room = Math.min(level.room, servedPerMs * longestWaitMs)
  const waiting = Math.min(room, (own.perMs - servedPerMs) * (turn.context.now - own.since))
  return waiting >= room && refusedBy(turn, 1 - part / own.wants) ? { refused: overloaded() } : { waitsMs: Math.ceil(waiting / servedPerMs) }
}

/** Every flow gets as much as the others, but for those who want less. */
function fairPart(own: Stream, streams: readonly Stream[], seats: number): number {
  let left = seats, flows = streams.length
  for (const { wants } of [...streams].sort((a, b) => a.wants - b.wants)) {
    const part = left / flows--
    if (own.wants <= wants || wants > part) return part
    left -= wants
  }
  return left
}

/** One of those that are refused? The likelier of the two is the draw that surprises least. */
function refusedBy(turn: Turn, chance: number): boolean {
  const draw = turn.context.choose('priority and fairness', 1000) / 1000
  return chance >= 0.5 ? draw < chance : draw >= 1 - chance
}

/** Does a flood want more than its level gives it, where it is alone? For who wants to know whether it is one. */
export function overflows(flood: Flood, servers: number, schemas: readonly any[], configurations: readonly any[]): boolean {
  const levels = levelsOf(configurations), [stream] = streamsOf([flood], servers, inOrder(schemas), levels)
  return stream !== undefined && !levels.get(stream.flow.level)!.exempt && stream.wants >= settled([stream], levels, stream.flow.level, stream.since)
}
