import { createJudge, speaksOfOutcome } from '../assertions/index.ts'
import { diagnostic, moveTo } from '../base/diagnostic.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { internalError } from '../base/internal-error.ts'
import { renderDiagnostic } from '../base/render.ts'
import { builtin } from '../builtin.ts'
import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import { binder, bindFeature } from '../dsl/bind.ts'
import type { BoundStep, ScenarioHead } from '../dsl/bind.ts'
import type { GherkinDocument, Pickle } from '../dsl/gherkin-document.ts'
import { checks } from '../dsl/checks/index.ts'
import { envelopesOf } from '../dsl/envelopes.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'
import type { Extension, PredicateDefinition, StepDefinition } from '../extension.ts'
import type { ReportedDiagnostic } from '../runner/events.ts'
import type { PlannedStep } from '../runner/plan.ts'
import type { Language, ParsedScenario } from '../runner/run-suite.ts'
import type { Tools } from '../runner/tools.ts'
import type { ModelAdditions } from '../runtime-model/additions.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { commandLines } from '../steps/actions/run.ts'
import { environmentOf } from '../steps/command.ts'
import { extensions } from './extensions.ts'
import type { Host } from './host.ts'
import { parserFor } from './custom-kinds.ts'
import type { Files } from '../runner/files.ts'
import { createParser } from './parser.ts'

export { extensions }

export interface Reader {
  readonly language: Language
  /** steps of one's own, by which what was read is run */
  readonly definitions: readonly StepDefinition[]
  readonly parser: StepParser
  /** `kscenario parse`: the official messages, the document, its pickles, or the meaning of each step */
  parseAs(
    format: 'messages' | 'ast' | 'pickles' | 'steps', file: string, text: string, newId?: () => string
  ): { readonly value: unknown; readonly diagnostics: readonly ReportedDiagnostic[] }
}

type CheckLine = (line: string) => { readonly message: string; readonly supported?: readonly string[]; readonly refusal?: true } | undefined

/** Reads feature files: every sentence resolved, every command line looked through, before anything runs. */
export async function createReader(host?: Host, known?: readonly Extension[], files: Files | undefined = host?.files): Promise<Reader> {
  const all = known ?? await extensions(host)
  const [{ checkCommandLine }, { parser, definitions }] = await Promise.all([import('../clients/index.ts'), createParser(all)])
  const reading: Reading = { parser, check: checkCommandLine, phrases: phrasesOf(all), opened: new Opened(), files }
  return {
    parser, definitions,
    language: { read: (file, text, many) => read(file, text, reading, many), own: ownOf(all) },
    parseAs(format, file, text, newId) {
      const reported = (found: readonly Diagnostic[]): ReportedDiagnostic[] => found.map(d => report(d, file, text))
      if (format === 'steps') {
        const plan = bindFeature(text, file, parserFor(parser, file, text, files))
        return { value: plan, diagnostics: reported([...plan.diagnostics, ...plan.scenarios.flatMap(s => s.diagnostics)]) }
      }
      const { document, diagnostics } = parseDocument(text, file)
      if (format === 'messages') return { value: envelopesOf(text, file, newId), diagnostics: reported(diagnostics) }
      return { value: format === 'ast' ? document : document && pickles(document, file), diagnostics: reported(diagnostics) }
    },
  }
}

/** Steps and parameter types of a config, for reports that list them. */
function ownOf(all: readonly Extension[]): Language['own'] {
  const steps = all.flatMap(e => e.ownSteps ?? []), types = all.flatMap(e => e.parameterTypes ?? [])
  if (steps.length + types.length === 0) return undefined
  return {
    steps: steps.map(s => ({ id: `own:${s.expression}`, phrase: String(s.expression), ...(s.at ? { at: s.at } : {}) })),
    parameterTypes: types.map(t => ({ name: t.name, regexps: [t.regexp].flat().map(r => r.source) })),
  }
}

/** What each definition is called by: its first phrase, an assertion's with a subject in front. */
const phrasesOf = (all: readonly Extension[]): ReadonlyMap<string, string> => new Map([
  ...all.flatMap(e => e.ownSteps ?? []).map(s => [`own:${s.expression}`, String(s.expression)] as const),
  ...all.flatMap(e => e.predicates ?? []).map(p => [p.id, `{subject} ${p.phrases[0]}`] as const),
  ...all.flatMap(e => e.steps ?? []).map(s => [s.id, s.phrases[0]] as const),
])

/** What reading needs of the language. */
interface Reading {
  readonly files: Files | undefined
  readonly parser: StepParser
  readonly check: CheckLine
  readonly phrases: ReadonlyMap<string, string>
  readonly opened: Opened
}

/** Documents of the files that were read last. Those of a large suite are read again when their turn comes, rather than kept. */
class Opened {
  readonly #kept = new Map<string, {
    readonly text: string; readonly document: GherkinDocument; readonly pickles: readonly Pickle[]; readonly binder: ReturnType<typeof binder>
  }>()
  #read = 0
  /** characters of feature files up to which all documents are kept (some 25 bytes each); once more have been read, only the last one is */
  readonly #limit = 3_000_000
  keep(file: string, text: string, document: GherkinDocument, parser: StepParser) {
    const entry = { text, document, pickles: pickles(document, file), binder: binder(document, parser, text) }
    this.#read += text.length
    if (this.#read > this.#limit) this.#kept.clear()
    this.#kept.set(file, entry)
    return entry
  }
  open(file: string, text: string, parser: () => StepParser) {
    const kept = this.#kept.get(file)
    return kept?.text === text ? kept : this.keep(file, text, parseDocument(text, file).document!, parser())
  }
}

function read(file: string, text: string, reading: Reading, many = false): ReturnType<Language['read']> {
  const { document, diagnostics } = parseDocument(text, file)
  if (!document) return { scenarios: [], diagnostics: diagnostics.map(d => report(d, file, text)) }
  const found = checks.flatMap(c => c.file?.(document, file, text) ?? []), parser = parserFor(reading.parser, file, text, reading.files)
  const { pickles: read, binder } = reading.opened.keep(file, text, document, parser)
  const scenarios = read.map((pickle, index) => planned(binder.head(pickle), index, text, reading))
  return {
    scenarios, document, pickles: read,
    diagnostics: [...diagnostics, ...found, ...many ? [] : hiddenSteps(document, read, file, reading.parser)].map(d => report(d, file, text)),
  }
}

/** Steps of one's own that the language hides: once for each line, whatever rows fill it in. */
function hiddenSteps(document: GherkinDocument, found: readonly Pickle[], file: string, parser: StepParser): Diagnostic[] {
  if (!parser.hides) return []
  const all: Diagnostic[] = [], seen = new Set<number>()
  let lines: ReturnType<typeof stepLines> | undefined
  for (const { steps } of found) for (const { text, astNodeIds: [id] } of steps) {
    const hidden = parser.hides(text)
    if (!hidden) continue
    const at = (lines ??= stepLines(document)).get(id)!
    if (!seen.has(at.line)) all.push(moveTo(hidden, { file, line: at.line, column: at.column }))
    seen.add(at.line)
  }
  return all
}
const stepLines = ({ feature }: GherkinDocument): ReadonlyMap<string, { readonly line: number; readonly column: number }> =>
  new Map((feature?.children ?? []).flatMap(c => c.rule?.children ?? [c])
  .flatMap(c => [...c.background?.steps ?? [], ...c.scenario?.steps ?? []])
    .map(s => [s.id, { line: s.location.line, column: (s.location.column ?? 1) + s.keyword.length }]))

function planned(head: ScenarioHead, pickle: number, text: string, reading: Reading): ParsedScenario {
  const { feature, rule, name, file, line, lines, tags } = head
  return {
    feature, rule, name, file, line, lines, tags, pickle,
    bind() {
      const own = { feature, rule, name, file, line, lines, tags }
      try {
        const { binder, pickles } = reading.opened.open(file, text, () => parserFor(reading.parser, file, text, reading.files))
        return { ...own, steps: binder.steps(pickles[pickle]).map((s, at, all) => plannedStep(s, all.slice(at + 1), file, text, reading)) }
      } catch (error) {
        const ours = report(internalError(error, { line, column: 1, endColumn: 1 }, file), file, text)
        return {
          ...own,
          steps: [{ keyword: '* ', keywordType: 'unknown', text: name, line, column: 1, argument: {}, reading: { type: 'inconclusive', diagnostics: [ours] } }],
        }
      }
    },
  }
}

function plannedStep(step: BoundStep, later: readonly BoundStep[], file: string, text: string, { check, phrases }: Reading): PlannedStep {
  const { keywordType, line, column, argument, definition: id } = step, ast = ofKeyword(step)
  const errors = step.diagnostics.length === 0 ? none : step.diagnostics.filter(d => d.severity === 'error')
  const problems = errors.length || !ast ? errors : contained(step, file, () => commandProblems(step, later, file, check))
  const keyword = `${step.keyword} `, definition = id === undefined ? undefined : named(id, phrases), told = step.text
  if (ast && problems.length === 0) return { keyword, keywordType, text: told, line, column, argument, definition, reading: { type: 'bound', ast } }
  const says = (code: Diagnostic['code']): boolean => problems.some(d => d.code === code)
  const type = says('internal-error') ? 'inconclusive' : says('step-ambiguous') ? 'ambiguous' : 'undefined'
  return { keyword, keywordType, text: told, line, column, argument, definition, reading: { type, diagnostics: problems.map(d => report(d, file, text)) } }
}
/** A mistake of ours stays with the step at which it happened. */
function contained({ line, column, text }: BoundStep, file: string, look: () => readonly Diagnostic[]): readonly Diagnostic[] {
  try { return look() } catch (error) { return [internalError(error, { line, column, endColumn: column + text.length }, file)] }
}
const none: readonly Diagnostic[] = []
/** id and first phrase, made once for each language */
const names = new WeakMap<ReadonlyMap<string, string>, Map<string, { readonly id: string; readonly phrase: string }>>()
function named(id: string, phrases: ReadonlyMap<string, string>): { readonly id: string; readonly phrase: string } {
  let made = names.get(phrases)
  if (!made) names.set(phrases, made = new Map())
  let name = made.get(id)
  if (!name) made.set(id, name = { id, phrase: phrases.get(id) ?? id })
  return name
}

/** A step of one's own that goes with any keyword is what its keyword says. */
function ofKeyword({ ast, definition, keywordType }: BoundStep): BoundStep['ast'] {
  return ast?.type === 'time' && definition?.startsWith('own:') ? { ...ast, type: keywordType === 'action' ? 'action' : 'sentence' } : ast
}

/**
 * Command lines that cannot run as written: another program, a shell's characters, an unknown verb or flag. What the program itself refuses may be what a
 * scenario shows: then a later step says in which words. That it fails alone would be true of a slip of the pen too.
 */
export function commandProblems(
  { ast, argument, line, column, text }: BoundStep, later: readonly BoundStep[], file: string, check: CheckLine
): readonly Diagnostic[] {
  if (ast?.type !== 'action') return none
  const { definition, args } = ast.phrase
  if (definition !== 'run' && definition !== 'run-lines') return none
  const lines = definition === 'run' ? [String(args.command)] : definition === 'run-lines' ? commandLines(argument.docString?.content ?? '') : []
  return lines.flatMap(command => {
    const problem = check(command)
    if (!problem || (problem.refusal && saysItsWords(later))) return []
    const notes = [
      ...(lines.length > 1 ? [`in the line: ${command}`] : []), ...(problem.supported?.length && !problem.message.includes('known are') ? [`supported: ${problem.supported.join(', ')}`] : []),
    ]
    return [
      diagnostic({
        code: 'command-line', message: problem.message, file, span: { line, column, endColumn: column + text.length }, notes,
        ...(problem.refusal && later.length > 0 ? { help: 'if it is to be refused, say so in its words: `the last command prints "unknown"`' } : {}),
      }),
    ]
  })
}

const quoting: ReadonlySet<string> = new Set(['prints', 'prints-either', 'prints-both', 'prints-exactly', 'prints-lines', 'prints-exactly-lines', 'fails-with'])
/** Does a step before the next action quote what was printed? */
function saysItsWords(later: readonly BoundStep[]): boolean {
  const next = later.findIndex(({ ast }) => ast?.type === 'action'), about = next < 0 ? later : later.slice(0, next)
  return about.some(({ ast }) => ast?.type === 'assertion' && speaksOfOutcome(ast) && quoting.has(ast.predicate.definition) && !ast.predicate.negated)
}

export const report = (d: Diagnostic, file: string, source: string): ReportedDiagnostic =>
  ({
    severity: d.severity, code: d.code, file: d.file ?? file, line: d.span.line, column: d.span.column, message: d.message,
    text: renderDiagnostic({ ...d, file: d.file ?? file }, source),
  })

/**
 * Everything a run needs: the language, what its sentences mean, and clusters. `files`: where files that a feature names are looked up for kinds that they
 * define.
 */
export async function createLanguage(host?: Host, { whole = false, files = host?.files }: { readonly whole?: boolean; readonly files?: Files } = {}): Promise<{
  readonly language: Language
  readonly parser: StepParser
  readonly parseAs: Reader['parseAs']
  readonly tools: Tools
  readonly createDriver: (world: ClusterOptions) => Driver
  readonly kinds: () => typeof registry.all
  readonly runCommand: (context: ScenarioContext, command: string) => Promise<unknown>
}> {
  const all = await extensions(host)
  const [reader, { createModelDriver }, { runCommandLine }] = await Promise.all([
    createReader(host, all, files), import('../drivers/model.ts'), import('../clients/index.ts'),
  ])
  const steps = new Map([...all.flatMap(e => e.steps ?? []), ...reader.definitions].map(s => [s.id, s]))
  const additions = additionsOf(all)
  const judge = createJudge(all.flatMap(e => e === builtin ? e.predicates! : (e.predicates ?? []).map(wakeful)), { whole })
  return {
    ...reader,
    tools: { step: id => steps.get(id), judge, speaksOfOutcome, contained: all.length === 1 && reader.definitions.length === 0 },
    createDriver: additions ? world => createModelDriver({ ...world, additions }) : createModelDriver,
    kinds: () => registry.all,
    runCommand: (context, command) => runCommandLine(command, environmentOf(context)),
  }
}

/** What a predicate of a config looks at is known to its author alone: unless it says so, any observation may change it. */
const wakeful = (predicate: PredicateDefinition): PredicateDefinition => predicate.reads ? predicate : { ...predicate, reads: () => true }

/** What extensions add to the cluster itself; undefined: nothing. */
function additionsOf(all: readonly Extension[]): ModelAdditions | undefined {
  const of = <K extends keyof ModelAdditions>(key: K) => all.flatMap(e => (e[key] ?? []) as any[])
  const additions: ModelAdditions = {
    controllers: of('controllers'), admissionPlugins: of('admissionPlugins'), schedulerPlugins: of('schedulerPlugins'), faults: of('faults'),
  }
  return Object.values(additions).some(list => list.length > 0) ? additions : undefined
}
