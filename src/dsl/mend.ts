import { suggest } from '../base/suggest.ts'
import { tableOf } from '../base/table.ts'
import type { Language, Miss } from './language.ts'
import { lemma, wordsOf, type TextWord } from './text-words.ts'
import { farthestOf, vocabularyAt } from './vocabulary.ts'

/** How the search asks for the meaning of a sentence. */
export interface Understanding {
  /** is this a sentence? */
  readonly understood: (text: string) => boolean
  /** what could have stood where nothing fitted */
  readonly misses: (text: string) => readonly Miss[]
}
interface Attempt {
  readonly text: string
  readonly cost: number
}

/** so many sentences are looked at, each a few tenths of a millisecond */
const patience = 24
const mostMended = 3
/** in words; what is longer takes too long to read again and again */
const longest = 40
/** words that people put in, and that say nothing here */
const fillers = new Set(
  'in state status phase the a an to be that of it its is are and fully still now currently successfully there then also will must'.split(' ')
)

/** what is said elsewhere, and what it is called here */
const synonyms = tableOf<readonly string[]>({
  offline: ['down'], dead: ['down'], stopped: ['down'], unavailable: ['down'], online: ['up'], alive: ['up'], started: ['Running'], ok: ['Ready'],
  working: ['Ready'],
  created: ['present'], exist: ['present'], removed: ['gone'], killed: ['gone'], forever: ['always'], soon: ['eventually'], finally: ['eventually'],
  during: ['while'], when: ['while'], once: ['after'],
})
/** words that lead from a kind on to what is said of it */
const joints = ['of', 'on', 'in', 'labelled', 'with', 'is', 'are', 'has']
const units = ['seconds', 'second', 'minutes', 'minute', 'hours', 'hour', 'days', 'day', 'milliseconds']

/**
 * The sentences nearest to a text that are understood: words that fit nowhere are replaced by the nearest that do, one after the
 * other, fillers are left out, a number without unit gets one. Best first; at most two, of equal cost.
 */
export function mend(text: string, first: readonly Miss[], language: Language, { understood, misses }: Understanding): string[] {
  if (wordsOf(text).length > longest) return []
  const queue: (Attempt & { readonly misses?: readonly Miss[] })[] = [{ text, cost: 0, misses: first }]
  const seen = new Set([text]), found: Attempt[] = []
  for (let looked = 0; looked < patience && queue.length > 0; looked++) {
    queue.sort((a, b) => a.cost - b.cost)
    const attempt = queue.shift()!
    if (found.length > 0 && attempt.cost >= found[0].cost) break
    for (const next of changes(attempt, attempt.misses ?? misses(attempt.text), language)) {
      if (next.cost > mostMended || seen.has(next.text)) continue
      seen.add(next.text)
      if (understood(next.text)) found.push(next)
      else queue.push(next)
    }
    found.sort((a, b) => a.cost - b.cost)
  }
  return found.filter(f => f.cost <= found[0].cost + 0.05).slice(0, 2).map(f => f.text)
}

function changes({ text, cost }: Attempt, misses: readonly Miss[], language: Language): Attempt[] {
  const far = farthestOf(misses)
  const words = wordsOf(text.replace(/:$/, ' '))
  const word = words.find(w => w.start >= far.at)
  // where only a word or two could stand, it is that word which is missing or wrong
  const only = far.parts.length === 0 && far.words.length <= 3 ? far.words : []
  const added = only.map(w => ({ text: `${text.slice(0, far.at).trimEnd()} ${w} ${text.slice(far.at).trimStart()}`.trim(), cost: cost + 1.2 }))
  if (!word || word.text.length > 40) return added
  const put = (instead: string): string => text.slice(0, word.start) + instead + text.slice(word.end)
  const known = suggest(word.text, vocabularyAt(far, language), 5)
  const near = [
    ...distinct(ofFittingNumber(known.filter(k => !opposite(k.toLowerCase(), word.lower)), words[words.indexOf(word) + 1]?.text)),
    ...(synonyms[word.lower] ?? []), ...only,
  ]
  const lower = word.lower !== word.text && far.parts.some(p => p.includes('name')) ? [word.lower] : []
  // `pods off deployment web`: the word before it is a refinement, nearly
  const previous = words[words.indexOf(word) - 1], joined = previous ? suggest(previous.text, joints, 1) : []
  const joining = joined.map(j => ({ text: text.slice(0, previous.start) + j + text.slice(previous.end), cost: cost + 1.2 }))
  const replaced = [...lower, ...near].map((n, rank) => ({ text: put(n), cost: cost + 1 + rank / 50 }))
  const timed = far.parts.some(p => p.startsWith('a duration')) ? timedWith(text, word, words[words.indexOf(word) + 1]) : []
  return [...replaced, ...joining, ...added, ...timed.map(text => ({ text, cost: cost + 1 })), ...without(text, word, words, cost)]
}

/** A number that has no unit of time behind it, or a misspelt one. */
function timedWith(text: string, word: TextWord, next: TextWord | undefined): string[] {
  if (!/^\d+$/.test(word.text)) return []
  const near = next ? suggest(next.text, units) : []
  const unit = near.find(u => u.endsWith('s') !== (word.text === '1')) ?? near[0]
  return next && unit ? [text.slice(0, next.start) + unit + text.slice(next.end)] : [`${text.slice(0, word.end)}s${text.slice(word.end)}`]
}

/** what may follow a plural: a refinement, a modality or a verb; behind a singular stands a name */
const behindPlurals = /^(?:of|on|in|at|with|labell?ed|matching|is|are|have|has|do|does|eventually|always|never|should|stay|stays|remain|running)$/i
/** Of `pod` and `pods`, where both are near, the one that fits what follows. */
function ofFittingNumber(near: readonly string[], next: string | undefined): string[] {
  const plural = next === undefined || behindPlurals.test(next)
  return near.map(word =>
    near.find(other => other !== word && lemma(other.toLowerCase()) === lemma(word.toLowerCase()) && other.endsWith('s') === plural) ?? word)
}
/** `not affected` is not mended to `not unaffected`, nor `unavailable` to `Available`. */
const opposite = (a: string, b: string): boolean => (a === 'never' && b === 'ever') || [a, b].some((one, i) => ['un', 'in', 'not-', 'not'].some(no => one === `${no}${i === 0 ? b : a}`))
/** `deployment` and `deployments` are one suggestion, the nearer. */
const distinct = (near: readonly string[]): string[] =>
  near.filter((n, i) => near.findIndex(other => lemma(other.toLowerCase()) === lemma(n.toLowerCase())) === i)

/** The word, or the one before it, left out if it says nothing. */
function without(text: string, word: TextWord, words: readonly TextWord[], cost: number): Attempt[] {
  const at = words.indexOf(word)
  const left = [word, words[at - 1]].filter(w => w && fillers.has(w.lower))
  return left.map(w => ({ text: `${text.slice(0, w.start).trimEnd()} ${text.slice(w.end).trimStart()}`.trim(), cost: cost + 0.8 }))
}
