import { objectSubject, saidOnce, setSubject } from './assertion-ast.ts'
import { parse as parseSubject } from './generated/subject.js'
import { isPlural } from './kind-words.ts'
import type { Language } from './language.ts'
import type { SlotContext } from './slots.ts'
import type { SubjectAst } from './step-ast.ts'

export type { SlotContext }

/** Subjects inside a phrase (`I delete {subject}`) are read by the rules of grammar/step.peggy, each place of a text once. */
export function slotContext(text: string, language: Language, miss: (at: number, what: string) => void): SlotContext {
  const memo = new Map<string, { value: SubjectAst; end: number }[]>()
  const rules = {
    peg$library: true as const,
    peg$silentFails: 1,
    kind: language.kind,
    plural: isPlural,
    object: objectSubject,
    set: setSubject, once: saidOnce,
    miss,
    // what a step chooses are objects
    holdsContainers: () => false,
  }
  return {
    kind: language.kind,
    subjects(rule, start) {
      const key = `${rule} ${start}`
      const before = memo.get(key)
      if (before) return before
      const outcome = parseSubject(text, { ...rules, startRule: rule, peg$currPos: start })
      const ways = outcome.peg$result === outcome.peg$FAILED ? [] : waysToTake(outcome.peg$result, text, start)
      memo.set(key, ways)
      return ways
    },
  }
}

/** `pod x in namespace y`: a phrase may have the namespace as a slot of its own. */
function waysToTake(value: SubjectAst, text: string, start: number): { value: SubjectAst; end: number }[] {
  const whole = { value, end: value.span.end }
  const inside = value.type === 'object' && value.namespace ? text.slice(start, value.span.end).search(/\s+in\s+namespace\s/) : -1
  if (inside <= 0 || value.type !== 'object') return [whole]
  const { namespace: _, ...bare } = value
  return [whole, { value: { ...bare, span: { start, end: start + inside } }, end: start + inside }]
}
