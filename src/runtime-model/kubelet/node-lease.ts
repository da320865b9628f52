import { hashString } from '../../base/hash.ts'
import { formatMicroTime } from '../api/time.ts'
import type { Input } from '../kernel/actor.ts'
import { get, update } from '../network/client.ts'
import { ask, change, nextReport, overdue, reportAt, tickMs } from './node-status.ts'
import type { Session } from './session.ts'

/** The lease that says that a node is alive. Source: component-helpers apimachinery/lease/controller.go */
const leaseSeconds = 40
export const leaseNamespace = 'kube-node-lease'
const leaseKey = (session: Session): string => `leases.coordination.k8s.io/${leaseNamespace}/${session.node}`

export function lease(session: Session): any {
  const { object } = session.state.node
  const owner = object && { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: session.node, uid: object.metadata.uid }] }
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: session.node, namespace: leaseNamespace, ...owner },
    spec: { holderIdentity: session.node, leaseDurationSeconds: leaseSeconds, renewTime: formatMicroTime(session.context.wallMs) },
  }
}
const leaseTarget = (session: Session) => ({ resource: 'leases.coordination.k8s.io', namespace: leaseNamespace, name: session.node })
export function askLease(session: Session): void { ask(session, get(session.identity, leaseTarget(session)), 'lease-get') }
export function renew(session: Session, held: any): void {
  ask(
    session, update(session.identity, leaseTarget(session), { ...held, spec: { ...held.spec, renewTime: formatMicroTime(session.context.wallMs) } }),
    'lease-renew'
  )
}
/**
 * From now on it is renewed every ten seconds, in closed form. Nodes that have come up together do not renew together: real ones wait up to 0.4 s longer each
 * time, which is all over the ten seconds before long. Source: component-helpers apimachinery/lease/controller.go (JitterUntil)
 */
export function renewed(session: Session, held: any, first = false): void {
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
