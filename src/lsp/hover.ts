import type { Hover } from 'vscode-languageserver'
import type { Entry } from '../cli/catalogue.ts'
import { codes } from '../base/codes.ts'
import type { AssertionAst, StepAst } from '../dsl/step-ast.ts'
import { argumentBelow, lineAt } from './lines.ts'
import type { Services } from './services.ts'

/** The step's documentation: what it means, its forms, an example, where its rule comes from. */
export function hover(text: string, line: number, services: Services): Hover | undefined {
  const found = lineAt(text, line)
  if (found.is !== 'step') return undefined
  const { value } = services.parser.parse(found.text, argumentBelow(text, line))
  const entry = value && services.entries.get(definitionOf(value))
  if (!value || !entry) return undefined
  const claims = value.type === 'assertion' ? [...joined(value)] : [], others = claims.slice(1).flatMap(c => services.entries.get(definitionOf(c)) ?? [])
  const told = [entry, ...others].map(entryText).concat(value.type === 'assertion' ? [modality(value)] : []).join('\n\n---\n\n')
  return {
    contents: { kind: 'markdown', value: told }, range: { start: { line, character: found.start }, end: { line, character: found.start + found.text.length } },
  }
}
/** `is Running and has not restarted`: each of the claims that share the step. */
function * joined(ast: AssertionAst): IterableIterator<AssertionAst> { for (let at: AssertionAst | undefined = ast; at; at = at.and) yield at }
export const definitionOf = (ast: StepAst): string => ast.type === 'assertion' ? ast.predicate.definition : ast.phrase.definition

const entryText = ({ phrases, doc, examples, takes, source }: Entry): string =>
  [
    `**${phrases[0]}**`, doc + (takes ? ` Takes ${takes}.` : ''), ...(phrases.length > 1 ? [`Also: ${phrases.slice(1).map(p => `\`${p}\``).join(', ')}`] : []),
    ...(examples[0] ? [`\`\`\`gherkin\n${examples[0]}\n\`\`\``] : []), ...(source ? [`Source: ${source}`] : []),
  ].join('\n\n')

const MODALITIES: Readonly<Record<string, string>> = {
  now: 'It holds now, without any time passing; under `Given` it is waited for.',
  eventually: 'It comes to hold before the deadline, looked at on every change of the cluster.',
  always: 'It holds now and at every moment of the window.', never: 'It holds at no moment of the window.',
}
const modality = (ast: Extract<StepAst, { type: 'assertion' }>): string =>
  [
    MODALITIES[ast.modality.type],
    ...ast.windows.map(w =>
      `\`${w.type}\`: ${({ while: 'as long as the condition holds', until: 'up to the condition, which must come', after: 'once the condition has come', before: 'before the condition comes' })[w.type]}; a window that never opens is a failure.`),
  ].join('\n\n')

/** What `kscenario lint --explain CODE` says of a diagnostic. */
export const explained = (code: string): string | undefined => (codes as Readonly<Record<string, { readonly explanation: string }>>)[code]?.explanation
