import { parse } from 'yaml'
import { findValues } from '../../dsl/jsonpath.ts'
import { parseQuantity } from '../../runtime-model/api/quantity.ts'
import { parseLabelSelector } from '../../runtime-model/api/selectors.ts'
import { CannotRun } from '../errors.ts'
import type { PredicateDefinition } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { fieldOfCustom, isCustom, misspeltInCustom, unsaid } from './custom.ts'
import { conditionOf as conditionMisfit, fieldOf, misspeltField, taintOf } from './fitting.ts'
import { subsetProblem } from './subset.ts'
import { conditionOf, conditionText, holdsIf, moot, no, stale, staleStatus } from './support.ts'

const condition = definePredicate({
  id: 'condition', phrases: [
    'has condition {condition}={value} with reason {reason}', 'has condition {condition} with reason {reason}', 'has condition {condition}={value}',
    'has condition {condition}',
  ],
  parameters: { condition: 'word', value: 'word', reason: 'word' }, subjects: ['object'], misfit: conditionMisfit,
  progress: ({ condition: type, value = 'True' }) =>
    value === 'True' && ['Available', 'Ready', 'Complete', 'ContainersReady', 'PodScheduled', 'Initialized'].includes(type),
  doc: 'A condition of the status, True unless another value is named, once the status is of the latest spec.',
  examples: [
    'deployment catalog has condition Available=True', 'pod catalog eventually has condition PodScheduled=False with reason Unschedulable',
    'node worker-1 has condition Ready=Unknown within 60s',
  ],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions',
  test(subject, { condition: type, value = 'True', reason }, at) {
    const why = staleStatus(subject, at)
    if (why) return stale(why)
    if (!['True', 'False', 'Unknown'].includes(value)) throw new CannotRun(`a condition is True, False or Unknown, and never ${value}`)
    fieldOfCustom(subject, at, '.status.conditions[0].type')
    const found = conditionOf(subject.object, type)
    if (isCustom(subject) && !subject.object.status?.conditions?.length) return unsaid(subject, type)
    return holdsIf(found?.status === value && (reason === undefined || found.reason === reason), () => conditionText(subject.object, type))
  },
})
const label = definePredicate({
  id: 'has-label', phrases: ['has label(s) {selector}', 'is labelled {selector}'], subjects: ['object'],
  doc: 'The labels satisfy this selector: `a=b`, `a` (whatever its value), several with commas.',
  examples: ['node worker-1 has label disk=ssd', 'pod catalog has no label tier'],
  madeSo: (subject, { selector }) => /^[\w./-]+=[\w.-]*$/.test(selector) ? `I label ${subject} ${selector}` : undefined,
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
  test({ object }, { selector }) {
    const parsed = parseLabelSelector(selector)
    if (parsed.error !== undefined) throw new CannotRun(`has label ${selector}: ${parsed.error}`)
    return holdsIf(parsed.matches(object.metadata.labels), () => asked(selector, object.metadata.labels ?? {}))
  },
})
/** The labels that a selector speaks of, as they are. */
function asked(selector: string, labels: Readonly<Record<string, string>>): string {
  const keys = [...new Set(selector.split(',').map(part => /^!?([\w./-]+)/.exec(part.trim())?.[1] ?? part))]
  return keys.map(k => Object.hasOwn(labels, k) ? `${k}=${labels[k]}` : `no label ${k}`).join(', ')
}

const annotation = definePredicate({
  id: 'has-annotation', phrases: ['has annotation {key}={value}', 'has annotation {key}'], parameters: { key: 'word', value: 'value' }, subjects: ['object'],
  doc: 'An annotation, with this value if one is named.',
  examples: ['deployment catalog has annotation deployment.kubernetes.io/revision=2', 'pod catalog has no annotation owner'],
  madeSo: (subject, { key, value }) => value === undefined || key.includes('kubernetes.io/') ? undefined : `I annotate ${subject} ${key}=${value}`,
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  test({ object }, { key, value }) {
    const { annotations = {} } = object.metadata, found = Object.hasOwn(annotations, key) ? annotations[key] : undefined
    return holdsIf(found !== undefined && (value === undefined || found === value), () => found === undefined ? `no annotation ${key}` : `${key}=${found}`)
  },
})
const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const taint = definePredicate({
  id: 'has-taint', phrases: ['has taint {taint}', 'is tainted with {taint}', 'is tainted {taint}'], parameters: { taint: 'value' }, subjects: ['object'],
  misfit: taintOf,
  doc: 'A taint of a node: `key=value:NoSchedule`, `key:NoExecute` or `key`.',
  examples: ['node worker-1 eventually has taint node.kubernetes.io/unreachable:NoExecute', 'node worker-2 has no taint maintenance'],
  madeSo: (node, { taint: wanted }) => /:/.test(wanted) ? `I taint ${node} ${wanted}` : undefined,
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  test({ object }, { taint: wanted }) {
    const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(.*))?$/.exec(wanted) ?? []
    if (effect !== undefined && !taintEffects.includes(effect)) throw new CannotRun(`a taint has no effect ${effect}; there are ${taintEffects.join(', ')}`)
    const all: readonly any[] = object.spec?.taints ?? []
    const text = (t: any): string => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`
    return holdsIf(
      all.some(t => t.key === key && (value === undefined || (t.value ?? '') === value) && (effect === undefined || t.effect === effect)),
      () => `taints ${all.map(text).join(', ') || 'none'}`
    )
  },
})
const field = definePredicate({
  id: 'field', phrases: ['has field {jsonpath} {value}', 'has field {jsonpath} = {value}', 'has field {jsonpath} equal to {value}', 'has field {jsonpath}'],
  subjects: ['object'], misfit: fieldOf,
  doc: 'What a JSONPath (all of kubectl\'s dialect) finds in the object: something, or exactly this; scalars are compared as text.',
  examples: [
    'pod catalog has field .spec.nodeName "worker-1"', 'configmap pie has no field .data.pie', 'deployment catalog eventually has field .status.readyReplicas 3',
  ],
  source: 'https://kubernetes.io/docs/reference/kubectl/jsonpath/',
  test(subject, { jsonpath, value }, at) {
    fieldOfCustom(subject, at, jsonpath, value)
    const { object } = subject, found = findValues(jsonpath, object)
    if ('error' in found) throw new CannotRun(`has field ${jsonpath}: ${found.error}`)
    const values = found.values.filter(v => v !== undefined && v !== null)
    if (value === undefined) return holdsIf(values.length > 0, () => 'no such field')
    return holdsIf(
      values.length > 0 && (values.length === 1 ? asText(values[0]) === value : values.map(asText).join(' ') === value),
      () => values.length ? JSON.stringify(values.map(asText).join(' ')) : 'no such field'
    )
  },
})
/** `has field .status.readyReplicas at least 2`: numbers, and quantities such as 4Gi. */
const compared = (id: string, words: readonly string[], holds: (own: bigint, asked: bigint) => boolean): PredicateDefinition => definePredicate({
  id: `field-${id}`, phrases: words.map(w => `has field {jsonpath} ${w} {quantity}`), subjects: ['object'],
  misfit: (resource, { jsonpath }) => fieldOf(resource, { jsonpath }),
  doc: `The number or quantity (\`4Gi\`, \`500m\`) that a JSONPath finds in the object is ${words[0]} this. Where it finds none, or several, it is neither so nor not so.`,
  examples: [`deployment catalog has field .status.readyReplicas ${words[0]} 2`, `pvc data eventually has field .status.capacity.storage ${words[0]} 1Gi`],
  source: 'https://kubernetes.io/docs/reference/kubectl/jsonpath/', progress: id === 'more' || id === 'at-least',
  test(subject, { jsonpath, quantity }, at) {
    fieldOfCustom(subject, at, jsonpath)
    const found = findValues(jsonpath, subject.object)
    if ('error' in found) throw new CannotRun(`has field ${jsonpath}: ${found.error}`)
    const values = found.values.filter(v => v !== undefined && v !== null), text = values.map(asText).join(' ')
    const own = values.length === 1 && typeof values[0] !== 'object' ? parseQuantity(String(values[0])) : undefined, asked = parseQuantity(quantity)!
    if (own === undefined) return moot(values.length === 0 ? 'no such field' : `${JSON.stringify(text)}, which is no number`)
    return holdsIf(holds(own.nano, asked.nano), () => JSON.stringify(text))
  },
})
const comparisons = [
  compared('more', ['more than', 'greater than'], (own, asked) => own > asked), compared('less', ['less than', 'fewer than'], (own, asked) => own < asked),
  compared('at-least', ['at least', 'of at least'], (own, asked) => own >= asked), compared('at-most', ['at most', 'of at most'], (own, asked) => own <= asked),
]
const asText = (value: unknown): string => typeof value === 'object' ? JSON.stringify(value) : String(value)

const matches = definePredicate({
  id: 'matches', phrases: ['matches:'], argument: 'docString', subjects: ['object'],
  doc: 'The object holds everything that this partial YAML says; members of lists are found by their merge key (name, containerPort, type …).',
  examples: ['deployment catalog matches:'],
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
  test(subject, _args, at) {
    const { object, ref } = subject, { argument } = at
    let wanted
    try { wanted = parse(argument.docString?.content ?? '') } catch (error) { throw new CannotRun(`not YAML: ${(error as Error).message.split('\n')[0]}`) }
    if (typeof wanted !== 'object') throw new CannotRun(`${JSON.stringify(wanted)} is no part of an object: write fields, as in \`spec: { replicas: 3 }\``)
    const misspelt = (ref && misspeltField(ref.resource, wanted)) ?? misspeltInCustom(subject, at, wanted)
    if (misspelt) throw new CannotRun(misspelt)
    const problem = subsetProblem(wanted, object)
    return problem === undefined || no(problem)
  },
})
export const fieldPredicates: readonly PredicateDefinition[] = [condition, label, annotation, taint, field, ...comparisons, matches]
