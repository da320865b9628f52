import { createJudge, speaksOfOutcome } from '../assertions/index.ts'
import { diagnostic } from '../base/diagnostic.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { renderDiagnostic } from '../base/render.ts'
import { builtin } from '../builtin.ts'
import { loadConfig } from '../config/load.ts'
import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import { bind, bindFeature } from '../dsl/bind.ts'
import type { BoundScenario, BoundStep } from '../dsl/bind.ts'
import { checks } from '../dsl/checks/index.ts'
import { envelopesOf } from '../dsl/envelopes.ts'
import { createStepParser } from '../dsl/parse-step.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'
import type { Extension } from '../extension.ts'
import type { ReportedDiagnostic } from '../runner/events.ts'
import type { PlannedStep } from '../runner/plan.ts'
import type { Language, ParsedScenario } from '../runner/run-suite.ts'
import type { Tools } from '../runner/tools.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { commandLines } from '../steps/actions/run.ts'
import { environmentOf } from '../steps/command.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'

/** The built-ins, and what a config of the working directory adds. */
export async function extensions(host?: Host): Promise<readonly Extension[]> {
  const own = host && await loadConfig({ exists: path => host.files.kind(path) === 'file', import: path => host.import(path) })
  if (typeof own === 'string') throw new UsageError(own)
  return own ? [builtin, own] : [builtin]
}

export interface Reader {
  readonly language: Language
  /** `kscenario parse`: the official messages, the document, its pickles, or the meaning of each step */
  parseAs(format: 'messages' | 'ast' | 'pickles' | 'steps', file: string, text: string, newId?: () => string): { readonly value: unknown; readonly diagnostics: readonly ReportedDiagnostic[] }
}

const isKind = (word: string): boolean => registry.find(word) !== undefined
type CheckLine = (line: string) => { readonly message: string; readonly supported?: readonly string[] } | undefined

/** Reads feature files: every sentence resolved, every command line looked through, before anything runs. */
export async function createReader(host?: Host, known?: readonly Extension[]): Promise<Reader> {
  const all = known ?? await extensions(host)
  const { checkCommandLine } = await import('../clients/index.ts')
  const parser = createStepParser({ steps: all.flatMap(e => e.steps ?? []), predicates: all.flatMap(e => e.predicates ?? []), kinds: isKind, kindWords: registry.all.flatMap(k => [k.singular, k.resource, ...k.shortNames]) })
  const phrases = phrasesOf(all)
  return {
    language: { read: (file, text) => read(file, text, parser, checkCommandLine, phrases) },
    parseAs(format, file, text, newId) {
      const reported = (found: readonly Diagnostic[]): ReportedDiagnostic[] => found.map(d => report(d, file, text))
      if (format === 'steps') { const plan = bindFeature(text, file, parser); return { value: plan, diagnostics: reported([...plan.diagnostics, ...plan.scenarios.flatMap(s => s.diagnostics)]) } }
      const { document, diagnostics } = parseDocument(text, file)
      if (format === 'messages') return { value: envelopesOf(text, file, newId), diagnostics: reported(diagnostics) }
      return { value: format === 'ast' ? document : document && pickles(document, file), diagnostics: reported(diagnostics) }
    },
  }
}

/** What each definition is called by: its first phrase, an assertion's with a subject in front. */
const phrasesOf = (all: readonly Extension[]): ReadonlyMap<string, string> => new Map([
  ...all.flatMap(e => e.predicates ?? []).map(p => [p.id, `{subject} ${p.phrases[0]}`] as const), ...all.flatMap(e => e.steps ?? []).map(s => [s.id, s.phrases[0]] as const),
])

function read(file: string, text: string, parser: StepParser, check: CheckLine, phrases: ReadonlyMap<string, string>): ReturnType<Language['read']> {
  const { document, diagnostics } = parseDocument(text, file)
  if (!document) return { scenarios: [], diagnostics: diagnostics.map(d => report(d, file, text)) }
  const found = checks.flatMap(c => c.file?.(document, file, text) ?? [])
  const read = pickles(document, file)
  const scenarios = bind(document, read, parser, text).map((s, pickle) => ({ ...planned(s, text, check, phrases), pickle }))
  return { scenarios, document, pickles: read, diagnostics: [...diagnostics, ...found].map(d => report(d, file, text)) }
}

function planned(scenario: BoundScenario, text: string, check: CheckLine, phrases: ReadonlyMap<string, string>): ParsedScenario {
  const { feature, rule, name, file, line, lines, tags } = scenario
  const head = { feature, rule, name, file, line, lines, tags }
  return { ...head, bind: () => ({ ...head, steps: scenario.steps.map(s => plannedStep(s, file, text, check, phrases)) }) }
}

function plannedStep(step: BoundStep, file: string, text: string, check: CheckLine, phrases: ReadonlyMap<string, string>): PlannedStep {
  const { keywordType, line, column, argument, ast, definition: id } = step
  const errors = step.diagnostics.filter(d => d.severity === 'error')
  const problems = errors.length || !ast ? errors : commandProblems(step, file, check)
  const base = { keyword: `${step.keyword} `, keywordType, text: step.text, line, column, argument, ...(id === undefined ? {} : { definition: { id, phrase: phrases.get(id) ?? id } }) }
  if (ast && problems.length === 0) return { ...base, reading: { type: 'bound', ast } }
  return { ...base, reading: { type: problems.some(d => d.code === 'step-ambiguous') ? 'ambiguous' : 'undefined', diagnostics: problems.map(d => report(d, file, text)) } }
}

/** Command lines that cannot run as written: another program, a shell's characters, an unknown verb or flag. */
function commandProblems({ ast, argument, line, column, text }: BoundStep, file: string, check: CheckLine): Diagnostic[] {
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

const report = (d: Diagnostic, file: string, source: string): ReportedDiagnostic =>
  ({ severity: d.severity, code: d.code, file: d.file ?? file, line: d.span.line, column: d.span.column, message: d.message, text: renderDiagnostic({ ...d, file: d.file ?? file }, source) })

/** Everything a run needs: the language, what its sentences mean, and clusters. */
export async function createLanguage(host?: Host): Promise<{
  readonly language: Language
  readonly parseAs: Reader['parseAs']
  readonly tools: Tools
  readonly createDriver: (world: ClusterOptions) => Driver
  readonly kinds: () => typeof registry.all
  readonly runCommand: (context: ScenarioContext, command: string) => Promise<unknown>
}> {
  const all = await extensions(host)
  const [reader, { createModelDriver }, { runCommandLine }] = await Promise.all([createReader(host, all), import('../drivers/model.ts'), import('../clients/index.ts')])
  const steps = new Map(all.flatMap(e => e.steps ?? []).map(s => [s.id, s]))
  const judge = createJudge(all.flatMap(e => e.predicates ?? []))
  return {
    ...reader,
    tools: { step: id => steps.get(id), judge, speaksOfOutcome },
    createDriver: createModelDriver,
    kinds: () => registry.all,
    runCommand: (context, command) => runCommandLine(command, environmentOf(context)),
  }
}
