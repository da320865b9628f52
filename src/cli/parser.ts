import { builtin } from '../builtin.ts'
import { diagnostic } from '../base/diagnostic.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { createStepParser } from '../dsl/parse-step.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import type { Extension, StepDefinition } from '../extension.ts'
import { registry, storageName } from '../runtime-model/kinds/index.ts'
import { UsageError } from './usage-error.ts'

const isKind = (word: string): boolean => registry.find(word) !== undefined
const resourceOf = (word: string): string | undefined => { const kind = registry.find(word); return kind && storageName(kind.group, kind.resource) }
const parserFor = (extensions: readonly Extension[]): StepParser => createStepParser({
  steps: extensions.flatMap(e => e.steps ?? []), predicates: extensions.flatMap(e => e.predicates ?? []),
  kinds: isKind, resourceOf, kindWords: registry.all.flatMap(k => [k.singular, k.resource, ...k.shortNames]),
})

/** What reads a step's text, and the definitions of steps of one's own. Built-in forms always win; a warning tells of what they hide. */
export async function createParser(all: readonly Extension[]): Promise<{ readonly parser: StepParser; readonly definitions: readonly StepDefinition[] }> {
  const own = all.filter(e => e !== builtin), base = parserFor([builtin])
  const phrased = own.some(e => e.steps?.length || e.predicates?.length) ? withPhrases(base, parserFor(all)) : base
  const steps = own.flatMap(e => e.ownSteps ?? [])
  if (steps.length === 0) return { parser: phrased, definitions: [] }
  const { compile, definitionOf, withOwnSteps } = await import('../own-steps/index.ts')
  const compiled = compile(steps, own.flatMap(e => e.parameterTypes ?? []))
  if (compiled.problems.length) throw new UsageError(compiled.problems.join('\n'))
  return { parser: withOwnSteps(phrased, compiled.steps), definitions: compiled.steps.map(definitionOf) }
}

/** What the language itself reads stays as it is, whatever phrases a config adds. */
function withPhrases(base: StepParser, whole: StepParser): StepParser {
  return {
    knowing: kinds => withPhrases(base.knowing!(kinds), whole.knowing!(kinds)),
    knows: text => whole.knows(text), next: text => whole.next(text),
    hides: text => base.knows(text) && whole.parse(text).diagnostics.some(d => d.code === 'step-ambiguous')
      && !base.parse(text).diagnostics.some(d => d.code === 'step-ambiguous')
      ? hiddenPhrase(text)
      : undefined,
    parse(text, argument) {
      if (!base.knows(text)) return whole.parse(text, argument)
      const read = base.parse(text, argument)
      if (!whole.parse(text, argument).diagnostics.some(d => d.code === 'step-ambiguous') || read.diagnostics.some(d => d.code === 'step-ambiguous')) {
        return read
      }
      const hidden = hiddenPhrase(text)
      return { ...read, diagnostics: [...read.diagnostics, hidden] }
    },
  }
}

const hiddenPhrase = (text: string): Diagnostic => diagnostic({
  code: 'own-step-hidden', severity: 'warning', message: 'the language has a meaning for this sentence, so a phrase of your own is passed over',
  span: { line: 1, column: 1, endColumn: text.length + 1 }, help: 'word it differently; what is built in always wins',
})
