import type { Cell, Core, Operated } from './core.ts'
import { KERNEL } from './core.ts'
import { disturbed, reviewPeers } from './health.ts'
import { heardAt, streamPingMs } from './transport.ts'

/** How processes and machines start, end, freeze and come back. */
export function boot(core: Core, i: number): void {
  const cell = core.own(i)
  if (cell.boots > 0) cell.state = cell.actor.restart ? cell.actor.restart(cell.state, cell.endedBy) : cell.actor.init()
  cell.status = 'up'
  cell.bootedAt = core.now
  cell.mailbox = []
  tellState(core, cell, 'up')
  core.push(core.now, i, { on: 'start', boot: cell.boots++ })
  for (const input of cell.found) core.push(core.now, i, input)
  cell.found = []
  if (core.supervisors.has(cell.actor.id)) startWards(core, i)
  if (core.now > 0) disturbed(core); else if (cell.actor.peers?.length) reviewPeers(core)
}

export function end(core: Core, i: number, why: 'reset' | 'timeout'): void {
  const cell = core.own(i), { host } = cell.actor
  const calls = [...cell.calls].sort((a, b) => a[0] - b[0]), streams = cell.streams.sorted(), after = why === 'reset' ? 1 : streamPingMs
  const untaken = [...cell.mailbox, ...core.queue.takeOf(i).map(event => event.input)]
  cell.found = untaken.filter((input): input is Operated => input.on === 'operate' && input.stays === true)
  cell.status = 'down'; cell.mailbox = []
  cell.endedBy = why === 'timeout' ? 'power loss' : 'exit'
  cell.timers.clear(); cell.calls.clear(); cell.streams.clear()
  core.heartbeats.unfollowAll(i)
  tellState(core, cell, 'down')
  for (const [id, call] of calls) core.push(Math.max(core.now + 1, why === 'reset' ? 0 : call.sentAt + call.timeoutMs), call.from, { on: 'failed', id, why })
  for (const [id, stream] of streams) core.push(heardAt(stream, core.now + after), stream.client, { on: 'closed', stream: Number(id), why })
  for (const server of [...core.byComponent.get('kube-apiserver') ?? [], ...core.byComponent.get('etcd') ?? []]) {
    if (server === i || !core.cells[server]) continue
    for (const [id, stream] of core.cells[server].streams) {
      if (stream.client !== i) continue
      core.own(server).streams.delete(id)
      core.push(core.now + (host === core.cells[server].actor.host ? 0 : after), server, { on: 'closed', stream: Number(id), why })
    }
  }
}

/**
 * Restart by a kubelet (static pods) or systemd: after 1 s, then 10 s doubling to 5 min; all is forgiven to a process that has run for more than 10 min.
 * Source: pkg/kubelet/kubelet.go (newCrashLoopBackOff), client-go util/flowcontrol/backoff.go (hasExpired)
 */
export function exit(core: Core, i: number): void {
  end(core, i, 'reset')
  const cell = core.own(i), { supervised, backOffFrom } = cell.actor
  if (!supervised) return
  if (core.now - cell.bootedAt > 2 * longestBackOffMs) cell.exits = 0
  const backOffMs = cell.exits === 0 ? noticedMs : Math.min(longestBackOffMs, 10_000 * 2 ** (cell.exits - 1))
  const afterMs = backOffFrom === 'start' && cell.exits > 0 ? Math.max(noticedMs, cell.bootedAt + backOffMs - core.now) : backOffMs
  cell.exits++
  core.push(core.now + afterMs, KERNEL, { restart: i })
}
const noticedMs = 1000, longestBackOffMs = 300_000

export function restart(core: Core, i: number): void {
  const cell = core.cells[i]
  if (cell.status === 'down' && !cell.taken && core.powerOf(cell.actor.host) === 'up' && isWatched(core, cell)) boot(core, i)
}
/** Is there somebody who starts it? */
const isWatched = (core: Core, { actor: { supervisor } }: Cell): boolean => {
  const watcher = supervisor === undefined ? undefined : core.index.get(supervisor)
  return watcher === undefined || core.cells[watcher].status === 'up'
}
/** A supervisor is there (again): what it finds ended, it starts. */
function startWards(core: Core, watcher: number): void {
  const { id, host } = core.cells[watcher].actor
  for (const i of core.on(host)) {
    const { status, actor } = core.cells[i]
    if (actor.supervisor !== id) continue
    if (status === 'down') core.push(core.now + noticedMs, KERNEL, { restart: i })
    else if (status === 'hung') probeFrozen(core, i)
  }
}

export function hang(core: Core, i: number): boolean {
  const cell = core.own(i)
  if (cell.status !== 'up') return false
  cell.status = 'hung'; cell.hungAt = core.now
  tellState(core, cell, 'hung'); stall(core, i); disturbed(core)
  probeFrozen(core, i)
  return true
}
/** Looks again when its supervisor, if that is there all the time, will have lost patience. */
function probeFrozen(core: Core, i: number): void {
  const { livenessMs } = core.cells[i].actor
  if (livenessMs !== undefined) core.push(core.now + livenessMs, KERNEL, { frozen: i })
}
/** A process that answers no probe is ended by its supervisor, and started again like any other that has ended. */
export function endFrozen(core: Core, i: number): void {
  const cell = core.cells[i]
  if (cell.status !== 'hung' || core.now - cell.hungAt < cell.actor.livenessMs! || core.powerOf(cell.actor.host) !== 'up' || !isWatched(core, cell)) return
  core.record(cell.actor.id, { type: 'note', text: 'is ended: its liveness probe has failed' })
  exit(core, i); disturbed(core)
}
export function resume(core: Core, i: number): boolean {
  const cell = core.own(i), since = cell.hungAt
  cell.hungAt = -1
  // somebody has ended it meanwhile: it is no longer frozen, as was wanted
  if (cell.status !== 'hung') return since >= 0
  cell.status = 'up'
  tellState(core, cell, 'up'); deliverMailbox(core, i); disturbed(core)
  if (core.supervisors.has(cell.actor.id)) startWards(core, i)
  return true
}

/** A machine loses power: all its processes end; whoever talks to it gets no answer. */
export function hostDown(core: Core, host: string): boolean {
  if (core.powerOf(host) === 'down') return false
  core.setHost(host, { power: 'down' })
  for (const i of core.on(host)) if (core.cells[i].status !== 'down') end(core, i, 'timeout')
  core.record('cluster', { type: 'nodePower', node: host, state: 'down' })
  disturbed(core)
  return true
}
export function hostUp(core: Core, host: string): boolean {
  const power = core.powerOf(host)
  if (power === 'up') return false
  core.setHost(host, { power: 'up' })
  core.record('cluster', { type: 'nodePower', node: host, state: 'up' })
  for (const i of core.on(host)) {
    const { status, taken, actor } = core.cells[i]
    if (power === 'hung' && status !== 'down') deliverMailbox(core, i)
    else if (status === 'down' && !taken && (power === 'down' || actor.supervised)) boot(core, i)
  }
  disturbed(core)
  return true
}
/** A machine stands still (frozen, not off): nothing on it runs, nothing is lost. */
export function hostHang(core: Core, host: string): boolean {
  if (core.powerOf(host) !== 'up') return false
  core.setHost(host, { power: 'hung' })
  core.record('cluster', { type: 'nodePower', node: host, state: 'hung' })
  for (const i of core.on(host)) stall(core, i)
  disturbed(core)
  return true
}

function deliverMailbox(core: Core, i: number): void {
  const cell = core.own(i), waiting = cell.mailbox
  cell.mailbox = []
  for (const input of waiting) core.push(core.now, i, input)
}
/** Calls that a frozen process holds will time out at their callers. */
function stall(core: Core, i: number): void {
  for (const [id, call] of [...core.cells[i].calls].sort((a, b) => a[0] - b[0])) {
    core.push(Math.max(core.now, call.sentAt + call.timeoutMs), call.from, { on: 'failed', id, why: 'timeout' })
  }
}
function tellState(core: Core, cell: Cell, state: 'up' | 'down' | 'hung'): void {
  if (cell.boots === 0) return // the first start of a cluster is no news
  core.record(cell.actor.id, { type: 'component', component: cell.actor.component, node: cell.actor.host, state })
}
