import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { distance, suggest } from '../base/suggest.ts'
import type { Language, Miss } from './language.ts'
import { statusWords } from './slots.ts'
import type { StepArgument } from './step-ast.ts'
import { wordsOf } from './text-words.ts'

const modalities = ['is', 'has', 'should be', 'eventually', 'always', 'never', 'stays', 'not']
const windows = ['while', 'until', 'after', 'before', 'within', 'for']
const components = [
  'control plane',
  'kube-apiserver',
  'etcd',
  'kube-scheduler',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kubelet',
  'kube-proxy',
  'coredns',
]
const subjects = [...components, 'control', 'the', 'running', 'all', 'container', 'requests', 'traffic']

/** Nothing reads like this: a caret under the first word that does not fit, what could stand there, and the nearest known forms. */
export function undefinedStep(text: string, misses: readonly Miss[], language: Language, argument: StepArgument): Diagnostic {
  const farthest = misses.reduce((at, miss) => Math.max(at, miss.at), 0)
  const there = misses.filter(m => m.at === farthest)
  const word = wordsOf(text.replace(/:$/, ' ')).find(w => w.start >= farthest) ?? { text: '', start: text.length, end: text.length }
  const literals = vocabularyAt(there, language)
  const near = word.text ? suggest(word.text, literals) : []
  const replaced = near.slice(0, 2).map(n => text.slice(0, word.start) + n + text.slice(word.end))
  const forms = nearestForms(text, language)
  const suggestions = [...new Set([...replaced, ...(replaced.length > 0 ? [] : forms)])].slice(0, 3)
  return diagnostic({
    code: 'step-undefined',
    message: word.text ? `\`${word.text}\` does not fit here: no step or assertion reads like this` : 'the sentence is not complete',
    span: { line: 1, column: word.start + 1, endColumn: Math.max(word.end, word.start + 1) + 1 },
    expected: expectedWords(there, word.text),
    ...(suggestions.length > 0 ? { suggestions } : {}),
    help: missingColon(text, argument, misses) ?? '`kscenario steps` lists everything that can be said',
  })
}

/** The same sentence with a colon would have been one. */
function missingColon(text: string, argument: StepArgument, misses: readonly Miss[]): string | undefined {
  const complete = misses.some(m => m.at >= text.length) || misses.length === 0
  return (argument.table || argument.docString) && !text.endsWith(':') && complete
    ? 'a sentence with a table or a doc string below it ends in a colon'
    : undefined
}

const partsOf = (there: readonly Miss[]): string[] => [...new Set(there.flatMap(m => (typeof m.what === 'string' ? [m.what] : [])))]
const wordsAt = (there: readonly Miss[]): string[] => [...new Set(there.flatMap(m => (typeof m.what === 'string' ? [] : m.what)))]

/** Every word that may stand there, for the search of the nearest. */
function vocabularyAt(there: readonly Miss[], language: Language): Set<string> {
  const words = new Set(wordsAt(there))
  const add = (more: readonly string[]): void => more.forEach(w => words.add(w))
  const parts = partsOf(there)
  if (parts.includes('a subject')) add([...language.kindWords, ...subjects])
  if (parts.includes('the end of the sentence')) add(windows)
  if (parts.some(p => p.startsWith('a kind'))) add(language.kindWords)
  if (parts.some(p => p.startsWith('a component'))) add(components)
  if (parts.some(p => p.startsWith('a status'))) add(statusWords)
  // where a predicate may begin, a modality may stand too
  if (parts.some(p => p.startsWith('a status')) || words.size > 20) add(modalities)
  return words
}

const shownWords = 8
function expectedWords(there: readonly Miss[], word: string): string[] {
  const far = (known: string): number => distance(known, word.toLowerCase()) / Math.max(known.length, word.length, 1)
  const nearest = wordsAt(there)
    .map(known => ({ known, far: far(known) }))
    .sort((a, b) => a.far - b.far || (a.known < b.known ? -1 : 1))
    .map(x => `\`${x.known}\``)
  const shown = [...partsOf(there).slice(0, shownWords / 2), ...nearest]
  return shown.length > shownWords ? [...shown.slice(0, shownWords), '…'] : shown
}

/** Registered forms that differ from the text in few words; a predicate is looked for in any tail of it. A slot takes any word. */
function nearestForms(text: string, language: Language): string[] {
  const words = text.toLowerCase().split(/\s+/)
  const formWords = (form: string): string[] => form.toLowerCase().split(/\s+/)
  const sentences = [...language.sentences.values()]
    .flatMap(index => index.all)
    .map(phrase => ({ form: phrase.form, cost: formDistance(words, formWords(phrase.form)) }))
  const tails = words.map((_, from) => words.slice(from)).slice(1)
  const predicates = language.predicates.all
    .filter(phrase => phrase.elements.length > 1)
    .map(phrase => ({ form: `… ${phrase.form}`, cost: Math.min(1, ...tails.map(tail => formDistance(tail, formWords(phrase.form)))) }))
  const near = [...sentences, ...predicates].filter(s => s.cost < 0.4)
  return near
    .sort((a, b) => a.cost - b.cost || (a.form < b.form ? -1 : 1))
    .slice(0, 2)
    .map(s => s.form)
}

/** Edit distance over words, 0 (same) … 1 (nothing in common). */
function formDistance(words: readonly string[], form: readonly string[]): number {
  let previous = form.map((_, j) => j)
  previous.push(form.length)
  for (let i = 1; i <= words.length; i++) {
    const current = [i]
    for (let j = 1; j <= form.length; j++) {
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + wordDistance(words[i - 1], form[j - 1])))
    }
    previous = current
  }
  return previous[form.length] / Math.max(words.length, form.length)
}
const wordDistance = (word: string, form: string): number => {
  if (form.includes('{')) return /^["$\d]/.test(word) || /[-./=]/.test(word) ? 0.1 : 0.4
  const plain = form.replace(/\(.*?\)/g, '')
  return word === plain ? 0 : Math.min(1, (1.5 * distance(word, plain)) / Math.max(word.length, plain.length))
}
