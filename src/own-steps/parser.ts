import { ExpressionFactory, ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions'
import { diagnostic } from '../base/diagnostic.ts'
import { Recent } from '../base/recent.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { ParsedStep, StepParser } from '../dsl/parse-step.ts'
import type { SentenceAst } from '../dsl/step-ast.ts'
import { matcherOf } from './matcher.ts'
import type { Matched, Matcher } from './matcher.ts'
import type { OwnParameterType, OwnStep } from './own-step.ts'
import { builtinTypes } from './parameter-types.ts'

/** An own step as the language knows it: its expression compiled, and the id under which it is found. */
export interface CompiledStep {
  readonly id: string
  readonly step: OwnStep
  readonly source: string
  readonly match: Matcher
}

/** Compiles all expressions; `problems` are those that cannot be: no such parameter type, a brace that is not closed, two of one text. */
export function compile(
  steps: readonly OwnStep[], types: readonly OwnParameterType[]
): { readonly steps: readonly CompiledStep[]; readonly problems: readonly string[] } {
  const problems: string[] = [], registry = new ParameterTypeRegistry()
  const used = new Set(steps.flatMap(s => [...String(s.expression).matchAll(/\{([^{}()\\/]+)\}/g)].map(m => m[1])))
  for (const type of builtinTypes(used)) registry.defineParameterType(type)
  for (const { name, regexp, transform } of types) {
    try {
      registry.defineParameterType(new ParameterType(name, regexp as RegExp, null, transform as never, false, false))
    } catch (error) { problems.push(firstLine(error)) }
  }
  const factory = new ExpressionFactory(registry), seen = new Map<string, OwnStep>(), compiled: CompiledStep[] = []
  for (const step of steps) {
    const source = String(step.expression), before = seen.get(source)
    if (before) { problems.push(`two steps are called \`${source}\`${before.at ? `: ${before.at} and ${step.at}` : ''}`); continue }
    seen.set(source, step)
    try {
      compiled.push({ id: `own:${source}`, step, source, match: matcherOf(factory.createExpression(step.expression), registry) })
    } catch (error) { problems.push(`step \`${source}\`${step.at ? ` (${step.at})` : ''}: ${told(error)}`) }
  }
  return { steps: compiled, problems }
}
const firstLine = (error: unknown): string => (error as Error).message.trim().split('\n')[0]
/** Errors of expressions are pictures of several lines; what matters is at their end. */
const told = (error: unknown): string => (error as Error).message.trim().split('\n').filter(l => /\w/.test(l)).slice(-2).join(' ')

/** so many sentences are remembered, and as many from before */
const remembered = 1000

/** A parser that knows steps of one's own beside the language. What both can read, the language reads, and a warning says so. */
export function withOwnSteps(parser: StepParser, steps: readonly CompiledStep[]): StepParser {
  const plain = new Recent<ParsedStep>(remembered), argued = new Recent<ParsedStep>(remembered), hides = new Recent<Diagnostic | false>(remembered)
  const shapes = new Map<string, boolean>()
  /** Does the language know it? Numbers and texts in quotes make no difference to that, and are most of what sentences differ in. */
  const known = (text: string): boolean => {
    const shape = text.replace(/"(?:\\.|[^"\\])*"/g, '"x"').replace(/\d+/g, '7')
    let is = shapes.get(shape)
    if (is === undefined) shapes.set(shape, is = parser.knows(text))
    return is
  }
  return {
    hides(text) {
      let found = hides.get(text)
      if (found === undefined) {
        const own = known(text) ? steps.find(s => s.match(text)) : undefined
        hides.set(text, found = (own ? hidden(text, own) : parser.hides?.(text)) ?? false)
      }
      return found || undefined
    },
    next: text => parser.next(text),
    knowing: kinds => withOwnSteps(parser.knowing!(kinds), steps),
    knows: text => steps.some(s => s.match(text)) || parser.knows(text),
    parse(text, argument = {}) {
      const bare = !argument.table && !argument.docString, cache = bare ? plain : argued
      const key = bare ? text : `${argument.table ? 't' : ''}${argument.docString ? 'd' : ''} ${text}`
      let parsed = cache.get(key)
      if (parsed) return parsed
      const own = steps.flatMap(step => { const args = step.match(text); return args ? [{ step, args }] : [] })
      if (own.length === 0 || known(text)) {
        const built = parser.parse(text, argument)
        parsed = own.length === 0 ? built : { ...built, diagnostics: [...built.diagnostics, hidden(text, own[0].step)] }
        if (own.length === 0) return parsed
      } else parsed = own.length > 1
        ? { diagnostics: [ambiguous(text, own.map(o => o.step))] }
        : { value: sentence(text, own[0].step, own[0].args), diagnostics: [] }
      cache.set(key, parsed)
      return parsed
    },
  }
}

/** A step without a kind is `time`, which no keyword is wrong for, until its keyword is known (cli/language.ts). */
function sentence(text: string, { id, step }: CompiledStep, args: Matched): SentenceAst {
  const span = { start: 0, end: text.length }
  return { type: step.kind ?? 'time', phrase: { definition: id, args: { ...args }, argSpans: {}, span }, span }
}

const whole = (text: string) => ({ line: 1, column: 1, endColumn: text.length + 1 })
const shown = ({ source, step }: CompiledStep): string => `\`${source}\`${step.at ? ` (${step.at})` : ''}`
function hidden(text: string, step: CompiledStep): Diagnostic {
  return diagnostic({
    code: 'own-step-hidden', severity: 'warning', message: 'the language has a meaning for this sentence, so a step of your own is passed over',
    span: whole(text),
    notes: [`passed over: ${shown(step)}`], help: 'word your step differently; what is built in always wins',
  })
}
function ambiguous(text: string, steps: readonly CompiledStep[]): Diagnostic {
  return diagnostic({
    code: 'step-ambiguous', message: `${steps.length} steps of your own read this`, span: whole(text), notes: steps.map(shown),
    help: 'word them so that only one of them does',
  })
}
