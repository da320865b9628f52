import { suggest } from '../../base/suggest.ts'
import type { Quantity } from '../../dsl/step-ast.ts'
import type { PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import type { Outcome } from '../outcomes.ts'
import { holdsIf, moot, satisfies } from './support.ts'

/** The outcome subject is resolved before a predicate is asked (outcomes.ts). */
const outcome = (subject: ResolvedSubject): Outcome => subject.object
const summary = ({ ok, code, reason, message, printed }: Outcome): string => {
  if (printed !== undefined && (code === undefined || printed.trim())) {
    return printed.trim().split('\n').slice(0, 4).join('\n') || `exit code ${ok ? 0 : 'other than 0'}, and nothing printed`
  }
  return [code === 0 ? 'no answer' : code, reason, message].filter(Boolean).join(' ')
}

const succeeds = definePredicate({
  id: 'succeeds', phrases: ['succeeds', 'succeeded'], subjects: ['outcome'],
  doc: 'The command ended with 0; the request was answered with a code of 2xx.',
  examples: ['the last command succeeds', 'the last request succeeds', 'the request "create pod catalog" succeeds'],
  test: subject => holdsIf(outcome(subject).ok, () => summary(outcome(subject))),
})
const failsSaying = definePredicate({
  id: 'fails-with', phrases: ['fails with {text}', 'failed with {text}', 'fails saying {text}', 'fails because {text}'], subjects: ['outcome'],
  doc: 'The command ended with another code than 0, the request was refused, and what was printed or answered holds this text.',
  examples: ['the last command fails with "not found"', 'the last request fails with "exceeded quota"'],
  test: (subject, { text }) => holdsIf(
    !outcome(subject).ok && `${outcome(subject).printed ?? ''}${outcome(subject).message ?? ''}`.includes(text),
    () => outcome(subject).ok ? `it succeeded: ${summary(outcome(subject))}` : summary(outcome(subject))
  ),
})
const fails = definePredicate({
  id: 'fails', phrases: ['fails', 'failed'], subjects: ['outcome'],
  doc: 'The command ended with another code than 0; the request was refused or not answered.', examples: ['the last command fails', 'the last request fails'],
  test: subject => holdsIf(!outcome(subject).ok, () => `it succeeded: ${summary(outcome(subject))}`),
})
/** Reasons of Kubernetes (apimachinery pkg/apis/meta/v1, StatusReason); a webhook may give others, none of them nearly one of these. */
const reasons = [
  'Unauthorized', 'Forbidden', 'NotFound', 'AlreadyExists', 'Conflict', 'Gone', 'Invalid', 'ServerTimeout', 'StoreReadError', 'Timeout', 'TooManyRequests',
  'BadRequest', 'MethodNotAllowed', 'NotAcceptable', 'RequestEntityTooLarge', 'UnsupportedMediaType', 'InternalError', 'Expired', 'ServiceUnavailable',
]
const rejected = definePredicate({
  id: 'rejected',
  phrases: ['is rejected with {code} {reason}', 'is rejected with {code}', 'is rejected with {reason}', 'is rejected', 'is refused', 'is denied'],
  parameters: { code: 'int', reason: 'word' }, subjects: ['outcome'],
  doc: 'The API server refused it, with this HTTP code, this Kubernetes reason, or both.',
  examples: ['the last request is rejected with 403 Forbidden', 'the last request is rejected with 422', 'the last command is rejected with AlreadyExists'],
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/',
  test(subject, { code, reason }): PredicateResult {
    const meant = reason !== undefined && !reasons.includes(reason) ? suggest(reason, reasons, 1)[0] : undefined
    if (meant !== undefined) throw new CannotRun(`rejected with ${reason}: did you mean ${meant}?`)
    if (code !== undefined && (code < 400 || code > 599)) throw new CannotRun(`nothing is rejected with ${code}: codes of refusals are 400 to 599`)
    const { ok, code: found = 0, reason: why } = outcome(subject)
    return holdsIf(!ok && found >= 400 && (code === undefined || found === code) && (reason === undefined || why === reason), () => summary(outcome(subject)))
  },
})
const forbidden = definePredicate({
  id: 'forbidden', phrases: ['is forbidden'], subjects: ['outcome'],
  doc: 'The API server refused it with 403 Forbidden.', examples: ['the last request is forbidden'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/',
  test: subject => holdsIf(outcome(subject).code === 403, () => summary(outcome(subject))),
})
const because = definePredicate({
  id: 'rejected-because',
  phrases: ['is rejected because {text}', 'is denied/refused because/saying {text}', 'is rejected/denied with {text}', 'is rejected with {code} because/saying {text}', 'is rejected with {code} {reason} because/saying {text}'],
  parameters: { code: 'int', reason: 'word' }, subjects: ['outcome'],
  doc: 'The API server refused it, with this HTTP code and Kubernetes reason where they are said, and its message holds this text.',
  examples: ['the last request is rejected because "exceeded quota"', 'the last request is rejected with 403 because "exceeded quota"'],
  test(subject, { code, reason, text }, at): PredicateResult {
    const as = code === undefined ? true : rejected.test(subject, { code, reason }, at)
    const said = outcome(subject).message ?? outcome(subject).printed ?? ''
    return as === true ? holdsIf(!outcome(subject).ok && said.includes(text), () => summary(outcome(subject))) : as
  },
})
const printed = (subject: ResolvedSubject): string => outcome(subject).printed ?? ''
const prints = definePredicate({
  id: 'prints', phrases: ['prints {text}', 'printed {text}', 'contains {text}', 'shows {text}'], subjects: ['outcome'],
  doc: 'stdout and stderr together hold this text.', examples: ['the last command prints "created"'],
  test: (subject, { text }) => holdsIf(
    printed(subject).includes(text), () => printed(subject).trimEnd() || 'nothing',
    printed(subject).trim() ? `"${text}" is not in what was printed` : 'nothing was printed'
  ),
})
const printsTwo = (both: boolean): PredicateDefinition => definePredicate({
  id: both ? 'prints-both' : 'prints-either', subjects: ['outcome'],
  phrases: both
    ? ['prints (both) {text} and {other}', 'contains (both) {text} and {other}']
    : ['prints (either) {text} or {other}', 'contains (either) {text} or {other}'],
  parameters: { other: 'text' },
  doc: both ? 'stdout and stderr together hold both texts, in any order. Where one is printed and the other is not, it is neither so nor not so.'
    : 'stdout and stderr together hold one of these texts, or both.',
  examples: both ? ['the last command prints "NAME" and "STATUS"'] : ['the last command prints "Unauthorized" or "forbidden"'],
  test(subject, { text, other }) {
    const missing = [text, other].filter(t => !printed(subject).includes(t)), said = missing.map(t => `"${t}"`).join(' and ')
    if (both && missing.length === 1) return moot(`${said} is not in what was printed`)
    return holdsIf(missing.length < (both ? 1 : 2), () => printed(subject).trimEnd() || 'nothing',
      printed(subject).trim() ? `${said} are not in what was printed` : 'nothing was printed')
  },
})
const printsExactly = definePredicate({
  id: 'prints-exactly', phrases: ['prints exactly {text}'], subjects: ['outcome'],
  doc: 'stdout and stderr together are this text, newlines at the end apart.', examples: ['the last command prints exactly "pod/catalog created"'],
  test: (subject, { text }) => holdsIf(printed(subject).trimEnd() === text.trimEnd(), () => printed(subject).trimEnd() || 'nothing'),
})
const printsNothing = definePredicate({
  id: 'prints-nothing', phrases: ['prints nothing', 'is empty'], subjects: ['outcome'], doc: 'Neither stdout nor stderr holds anything.',
  examples: ['the last command prints nothing'],
  test: subject => holdsIf(printed(subject) === '', () => printed(subject).trimEnd()),
})
const blanks = (line: string): string => line.trim().replace(/\s+/g, ' ')
const printsLines = definePredicate({
  id: 'prints-lines', phrases: ['prints:'], argument: 'docString', subjects: ['outcome'],
  doc:
    'The lines appear in the output in this order, perhaps with others in between; how columns are padded does not matter. `does not print:` none of them does.',
  examples: ['the last command prints:'],
  test(subject, _args, { argument, ast }) {
    const lines = printed(subject).split('\n').map(blanks), wanted = (argument.docString?.content ?? '').split('\n').map(blanks).filter(l => l)
    let at = 0
    const missing = wanted.find(line => { while (at < lines.length && !lines[at].includes(line)) at++; return at++ >= lines.length })
    const there = missing === undefined ? undefined : wanted.find(line => lines.some(l => l.includes(line)))
    if (there !== undefined && ast.negated) return moot(`\`${there}\` is printed, and not all of these lines in this order`)
    return holdsIf(
      missing === undefined, () => printed(subject).trimEnd() || 'nothing',
      `no line holds \`${missing}\`${wanted.indexOf(missing!) > 0 ? ' after the lines before it' : ''}`
    )
  },
})
const printsAll = definePredicate({
  id: 'prints-exactly-lines', phrases: ['prints exactly:'], argument: 'docString', subjects: ['outcome'],
  doc: 'The output is these lines and no others; how columns are padded does not matter.', examples: ['the last command prints exactly:'],
  test: (subject, _args, { argument }) => holdsIf(
    printed(subject).trimEnd().split('\n').map(blanks).join('\n') === (argument.docString?.content ?? '').trimEnd().split('\n').map(blanks).join('\n'),
    () => printed(subject).trimEnd() || 'nothing'
  ),
})
const exitCode = definePredicate({
  id: 'exit-code', phrases: ['ends with exit code {count}', 'has exit code {count}', 'exits with (exit) code/status {count}', 'exits with {count}'], subjects: ['outcome'],
  doc: 'The exit code of the command.', examples: ['the last command has exit code 1'],
  test: (subject, { count }: { readonly count?: Quantity }) => holdsIf(
    count !== undefined && outcome(subject).exit !== undefined && satisfies(count, outcome(subject).exit!),
    () => `exit code ${outcome(subject).exit ?? 'none'}${outcome(subject).exit ? `: ${printed(subject).trim().split('\n')[0]}` : ''}`
  ),
})
export const outcomes: readonly PredicateDefinition[] = [
  succeeds, fails, failsSaying, rejected, forbidden, because, prints, printsTwo(false), printsTwo(true), printsExactly, printsNothing, printsLines, printsAll,
  exitCode,
]
