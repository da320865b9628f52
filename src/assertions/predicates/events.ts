import type { PredicateContext, PredicateDefinition, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { eventOf } from './event-words.ts'
import { holdsIf, moot } from './support.ts'

const event = definePredicate({
  id: 'event',
  phrases: [
    'has event {reason} from {component} saying {text}', 'has event {reason} saying {text}', 'has event {reason} from {component}', 'has event {reason}',
  ],
  parameters: { reason: 'word', component: 'word' }, subjects: ['object'], misfit: eventOf,
  doc: 'An Event about the object with this reason, perhaps from this component, perhaps saying this text. Events stay when the object has gone.',
  examples: [
    'pod catalog eventually has event Scheduled', 'pod catalog has event Started from kubelet',
    'pod giant eventually has event FailedScheduling saying "Insufficient cpu"', 'pod catalog has no event Failed',
  ],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/',
  reads: o => o.type === 'object' && o.resource === 'events',
  outlives: true,
  test(subject, { reason, component, text }, { driver }) {
    const about = eventsAbout(subject, driver)
    if (!about) return moot(`there is no ${subject.label}`)
    const same = about.filter((e: any) => e.reason === reason)
    return holdsIf(
      same.some((e: any) =>
        (component === undefined || e.source?.component === component || e.reportingComponent === component)
          && (text === undefined || (e.message ?? '').includes(text))),
      () => same.length
        ? same.map((e: any) => `${e.reason} from ${e.source?.component || e.reportingComponent}: ${e.message}`).join('\n')
        : `events ${[...new Set(about.map((e: any) => e.reason))].join(', ') || 'none'}`
    )
  },
})
const warning = definePredicate({
  id: 'warning-event', phrases: ['has (a) warning event(s)', 'has (a) warning event(s) saying {text}'], subjects: ['object'],
  doc: 'An Event of type Warning about the object, perhaps one that says this text.',
  examples: ['pod giant eventually has a warning event', 'pod catalog has no warning events', 'pod giant eventually has a warning event saying "Insufficient cpu"'],
  source: event.source, reads: event.reads, outlives: true,
  test(subject, { text }, { driver }) {
    const about = eventsAbout(subject, driver)
    if (!about) return moot(`there is no ${subject.label}`)
    const warnings = about.filter((e: any) => e.type === 'Warning')
    return holdsIf(
      warnings.some((e: any) => text === undefined || (e.message ?? '').includes(text)),
      () => warnings.map((e: any) => `${e.reason}: ${e.message}`).join('\n') || 'no warnings'
    )
  },
})

/** Events stay when what they are about has gone; undefined: it never was. */
function eventsAbout({ ref, object: stored }: ResolvedSubject, driver: PredicateContext['driver']): readonly any[] | undefined {
  const object = stored ?? lastOf(ref!, driver)
  if (!object) return undefined
  // events of nodes name the node where an object has its uid, and are kept in namespace default; those of mirror pods name the pod of the manifest file
  const mirrored = object.metadata.annotations?.['kubernetes.io/config.mirror']
  return driver.storedList('events', ref!.namespace ?? 'default').filter((e: any) =>
    e.involvedObject?.kind === ref!.kind && e.involvedObject.name === ref!.name
    && (!e.involvedObject.uid || [object.metadata.uid, mirrored].includes(e.involvedObject.uid) || e.involvedObject.uid === ref!.name))
}
/** As it was when it went, if it was there. */
function lastOf({ resource, namespace = '', name }: NonNullable<ResolvedSubject['ref']>, driver: PredicateContext['driver']): any {
  let last: any
  for (const o of driver.history()) if (o.type === 'object' && o.resource === resource && o.name === name && o.namespace === namespace) last = o.new ?? o.old
  return last
}
export const events: readonly PredicateDefinition[] = [event, warning]
