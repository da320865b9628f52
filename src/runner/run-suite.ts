import { toldAsOurs } from '../base/internal-error.ts'
import type { ClusterOptions } from '../drivers/driver.ts'
import type { Surroundings } from './context.ts'
import type {
  Checklist, DefinitionsRead, DiagnosticsFound, Failure, FeatureRead, ReportedDiagnostic, RunFinished, RunnerEvent, ScenarioFinished, ScenarioInfo,
  ScenarioStarted, Status, Summary, Wants,
} from './events.ts'
import { STATUSES } from './events.ts'
import type { Workers } from './jobs.ts'
import { InOrder, worthCharacters, worthScenarios, worthWorkers } from './jobs.ts'
import { isOf } from './shard.ts'
import type { Shard } from './shard.ts'
import { checklistsOf, unknownItems } from './checklist.ts'
import { fileLister, fileReader, findFeatures } from './files.ts'
import type { Files, FoundFile } from './files.ts'
import type { PlannedScenario } from './plan.ts'
import { matchedArguments } from './matched-arguments.ts'
import { begin, runScenario } from './run-scenario.ts'
import type { Playing, ScenarioOptions } from './run-scenario.ts'
import { scheduleToTell } from './explore.ts'
import type { Told } from './explore.ts'
import { selects } from './select.ts'
import type { Selection } from './select.ts'
import { summarise } from './summary.ts'
import type { Tally } from './summary.ts'
import { readTags } from './tags.ts'
import type { Tools } from './tools.ts'
import { Beginnings } from './beginnings.ts'

/** A scenario as parsed; its steps are bound only if it is selected. */
export interface ParsedScenario extends Omit<PlannedScenario, 'steps'> {
  bind(): PlannedScenario
  /** position among the pickles of its file */
  readonly pickle?: number
}
/** The language as the suite needs it: all scenarios of a text, and all that is wrong with it. */
export interface Language {
  /** `many`: the file belongs to a suite that is too large for anything but what a run needs */ read(
    file: string, text: string, many?: boolean
  ): { readonly scenarios: readonly ParsedScenario[]; readonly diagnostics: readonly ReportedDiagnostic[] } & Partial<Pick<FeatureRead, 'document' | 'pickles'>>
  /** steps and parameter types of one's own */
  readonly own?: Omit<DefinitionsRead, 'type'>
}

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
  readonly createDriver: Surroundings['createDriver']
  /** the cluster of scenarios whose steps do not say otherwise, and the namespace that names without one mean */
  readonly world?: ClusterOptions
  /** a function: each scenario has one of its own */
  readonly namespace?: string | (() => string)
  /** a cluster that is there already: what it is called, and how a command line names it */
  readonly real?: { readonly title: string; readonly flags: string }
  readonly files: Files
  readonly wallMs: () => number
  /** lets signals and the terminal in between scenarios; true: the user wants an end */
  readonly interrupted: () => Promise<boolean>
  /** what the reporters ask for besides what is always told */
  readonly wants?: Wants
  /** this machine's part of the suite */
  readonly shard?: Shard
  /** other threads to run scenarios on; `whenWorthIt`: only once the run has shown that it takes long */
  readonly workers?: { readonly whenWorthIt: boolean; readonly start: StartWorkers }
}
/** What running one scenario needs of the options of its suite. */
export type ScenarioSettings =
  Pick<
    SuiteOptions,
    'seed' | 'manifests' | 'deadlineMs' | 'observeMs' | 'tools' | 'createDriver' | 'world' | 'namespace' | 'real' | 'files' | 'wallMs' | 'wants'
  >

export const DEFAULT_SEED = 1
type Emit = (event: RunnerEvent) => void
type StartWorkers = () => Promise<Workers>
interface Loaded {
  readonly files: readonly FoundFile[]
  readonly scenarios: readonly ParsedScenario[]
  readonly problems: readonly DiagnosticsFound[]
  readonly checklists: readonly Checklist[]
  readonly documents: readonly FeatureRead[]
}
/** A scenario with its place in the whole suite. */
interface Placed { readonly index: number; readonly parsed: ParsedScenario }

/** Runs everything that was asked for and tells it as one stream of events. Answers the summary, whose exit code is the process's. */
export async function runSuite(options: SuiteOptions, emit: Emit): Promise<Summary> {
  const began = options.wallMs()
  const found = findFeatures(options.paths, options.files), texts = found.files.map(file => options.files.read(file.path))
  const characters = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
  // threads that load while this one reads
  const early = options.workers && (!options.workers.whenWorthIt || characters >= worthCharacters) ? options.workers.start() : undefined
  try { return await runFound(load(options, found, texts, characters >= manyCharacters), options, emit, began, early) } finally { (await early)?.stop() }
}

async function runFound(loaded: Loaded, options: SuiteOptions, emit: Emit, began: number, early: Promise<Workers> | undefined): Promise<Summary> {
  const seed = options.seed ?? DEFAULT_SEED
  const { shard } = options, all = loaded.scenarios.map((parsed, index) => ({ index, parsed })), mine = shard ? all.filter(s => isOf(shard, s.index)) : all
  emit({
    type: 'runStarted', version: options.version, seed, files: loaded.files.map(f => f.path), scenarios: mine.length, checklists: loaded.checklists,
    ...(shard ? { shard } : {}),
  })
  if (options.wants?.documents && options.language.own) emit({ type: 'definitionsRead', ...options.language.own })
  for (const document of loaded.documents) emit(document)
  for (const problem of loaded.problems) emit(problem)
  const tally = new Tallier(options.failFast, emit)
  const interrupted = await runAll(mine, options, tally, await early)
  const summary = tally.summary({
    seed, interrupted, cluster: options.real?.title, files: loaded.files.length, selected: all.length, diagnostics: loaded.problems.flatMap(p => p.diagnostics),
  })
  const event: RunFinished = { type: 'runFinished', summary, wallMs: options.wallMs() - began, ...(interrupted ? { interrupted } : {}) }
  emit(event)
  return summary
}

/** Passes events on and counts; after the first scenario that ends a --fail-fast run it passes nothing on. */
class Tallier {
  readonly counts = Object.fromEntries(STATUSES.map(s => [s, 0])) as Record<Status, number>
  virtualMs = 0
  over = false
  readonly #failFast: boolean
  readonly #emit: Emit
  constructor(failFast: boolean, emit: Emit) { this.#failFast = failFast; this.#emit = emit }
  readonly take = (event: RunnerEvent): void => {
    if (this.over) return
    this.#emit(event)
    if (event.type !== 'scenarioFinished') return
    this.counts[event.status]++
    this.virtualMs += event.virtualMs
    this.over = this.#failFast && !['passed', 'skipped'].includes(event.status)
  }
  summary(rest: Omit<Tally, 'counts' | 'virtualMs'>): Summary { return summarise({ ...rest, counts: this.counts, virtualMs: this.virtualMs }) }
}

/** One after the other, and from some point on together with other threads, if that is worth it. true: interrupted. */
async function runAll(scenarios: readonly Placed[], options: SuiteOptions, tally: Tallier, early: Workers | undefined): Promise<boolean> {
  if (early && scenarios.length >= (options.workers!.whenWorthIt ? worthScenarios : 2)) return runTogether(scenarios, early, options, tally)
  early?.stop()
  const began = options.wallMs(), workers = early ? undefined : options.workers
  const beginnings = beginningsFor(options)
  let done = 0
  for (const { index, pickle, plan, following } of lookingAhead(scenarios.map(placedJob))) {
    if (await options.interrupted()) return true
    if (workers && done > 0 && worthWorkers(options.wallMs() - began, done, scenarios.length - done)) {
      return runTogether(scenarios.slice(done), await workers.start(), options, tally)
    }
    await runOne(plan, index, pickle, options, tally.take, beginnings && { beginnings, following })
    if (tally.over) return false
    done++
  }
  return false
}

/** after a moment in which signals get through */
const lookAgain = (): Promise<false> => new Promise(done => { setTimeout(done, 50, false).unref() })

/** What is told, and in which order, does not depend on who runs what. */
async function runTogether(scenarios: readonly Placed[], workers: Workers, options: SuiteOptions, tally: Tallier): Promise<boolean> {
  const byIndex = new Map(scenarios.map(s => [s.index, s.parsed]))
  const inOrder = new InOrder(scenarios.map(s => s.index), events => { events.forEach(tally.take) })
  let interrupted = false
  const deal = workers.deal(scenarios.map(({ index, parsed }) => ({ index, file: parsed.file, pickle: parsed.pickle! })), (job, result) => {
    if (!interrupted) inOrder.add(job.index, 'lost' in result ? lost(byIndex.get(job.index)!, job.index, result.lost, options) : result)
    if (tally.over) workers.stop()
  })
  const over = async (): Promise<boolean> => (interrupted ||= await options.interrupted()) || tally.over
  const beginnings = beginningsFor(options)
  try {
    for (let batch = deal.claim(); batch; batch = deal.claim()) {
      for (const { index, pickle, plan, following } of lookingAhead(batch.map(job => placedJob({ index: job.index, parsed: byIndex.get(job.index)! })))) {
        if (await over()) break
        const events: RunnerEvent[] = []
        await runOne(plan, index, pickle, options, event => { events.push(event) }, beginnings && { beginnings, following })
        inOrder.add(index, events)
      }
    }
    const ended = deal.ended.then(() => true)
    while (!await over() && !await Promise.race([ended, lookAgain()])) { /* the others are still at it */ }
  } finally {
    // whatever has become of this thread, nobody waits for the others
    workers.stop()
  }
  return interrupted
}

/** A scenario whose worker ended under it (memory, most likely): inconclusive, as we are at fault. */
function lost(parsed: ParsedScenario, index: number, why: string, options: SuiteOptions): readonly RunnerEvent[] {
  return cutShort(parsed.bind(), index, parsed.pickle, { message: `internal error, not yours: the worker thread ended: ${why}` }, options)
}

/** What is told of a scenario that has ended by a mistake of ours, outside of any of its steps. */
function cutShort(
  plan: PlannedScenario, index: number, pickle: number | undefined, ours: Pick<Failure, 'message' | 'notes'>, options: ScenarioSettings
): [ScenarioStarted, ScenarioFinished] {
  const scenario = infoOf({ ...plan, steps: [] }, index, pickle, options)
  return [
    { type: 'scenarioStarted', scenario },
    {
      type: 'scenarioFinished', scenario, status: 'inconclusive', steps: [], virtualMs: 0, wallMs: 0,
      failure: { verdict: 'internal error', ...ours, replay: replayOf(plan, scenario.seed, options) },
    },
  ]
}

/** What scenarios of one thread may share; undefined: steps of a config may remember more than their scenario, and a record is of the whole run. */
export const beginningsFor = ({ tools, wants }: ScenarioSettings): Beginnings | undefined =>
  tools.contained === true && !wants?.records ? new Beginnings() : undefined

/** Each scenario with some that are run after it; bound once. */
export function* lookingAhead<T extends { readonly bind: () => PlannedScenario }>(
  scenarios: readonly T[]
): Generator<T & { readonly plan: PlannedScenario; readonly following: readonly PlannedScenario[] }> {
  const bound: PlannedScenario[] = []
  for (const [i, scenario] of scenarios.entries()) {
    while (bound.length <= lookAhead && i + bound.length < scenarios.length) bound.push(scenarios[i + bound.length].bind())
    yield { ...scenario, plan: bound.shift()!, following: [...bound] }
  }
}
/** so many scenarios are looked at for what they have in common with the one that runs */
const lookAhead = 24
const placedJob = ({ index, parsed }: Placed): { readonly index: number; readonly pickle?: number; bind(): PlannedScenario } =>
  ({ index, pickle: parsed.pickle, bind: () => parsed.bind() })

/** Runs one scenario, wherever: what comes out depends on nothing that ran before it. */
export async function runOne(
  plan: PlannedScenario, index: number, pickle: number | undefined, options: ScenarioSettings, emit: Emit, sharing?: ScenarioOptions['sharing']
): ReturnType<typeof runScenario> {
  let started = false
  const told: Emit = event => { started ||= event.type === 'scenarioStarted'; emit(event) }
  try {
    const own = infoOf(plan, index, pickle, options), { seed, reason } = await exploreOne(plan, own, options), info = { ...own, seed }
    return await runScenario(plan, info, { ...scenarioOptions(plan, info, options), sharing, reason }, told)
  } catch (error) {
    const { message, frames } = toldAsOurs(error), [start, finished] = cutShort(plan, index, pickle, { message, notes: frames }, options)
    if (!started) emit(start)
    emit(finished)
    return finished
  }
}
/** Which schedule of an `@explore:N` scenario is told. */
export const exploreOne = async (plan: PlannedScenario, info: ScenarioInfo, options: ScenarioSettings): Promise<Told> => options.real
  // chance is the cluster's own there
  ? { seed: info.seed }
  : scheduleToTell(plan, info.seed, (plan, seed) => runScenario(plan, { ...info, seed }, { ...scenarioOptions(plan, info, options), record: false }, () => {}))

/** One scenario begun, for another runner to go through. */
export function beginOne(plan: PlannedScenario, options: ScenarioSettings): Playing {
  const info = infoOf(plan, 0, undefined, options)
  return begin(plan, info, scenarioOptions(plan, info, options), () => {})
}
function scenarioOptions(plan: PlannedScenario, { seed }: ScenarioInfo, options: ScenarioSettings): ScenarioOptions {
  const { createDriver, deadlineMs, observeMs, world, namespace, tools, wallMs, wants } = options
  const surroundings = {
    createDriver, readFile: fileReader(options.files, plan.file, options.manifests), listFiles: fileLister(options.files, plan.file, options.manifests),
    deadlineMs, observeMs, world, namespace: typeof namespace === 'function' ? namespace() : namespace,
  }
  return { surroundings, tools, wallMs, replay: replayOf(plan, seed, options), record: wants?.records }
}

export const infoOf = (plan: PlannedScenario, index: number, pickle: number | undefined, options: Pick<SuiteOptions, 'seed' | 'wants'>): ScenarioInfo => ({
  index, feature: plan.feature, rule: plan.rule, name: plan.name, file: plan.file, line: plan.line, tags: plan.tags,
  seed: options.seed ?? readTags(plan.tags).seed ?? DEFAULT_SEED, ...(pickle === undefined ? {} : { pickle }),
  steps: plan.steps.map(s => ({
    keyword: s.keyword, text: s.text, line: s.line, argument: argumentLines(s.argument),
    definition: s.definition && options.wants?.documents ? { ...s.definition, arguments: matchedArguments(s) } : s.definition,
  })),
})

/** The command that runs it again, with every option that changes what happens. */
function replayOf(plan: PlannedScenario, seed: number, options: Pick<SuiteOptions, 'manifests' | 'deadlineMs' | 'observeMs' | 'real'>): string {
  const path = /[^\w./-]/.test(plan.file) ? `"${plan.file}"` : plan.file
  return [`kscenario run ${path}:${plan.line} ${options.real ? options.real.flags : `--seed ${seed}`}`, ...options.manifests.map(m => `--manifests ${m}`),
    ...(options.deadlineMs === 60_000 ? [] : [`--deadline ${options.deadlineMs / 1000}s`]),
    ...(options.observeMs === 300_000 ? [] : [`--observe ${options.observeMs / 1000}s`])].join(' ')
}

const argumentLines = (argument: PlannedScenario['steps'][number]['argument']): readonly string[] | undefined =>
  argument.table ? argument.table.map(row => `| ${row.join(' | ')} |`)
    : argument.docString ? ['"""', ...argument.docString.content.split('\n'), '"""']
    : undefined

/** characters of feature files from which on a suite is large: some thousand scenarios */
const manyCharacters = 300_000

/** Reads and selects. A broken file takes nothing from the others. */
function load(options: SuiteOptions, found: ReturnType<typeof findFeatures>, texts: readonly (string | undefined)[], many: boolean): Loaded {
  const problems: DiagnosticsFound[] = found.missing.map(path => problem(path, 'file-not-found', `no such file or directory: ${path}`))
  const scenarios: ParsedScenario[] = [], documents: FeatureRead[] = []
  for (const [i, file] of found.files.entries()) {
    const text = texts[i]
    if (text === undefined) { problems.push(problem(file.path, 'unreadable', `cannot be read: ${file.path}`)); continue }
    const read = readOne(file.path, text, many, options.language)
    if ('problem' in read) { problems.push(read.problem); continue }
    if (options.wants?.documents) documents.push({ type: 'featureRead', file: file.path, text, document: read.document, pickles: read.pickles ?? [] })
    const own = read.diagnostics.filter(d => d.severity === 'error' || file.lines.length === 0)
    if (own.length) problems.push({ type: 'diagnostics', file: file.path, diagnostics: own })
    const rows = new Set(read.scenarios.flatMap(s => s.lines.row ?? []))
    scenarios.push(...read.scenarios.filter(s => selects(s, options.selection, file.lines, rows)))
  }
  const only = scenarios.some(s => readTags(s.tags).only)
  const selected = only ? scenarios.filter(s => readTags(s.tags).only) : scenarios
  const { checklists, broken } = checklistsOf(found.files.map(f => f.path), options.files)
  return {
    files: found.files, scenarios: selected, checklists, documents,
    problems: [...problems, ...broken.map(b => problem(b.file, 'checklist', b.message)), ...unknownItems(selected, checklists)],
  }
}

/** A file whose reading fails by a mistake of ours takes nothing from the others either. */
function readOne(file: string, text: string, many: boolean, language: Language): ReturnType<Language['read']> | { readonly problem: DiagnosticsFound } {
  try { return language.read(file, text, many) } catch (error) { return { problem: problem(file, 'internal-error', toldAsOurs(error).message) } }
}

const problem = (file: string, code: string, message: string): DiagnosticsFound =>
  ({ type: 'diagnostics', file, diagnostics: [{ severity: 'error', code, file, line: 1, column: 1, message, text: `error: ${message}` }] })
