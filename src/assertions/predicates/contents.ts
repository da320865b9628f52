import { textOfBase64 } from '../../base/text-of-bytes.ts'
import type { ContainerSubject } from '../../dsl/step-ast.ts'
import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition, ResolvedSubject } from '../../extension.ts'
import type { Misfit } from '../../dsl/parse-step.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, moot, plural, satisfies } from './support.ts'

export const templated = [
  'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicationcontrollers', 'jobs.batch', 'cronjobs.batch', 'podtemplates',
]
export const withContainers: Misfit = resource => resource === 'containers' ? undefined : onlyOf('pods', ...templated)(resource, {})

/** The containers that an object asks for, itself or of its pods; init containers are others. */
export const containersOf = (subject: ResolvedSubject): readonly any[] => podSpecOf(subject)?.containers ?? []
export const podSpecOf = ({ object: { spec, template } }: ResolvedSubject): any =>
  (spec?.jobTemplate?.spec?.template ?? spec?.template ?? template)?.spec ?? spec
const image = definePredicate({
  id: 'uses-image', phrases: ['uses image {image}', 'runs image {image}', 'has image {image}'], parameters: { image: 'text' },
  subjects: ['object', 'container'],
  misfit: withContainers,
  doc: 'One of its containers (of a workload: of its pod template; or the container that is named) has this image in its spec, as it is written there.',
  examples: [
    'deployment catalog uses image "bookstore/catalog:2"', 'pods of deployment catalog eventually run image "bookstore/catalog:2"',
    'container app in pod catalog has image "bookstore/catalog:dev"',
  ],
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  test(subject, { image: wanted }) {
    const { object } = subject, only = subject.type === 'container' ? (subject.ast as ContainerSubject).container : undefined
    const all = only === undefined ? containersOf(subject) : [...containersOf(subject), ...(object.spec?.initContainers ?? [])].filter(c => c.name === only)
    if (all.length === 0) return moot(only === undefined ? 'it has no containers' : `there is no container ${only}`)
    return holdsIf(all.some(c => c.image === wanted), () => `image ${all.map(c => c.image).join(', ')}`)
  },
})
const count = definePredicate({
  id: 'containers', phrases: ['has {count} container(s)'], subjects: ['object'], misfit: onlyOf('pods', ...templated),
  doc: 'How many containers its spec has, or the spec of its pods; init containers are others.',
  examples: ['pod catalog has 2 containers', 'deployment catalog has at least 1 container'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  test: (subject, { count: wanted }) =>
    holdsIf(satisfies(wanted, containersOf(subject).length), () => containersOf(subject).map(c => c.name).join(', ') || 'no containers'),
})
const volumes = definePredicate({
  id: 'volumes', phrases: ['has {count} volume(s)'], subjects: ['object'], misfit: onlyOf('pods', ...templated),
  doc: 'How many volumes its spec has, or the spec of its pods, with the one for the token of its ServiceAccount that admission adds.',
  examples: ['pod catalog has 1 volume', 'deployment catalog has no volumes'],
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  test(subject, { count: wanted }) {
    const found = podSpecOf(subject)?.volumes ?? []
    return holdsIf(satisfies(wanted, found.length), () => found.map((v: any) => v.name).join(', ') || 'no volumes')
  },
})
const key = definePredicate({
  id: 'has-key', phrases: ['has key {key}', 'contains key {key}', 'has key {key} with value {value}', 'has key {key} = {value}'], parameters: { key: 'value', value: 'value' }, subjects: ['object'],
  misfit: onlyOf('configmaps', 'secrets'),
  doc: 'A ConfigMap or a Secret holds something under this key, or this value (a Secret\'s as it is read, not in base64).',
  examples: ['secret db has key password', 'configmap settings has no key colour', 'configmap settings has key COLOUR with value "blue"'],
  source: 'https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object',
  test({ object, ref }, { key: wanted, value }) {
    const { data = {}, binaryData = {} } = object, keys = Object.keys({ ...data, ...binaryData })
    if (value === undefined || !keys.includes(wanted)) return holdsIf(keys.includes(wanted), () => keys.length ? `keys ${keys.join(', ')}` : 'no keys')
    const encoded = ref?.resource === 'secrets' || !Object.hasOwn(data, wanted)
    const found = encoded ? textOfBase64(data[wanted] ?? binaryData[wanted]) : data[wanted]
    return holdsIf(found === value, () => `${wanted} is ${JSON.stringify(found)}`)
  },
})
const together = (same: boolean): PredicateDefinition => definePredicate({
  id: same ? 'same-node' : 'different-nodes',
  phrases: same ? ['are on the same node', 'run on the same node'] : ['are on different nodes', 'run on different nodes'],
  subjects: ['object'], misfit: onlyOf('pods'),
  doc: same
    ? 'All of these pods have been bound to one node. Where some share a node and some do not, it is neither so nor not so.'
    : 'No two of these pods have been bound to one node. Where some share a node and some do not, it is neither so nor not so.',
  examples: same
    ? ['pods labelled app=shop are on the same node']
    : ['pods of deployment web are on different nodes', 'pods of deployment web run on different nodes'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity', progress: true,
  test: () => moot('said of one pod, which has nobody to share a node with'),
  testSet(members) {
    if (members.length < 2) return moot('said of one pod, which has nobody to share a node with')
    const homeless = members.find(m => !m.object?.spec?.nodeName)
    if (homeless) return moot(`${homeless.label} is on no node`)
    const nodes = new Set(members.map(m => m.object.spec.nodeName)), [first] = nodes
    const seen = nodes.size === 1 ? `all on ${first}` : `${members.length} pods on ${nodes.size} nodes`
    if (nodes.size > 1 && nodes.size < members.length) return moot(`${seen}: some share one`)
    return holdsIf((nodes.size === 1) === same, () => seen)
  },
})
const nodesOf = definePredicate({
  id: 'on-nodes', subjects: ['object'], misfit: onlyOf('pods'),
  phrases: ['are on {count} (different) node(s)', 'run on {count} (different) node(s)', 'are spread over {count} (different) node(s)'],
  doc: 'On how many nodes these pods are, each counted once.',
  examples: ['pods of deployment web are on 3 nodes', 'pods of deployment web run on at least 2 different nodes'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/', progress: true,
  test: ({ object }) => object.spec?.nodeName ? moot('said of one pod, which is on one node') : moot('it is on no node'),
  testSet(members, { count: wanted }) {
    const homeless = members.find(m => !m.object?.spec?.nodeName)
    if (homeless) return moot(`${homeless.label} is on no node`)
    const nodes = new Set(members.map(m => m.object.spec.nodeName))
    return holdsIf(satisfies(wanted, nodes.size), () => `${plural(members.length, 'pod')} on ${[...nodes].sort().join(', ')}`)
  },
})
export const contents: readonly PredicateDefinition[] = [image, count, volumes, key, together(true), together(false), nodesOf]
