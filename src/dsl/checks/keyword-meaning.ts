import { diagnostic } from '../../base/diagnostic.ts'
import type { BoundStep } from '../bind.ts'
import type { Check } from './index.ts'

/** Given establishes, When acts, Then asserts (language.md §2). */
export const keywordMeaning: Check = {
  code: 'keyword-meaning',
  scenario: ({ steps, file }) =>
    steps.flatMap(step => {
      const message = problemOf(step)
      return message
        ? [
            diagnostic({
              code: 'keyword-meaning',
              severity: 'warning',
              message,
              file,
              span: { line: step.line, column: step.column, endColumn: step.column + step.text.length },
            }),
          ]
        : []
    }),
}

/** `I wait until pod web is Ready` lets time pass, and so may stand between two actions. */
const waits = /^i wait\b/i

function problemOf({ ast, keywordType, text }: BoundStep): string | undefined {
  if (!ast) return undefined
  if (keywordType === 'outcome' && ['action', 'fault', 'world'].includes(ast.type))
    return `this does something, under Then: an ${ast.type === 'action' ? 'action' : 'event'} belongs under When`
  if (keywordType === 'action' && !waits.test(text) && (ast.type === 'assertion' || ast.type === 'sentence'))
    return 'this asserts something, under When: an assertion belongs under Then'
  return undefined
}
