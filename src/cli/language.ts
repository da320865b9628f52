import { createJudge, speaksOfOutcome } from '../assertions/index.ts'
import { diagnostic } from '../base/diagnostic.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { renderDiagnostic } from '../base/render.ts'
import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import { bind, bindFeature } from '../dsl/bind.ts'
import type { BoundScenario, BoundStep } from '../dsl/bind.ts'
import { checks } from '../dsl/checks/index.ts'
import { envelopesOf } from '../dsl/envelopes.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'
import type { Extension, StepDefinition } from '../extension.ts'
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
  parseAs(format: 'messages' | 'ast' | 'pickles' | 'steps', file: string, text: string, newId?: () => string): { readonly value: unknown; readonly diagnostics: readonly ReportedDiagnostic[] }
}

type CheckLine = (line: string) => { readonly message: string; readonly supported?: readonly string[] } | undefined

/** Reads feature files: every sentence resolved, every command line looked through, before anything runs. */
export async function createReader(host?: Host, known?: readonly Extension[], files: Files | undefined = host?.files): Promise<Reader> {
  const all = known ?? await extensions(host)
  const [{ checkCommandLine }, { parser, definitions }] = await Promise.all([import('../clients/index.ts'), createParser(all)])
  const phrases = phrasesOf(all)
  return {
    parser, definitions,
    language: { read: (file, text) => read(file, text, parserFor(parser, file, text, files), checkCommandLine, phrases), own: ownOf(all) },
    parseAs(format, file, text, newId) {
      const reported = (found: readonly Diagnostic[]): ReportedDiagnostic[] => found.map(d => report(d, file, text))
      if (format === 'steps') { const plan = bindFeature(text, file, parserFor(parser, file, text, files)); return { value: plan, diagnostics: reported([...plan.diagnostics, ...plan.scenarios.flatMap(s => s.diagnostics)]) } }
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
  return { steps: steps.map(s => ({ id: `own:${s.expression}`, phrase: String(s.expression), ...(s.at ? { at: s.at } : {}) })), parameterTypes: types.map(t => ({ name: t.name, regexps: [t.regexp].flat().map(r => r.source) })) }
}

/** What each definition is called by: its first phrase, an assertion's with a subject in front. */
const phrasesOf = (all: readonly Extension[]): ReadonlyMap<string, string> => new Map([
  ...all.flatMap(e => e.ownSteps ?? []).map(s => [`own:${s.expression}`, String(s.expression)] as const),
  ...all.flatMap(e => e.predicates ?? []).map(p => [p.id, `{subject} ${p.phrases[0]}`] as const), ...all.flatMap(e => e.steps ?? []).map(s => [s.id, s.phrases[0]] as const),
])

function read(file: string, text: string, parser: StepParser, check: CheckLine, phrases: ReadonlyMap<string, string>): ReturnType<Language['read']> {
  const { document, diagnostics } = parseDocument(text, file)
  if (!document) return { scenarios: [], diagnostics: diagnostics.map(d => report(d, file, text)) }
  const found = checks.flatMap(c => c.file?.(document, file, text) ?? [])
  const read = pickles(document, file)
  const bound = bind(document, read, parser, text), scenarios = bound.map((s, pickle) => ({ ...planned(s, text, check, phrases), pickle }))
  return { scenarios, document, pickles: read, diagnostics: [...diagnostics, ...found, ...hiddenSteps(bound)].map(d => report(d, file, text)) }
}

/** Steps of one's own that the language hides: once for each line, whatever rows fill it in. */
function hiddenSteps(bound: readonly BoundScenario[]): Diagnostic[] {
  const seen = new Set<number>()
  return bound.flatMap(s => s.diagnostics).filter(d => d.code === 'own-step-hidden' && !seen.has(d.span.line) && seen.add(d.span.line))
}

function planned(scenario: BoundScenario, text: string, check: CheckLine, phrases: ReadonlyMap<string, string>): ParsedScenario {
  const { feature, rule, name, file, line, lines, tags } = scenario
  const head = { feature, rule, name, file, line, lines, tags }
  return { ...head, bind: () => ({ ...head, steps: scenario.steps.map(s => plannedStep(s, file, text, check, phrases)) }) }
}

function plannedStep(step: BoundStep, file: string, text: string, check: CheckLine, phrases: ReadonlyMap<string, string>): PlannedStep {
  const { keywordType, line, column, argument, definition: id } = step, ast = ofKeyword(step)
  const errors = step.diagnostics.filter(d => d.severity === 'error')
  const problems = errors.length || !ast ? errors : commandProblems(step, file, check)
  const base = { keyword: `${step.keyword} `, keywordType, text: step.text, line, column, argument, ...(id === undefined ? {} : { definition: { id, phrase: phrases.get(id) ?? id } }) }
  if (ast && problems.length === 0) return { ...base, reading: { type: 'bound', ast } }
  return { ...base, reading: { type: problems.some(d => d.code === 'step-ambiguous') ? 'ambiguous' : 'undefined', diagnostics: problems.map(d => report(d, file, text)) } }
}

/** A step of one's own that goes with any keyword is what its keyword says. */
function ofKeyword({ ast, definition, keywordType }: BoundStep): BoundStep['ast'] {
  return ast?.type === 'time' && definition?.startsWith('own:') ? { ...ast, type: keywordType === 'action' ? 'action' : 'sentence' } : ast
}

/** Command lines that cannot run as written: another program, a shell's characters, an unknown verb or flag. */
export function commandProblems({ ast, argument, line, column, text }: BoundStep, file: string, check: CheckLine): Diagnostic[] {
  if (ast?.type !== 'action') return []
  const { definition, args } = ast.phrase
  const lines = definition === 'run' ? [String(args.command)] : definition === 'run-lines' ? commandLines(argument.docString?.content ?? '') : []
  return lines.flatMap(command => {
    const problem = check(command)
    if (!problem) return []
    const notes = [...(lines.length > 1 ? [`in the line: ${command}`] : []), ...(problem.supported?.length ? [`supported: ${problem.supported.join(', ')}`] : [])]
    return [diagnostic({ code: 'command-line', message: problem.message, file, span: { line, column, endColumn: column + text.length }, notes })]
  })
}

export const report = (d: Diagnostic, file: string, source: string): ReportedDiagnostic =>
  ({ severity: d.severity, code: d.code, file: d.file ?? file, line: d.span.line, column: d.span.column, message: d.message, text: renderDiagnostic({ ...d, file: d.file ?? file }, source) })

/** Everything a run needs: the language, what its sentences mean, and clusters. `files`: where files that a feature names are looked up for kinds that they define. */
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
  const [reader, { createModelDriver }, { runCommandLine }] = await Promise.all([createReader(host, all, files), import('../drivers/model.ts'), import('../clients/index.ts')])
  const steps = new Map([...all.flatMap(e => e.steps ?? []), ...reader.definitions].map(s => [s.id, s]))
  const additions = additionsOf(all)
  const judge = createJudge(all.flatMap(e => e.predicates ?? []), { whole })
  return {
    ...reader,
    tools: { step: id => steps.get(id), judge, speaksOfOutcome },
    createDriver: additions ? world => createModelDriver({ ...world, additions }) : createModelDriver,
    kinds: () => registry.all,
    runCommand: (context, command) => runCommandLine(command, environmentOf(context)),
  }
}

/** What extensions add to the cluster itself; undefined: nothing. */
function additionsOf(all: readonly Extension[]): ModelAdditions | undefined {
  const of = <K extends keyof ModelAdditions>(key: K) => all.flatMap(e => (e[key] ?? []) as any[])
  const additions: ModelAdditions = { controllers: of('controllers'), admissionPlugins: of('admissionPlugins'), schedulerPlugins: of('schedulerPlugins'), faults: of('faults') }
  return Object.values(additions).some(list => list.length > 0) ? additions : undefined
}
