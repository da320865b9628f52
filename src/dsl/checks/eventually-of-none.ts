import { diagnostic } from '../../base/diagnostic.ts'
import { isNone } from '../assertion-ast.ts'
import type { Check } from './index.ts'

const code = 'eventually-of-none'
/** `no pod … is eventually Pending` is so as soon as none is, which may be at once; who means that none ever is says so. */
export const eventuallyOfNone: Check = {
  code,
  scenario: ({ steps, file }) => steps.flatMap(({ ast, line, column, text }) => {
    if (ast?.type !== 'assertion' || ast.modality.type !== 'eventually' || ast.subject.type !== 'set') return []
    return isNone(ast.subject.quantifier) && !ast.predicate.negated && / eventually\b/.test(text)
      ? [diagnostic({
        code, severity: 'warning', message: 'this holds at the first moment at which it is so of none, were it the first of all', file,
        span: { line, column, endColumn: column + text.length }, help: 'write `no … is ever …` if it is to be so of none at any time',
      })]
      : []
  }),
}
