import type { AssertionAst, PredicateAst, Span } from './step-ast.ts'

/**
 * `pods of deployment web are Running and have not restarted`: two claims about one subject, both about now, which is the same as two steps. Other claims are not
 * joined: `never A and B`, `at least 2 pods are A and B` and `is not A and B` mean one thing to one reader and another to the next, and two claims that are
 * waited for would not have to hold at one moment. `one`: the claim that a text is, if it is one.
 */
export function joinedClaims(text: string, one: (text: string) => AssertionAst | undefined): AssertionAst | undefined {
  if (text.endsWith(':')) return undefined
  for (const { start, end } of conjunctions(text)) {
    const first = one(text.slice(0, start))
    if (!first || !joins(first)) continue
    const subject = text.slice(first.subject.span.start, first.subject.span.end), rest = text.slice(end)
    for (const verb of verbsOf(text.slice(first.subject.span.end, start))) {
      if (first.predicate.negated && !ownVerb.test(rest)) continue
      const lead = `${subject} ${verb}`, second = one(lead + rest) ?? joinedClaims(lead + rest, one)
      if (second && joins(second) && second.subject.span.end === subject.length) {
        return { ...first, and: moved(second, { by: end - lead.length, from: end }, first), span: { start: first.span.start, end: text.length } }
      }
    }
  }
  return undefined
}

/** Where ` and ` or ` but ` stands outside of quotation marks, the last one first. */
function conjunctions(text: string): Span[] {
  const quoted = text.replace(/"(?:\\["\\]|[^"])*"/g, q => '"'.repeat(q.length))
  return [...quoted.matchAll(/,? (?:and|but) /g)].map(m => ({ start: m.index, end: m.index + m[0].length })).reverse()
}
const ownVerb = /^(?:is|are|has|have|does|do|doesn't|don't|isn't|aren't)\b/
/** `has 3 replicas and 2 ready replicas`: the verb of the first is that of the second, where it has none of its own. */
const verbsOf = (claim: string): readonly string[] => { const [, verb] = /^ (has|have|is|are)\b/.exec(claim) ?? []; return verb ? ['', `${verb} `] : [''] }

const joins = ({ modality, windows, subject }: AssertionAst): boolean =>
  modality.type === 'now' && windows.length === 0 && (subject.type !== 'set' || subject.quantifier.type === 'every')

/** The second claim where it stands in the whole sentence, of the subject of the first. */
function moved(claim: AssertionAst, to: { readonly by: number; readonly from: number }, { subject }: AssertionAst): AssertionAst {
  const shift = ({ start, end }: Span): Span => ({ start: Math.max(start + to.by, to.from), end: end + to.by }), { predicate } = claim
  const argSpans = Object.fromEntries(Object.entries(predicate.argSpans).map(([name, span]) => [name, shift(span)]))
  const told: PredicateAst = { ...predicate, span: shift(predicate.span), argSpans }
  return { ...claim, subject, predicate: told, ...(claim.and ? { and: moved(claim.and, to, claim) } : {}) }
}
