import type { PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { holdsIf, moot, ofSet, plural, satisfies, stale, staleStatus, truthOf } from './support.ts'
import { referenceOf } from '../subjects/index.ts'
import { CannotRun } from '../errors.ts'
import { isCustom } from './custom.ts'
import { countedOf, onlyOf } from './fitting.ts'
import type { ContainerSubject, Quantity } from '../../dsl/step-ast.ts'

/** Fields of a workload's status, the second of a DaemonSet's or an autoscaler's. An absent count is 0. */
const fields: Readonly<Record<string, readonly string[]>> = {
  '': ['replicas', 'currentNumberScheduled', 'currentReplicas'], ready: ['readyReplicas', 'numberReady'], available: ['availableReplicas', 'numberAvailable'],
  updated: ['updatedReplicas', 'updatedNumberScheduled'],
  unavailable: ['unavailableReplicas', 'numberUnavailable'], current: ['currentReplicas', 'currentNumberScheduled'],
  desired: ['desiredReplicas', 'desiredNumberScheduled'],
}
const countOf = (status: any, which: string): number => { const field = fieldOfCount(status, which); return field ? status[field] : 0 }
const fieldOfCount = (status: any, which: string): string | undefined => fields[which].find(f => status?.[f] !== undefined)

/** A DaemonSet asks for no number: there is one for each node that takes its pods. */
const asksFor = ({ spec }: any, asked: number): string =>
  spec?.replicas === undefined ? `, as ${plural(asked, 'node')} take${asked === 1 ? 's' : ''} its pods` : `, as its spec asks for ${asked}`
const exampleOf = (which: string): string => which === 'current' ? 'statefulset db' : which === 'desired' ? 'hpa web' : 'deployment catalog'
const replicas = (which: string): PredicateDefinition => definePredicate({
  progress: which !== 'unavailable', id: which ? `${which}-replicas` : 'replicas',
  phrases: [
    `has {count} ${which ? `${which} ` : ''}replica(s)`,
    ...(['', 'ready', 'available'].includes(which) ? [`has {count} ${which ? `${which} ` : ''}pod(s)`] : []),
  ],
  subjects: ['object'], misfit: countedOf(which),
  doc: `How many ${which ? `${which} ` : ''}replicas the status of a workload${['', 'current', 'desired'].includes(which) ? ', or of an autoscaler,' : ''} counts, once it is of the latest spec.`,
  examples: [
    `${exampleOf(which)} eventually has 3 ${which ? `${which} ` : ''}replicas`, `${exampleOf(which)} has at least 1 ${which ? `${which} ` : ''}replica`,
    ...(which === '' ? ['hpa web has at most 5 replicas'] : []),
  ],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus',
  test(subject, { count }, at) {
    // what is updated is of the latest spec; of the others there are as many as it still says
    const why = at.any === true && which !== 'updated' ? undefined : staleStatus(subject, at)
    if (why) return stale(why)
    if (isCustom(subject) && !fieldOfCount(subject.object.status, which)) return moot(`the status of ${subject.label} counts no ${which ? `${which} ` : ''}replicas`)
    const found = countOf(subject.object.status, which)
    const asked = subject.object.spec?.replicas ?? subject.object.status?.desiredNumberScheduled
    return holdsIf(satisfies(count, found), () =>
      `${plural(found, `${which ? `${which} ` : ''}replica`)}${which !== 'unavailable' && asked !== undefined && asked !== found ? ` of ${asked}` : asked !== undefined && !satisfies(count, asked) ? asksFor(subject.object, asked) : ''}`)
  },
})
const kindsOfReplicas = ['ready', 'available', 'updated']
/** How two workloads compare, each by its status. */
const compared = (how: 'more' | 'fewer' | 'as many', id: string, holds: (own: number, others: number) => boolean): PredicateDefinition => {
  const than = how === 'as many' ? 'as' : 'than'
  return definePredicate({
    id, subjects: ['object'], parameters: { which: 'word', other: 'subject' }, progress: how === 'more',
    phrases: ['replica(s)', 'pod(s)'].flatMap(what => [`has ${how} {which} ${what} ${than} {other}`, `has ${how} ${what} ${than} {other}`]),
    misfit: (resource, { which = '' }) => which && !kindsOfReplicas.includes(which) ? 'replicas are ready, available or updated' : countedOf(which)(resource, {}),
    doc: `How many replicas (all, or those that are ready, available or updated) the status of a workload counts, beside another's, or its own as \`I remember … as "before"\` kept it, once both are of the latest spec.`,
    examples: [`deployment catalog has ${how} ready replicas ${than} deployment orders`, `deployment catalog has ${how} replicas ${than} deployment orders`],
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus',
    reads: o => o.type === 'object' && o.resource.endsWith('.apps'),
    test(subject, { which = '', other }, at) {
      // `than $before`: as many as there were when `I remember … as "before"` kept it
      const before = other.type === 'binding' ? at.context.moments.get(other.name) : undefined
      const beside = before === undefined ? referenceOf(other, at) : { ref: subject.ref!, label: `$${other.name}` }
      if (before !== undefined && before.kind !== subject.object.kind) {
        throw new CannotRun(`${beside.label} is a ${before.kind.toLowerCase()}, and ${subject.label} is none`)
      }
      const object = before ?? at.driver.stored(beside.ref.resource, beside.ref.namespace ?? '', beside.ref.name)
      const misfit = countedOf(which)(beside.ref.resource, {})
      if (misfit !== undefined) throw new CannotRun(`${beside.label}: ${misfit}`)
      if (!object) return moot(`there is no ${beside.label}`)
      const why = staleStatus(subject, at) ?? staleStatus({ ref: beside.ref, object }, at)
      if (why !== undefined) return stale(why)
      const own = countOf(subject.object.status, which), others = countOf(object.status, which), noun = `${which ? `${which} ` : ''}replica`
      return holdsIf(holds(own, others), () => `${plural(own, noun)}, and ${beside.label} has ${others}`)
    },
  })
}
const comparisons = [
  compared('more', 'more-replicas', (own, others) => own > others), compared('fewer', 'fewer-replicas', (own, others) => own < others),
  compared('as many', 'as-many-replicas', (own, others) => own === others),
]
/** Of how many that are asked for: what a rollout adds, and what is on its way out, is no part of it. */
const shares = definePredicate({
  id: 'share-of-replicas', progress: true,
  phrases: ['has {share} of its/the replicas {which}', 'has {share} of its/the pods {which}', 'has {share} {which} replicas'], parameters: { which: 'word' },
  subjects: ['object'],
  misfit: (resource, { which }) => onlyOf('deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps')(resource, {})
    ?? (['ready', 'available', 'updated'].includes(which) ? countedOf(which)(resource, {}) : 'replicas are ready, available or updated'),
  doc: 'What share of the replicas that are asked for is ready, available or updated, as the status of the workload counts them once it is of the latest spec.',
  examples: ['deployment catalog has at least 80 % of its replicas ready', 'daemonset agent has more than half of its pods available'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable',
  test(subject, { share, which }, at) {
    const why = staleStatus(subject, at), { object } = subject, asked = object.spec?.replicas ?? object.status?.desiredNumberScheduled ?? 0
    if (why !== undefined || asked === 0) return why === undefined ? moot('no replicas are asked for') : stale(why)
    const found = countOf(object.status, which)
    return holdsIf(ofSet(share, found, asked), () => `${found} of ${asked} ${which}`)
  },
})
/** where no number is said */
const some: Quantity = { comparison: 'at least', count: 1 }
const restarted = definePredicate({
  id: 'restarted',
  phrases: [
    'restarted {count} time(s)', 'has been restarted {count} time(s)', 'was restarted {count} time(s)', 'restarted {count}', 'restarts {count} time(s)',
    'restarts {count}', 'has {count} restart(s)', 'restarts', 'restarted', 'has been restarted',
  ],
  subjects: ['object', 'container'], misfit: onlyOf('pods'),
  doc: 'How often the containers of a pod (or the one that is named) were started again, counted on the node; at least once where no number is said.',
  examples: [
    'pod catalog restarted 2 times', 'container app in pod catalog eventually restarted at least 1 time', 'pods labelled app=shop restarted 0 times',
    'pod catalog has not restarted', 'pod catalog has restarted twice',
  ],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts',
  reads: o => o.type === 'container' || o.type === 'podStatus', cumulative: true,
  test(subject, { count = some }, at) {
    const only = subject.type === 'container' ? (subject.ast as ContainerSubject).container : undefined
    const truth = truthOf(subject, at), statuses: readonly any[] = subject.object.status?.containerStatuses ?? []
    const restarts = truth
      ? truth.containers.filter(c => only === undefined || c.name === only).map(c => c.restarts)
      : statuses.filter(c => only === undefined || c.name === only).map(c => c.restartCount ?? 0)
    const found = restarts.reduce((sum, n) => sum + n, 0)
    return holdsIf(satisfies(count, found), () => `${plural(found, 'restart')}${truth ? ' on the node' : ''}`)
  },
})
export const counts: readonly PredicateDefinition[] = [...Object.keys(fields).map(replicas), ...comparisons, shares, restarted]
