import { diagnostic } from '../../base/diagnostic.ts'
import type { BoundStep } from '../bind.ts'
import type { AssertionAst, Quantity } from '../step-ast.ts'
import type { Check } from './index.ts'

/** An assertion that holds whatever the cluster does shows nothing; one that never can only looks like a test. */
export const constantAssertion: Check = {
  code: 'assertion-constant',
  scenario: ({ steps, file }) =>
    steps.flatMap(step => {
      const message = step.ast?.type === 'assertion' ? problemOf(step.ast, step) : undefined
      const span = { line: step.line, column: step.column, endColumn: step.column + step.text.length }
      return message ? [diagnostic({ code: 'assertion-constant', severity: 'warning', message, file, span, help: 'say what would be wrong if it did not hold' })] : []
    }),
}

/** texts that an empty one is part of, whatever they are */
const contains: Readonly<Record<string, string>> = { prints: 'every output contains the empty text', 'rejected-because': 'every message contains the empty text', event: 'every message contains the empty text' }

function problemOf(ast: AssertionAst, { text, argument }: BoundStep): string | undefined {
  const { subject, predicate, windows } = ast
  const counted = Object.values(predicate.args).filter(isQuantity)
  if (counted.some(atLeastNone)) return predicate.negated ? 'this can never hold: `at least 0` is true of every number' : 'this cannot fail: `at least 0` is true of every number'
  if (subject.type === 'set' && subject.quantifier.type === 'count' && atLeastNone(subject.quantifier)) return 'this cannot fail: `at least 0` is true of every number'
  const why = contains[predicate.definition]
  if (why && Object.values(predicate.args).includes('')) return `this ${predicate.negated ? 'can never hold' : 'cannot fail'}: ${why}`
  if (predicate.definition === 'matches' && /^\s*(?:\{\s*\}\s*)?$/.test(argument.docString?.content ?? 'x')) return 'this cannot fail: every object matches a document that says nothing'
  const itself = windows.find(w => w.type === 'while' && sameClaim(w.condition, ast, text))
  return itself && 'this cannot fail: it is asked only while it holds'
}

const isQuantity = (value: unknown): value is Quantity => typeof value === 'object' && value !== null && 'comparison' in value && 'count' in value
const atLeastNone = ({ comparison, count }: Quantity): boolean => comparison === 'at least' && count === 0

function sameClaim(one: AssertionAst['windows'][number]['condition'], other: AssertionAst, text: string): boolean {
  const part = ({ start, end }: { start: number; end: number }): string => text.slice(start, end).toLowerCase()
  return one.predicate.negated === other.predicate.negated && other.modality.type !== 'never' && part(one.subject.span) === part(other.subject.span) && part(one.predicate.span) === part(other.predicate.span)
}
