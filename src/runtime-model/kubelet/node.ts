import { hashString } from '../../base/hash.ts'
import { uidFrom } from '../kernel/names.ts'
import { isOk, type ApiResponse } from '../api/request.ts'
import { create, get, patch, type Identity } from '../network/client.ts'
import { askCsiNode, csiNodeAnswered, csiNodeSoon } from './csi-node.ts'
import { mirrorsKnown } from './mirror-pods.ts'
import { askLease, lease, leaseNamespace, renew, renewed } from './node-lease.ts'
import { CONDITION_EVENTS, nodeObject, restrictedLabels } from './node-object.ts'
import { ask, change, flipped, nextReport, nodeAt, report, reportAt, tickMs, told, type NodeStep } from './node-status.ts'
import type { Session } from './session.ts'

/** The kubelet's own Node: its registration, and what the API server answers about its status and its lease. Source: pkg/kubelet/kubelet_node_status.go */
const firstReportMs = 100, firstWaitMs = 100, mostWaitMs = 7000
const KUBEADM: Identity = { credentials: { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:masters'] }, userAgent: 'kubeadm' }

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

export function nodeAnswered(session: Session, step: NodeStep, response: ApiResponse | undefined): void {
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
    case 'csi-node': case 'csi-node-create': return csiNodeAnswered(session, step, response)
  }
}
export function nodeTimer(session: Session, key: string): boolean {
  if (key === 'register') register(session)
  else if (key === 'lease') { const { lease: held } = session.state.node; if (held) renew(session, held); else askLease(session) }
  else if (key === 'node-status') report(session)
  else if (key === 'csi-node') askCsiNode(session)
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
  csiNodeSoon(session)
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
