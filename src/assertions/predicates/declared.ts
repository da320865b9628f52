import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition } from '../../extension.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, nodeIn, plural, satisfies, stale, staleStatus } from './support.ts'

const type = definePredicate({
  id: 'has-type', phrases: ['has type {type}', 'is of type {type}'], parameters: { type: 'value' }, subjects: ['object'], misfit: onlyOf('secrets', 'services'),
  doc: 'The type of a Secret (Opaque, kubernetes.io/tls …) or of a Service (ClusterIP, NodePort, LoadBalancer, ExternalName).',
  examples: ['secret db has type Opaque', 'service web is of type ClusterIP'],
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/#secret-types',
  test({ object }, { type: wanted }) {
    const found = object.type ?? object.spec?.type
    return holdsIf(found === wanted, () => `type ${found ?? 'none'}`)
  },
})
const qosClass = definePredicate({
  id: 'qos-class', phrases: ['has QoS class {class}', 'has the QoS class {class}', 'is in QoS class {class}'], parameters: { class: 'word' },
  subjects: ['object'],
  misfit: (resource, { class: word }) => onlyOf('pods')(resource, {}) ?? (qosClasses.includes(word) ? undefined : `the QoS classes are ${qosClasses.join(', ')}`),
  doc: 'status.qosClass of a pod: Guaranteed, Burstable or BestEffort, by the requests and limits of its containers.',
  examples: ['pod catalog has QoS class Guaranteed', 'pods of deployment catalog have QoS class Burstable'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/',
  test: ({ object }, { class: wanted }) => holdsIf(object.status?.qosClass === wanted, () => `QoS class ${object.status?.qosClass ?? 'none'}`),
})
const qosClasses = ['Guaranteed', 'Burstable', 'BestEffort']
const nominated = definePredicate({
  id: 'nominated', phrases: ['is nominated for {node}', 'is nominated to {node}'], subjects: ['object'], misfit: onlyOf('pods'),
  doc: 'The scheduler has made room for the pod on this node (status.nominatedNodeName) and waits for those who had it to end.',
  examples: ['pod boss is eventually nominated for node worker-1'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#user-exposed-information',
  test({ object }, { node }, at) {
    const found = object.status?.nominatedNodeName
    const instead = object.spec?.nodeName ? `on ${object.spec.nodeName}` : 'nominated for no node'
    return holdsIf(found === nodeIn(node, at), () => found ? `nominated for ${found}` : instead)
  },
})
const disruptions = definePredicate({
  id: 'disruptions', phrases: ['allows {count} disruption(s)'], subjects: ['object'], misfit: onlyOf('poddisruptionbudgets.policy'),
  doc: 'How many pods may be evicted now: status.disruptionsAllowed of a PodDisruptionBudget, once it is of the latest spec.',
  examples: ['pdb web eventually allows 1 disruption', 'pdb web allows no disruptions'],
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#check-the-status-of-the-pdb',
  test(subject, { count }, at) {
    const why = staleStatus(subject, at), allowed = subject.object.status?.disruptionsAllowed ?? 0
    return why !== undefined ? stale(why) : holdsIf(satisfies(count, allowed), () => `${plural(allowed, 'disruption')} allowed`)
  },
})
/** The pods of a Job as its status counts them. */
const podsOfJob = (which: 'active' | 'succeeded' | 'failed'): PredicateDefinition => definePredicate({
  id: `${which}-pods`, phrases: [`has {count} ${which} pod(s)`], subjects: ['object'], misfit: onlyOf('jobs.batch'),
  doc: `How many ${which} pods the status of a Job counts.`,
  examples: [`job report ${which === 'active' ? '' : 'eventually '}has 2 ${which} pods`, `job report has at most 1 ${which} pod`],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobStatus',
  test({ object }, { count }) {
    const found = object.status?.[which] ?? 0
    return holdsIf(satisfies(count, found), () => plural(found, `${which} pod`))
  },
})
const jobs = definePredicate({
  id: 'active-jobs', phrases: ['has {count} active job(s)'], subjects: ['object'], misfit: onlyOf('cronjobs.batch'),
  doc: 'How many Jobs of a CronJob run now: its status.active.',
  examples: ['cronjob tick eventually has an active job', 'cronjob tick never has more than 1 active job'],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/#CronJobStatus',
  test({ object }, { count }) {
    const found = object.status?.active?.length ?? 0
    return holdsIf(satisfies(count, found), () => plural(found, 'active job'))
  },
})
/** `has 3 jobs` of a CronJob, `has 2 replicasets` of a Deployment: those that it owns, as `there are 3 jobs of cronjob tick` counts them. */
const owned = (id: string, noun: string, resource: string, owner: string, example: string): PredicateDefinition => definePredicate({
  id, phrases: [`has {count} ${noun}(s)`], subjects: ['object'], misfit: onlyOf(owner), progress: ({ count }) => count?.comparison !== 'at most',
  doc: `How many ${noun}s it owns.`, examples: [`${example} eventually has 2 ${noun}s`, `${example} has no ${noun}s`],
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/', reads: o => o.type === 'object' && o.resource === resource,
  test({ object }, { count }, { driver }) {
    const own = driver.storedList(resource, object.metadata.namespace).filter(o => o.metadata.ownerReferences?.some((r: any) => r.uid === object.metadata.uid))
    return holdsIf(satisfies(count, own.length), () => plural(own.length, noun))
  },
})
const version = definePredicate({
  id: 'version', phrases: ['has (kubelet) version {version}', 'is of/at version {version}', 'runs (kubelet) version {version}'],
  parameters: { version: 'value' }, subjects: ['object'],
  misfit: (resource, { version: said }) =>
    onlyOf('nodes')(resource, {}) ?? (/^v?\d+\.\d+(\.\d+)?$/.test(said) ? undefined : `${said} is no version such as 1.35 or v1.35.4`),
  doc: 'The version of the kubelet that the node tells (kubectl shows it under VERSION): all of it, or its beginning.',
  examples: ['node worker-1 has version 1.35', 'node worker-1 runs kubelet version v1.34.7'],
  source: 'https://kubernetes.io/docs/reference/node/node-status/#info',
  test({ object }, { version: wanted }) {
    const found = object.status?.nodeInfo?.kubeletVersion ?? '', said = `v${wanted.replace(/^v/, '')}`
    return holdsIf(found === said || found.startsWith(`${said}.`), () => `kubelet ${found || 'that has told no version'}`)
  },
})
export const declared: readonly PredicateDefinition[] = [
  type, qosClass, nominated, disruptions, podsOfJob('active'), podsOfJob('succeeded'), podsOfJob('failed'), jobs, version,
  owned('jobs-of-cronjob', 'job', 'jobs.batch', 'cronjobs.batch', 'cronjob tick'),
  owned('replicasets-of-deployment', 'replicaset', 'replicasets.apps', 'deployments.apps', 'deployment web'),
]
