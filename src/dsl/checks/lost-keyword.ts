import { diagnostic, type Diagnostic } from '../../base/diagnostic.ts'
import type { FeatureChild } from '../gherkin-document.ts'
import type { Check } from './index.ts'

const nearTitle = /^\s*(feature|rule|background|scenario outline|scenario template|scenario|examples?|scenarios)\s*:/i
const nearStep = /^\s*(given|when|then|and|but)(?=\s|$)/i

/**
 * Gherkin takes any line for description where one may stand, so that a mistyped keyword vanishes without an error and its
 * scenario passes with nothing run.
 */
export const lostKeyword: Check = {
  id: 'lost-keyword',
  doc: 'A line of a description that looks like a keyword is probably one, mistyped.',
  file(document, file, text) {
    const feature = document.feature
    if (!feature || !feature.language.startsWith('en')) return []
    const source = text.split(/\r?\n/)
    const places: Described[] = [feature]
    for (const child of feature.children.flatMap(c => (c.rule ? [c, ...c.rule.children] : [c])) as FeatureChild[]) {
      for (const node of [child.rule, child.background, child.scenario]) if (node) places.push(node)
      places.push(...(child.scenario?.examples ?? []))
    }
    return places.flatMap(({ description, location }) =>
      description.split('\n').flatMap(line => warn(line, source.indexOf(line, location.line) + 1, file)),
    )
  },
}
interface Described {
  readonly description: string
  readonly location: { readonly line: number }
}

function warn(line: string, at: number, file: string): Diagnostic[] {
  const keyword = nearTitle.exec(line)?.[1] ?? nearStep.exec(line)?.[1]
  if (keyword === undefined) return []
  return [
    diagnostic({
      code: 'lost-keyword',
      severity: 'warning',
      file,
      span: { line: at, column: line.search(/\S/) + 1, endColumn: line.trimEnd().length + 1 },
      message: `\`${line.trim()}\` is read as description, so it does nothing`,
      help: 'keywords are case-sensitive, a colon follows directly, and steps stand under a Scenario',
    }),
  ]
}
