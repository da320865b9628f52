import { parseDuration } from '../base/duration.ts'
import { suggest } from '../base/suggest.ts'
import type { ParameterType } from './phrase-declaration.ts'
import type { Comparison, Quantity, SetQuantity, SubjectAst } from './step-ast.ts'
import { unquote, type TextWord } from './text-words.ts'

/** What the slots ask of the language around them. */
export interface SlotContext {
  readonly kind: (word: string) => boolean
  /** subject, object or component that begins at an offset of the text, with the offset behind it; longest first */
  readonly subjects: (
    rule: 'Subject' | 'ObjectSlot' | 'Component',
    start: number,
  ) => readonly { readonly value: SubjectAst; readonly end: number }[]
}
export interface Filled {
  readonly next: number
  readonly value: unknown
}
/** One way, or several, to fill a slot from the word at `at`; words from `to` on do not belong to the phrase. */
export type Slot = (words: readonly TextWord[], at: number, to: number, context: SlotContext) => Filled | readonly Filled[] | undefined

const name = /^[a-z0-9](?:[a-z0-9.:/-]*[a-z0-9])?$/
const plainName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/
const quantity = /^[+-]?\d+(?:\.\d+)?(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/
const selector = /^!?[A-Za-z0-9][\w./-]*(?:(?:!=|==?)[\w.-]*)?(?:,!?[A-Za-z0-9][\w./-]*(?:(?:!=|==?)[\w.-]*)?)*$/
const binding = /^\$([A-Za-z0-9_-]+)$/

/** STATUS words of kubectl; written in any case, and a near miss of one of them is taken for a mistake. */
export const statusWords = [
  'Running',
  'Pending',
  'Succeeded',
  'Failed',
  'Unknown',
  'Completed',
  'Error',
  'Terminating',
  'Terminated',
  'ContainerCreating',
  'PodInitializing',
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'KillContainerError',
  'StartError',
  'ContainerStatusUnknown',
  'OOMKilled',
  'Evicted',
  'NodeLost',
  'SchedulingGated',
  'NotReady',
  'SchedulingDisabled',
  'Active',
  'Bound',
  'Available',
  'Released',
  'Lost',
  'Complete',
  'Suspended',
  'Ready',
  'Scheduled',
  'DeadlineExceeded',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'NodeAffinity',
  'NodePorts',
  'NodeShutdown',
  'Preempting',
  'UnexpectedAdmissionError',
]
const statusByLower = new Map(statusWords.map(word => [word.toLowerCase(), word]))

function statusOf(word: string): string | undefined {
  const known = statusByLower.get(word.toLowerCase())
  if (known) return known
  if (/^OutOf[\w.][\w./-]*$/.test(word)) return word
  if (!/^[A-Z][A-Za-z0-9]*(?:[:,][A-Za-z0-9/]+)*$/.test(word)) return undefined
  const parts = word.split(/[:,]/)
  return parts.some(part => part.length >= 4 && !statusByLower.has(part.toLowerCase()) && suggest(part, statusWords, 1).length > 0) ? undefined : word
}

/** A slot that is one word. */
const oneWord =
  (value: (word: string, context: SlotContext) => unknown): Slot =>
  (words, at, to, context) => {
    if (at >= to) return undefined
    const found = value(words[at].text, context)
    return found === undefined ? undefined : { next: at + 1, value: found }
  }
const named =
  (pattern: RegExp) =>
  (word: string): unknown => {
    const bound = binding.exec(word)
    if (bound) return { binding: bound[1] }
    return pattern.test(word) ? word : unquote(word)
  }
const ofGrammar =
  (rule: 'Subject' | 'ObjectSlot' | 'Component'): Slot =>
  (words, at, to, context) => {
    if (at >= to) return undefined
    return context.subjects(rule, words[at].start).flatMap(({ value, end }) => {
      let next = at
      while (next < to && words[next].start < end) next++
      return next > at && words[next - 1].end === end ? [{ next, value }] : []
    })
  }

const times: Readonly<Record<string, number>> = { once: 1, twice: 2 }
const smallNumbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
function numberOf(word: string): number | undefined {
  if (/^\d+$/.test(word)) return Number(word)
  const small = smallNumbers.indexOf(word)
  return small >= 0 ? small : undefined
}
const comparisons: readonly (readonly [words: readonly string[], comparison: Comparison])[] = [
  [['at', 'least'], 'at least'],
  [['at', 'most'], 'at most'],
  [['more', 'than'], 'more than'],
  [['no', 'more', 'than'], 'at most'],
  [['up', 'to'], 'at most'],
  [['no', 'fewer', 'than'], 'at least'],
  [['no', 'less', 'than'], 'at least'],
  [['exactly'], 'exactly'],
  [['only'], 'exactly'],
  [[], 'exactly'],
]
const count: Slot = (words, at, to) => {
  if (at < to && words[at].lower in times) return { next: at + 1, value: { comparison: 'exactly', count: times[words[at].lower] } satisfies Quantity }
  if (at + 2 < to && ['fewer', 'less'].includes(words[at].lower) && words[at + 1].lower === 'than') {
    const limit = numberOf(words[at + 2].lower)
    return limit === undefined || limit === 0 ? undefined : { next: at + 3, value: { comparison: 'at most', count: limit - 1 } satisfies Quantity }
  }
  if (at + 3 < to && words[at].lower === 'between' && words[at + 2].lower === 'and') {
    const least = numberOf(words[at + 1].lower), most = numberOf(words[at + 3].lower)
    if (least === undefined || most === undefined || least > most) return undefined
    return { next: at + 4, value: { comparison: 'between', count: least, most } satisfies Quantity }
  }
  for (const [lead, comparison] of comparisons) {
    const end = at + lead.length
    if (end >= to || !lead.every((word, i) => words[at + i].lower === word)) continue
    const found = numberOf(words[end].lower) ?? times[words[end].lower]
    if (found !== undefined) return { next: end + 1, value: { comparison, count: found } satisfies Quantity }
  }
  return undefined
}

/** `at least 80 %`, `80%`, `more than half` */
const share: Slot = (words, at, to) => {
  const fewer = at + 2 < to && ['fewer', 'less'].includes(words[at].lower) && words[at + 1].lower === 'than'
  const [lead, comparison]: readonly [readonly string[], Comparison] = fewer
    ? [['fewer', 'than'], 'at most']
    : comparisons.find(([l]) => at + l.length < to && l.every((word, i) => words[at + i].lower === word)) ?? [[], 'exactly']
  const from = at + lead.length, strict = fewer ? { strict: true as const } : {}
  if (from >= to) return undefined
  const value = (count: number): SetQuantity => ({ comparison, count, percent: true, ...strict })
  if (words[from].lower === 'half') return lead.length > 0 ? { next: from + 1, value: value(50) } : undefined
  const [, digits, sign] = /^(\d+)(%?)$/.exec(words[from].text) ?? []
  if (digits === undefined) return undefined
  const unit = sign ? 0 : ['%', 'percent'].includes(words[from + 1]?.lower) ? 1 : words[from + 1]?.lower === 'per' && words[from + 2]?.lower === 'cent' ? 2 : undefined
  return unit === undefined || from + unit >= to ? undefined : { next: from + 1 + unit, value: value(Number(digits)) }
}

const duration: Slot = (words, at, to) => {
  if (at >= to || !/^(?:\d|(?:an?|half|one|two|three|four|five|six|seven|eight|nine|ten)$)/i.test(words[at].text)) return undefined
  for (let end = Math.min(to, at + 8); end > at; end--) {
    const ms = parseDuration(
      words
        .slice(at, end)
        .map(w => w.text)
        .join(' '),
    )
    if (ms !== undefined) return { next: end, value: ms }
  }
  return undefined
}

/** A template in braces may hold blanks; it ends where its braces are closed. The dot in front may be left out, as `kubectl get -o custom-columns` has it. */
const jsonpath: Slot = (words, at, to) => {
  if (at >= to) return undefined
  const quoted = unquote(words[at].text)
  const dotless = /^(?:metadata|spec|status|data)[.[]/.test(quoted ?? words[at].text) ? '.' : ''
  if (!dotless && !/^[.{[$@]/.test(quoted ?? words[at].text)) return undefined
  if (quoted !== undefined) return { next: at + 1, value: dotless + quoted }
  if (binding.test(words[at].text)) return undefined
  let text = dotless + words[at].text
  let next = at + 1
  while (next < to && depthOf(text) > 0) text += ` ${words[next++].text}`
  return depthOf(text) === 0 ? { next, value: text } : undefined
}
const depthOf = (text: string): number =>
  [...text.replace(/"[^"]*"|'[^']*'/g, '')].reduce((depth, c) => depth + ('{[('.includes(c) ? 1 : '}])'.includes(c) ? -1 : 0), 0)

/** `node of pod db-0`, where `node` may belong to the phrase. */
const nodeOf: Slot = (words, at, to, context) => {
  const of = words[at].lower === 'node' ? at + 1 : words[at - 1]?.lower === 'node' ? at : to
  const found = of + 1 < to && words[of].lower === 'of' ? ofGrammar('ObjectSlot')(words, of + 1, to, context) : undefined
  return Array.isArray(found) && found.length > 0 ? found.map(({ next, value }) => ({ next, value: { nodeOf: value } })) : undefined
}
const node: Slot = (words, from, to, context) => {
  const at = words[from]?.lower === 'the' && words[from + 1]?.lower === 'node' ? from + 1 : from
  if (at >= to) return undefined
  const ofPod = nodeOf(words, at, to, context)
  if (ofPod) return ofPod
  const name = words[at].lower === 'node' ? at + 1 : at, [, bound] = /^\$\{([A-Za-z0-9_-]+)\.spec\.nodeName\}$/.exec(words[name]?.text ?? '') ?? []
  if (bound !== undefined && name < to) return { next: name + 1, value: { binding: bound } }
  if (words[at].lower === 'node' && at + 1 < to) {
    const after = named(plainName)(words[at + 1].text)
    if (after !== undefined) return { next: at + 2, value: after }
  }
  // `stays on its node` names none
  const value = /^nodes?$/.test(words[at].lower) ? undefined : named(plainName)(words[at].text)
  return value === undefined ? undefined : { next: at + 1, value }
}

const wordsAsWritten = (words: readonly TextWord[]): string =>
  words.reduce((text, w) => (text && w.text !== ',' ? `${text} ${w.text}` : text + w.text), '')

export const slots: Readonly<Record<ParameterType, Slot>> = {
  name: oneWord(named(name)),
  word: oneWord(word => (word.startsWith('"') ? undefined : word)),
  text: oneWord(unquote),
  count,
  int: oneWord(numberOf),
  duration,
  selector: oneWord(word => unquote(word) ?? (selector.test(word) ? word : undefined)),
  kind: oneWord((word, context) => (context.kind(word) ? word : undefined)),
  subject: ofGrammar('ObjectSlot'),
  'any-subject': ofGrammar('Subject'),
  node,
  component: ofGrammar('Component'),
  jsonpath,
  value: oneWord(word => unquote(word) ?? (word.includes('"') ? undefined : word)),
  share,
  quantity: oneWord(word => (quantity.test(word) ? word : undefined)),
  status: oneWord(statusOf),
  namespace: oneWord(named(plainName)),
  rest: (words, at, to) => (at >= to ? undefined : { next: to, value: wordsAsWritten(words.slice(at, to)) }),
}

/** How a slot is called when it is what was expected. */
export const slotNames: Readonly<Record<ParameterType, string>> = {
  name: 'a name',
  word: 'a word',
  text: 'a text in "quotes"',
  count: 'a number',
  int: 'a number',
  duration: 'a duration such as 5m',
  selector: 'a label selector such as app=web',
  kind: 'a kind such as pod',
  subject: 'an object such as pod catalog',
  'any-subject': 'a subject',
  node: 'a node name',
  component: 'a component such as kube-scheduler',
  jsonpath: 'a JSONPath such as .spec.nodeName',
  value: 'a value',
  share: 'a share such as at least 80 %',
  quantity: 'a quantity such as 4Gi',
  status: 'a status word such as Running',
  namespace: 'a name such as bookstore',
  rest: 'more words',
}
