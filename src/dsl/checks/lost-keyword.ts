import { diagnostic, type Diagnostic } from '../../base/diagnostic.ts'
import { foreignKeyword, keywordsIn, languageName, type ForeignKeyword } from '../foreign-keyword.ts'
import type { FeatureChild } from '../gherkin-document.ts'
import type { Check } from './index.ts'

const nearTitle = /^(feature|rule|background|scenario outline|scenario template|scenario|examples?|scenarios)\s*:/i
const nearStep = /^(given|when|then|and|but)(?=\s|$)/i

/**
 * Gherkin takes any line for description where one may stand, so that a mistyped keyword vanishes without an error and its
 * scenario passes with nothing run.
 */
export const lostKeyword: Check = {
  code: 'lost-keyword',
  file(document, file, text) {
    const feature = document.feature
    if (!feature) return []
    const source = text.split(/\r?\n/)
    const places: Described[] = [feature]
    for (const child of feature.children.flatMap(c => (c.rule ? [c, ...c.rule.children] : [c])) as FeatureChild[]) {
      for (const node of [child.rule, child.background, child.scenario]) if (node) places.push(node)
      for (const examples of child.scenario?.examples ?? []) places.push(examples)
    }
    return places.flatMap(place => ofDescription(place, source, feature.language, file))
  },
}
interface Line {
  readonly line: string
  /** 1-based */
  readonly at: number
}
interface Described {
  readonly description: string
  readonly location: { readonly line: number }
  readonly steps?: readonly unknown[]
}

function ofDescription({ description, location, steps }: Described, source: readonly string[], language: string, file: string): Diagnostic[] {
  if (description === '') return []
  let at = location.line // behind the title, 0-based
  const lines = description.split('\n').map(line => {
    at = source.indexOf(line, at) + 1
    return { line, at }
  })
  const english = language.startsWith('en')
  const said = lines.filter(({ line }) => line.trim() !== '')
  // prose may begin with a word that is a keyword somewhere; a scenario without a step, all of whose lines do, is no prose
  const others = steps?.length === 0 ? said.map(({ line }) => foreignKeyword(line.trim(), language)) : []
  if (others.length > 0 && others.every(other => other !== undefined)) return [foreign(said, others as ForeignKeyword[], language, file)]
  return english ? lines.flatMap(({ line, at }) => warn(line, at, file)) : []
}

function warn(line: string, at: number, file: string): Diagnostic[] {
  const keyword = nearTitle.exec(line.trimStart())?.[1] ?? nearStep.exec(line.trimStart())?.[1]
  return keyword === undefined ? [] : [lost(line, at, file, 'keywords are case-sensitive, a colon follows directly, and steps stand under a Scenario')]
}

function foreign(said: readonly Line[], keywords: readonly ForeignKeyword[], language: string, file: string): Diagnostic {
  const common = keywords[0].languages.filter(l => keywords.every(k => k.languages.includes(l)))
  const [code = keywords[0].languages[0]] = common
  const [own] = keywordsIn(language, [keywords[0].role]).steps
  const help =
    `put \`# language: ${code}\` on the first line and all keywords in that language, or write \`${own ?? keywordsIn(language, ['given']).steps[0]}\``
  const found = lost(said[0].line, said[0].at, file, help)
  const also = said.length > 1 ? ` and the ${said.length === 2 ? 'line' : `${said.length - 1} lines`} below it are` : ' is'
  return {
    ...found,
    message:
      `\`${said[0].line.trim()}\`${also} read as description, so the scenario does nothing: \`${keywords[0].keyword}\` is a keyword of ${languageName(code)} (${code}), and this file is in ${languageName(language)} (${language})`,
  }
}

const lost = (line: string, at: number, file: string, help: string): Diagnostic =>
  diagnostic({
    code: 'lost-keyword',
    severity: 'warning',
    file,
    span: { line: at, column: line.length - line.trimStart().length + 1, endColumn: line.trimEnd().length + 1 },
    message: `\`${line.trim()}\` is read as description, so it does nothing`,
    help,
  })
