import { hashString } from '../../base/hash.ts'
import { uidFrom } from '../kernel/names.ts'
import { isOk, type ApiResponse } from '../api/request.ts'
import { formatMicroTime } from '../api/time.ts'
import type { Input } from '../kernel/actor.ts'
import { create, get, patch, update, type Identity } from '../network/client.ts'
import { CONDITION_EVENTS, conditions, nodeInfo, nodeObject, nodeStatus, restrictedLabels } from './node-object.ts'
import { tellsOther } from './image-list.ts'
import type { Session } from './session.ts'
import { mirrorsKnown } from './static-pods.ts'
import type { Call, NodeState } from './state.ts'

/**
 * The kubelet's own Node: registration, status when it changes, the lease that says it is alive. Source:
 * pkg/kubelet/kubelet_node_status.go, component-helpers apimachinery/lease. Approximate: the five-minute status report that only moves
 * heartbeat times is shown only where it was missed: then it tells the API server what that may have come to think otherwise.
 */
const tickMs = 10_000, reportMs = 300_000, leaseSeconds = 40, leaseNamespace = 'kube-node-lease', firstReportMs = 100, firstWaitMs = 100, mostWaitMs = 7000
const leaseKey = (session: Session): string => `leases.coordination.k8s.io/${leaseNamespace}/${session.node}`
const KUBEADM: Identity = { credentials: { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:masters'] }, userAgent: 'kubeadm' }
type Step = Extract<Call, { for: 'node' }>['step']
const change = (session: Session, to: Partial<NodeState>): void => { session.state = { ...session.state, node: { ...session.state.node, ...to } } }
const nodeAt = (session: Session): { readonly resource: string; readonly name: string } => ({ resource: 'nodes', name: session.node })
const ask = (session: Session, request: Parameters<Session['api']>[0], step: Step): void => session.api(request, { for: 'node', step })

export function startNode(session: Session): void {
  change(session, { tickFrom: session.now })
  session.nodeEvent('Normal', 'Starting', 'Starting kubelet.')
  registerAfter(session, firstWaitMs)
}
/** Waits that double up to seven seconds. */
function registerAfter(session: Session, waitMs: number): void {
  change(session, { registerMs: Math.min(mostWaitMs, waitMs * 2) })
  session.timer('register', session.now + waitMs)
}
/** The machine has been started so many times. A bare world's machines have no ids. */
export function booted(session: Session, boots: number): void {
  const [a, b, c, d] = [1, 2, 3, 4].map(i => hashString(`${session.node} ${boots}`, i))
  if (!session.options.bare) change(session, { bootId: uidFrom(a, b, c, d) })
}
function register(session: Session): void { ask(session, create(session.identity, { resource: 'nodes' }, nodeObject(session)), 'register') }

export function nodeAnswered(session: Session, step: Step, response: ApiResponse | undefined): void {
  switch (step) {
    case 'register':
      if (response && isOk(response)) return registered(session, response.body, true)
      if (response?.code === 409 || response?.code === 403) return ask(session, get(session.identity, nodeAt(session)), 'read')
      return registerAfter(session, session.state.node.registerMs)
    case 'read': return response && isOk(response) ? registered(session, response.body, false) : registerAfter(session, session.state.node.registerMs)
    case 'status':
      change(session, { reporting: false, ...response && isOk(response) ? { reportedAt: session.now } : undefined })
      return response && isOk(response) ? told(session, response.body) : reportAt(session, nextReport(session))
    case 'lease-get':
      if (response?.code === 404) {
        return ask(session, create(session.identity, { resource: 'leases.coordination.k8s.io', namespace: leaseNamespace }, lease(session)), 'lease-create')
      }
      return response && isOk(response) ? renew(session, response.body) : session.timer('lease', session.now + tickMs)
    case 'lease-create':
      return response && isOk(response) ? renewed(session, response.body, true) : session.timer('lease', session.now + (response?.code === 409 ? 200 : tickMs))
    case 'lease-renew':
      if (response && isOk(response)) return renewed(session, response.body)
      change(session, { lease: undefined })
      return session.timer('lease', session.now + (response?.code === 409 || response?.code === 404 ? 200 : tickMs))
    case 'label': return
  }
}
export function nodeTimer(session: Session, key: string): boolean {
  if (key === 'register') register(session)
  else if (key === 'lease') { const { lease: held } = session.state.node; if (held) renew(session, held); else askLease(session) }
  else if (key === 'node-status') report(session)
  else return false
  return true
}

function registered(session: Session, object: any, fresh: boolean): void {
  // that a node is cordoned is news to a kubelet that starts (lastNodeUnschedulable)
  change(session, { registered: true, reportedAt: session.now, silentSince: -1, object, conditions: object.status?.conditions ?? [] })
  firstEvents(session)
  const labels = restrictedLabels(session)
  if (fresh && Object.keys(labels).length) ask(session, patch(KUBEADM, nodeAt(session), 'application/merge-patch+json', { metadata: { labels } }), 'label')
  askLease(session)
  mirrorsKnown(session)
  // The first statuses follow each other quickly (fastNodeStatusUpdate).
  reportAt(session, session.now + firstReportMs)
}
/** Told at every start, whether or not something changed. */
function firstEvents(session: Session): void {
  const { pressure, object } = session.state.node
  for (const [type, kind] of [['MemoryPressure', 'memory'], ['DiskPressure', 'disk'], ['PIDPressure', 'pid']] as const) {
    flipped(session, CONDITION_EVENTS[type][kind in pressure ? 1 : 0])
  }
  if (!session.options.bare) session.nodeEvent('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
  const before = (object as any)?.status?.nodeInfo?.bootID, { bootId: now } = session.state.node
  if (before && before !== now) session.nodeEvent('Warning', 'Rebooted', `Node ${session.node} has been rebooted, boot id: ${now}`)
}
const flipped = (session: Session, reason: string): void => session.nodeEvent('Normal', reason, `Node ${session.node} status is now: ${reason}`)

// ---- status
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
  change(session, { inUse: names })
  if (session.state.node.registered && differs(session)) reportAt(session, nextReport(session))
}
function differs(session: Session): boolean {
  const { object, images, inUse } = session.state.node, said: any = (object as any)?.status ?? {}, { kubeletVersion, bootID } = nodeInfo(session)
  return said.nodeInfo?.kubeletVersion !== kubeletVersion || said.nodeInfo?.bootID !== bootID || tellsOther(said.images, images)
    || (said.volumesInUse ?? NO_NAMES).join() !== inUse.join()
    || conditions(session).some(c => {
      const s = said.conditions?.find((x: any) => x.type === c.type)
      return s?.status !== c.status || s?.reason !== c.reason || s?.message !== c.message
    })
}
function reportAt(session: Session, at: number): void {
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
function overdue(session: Session): boolean {
  const { silentSince, reportedAt } = session.state.node
  return silentSince >= 0 && reportedAt + (Math.floor(Math.max(0, silentSince - reportedAt) / reportMs) + 1) * reportMs <= session.now
}
function told(session: Session, object: any): void { change(session, { silentSince: -1, object, conditions: object.status?.conditions ?? [] }) }
/** Conditions that flip are events. */
function flips(session: Session, conditions: readonly any[]): void {
  const before = session.state.node.conditions
  for (const c of conditions) {
    const old = before.find((b: any) => b.type === c.type), words = CONDITION_EVENTS[c.type]
    if (!words || !old || old.status === c.status) continue
    flipped(session, words[(c.status === 'True') === (c.type === 'Ready') ? 0 : 1])
  }
}

// ---- lease
function lease(session: Session): any {
  const { object } = session.state.node
  const owner = object && { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: session.node, uid: object.metadata.uid }] }
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: session.node, namespace: leaseNamespace, ...owner },
    spec: { holderIdentity: session.node, leaseDurationSeconds: leaseSeconds, renewTime: formatMicroTime(session.context.wallMs) },
  }
}
const leaseTarget = (session: Session) => ({ resource: 'leases.coordination.k8s.io', namespace: leaseNamespace, name: session.node })
function askLease(session: Session): void { ask(session, get(session.identity, leaseTarget(session)), 'lease-get') }
function renew(session: Session, held: any): void {
  ask(
    session, update(session.identity, leaseTarget(session), { ...held, spec: { ...held.spec, renewTime: formatMicroTime(session.context.wallMs) } }),
    'lease-renew'
  )
}
/**
 * From now on it is renewed every ten seconds, in closed form. Nodes that have come up together do not renew together: real ones wait up to 0.4 s longer each
 * time, which is all over the ten seconds before long. Source: component-helpers apimachinery/lease/controller.go (JitterUntil)
 */
function renewed(session: Session, held: any, first = false): void {
  change(session, { lease: held })
  if (overdue(session)) reportAt(session, nextReport(session)); else change(session, { silentSince: -1 })
  const agoMs = first && !session.options.bare ? hashString(session.node, leaseSeconds) % tickMs : 0
  session.effects.push({ do: 'keep', key: leaseKey(session), periodMs: tickMs, agoMs })
}
/** Renewals fail, or could succeed again: then the next beat is a real one. */
export function heartbeat(session: Session, { state, lastAt }: Extract<Input, { on: 'heartbeat' }>): void {
  if (!session.state.node.registered) return
  if (state === 'failing') {
    session.cancel('lease')
    if (session.state.node.silentSince < 0) change(session, { silentSince: lastAt })
    // The machine stood still: its loops go on from now.
    if (session.now - lastAt > tickMs) change(session, { tickFrom: session.now })
  } else if (state === 'possible') session.timer('lease', lastAt + Math.max(1, Math.ceil((session.now - lastAt) / tickMs)) * tickMs)
}
