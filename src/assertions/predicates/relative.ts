import { findValues } from '../../dsl/jsonpath.ts'
import type { Driver } from '../../drivers/driver.ts'
import type { PredicateContext, PredicateDefinition, ReferenceMoment, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import { fieldOfCustom } from './custom.ts'
import { fieldOf } from './fitting.ts'
import { conditionOf, holdsIf, moot, no, plural } from './support.ts'

/** Everything of a pod that an outage elsewhere must leave alone; read on its node, not from the API. */
function podAffected({ object, label }: ResolvedSubject, { driver, reference }: PredicateContext): string | undefined {
  const before = reference!.object, was = reference!.truth
  if (object === undefined) return `${label} was deleted`
  if (object.metadata.uid !== before.metadata.uid) return `${label} was replaced by another pod of its name`
  if (object.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) return `${label} is told to end`
  if (object.spec.nodeName !== before.spec.nodeName) return `${label} is on ${object.spec.nodeName ?? 'no node'}, and was on ${before.spec.nodeName ?? 'none'}`
  if (!was) return object.status?.phase === before.status?.phase ? undefined : `${label} went from ${before.status?.phase} to ${object.status?.phase}`
  const machine = driver.nodeTruth.node(was.node)
  if (machine && machine.power !== 'up') return `node ${was.node} is ${machine.power}`
  const truth = driver.nodeTruth.pod(before.metadata.uid, was.node)
  if (!truth) return `${label} is gone from ${was.node}`
  for (const container of was.containers) {
    const now = truth.containers.find(c => c.name === container.name)
    if (container.state === 'running' && now?.state === 'exited') {
      return `container ${container.name} ended (${now.reason ?? `exit code ${now.exitCode ?? '?'}`}) on ${was.node}`
    }
    if (now && now.restarts > container.restarts) {
      return `container ${container.name} restarted ${plural(now.restarts - container.restarts, 'time')}${now.reason ? ` (${now.reason})` : ''} on ${was.node}`
    }
    if (container.state === 'running' && now?.state !== 'running') return `container ${container.name} is gone from ${was.node}`
    if (now?.hung && !container.hung) return `container ${container.name} answers nothing on ${was.node}`
  }
  // while its kubelet does not run nobody sees how a pod is; what it sees again afterwards counts
  if (machine?.kubelet !== 'up' || truth.phase === 'Unknown') return lostAt(before.metadata, driver, reference!)
  if (was.phase === 'Running' && truth.phase !== 'Running') return `${label} is ${truth.phase} on ${was.node}`
  if (was.ready && !truth.ready) return `${label} is no longer ready on ${was.node}`
  if (was.ip !== undefined && was.ip !== truth.ip) return `its address is ${truth.ip ?? 'none'}, and was ${was.ip}`
  return lostAt(before.metadata, driver, reference!)
}

interface PodName { readonly namespace?: string; readonly name: string }
/** Requests that were lost at a pod since a moment; looked through once for all pods that are compared with it. */
const lost = new WeakMap<Driver, { next: number; readonly at: Map<string, string> }>()
function lostAt({ namespace, name }: PodName, driver: Driver, { driver: then, observedTo }: ReferenceMoment): string | undefined {
  if (observedTo === undefined) return undefined
  let seen = lost.get(then)
  if (!seen) lost.set(then, (seen = { next: observedTo + 1, at: new Map() }))
  for (let o = driver.observation(seen.next); o && o.at <= driver.now(); o = driver.observation(++seen.next)) {
    const who = o.type === 'traffic' && o.outcome === 'lost' ? /\bpod ([\w.-]+)|no answer from ([\w.-]+)/.exec(o.why ?? '') : null
    if (who && o.type === 'traffic') seen.at.set(`${o.namespace ?? ''}/${who[1] ?? who[2]}`, o.why!)
  }
  const why = seen.at.get(`${namespace}/${name}`) ?? seen.at.get(`/${name}`)
  return why === undefined ? undefined : `requests to it are lost: ${why}`
}

/** Of what is no pod: it is there, is the same, nobody asks for anything else of it, and it is as ready as it was. */
function objectAffected({ object, label }: ResolvedSubject, { reference }: PredicateContext): string | undefined {
  const before = reference!.object
  if (object === undefined) return `${label} was deleted`
  if (object.metadata.uid !== before.metadata.uid) return `${label} was replaced by another of its name`
  if (object.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) return `${label} is being deleted`
  const asked = changedFields(asks(before), asks(object))
  if (asked.length) return `${label} was changed: ${asked.slice(0, 4).join(', ')}`
  if (object.status?.phase !== before.status?.phase) return `${label} is ${object.status?.phase ?? 'without a phase'}, and was ${before.status?.phase ?? 'without one'}`
  const ready = (o: any): number | string | undefined => o.status?.readyReplicas ?? o.status?.numberReady ?? conditionOf(o, 'Ready')?.status
  return ready(before) === undefined || ready(before) === ready(object) ? undefined : `ready is ${ready(object) ?? 0}, and was ${ready(before)}`
}
/** What an object asks for: everything but who it is and how it fares. */
const asks = ({ metadata, status, ...own }: any): unknown => own

const unaffected = definePredicate({
  id: 'unaffected', phrases: ['unaffected'], subjects: ['object'], relative: true,
  doc:
    'As the window opened, so it stays. A pod: same uid, same node, not told to end, phase Running, no container restarted or hanging, Ready as its kubelet sees it, the same address, and no request lost at it, read on its node and not from the API; another object: the same, with the same spec or data, not being deleted, and as ready as before. Without a window: since the latest action or fault.',
  examples: ['running pods unaffected while control plane down', 'all pods unaffected', 'pods on node worker-1 unaffected for 5m'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/',
  reads: o => o.type === 'container' || o.type === 'podStatus' || o.type === 'nodePower' || (o.type === 'traffic' && o.outcome === 'lost'),
  test(subject, _args, at) {
    if (at.reference?.object === undefined) return moot(`there was no ${subject.label} when the window opened`)
    const why = subject.ref?.resource === 'pods' ? podAffected(subject, at) : objectAffected(subject, at)
    return why === undefined || no(why)
  },
})
/** What a controller or a kubelet says of an object it watches is not the object's own. */
const ownPart = (object: any): string => JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: undefined, managedFields: undefined } })
const unchanged = definePredicate({
  id: 'unchanged', phrases: ['unchanged'], subjects: ['object'], relative: true,
  doc: 'The stored object is the same, field by field, as when the window opened; without a window, as before the latest action or fault.',
  examples: ['deployment catalog unchanged while control plane down', 'configmap settings is unchanged'],
  test({ object, label }, _args, { reference }) {
    const before = reference?.object
    if (before === undefined) return moot(`there was no ${label} when the window opened`)
    if (object === undefined) return no(`${label} was deleted`)
    return before === object || holdsIf(ownPart(before) === ownPart(object), () => `changed: ${changedFields(before, object).slice(0, 4).join(', ')}`)
  },
})
function changedFields(before: any, now: any, path = ''): string[] {
  if (before === now) return []
  if (typeof before !== 'object' || typeof now !== 'object' || !before || !now) return [path || '.']
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(k => !['resourceVersion', 'managedFields'].includes(k)).flatMap(
    k => JSON.stringify(before[k]) === JSON.stringify(now[k]) ? [] : changedFields(before[k], now[k], `${path}.${k}`)
  )
}

const wellKnown: Readonly<Record<string, string>> = {
  uid: '.metadata.uid', name: '.metadata.name', node: '.spec.nodeName', ip: '.status.podIP', address: '.status.podIP', generation: '.metadata.generation',
}
const same = definePredicate({
  id: 'same-field', phrases: ['has the same {field} as {moment}'], parameters: { field: 'word', moment: 'name' }, subjects: ['object'],
  doc: 'A field (uid, node, or a JSONPath) has the value that it had when `I remember … as "before"` kept it, or in what a step bound.',
  examples: ['pod db-0 has the same uid as $before', 'service shop has the same .spec.clusterIP as $before'],
  test(subject, { field, moment }, at) {
    const { object, ref, ast } = subject, { context } = at
    const name: string = typeof moment === 'string' ? moment : moment.binding
    const before = context.moments.get(name) ?? context.bindings.get(name)?.object
    if (!before) throw new CannotRun(`nothing is remembered as ${name}`)
    const path = wellKnown[field] ?? field, other = context.bindings.get(name)?.kind ?? before.kind
    if (path === wellKnown.uid && other !== undefined && other !== object.kind) {
      throw new CannotRun(`$${name} is a ${other.toLowerCase()}, so that its uid is never that of a ${object.kind.toLowerCase()}`)
    }
    // of `pod a` alone is known that it never was pod b; who takes the place of another is found by an owner
    if (path === wellKnown.uid && ast.type === 'object' && before.metadata?.name !== undefined && before.metadata.name !== object.metadata.name) {
      throw new CannotRun(`$${name} is ${before.metadata.name}, so that its uid is never that of ${object.metadata.name}`)
    }
    const [was, is] = [findValues(path, before), findValues(path, object)]
    if ('error' in was) throw new CannotRun(`${field}: ${was.error}`)
    const misfit = ref && fieldOf(ref.resource, { jsonpath: path })
    if (misfit) throw new CannotRun(`${field}: ${misfit}`)
    fieldOfCustom(subject, at, path)
    if (was.values.length === 0) return moot(`$${name} has no ${field}`)
    return holdsIf(!('error' in is) && JSON.stringify(is.values) === JSON.stringify(was.values), () =>
      `${'error' in is ? '' : is.values.join(' ') || 'none'}, and was ${was.values.join(' ')}`)
  },
})
export const relative: readonly PredicateDefinition[] = [unaffected, unchanged, same]
