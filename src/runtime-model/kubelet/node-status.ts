import { patch } from '../network/client.ts'
import { bootOf, CONDITION_EVENTS, found, nodeStatus, tellsOther, versionOf } from './node-object.ts'
import type { Session } from './session.ts'
import type { Call, NodeState } from './state.ts'

/**
 * The status of the kubelet's own Node, told when it changes. Approximate: the five-minute report that only moves heartbeat times is shown only where it was
 * missed: then it tells the API server what that may have come to think otherwise. Source: pkg/kubelet/kubelet_node_status.go (tryUpdateNodeStatus)
 */
export const tickMs = 10_000
const reportMs = 300_000
export const change = (session: Session, to: Partial<NodeState>): void => { session.state = { ...session.state, node: { ...session.state.node, ...to } } }
export const nodeAt = (session: Session): { readonly resource: string; readonly name: string } => ({ resource: 'nodes', name: session.node })
export type NodeStep = Extract<Call, { for: 'node' }>['step']
export const ask = (session: Session, request: Parameters<Session['api']>[0], step: NodeStep): void => session.api(request, { for: 'node', step })

const NO_NAMES: readonly string[] = []
/** When the status is looked at the next time. */
export const nextReport = (session: Session): number => {
  const { tickFrom } = session.state.node
  return tickFrom + (Math.floor((session.now - tickFrom) / tickMs) + 1) * tickMs
}
/** The Node changed in the API: what the kubelet says otherwise is told at the next tick. */
export function nodeChanged(session: Session, object: any): void {
  if (!session.state.node.registered) return change(session, { object })
  change(session, { object, conditions: object.status?.conditions ?? [] })
  if (differs(session) || (object.spec?.unschedulable === true) !== session.state.node.unschedulable) reportAt(session, nextReport(session))
}
/** What is mounted, or is to be, of what has to be attached: the attach/detach controller waits for it. */
export function volumesInUse(session: Session, names: readonly string[]): void {
  if (names.join() === session.state.node.inUse.join()) return
  change(session, { inUse: names })
  if (session.state.node.registered && differs(session)) reportAt(session, nextReport(session))
}
function differs(session: Session): boolean {
  const { object, images, inUse } = session.state.node, said: any = (object as any)?.status ?? {}
  return said.nodeInfo?.kubeletVersion !== versionOf(session) || said.nodeInfo?.bootID !== bootOf(session) || tellsOther(said.images, images)
    || (said.volumesInUse ?? NO_NAMES).join() !== inUse.join()
    || found(session).some(c => {
      const s = said.conditions?.find((x: any) => x.type === c.type)
      return s?.status !== c.status || s?.reason !== c.reason || s?.message !== c.message
    })
}
export function reportAt(session: Session, at: number): void {
  const { reportAt: before } = session.state.node
  if (before >= session.now && before <= at) return
  change(session, { reportAt: at })
  session.timer('node-status', at)
}
export function report(session: Session): void {
  change(session, { reportAt: -1 })
  const { object, registered: known, reporting } = session.state.node
  if (!known || reporting || object === undefined) return
  const unschedulable = (object.spec as any)?.unschedulable === true
  if (unschedulable !== session.state.node.unschedulable) {
    change(session, { unschedulable })
    flipped(session, unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable')
  }
  if (!differs(session) && !overdue(session)) return
  const status = nodeStatus(session)
  flips(session, status.conditions)
  change(session, { reporting: true })
  ask(session, patch(session.identity, { ...nodeAt(session), subresource: 'status' }, 'application/strategic-merge-patch+json', { status }), 'status')
}
/** Since nobody is heard a report has been due that would otherwise have said nothing new. Source: isUpdateStatusPeriodExpired */
export function overdue(session: Session): boolean {
  const { silentSince, reportedAt } = session.state.node
  return silentSince >= 0 && reportedAt + (Math.floor(Math.max(0, silentSince - reportedAt) / reportMs) + 1) * reportMs <= session.now
}
export function told(session: Session, object: any): void { change(session, { silentSince: -1, object, conditions: object.status?.conditions ?? [] }) }
/** Conditions that flip are events. */
function flips(session: Session, conditions: readonly any[]): void {
  const before = session.state.node.conditions
  for (const c of conditions) {
    const old = before.find((b: any) => b.type === c.type), words = CONDITION_EVENTS[c.type]
    if (!words || !old || old.status === c.status) continue
    flipped(session, words[(c.status === 'True') === (c.type === 'Ready') ? 0 : 1])
  }
}
export const flipped = (session: Session, reason: string): void => session.nodeEvent('Normal', reason, `Node ${session.node} status is now: ${reason}`)
