import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import type { Checklist, DiagnosticsFound, FeatureRead, ReportedDiagnostic, RunFinished, RunnerEvent, ScenarioInfo, Status, Summary, Wants } from './events.ts'
import { STATUSES } from './events.ts'
import { checklistsOf, unknownItems } from './checklist.ts'
import { fileReader, findFeatures } from './files.ts'
import type { Files, FoundFile } from './files.ts'
import type { PlannedScenario } from './plan.ts'
import { runScenario } from './run-scenario.ts'
import { selects } from './select.ts'
import type { Selection } from './select.ts'
import { summarise } from './summary.ts'
import { readTags } from './tags.ts'
import type { Tools } from './tools.ts'

/** A scenario as parsed; its steps are bound only if it is selected. */
export interface ParsedScenario extends Omit<PlannedScenario, 'steps'> { bind(): PlannedScenario; /** position among the pickles of its file */ readonly pickle?: number }
/** The language as the suite needs it: all scenarios of a text, and all that is wrong with it. */
export interface Language { read(file: string, text: string): { readonly scenarios: readonly ParsedScenario[]; readonly diagnostics: readonly ReportedDiagnostic[] } & Partial<Pick<FeatureRead, 'document' | 'pickles'>> }

export interface SuiteOptions {
  readonly paths: readonly string[]
  readonly selection: Selection
  /** undefined: 1, and `@seed:N` tags hold; given, it goes before the tags */
  readonly seed?: number
  readonly failFast: boolean
  readonly manifests: readonly string[]
  readonly deadlineMs: number
  readonly observeMs: number
  readonly version: string
  readonly language: Language
  readonly tools: Tools
  readonly createDriver: (world: ClusterOptions) => Driver
  readonly files: Files
  readonly wallMs: () => number
  /** lets signals and the terminal in between scenarios; true: the user wants an end */
  readonly interrupted: () => Promise<boolean>
  /** what the reporters ask for besides what is always told */
  readonly wants?: Wants
}

const DEFAULT_SEED = 1
type Emit = (event: RunnerEvent) => void
interface Loaded { readonly files: readonly FoundFile[]; readonly scenarios: readonly ParsedScenario[]; readonly problems: readonly DiagnosticsFound[]; readonly checklists: readonly Checklist[]; readonly documents: readonly FeatureRead[] }

/** Runs everything that was asked for and tells it as one stream of events. Answers the summary, whose exit code is the process's. */
export async function runSuite(options: SuiteOptions, emit: Emit): Promise<Summary> {
  const began = options.wallMs()
  const loaded = load(options)
  const seed = options.seed ?? DEFAULT_SEED
  emit({ type: 'runStarted', version: options.version, seed, files: loaded.files.map(f => f.path), scenarios: loaded.scenarios.length, checklists: loaded.checklists })
  for (const document of loaded.documents) emit(document)
  for (const problem of loaded.problems) emit(problem)
  const counts = Object.fromEntries(STATUSES.map(s => [s, 0])) as Record<Status, number>
  let virtualMs = 0, interrupted = false
  for (const [index, parsed] of loaded.scenarios.entries()) {
    if (await options.interrupted()) { interrupted = true; break }
    const finished = await runOne(parsed.bind(), index, parsed.pickle, seed, options, emit)
    counts[finished.status]++
    virtualMs += finished.virtualMs
    if (options.failFast && !['passed', 'skipped'].includes(finished.status)) break
  }
  const diagnostics = loaded.problems.flatMap(p => p.diagnostics)
  const summary = summarise({ counts, seed, virtualMs, interrupted, files: loaded.files.length, selected: loaded.scenarios.length, diagnostics })
  const event: RunFinished = { type: 'runFinished', summary, wallMs: options.wallMs() - began, ...(interrupted ? { interrupted } : {}) }
  emit(event)
  return summary
}

function runOne(plan: PlannedScenario, index: number, pickle: number | undefined, seed: number, options: SuiteOptions, emit: Emit): ReturnType<typeof runScenario> {
  const own = options.seed ?? readTags(plan.tags).seed ?? seed
  const info: ScenarioInfo = {
    index, feature: plan.feature, rule: plan.rule, name: plan.name, file: plan.file, line: plan.line, tags: plan.tags, seed: own, ...(pickle === undefined ? {} : { pickle }),
    steps: plan.steps.map(s => ({ keyword: s.keyword, text: s.text, line: s.line, argument: argumentLines(s.argument), ...(s.definition ? { definition: s.definition } : {}) })),
  }
  const surroundings = { createDriver: options.createDriver, readFile: fileReader(options.files, plan.file, options.manifests), deadlineMs: options.deadlineMs, observeMs: options.observeMs }
  return runScenario(plan, info, { surroundings, tools: options.tools, wallMs: options.wallMs, replay: replayOf(plan, own, options), record: options.wants?.records }, emit)
}

/** The command that runs it again, with every option that changes what happens. */
function replayOf(plan: PlannedScenario, seed: number, options: SuiteOptions): string {
  const path = /[^\w./-]/.test(plan.file) ? `"${plan.file}"` : plan.file
  return [`kscenario run ${path}:${plan.line} --seed ${seed}`, ...options.manifests.map(m => `--manifests ${m}`),
    ...(options.deadlineMs === 60_000 ? [] : [`--deadline ${options.deadlineMs / 1000}s`]), ...(options.observeMs === 300_000 ? [] : [`--observe ${options.observeMs / 1000}s`])].join(' ')
}

const argumentLines = (argument: PlannedScenario['steps'][number]['argument']): readonly string[] | undefined =>
  argument.table ? argument.table.map(row => `| ${row.join(' | ')} |`) : argument.docString ? ['"""', ...argument.docString.content.split('\n'), '"""'] : undefined

/** Reads and selects. A broken file takes nothing from the others. */
function load(options: SuiteOptions): Loaded {
  const found = findFeatures(options.paths, options.files)
  const problems: DiagnosticsFound[] = found.missing.map(path => problem(path, 'file-not-found', `no such file or directory: ${path}`))
  const scenarios: ParsedScenario[] = [], documents: FeatureRead[] = []
  for (const file of found.files) {
    const text = options.files.read(file.path)
    if (text === undefined) { problems.push(problem(file.path, 'unreadable', `cannot be read: ${file.path}`)); continue }
    const read = options.language.read(file.path, text)
    if (options.wants?.documents) documents.push({ type: 'featureRead', file: file.path, text, document: read.document, pickles: read.pickles ?? [] })
    const own = read.diagnostics.filter(d => d.severity === 'error' || file.lines.length === 0)
    if (own.length) problems.push({ type: 'diagnostics', file: file.path, diagnostics: own })
    const rows = new Set(read.scenarios.flatMap(s => s.lines.row ?? []))
    scenarios.push(...read.scenarios.filter(s => selects(s, options.selection, file.lines, rows)))
  }
  const only = scenarios.some(s => readTags(s.tags).only)
  const selected = only ? scenarios.filter(s => readTags(s.tags).only) : scenarios
  const { checklists, broken } = checklistsOf(found.files.map(f => f.path), options.files)
  return { files: found.files, scenarios: selected, checklists, documents, problems: [...problems, ...broken.map(b => problem(b.file, 'checklist', b.message)), ...unknownItems(selected, checklists)] }
}

const problem = (file: string, code: string, message: string): DiagnosticsFound =>
  ({ type: 'diagnostics', file, diagnostics: [{ severity: 'error', code, file, line: 1, column: 1, message, text: `error: ${message}` }] })
