import { diagnostic, type Diagnostic } from '../../base/diagnostic.ts'
import { distance, suggest } from '../../base/suggest.ts'
import type { GherkinDocument, Tag } from '../gherkin-document.ts'
import type { Check } from './index.ts'

/** tags that the runner reads (language.md §10) and that are long enough for a near miss to be one */
const withValue = ['checklist', 'explore', 'expect-failure']
const alone = ['model-only', 'real-only', 'expect-failure']
/** short ones have many neighbours: a letter too few or too many, two that changed places, or capitals are a slip; another letter is another word */
const short = ['skip', 'only', 'seed']
const slipOf = (word: string): string | undefined => short.find(known => {
  const lower = word.toLowerCase()
  return word !== known
    && (lower === known || (distance(lower, known) === 1 && (lower.length !== known.length || [...lower].sort().join() === [...known].sort().join())))
})

/** Tags are free, so that a misspelt `@checklist:…` selects nothing and says nothing. */
export const misspeltTag: Check = {
  code: 'tag-misspelt',
  file: (document, file) => allTags(document).flatMap(tag => problemOf(tag, file)),
}

function problemOf({ name, location }: Tag, file: string): Diagnostic[] {
  const [word, value] = split(name.slice(1))
  const slip = slipOf(word), fits = slip !== undefined && (slip === 'seed') === (value !== undefined && /^\d+$/.test(value))
  const [near] = fits ? [slip] : value === undefined ? suggest(word, alone, 1) : suggest(word, withValue, 1)
  const seed = ['seed', 'explore'].includes(word) && value !== undefined && !(word === 'seed' ? /^\d+$/ : /^0*[1-9]\d*$/).test(value)
  if (!seed && (!near || near === word)) return []
  return [
    diagnostic({
      code: 'tag-misspelt',
      severity: 'warning',
      message: seed ? `\`${name}\` says no number: it is a whole one, as in \`@${word}:7\`` : `\`${name}\` is a tag like any other, and means nothing to a run`,
      file,
      span: { line: location.line, column: location.column ?? 1, endColumn: (location.column ?? 1) + name.length },
      ...(near ? { suggestions: [`@${near}${value === undefined ? '' : `:${value}`}`] } : {}),
    }),
  ]
}
const split = (tag: string): [string, string | undefined] => {
  const colon = tag.indexOf(':')
  return colon < 0 ? [tag, undefined] : [tag.slice(0, colon), tag.slice(colon + 1)]
}

export function allTags({ feature }: GherkinDocument): readonly Tag[] {
  if (!feature) return []
  const tagged = feature.children.flatMap(c => (c.rule ? [c.rule, ...c.rule.children.flatMap(r => r.scenario ?? [])] : (c.scenario ?? [])))
  return [feature, ...tagged].flatMap(node => [...node.tags, ...('examples' in node ? node.examples.flatMap(e => e.tags) : [])])
}
