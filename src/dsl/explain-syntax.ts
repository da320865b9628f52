import { suggest } from '../base/suggest.ts'
import { foreignKeyword, keywordFor, keywordsIn, languageName } from './foreign-keyword.ts'
import type { GherkinError } from './gherkin-errors.ts'
import languages from './languages.json' with { type: 'json' }

export interface Explained {
  readonly message: string
  readonly help?: string
  readonly suggestions?: readonly string[]
}

/** What is wrong with a line, and what to do, in an author's words; the official wording only lists what the parser hoped for. */
export function explainSyntax(error: GherkinError, line: string): Explained {
  const language = /Language not supported: (.*)/.exec(error.message)?.[1]
  if (language !== undefined)
    return {
      message: `Gherkin has no language \`${language}\``, suggestions: suggest(language, Object.keys(languages)),
      help: 'English is `en`, Spanish `es`; a file without a `# language:` line is English',
    }
  if (error.message.includes('A tag may not contain whitespace'))
    return { message: 'a tag is one word', help: 'write `@one-tag @another`: every tag begins with `@`, and a comment behind tags with ` #`' }
  if (error.message.includes('unexpected end of file')) return endOfFile(error.expected ?? [], error.detail)
  if (error.detail) {
    return {
      message: `the rows of a table have the same number of cells; this one has ${error.detail}`,
      help: 'every cell ends in `|`; a `|` inside a cell is written `\\|`',
    }
  }
  return unexpectedLine(line, error.expected ?? [], error.language)
}

function endOfFile(expected: readonly string[], opened: string | undefined): Explained {
  if (expected.includes('#Other')) {
    return {
      message: 'the file ends inside of a doc string',
      help: `close the one that begins ${opened ?? 'above'} with the same three characters, on a line of their own`,
    }
  }
  return { message: 'the file ends behind tags', help: 'tags stand above the Feature, Rule, Scenario or Examples that they are for' }
}

function unexpectedLine(line: string, expected: readonly string[], language: string): Explained {
  const { steps, titles } = keywordsIn(language)
  const title = titles.find(t => line.startsWith(`${t}:`))
  if (title !== undefined) return { message: `\`${title}:\` cannot stand here`, help: placeOfTitle(title, language, expected) }
  const misspelt = mistyped(line, steps, titles)
  if (misspelt) return { message: `\`${clip(line)}\` begins with no keyword of Gherkin`, help: misspelt }
  const foreign = foreignKeyword(line, language)
  if (foreign) return otherLanguage(foreign, language)
  if (line.startsWith('|')) return { message: 'this row belongs to no table', help: 'a table stands directly below its step, or below `Examples:`' }
  if (line.startsWith('"""') || line.startsWith('```')) {
    return { message: 'a doc string cannot stand here', help: 'it stands directly below its step, one for a step' }
  }
  if (steps.includes(line) || line === '*') {
    return { message: `\`${line}\` has no sentence behind it`, help: `a step is a keyword and a sentence, as in \`${keywordFor(language, 'then')} pod catalog is Ready\`` }
  }
  const tabbed = steps.find(s => line.startsWith(`${s}\t`))
  if (tabbed) return { message: `a tab stands behind \`${tabbed}\``, help: `between \`${tabbed}\` and its sentence stands a blank` }
  if (steps.some(s => line.startsWith(`${s} `)) || line.startsWith('* ')) {
    return {
      message: 'a step cannot stand here',
      help: expected.includes('#ExamplesLine') ? 'steps stand above the Examples of their scenario' : 'steps stand under a Scenario or a Background',
    }
  }
  if (!expected.includes('#StepLine')) return { message: `\`${clip(line)}\` cannot stand here`, help: nothingYet(expected) }
  const words = steps.slice(0, 8).map(s => `\`${s}\``).join(', ')
  return {
    message: `\`${clip(line)}\` begins with no keyword of Gherkin`,
    help: `a step begins with ${words} or \`*\`; free text stands directly below a title, and a comment begins with \`#\``,
  }
}
const clip = (line: string): string => ([...line].length > 60 ? `${[...line].slice(0, 60).join('')}…` : line)
const nothingYet = (expected: readonly string[]): string =>
  expected.includes('#FeatureLine') ? 'a file begins with `Feature:`, perhaps with `# language:` and tags above it'
  : expected.includes('#RuleLine') && expected.length <= 4 ? 'tags stand above a Feature, Rule, Scenario or Examples, and above nothing else'
  : 'only rows of the table, Examples, a Scenario or a Rule may follow'

function placeOfTitle(title: string, language: string, expected: readonly string[]): string {
  const is = (role: 'feature' | 'background' | 'rule' | 'examples'): boolean => keywordsIn(language, [role]).titles.includes(title)
  if (is('feature')) return 'a file holds one feature; a second one goes to a file of its own, or becomes a `Rule:`'
  if (expected.length <= 4 && expected.includes('#RuleLine')) return 'the tags above it have nothing that they could be for: a Background takes no tags'
  if (is('background')) return 'a Background stands once, before the first scenario of its Feature or Rule'
  if (is('examples')) return 'Examples stand below the steps of a Scenario Outline; a Background has none'
  if (expected.includes('#FeatureLine')) return 'a file begins with `Feature:`'
  return 'a Rule is followed by its Background and its scenarios'
}

function otherLanguage({ keyword, languages: codes, role }: NonNullable<ReturnType<typeof foreignKeyword>>, language: string): Explained {
  const names = codes.slice(0, 3).map(code => `${languageName(code)} (${code})`).join(', ')
  const here = `${languageName(language)} (${language})`
  return {
    message: `\`${keyword}\` is a keyword of ${names}, but this file is in ${here}`,
    help: `write \`${keywordFor(language, role)}\`, or put \`# language: ${codes[0]}\` on the first line and all keywords in that language`,
  }
}

/** A keyword with a letter wrong, in the wrong case, or without its colon or blank. */
function mistyped(line: string, steps: readonly string[], titles: readonly string[]): string | undefined {
  const colon = line.indexOf(':')
  const before = (colon >= 0 ? line.slice(0, colon) : line).trimEnd()
  if (colon >= 0 && before.length < 30) {
    const near = nearest(before, titles)
    if (near) return `write \`${near}:\` (keywords are case-sensitive, the colon follows directly)`
  }
  const bare = titles.find(t => line.toLowerCase() === t.toLowerCase() || line.toLowerCase().startsWith(`${t.toLowerCase()} `))
  if (bare && colon < 0) return `write \`${bare}:\`, with the colon`
  const first = /^\p{L}{2,20}/u.exec(line)?.[0]
  if (!first || steps.includes(first)) return undefined
  const near = nearest(first, steps)
  return near && `write \`${near}\``
}
const nearest = (word: string, known: readonly string[]): string | undefined =>
  known.find(k => k.toLowerCase() === word.toLowerCase()) ?? suggest(word, known, 1)[0]
