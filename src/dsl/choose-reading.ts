import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import type { Language, Miss } from './language.ts'
import { inOtherWords } from './other-words/index.ts'
import type { Misfit } from './parse-step.ts'
import type { PhraseDeclaration } from './phrase-declaration.ts'
import type { AssertionAst, SentenceAst, Span, StepArgument, StepAst } from './step-ast.ts'
import type { Understanding } from './mend.ts'
import { habitOf, undefinedStep } from './undefined-step.ts'

interface Question {
  readonly text: string
  readonly argument: StepArgument
  readonly language: Language
  readonly sentences: readonly SentenceAst[]
  readonly assertions: readonly AssertionAst[]
  readonly contradictions: readonly { readonly contradiction: string; readonly span: Span }[]
  /** reads the text again, noting what could have stood where */
  readonly explain: () => readonly Miss[]
  /** other sentences, to find the nearest that is understood */
  readonly understanding: Understanding
}
type Answer = { readonly value?: StepAst; readonly diagnostics: readonly Diagnostic[] }

/** Exactly one reading is the step's meaning; none or several are a diagnostic. */
export function chooseReading(question: Question): Answer {
  const { text, argument, language } = question
  const readings = plausible(question)
  const fitting = fittingOf(readings, question)
  if (fitting.length === 1) return { value: fitting[0], diagnostics: [] }
  if (fitting.length > 1) return refuse(ambiguous(text, fitting, language))
  if (readings.length > 0) return refuse(argumentProblem(readings[0], question) as Diagnostic)
  const [contradicted] = question.contradictions
  if (contradicted)
    return refuse(diagnostic({ code: 'assertion-window', message: contradicted.contradiction, span: columns(contradicted.span) }))
  const [wrongSubject] = question.assertions
  if (wrongSubject) return refuse(notOfThis(text, wrongSubject, language, inOtherWords(text).filter(question.understanding.understood).slice(0, 2)))
  return refuse(undefinedStep(text, question.explain(), language, argument, question.understanding))
}

type Found = Pick<Question, 'text' | 'argument' | 'language' | 'sentences' | 'assertions'>
const fittingOf = (readings: readonly StepAst[], question: Found): StepAst[] => readings.filter(ast => argumentProblem(ast, question) === undefined)
/** Has it one reading, as far as anybody can tell? */
export const isUnderstood = (question: Found): boolean => fittingOf(plausible(question), question).length === 1

const refuse = (why: Diagnostic): Answer => ({ diagnostics: [why] })
export const columns = (span: Span) => ({ line: 1, column: span.start + 1, endColumn: Math.max(span.end, span.start + 1) + 1 })

/** Without repetitions, and without the readings that a plainer one makes far-fetched. */
function plausible({ text, sentences, assertions, language }: Found): StepAst[] {
  const each = new Map<string, StepAst>()
  const literal = sentences.filter(s => Object.keys(s.phrase.args).length === 0)
  for (const s of literal.length > 0 ? literal : sentences)
    if (!each.has(`${s.type} ${s.phrase.definition}`)) each.set(`${s.type} ${s.phrase.definition}`, s)
  for (const a of assertions) {
    // `deployment catalog with 3 replicas` sets the stage when a step says so; `with` for `has` is but a convenience
    const farFetched = sentences.length > 0 && /^with\b/.test(text.slice(a.predicate.span.start))
    if (!farFetched && claimsOf(a).every(claim => speaksOf(claim, language)))
      each.set(
        JSON.stringify([
          a.predicate.definition,
          a.subject.span,
          a.predicate.span,
          a.windows.map(w => [w.span, w.condition.predicate.definition]),
        ]),
        a,
      )
  }
  return [...each.values()]
}

type Claim = Pick<AssertionAst, 'subject' | 'predicate'>
/** What an assertion says of whom: itself, and each condition of its windows. */
const claimsOf = (ast: AssertionAst): Claim[] => [ast, ...ast.windows.map(w => w.condition)]

/** Sets and bindings stand for objects; what kind of object a binding is shows when it is bound. */
function speaksOf({ subject, predicate }: Claim, language: Language): boolean {
  const declared = language.predicates.declarations.get(predicate.definition)?.subjects
  if (!declared || subject.type === 'binding') return true
  if (!declared.includes(typeOf(subject)) && !(typeOf(subject) === 'set' && declared.includes('object'))) return false
  return misfitOf({ subject, predicate }, language) === undefined
}
/** `container app in a pod of …` speaks of containers, though how many of them there are is known by their pods. */
const typeOf = (subject: Claim['subject']): Claim['subject']['type'] => subject.type === 'set' && subject.container !== undefined ? 'container' : subject.type
function misfitOf({ subject, predicate }: Claim, language: Language): string | undefined {
  if (subject.type !== 'object' && subject.type !== 'set' && subject.type !== 'container') return undefined
  const resource = subject.type === 'container' || typeOf(subject) === 'container' ? 'containers' : language.resourceOf(subject.kind)
  return resource === undefined ? undefined : whyMisfit(predicate, language.predicates.declarations.get(predicate.definition)?.misfit, resource)
}
/** Why a predicate cannot be said of objects of a kind. What runs on nodes are pods. */
export function whyMisfit({ args, truth }: Claim['predicate'], misfit: Misfit | undefined, resource: string): string | undefined {
  const why = misfit?.(resource, args)
  return why ?? (truth === 'node' && resource !== 'pods' && resource !== 'containers' ? '`on the node` is said of pods and their containers' : undefined)
}

function notOfThis(text: string, ast: AssertionAst, language: Language, meant: readonly string[]): Diagnostic {
  const { subject, predicate } = claimsOf(ast).find(claim => !speaksOf(claim, language)) ?? ast
  const declared = language.predicates.declarations.get(predicate.definition)?.subjects ?? []
  const said = text.slice(predicate.span.start, predicate.span.end)
  const type = typeOf(subject), misfit = declared.includes(type) || type === 'set' ? misfitOf({ subject, predicate }, language) : undefined
  const kind = 'kind' in subject && subject.kind !== undefined ? named(subject.kind, language) : ''
  return diagnostic({
    code: 'step-undefined',
    message:
      `\`${said}\` cannot be said of ${misfit === undefined || type === 'container' ? subjectNames[type] : subject.type === 'set' ? kind : `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`}`,
    span: columns(predicate.span),
    notes: [misfit ?? `it can be said of ${declared.map(type => subjectNames[type as keyof typeof subjectNames] ?? type).join(', ')}`],
    ...(meant.length > 0 ? { suggestions: meant } : misfit?.includes('said of pods') ? podsOf(subject, text) : {}),
    ...(meant.length === 0 && subject.type === 'object' && quantifying.test(text) && habitOf(text) ? { help: habitOf(text) } : {}),
  })
}
/** `no requests are lost` speaks of a node called requests */
const quantifying = /^no /i
/** A kind by its name: `no` is the short one of nodes, and a word of its own. */
const named = (kind: string, language: Language): string =>
  kind.length > 4 ? kind : language.resourceOf(kind)?.replace(/\..*/, '').replace(/ies$/, 'y').replace(/(?<=s)es$|s$/, '') ?? kind
/** Whose pods may have been meant. */
function podsOf(subject: Claim['subject'], text: string): { readonly help?: string } {
  if (subject.type !== 'object' || !/^(?:deploy|replicaset|rs|statefulset|sts|daemonset|ds|job|service|svc|no(?:de)?s?$)/i.test(subject.kind)) return {}
  const named = text.slice(subject.span.start, subject.span.end).replace(/^the /, '')
  return { help: `say it of its pods: \`pods ${/^no(?:de)?s?$/i.test(subject.kind) ? 'on' : 'of'} ${named}\`` }
}
const subjectNames = {
  object: 'an object',
  binding: 'a binding',
  set: 'a set of objects',
  container: 'a container',
  component: 'a component',
  outcome: 'the outcome of an action',
  traffic: 'traffic',
  file: 'a file',
} as const

const declarationOf = (ast: StepAst, language: Language): PhraseDeclaration | undefined =>
  ast.type === 'assertion'
    ? language.predicates.declarations.get(ast.predicate.definition)
    : language.sentences.get(ast.type)?.declarations.get(ast.phrase.definition)

function argumentProblem(ast: StepAst, { text, argument, language }: Pick<Found, 'text' | 'argument' | 'language'>): Diagnostic | undefined {
  const wanted = declarationOf(ast, language)?.argument ?? (text.endsWith(':') ? 'table or docString' : undefined)
  if (wanted === 'optional') return undefined
  const given = [...(argument.table ? ['table'] : []), ...(argument.docString ? ['docString'] : [])]
  const allowed = wanted === undefined ? [] : wanted.split(' or ')
  const span = columns({ start: 0, end: text.length })
  const extra = given.find(g => !allowed.includes(g)) ?? (given.length > 1 ? given[1] : undefined)
  const named = (argument: string): string => (argument === 'docString' ? 'doc string' : 'table')
  if (allowed.length > 0 && given.length === 0) {
    const what = allowed.map(named).join(' or a ')
    return diagnostic({
      code: 'step-argument-missing',
      message: `this step needs a ${what} below it`,
      span,
      help: allowed.includes('table') ? 'put rows of `| cells |` on the lines below' : 'put text between two lines of `"""` below',
    })
  }
  if (extra)
    return diagnostic({
      code: 'step-argument-unexpected',
      message: `this step takes no ${named(extra)}`,
      span,
      ...(allowed.length > 0 ? { help: `give it a ${allowed.map(named).join(' or a ')}` } : {}),
    })
  return undefined
}

function ambiguous(text: string, readings: readonly StepAst[], language: Language): Diagnostic {
  const forms = readings.map(ast => {
    const form = declarationOf(ast, language)?.phrases[0] ?? ''
    if (ast.type !== 'assertion') return `as ${ast.type === 'sentence' ? 'a trace' : `a step of kind ${ast.type}`}: \`${form}\``
    const windows = ast.windows.length > 0 ? ` + ${ast.windows.map(w => w.type).join(', ')}` : ''
    return `as an assertion: ${text.slice(ast.subject.span.start, ast.subject.span.end)} + \`${form}\`${windows}`
  })
  return diagnostic({
    code: 'step-ambiguous',
    message: `this can be read in ${readings.length === 2 ? 'two' : readings.length} ways`,
    span: columns({ start: 0, end: text.length }),
    notes: forms,
    help: 'say it so that only one of them remains',
  })
}
