import type { PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { eventOf } from './event-words.ts'
import { holdsIf } from './support.ts'

const event = definePredicate({
  id: 'event',
  phrases: [
    'has event {reason} from {component} saying {text}', 'has event {reason} saying {text}', 'has event {reason} from {component}', 'has event {reason}',
  ],
  parameters: { reason: 'word', component: 'word' }, subjects: ['object'], misfit: eventOf,
  doc: 'An Event about the object with this reason, perhaps from this component, perhaps saying this text.',
  examples: [
    'pod catalog eventually has event Scheduled', 'pod catalog has event Started from kubelet',
    'pod giant eventually has event FailedScheduling saying "Insufficient cpu"', 'pod catalog has no event Failed',
  ],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/',
  reads: o => o.type === 'object' && o.resource === 'events',
  test({ ref, object }, { reason, component, text }, { driver }) {
    // events of nodes name the node where an object has its uid, and are kept in namespace default; those of mirror pods name the pod of the manifest file
    const mirrored = object.metadata.annotations?.['kubernetes.io/config.mirror']
    const about = driver.storedList('events', ref!.namespace ?? 'default').filter((e: any) =>
      e.involvedObject?.kind === ref!.kind && e.involvedObject.name === ref!.name
      && (!e.involvedObject.uid || [object.metadata.uid, mirrored].includes(e.involvedObject.uid) || e.involvedObject.uid === ref!.name))
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
export const events: readonly PredicateDefinition[] = [event]
