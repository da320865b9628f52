import { diagnostic } from '../base/diagnostic.ts'
import type { BoundStep } from './bind.ts'
import { inOtherWords } from './other-words/index.ts'

/** the verb of what reads as if it were so already, outside of quotation marks */
const stative = /\b(?:is|are|uses?|has|have|runs (?:in|kubelet)|fail with)\b/i

/**
 * `Then node worker-1 is under memory pressure` reads as a claim and is the fault itself, so that it would hold of any cluster. Under Then such a sentence
 * cannot run; one that says what happens (`goes down`) is only warned of (checks/keyword-meaning.ts).
 */
export const claimsThatAct = (steps: readonly BoundStep[], file: string, understood: (text: string) => boolean): readonly BoundStep[] =>
  steps.map(step => {
    const { ast, keywordType, text } = step
    if (keywordType !== 'outcome' || (ast?.type !== 'world' && ast?.type !== 'fault') || !stative.test(text.replace(/"[^"]*"/g, ''))) return step
    const { ast: _, definition: __, ...rest } = step, claims = inOtherWords(text).filter(understood)
    const problem = diagnostic({
      code: 'event-claimed', file, span: { line: step.line, column: step.column, endColumn: step.column + text.length },
      message: `this makes it so, where Then claims what is so: it would hold of any cluster`,
      help: `what happens to a cluster belongs under ${ast.type === 'fault' ? 'When' : 'Given'}`,
      ...(claims.length > 0 ? { suggestions: claims.slice(0, 2) } : {}),
    })
    return { ...rest, diagnostics: [...step.diagnostics, problem] }
  })
