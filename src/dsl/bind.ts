import { diagnostic, hasErrors, moveTo, type Diagnostic } from '../base/diagnostic.ts'
import { internalError } from '../base/internal-error.ts'
import { distance } from '../base/suggest.ts'
import { checks } from './checks/index.ts'
import { claimsThatAct } from './claims-that-act.ts'
import { heldAgainstOthers } from './declared-names.ts'
import type { GherkinDocument, Pickle, PickleStep, Scenario, Step } from './gherkin-document.ts'
import { parseDocument } from './parse-document.ts'
import type { ParsedStep, StepParser } from './parse-step.ts'
import { pickles } from './pickles.ts'
import type { StepArgument, StepAst } from './step-ast.ts'

/** A feature file ready to run: every sentence resolved, or a diagnostic that says why not. */
export interface Plan {
  readonly file: string
  /** name of the feature; '' for a file without one */
  readonly feature: string
  readonly scenarios: readonly BoundScenario[]
  /** of the file: what is not Gherkin (then there are no scenarios), and warnings */
  readonly diagnostics: readonly Diagnostic[]
}
/** From its first tag to its last line; of an example its own row, and its table among those of the outline. */
export interface SelectingLines {
  readonly first: number
  readonly last: number
  readonly row?: number
  /** `all`: the line with which the tables of the outline begin */
  readonly table?: { readonly first: number; readonly last: number; readonly all: number }
}
export interface BoundScenario {
  readonly feature: string
  readonly rule?: string
  readonly name: string
  readonly file: string
  /** of the scenario, or of its row in an Examples table */
  readonly line: number
  /** all lines that select it with FILE:LINE */
  readonly lines: SelectingLines
  /** inherited ones first, `@` included */
  readonly tags: readonly string[]
  readonly steps: readonly BoundStep[]
  /** of all its steps and of itself; an error stops this scenario only */
  readonly diagnostics: readonly Diagnostic[]
}

/** Given, When, Then; a conjunction has the type of the step before it; `*` and leading conjunctions are unknown. */
export type KeywordType = 'context' | 'action' | 'outcome' | 'unknown'

export interface BoundStep {
  /** as written, without the blank */
  readonly keyword: string
  readonly keywordType: KeywordType
  readonly text: string
  readonly line: number
  /** 1-based column of the text's first character */
  readonly column: number
  readonly argument: StepArgument
  /** id of the step or predicate that gives it its meaning */
  readonly definition?: string
  readonly ast?: StepAst
  readonly diagnostics: readonly Diagnostic[]
}

/** Text of a feature file → Plan. Never throws on any text. */
export function bindFeature(text: string, file: string, parser: StepParser): Plan {
  const { document, diagnostics } = parseDocument(text, file)
  if (!document) return { file, feature: '', scenarios: [], diagnostics }
  const scenarios = bind(document, pickles(document, file), parser, text)
  const found = checks.flatMap(check => check.file?.(document, file, text) ?? [])
  return { file, feature: document.feature?.name ?? '', scenarios, diagnostics: [...diagnostics, ...found] }
}

export function bind(document: GherkinDocument, found: readonly Pickle[], parser: StepParser, source: string): BoundScenario[] {
  const { bind } = binder(document, parser, source)
  return usedByOne(found.map(bind))
}

/** What a background binds need not be spoken of in every scenario: one that says it is enough. */
function usedByOne(scenarios: BoundScenario[]): BoundScenario[] {
  const idle = (d: Diagnostic): boolean => d.code === 'binding-unused'
  if (!scenarios.some(s => s.diagnostics.some(idle))) return scenarios
  const used = new Set(scenarios.flatMap(({ steps, diagnostics }) =>
    steps.map(s => s.line).filter(line => !diagnostics.some(d => idle(d) && d.span.line === line))))
  return scenarios.map(s => ({ ...s, diagnostics: s.diagnostics.filter(d => !idle(d) || !used.has(d.span.line)) }))
}

/** What is known of a scenario before its steps are looked at. */
export type ScenarioHead = Omit<BoundScenario, 'steps' | 'diagnostics'>
export interface Binder {
  head(pickle: Pickle): ScenarioHead
  /** its steps alone, without what the checks of a scenario find */
  steps(pickle: Pickle): readonly BoundStep[]
  bind(pickle: Pickle): BoundScenario
}
/** The scenarios of a document, each bound when it is asked for. */
export function binder(document: GherkinDocument, parser: StepParser, source: string): Binder {
  const origins = originsOf(document)
  let sourceLines: readonly string[] | undefined
  const head = (pickle: Pickle): ScenarioHead => headOf(pickle, document, origins)
  const steps = (pickle: Pickle): readonly BoundStep[] => bindSteps(pickle, origins, parser, (sourceLines ??= source.split(/\r?\n/)))
  return { head, steps, bind: pickle => checked({ ...head(pickle), steps: steps(pickle) }) }
}

/** Where a pickle comes from: its last steps are those of the scenario, in order, the others those of the backgrounds. */
interface Origin { readonly scenario: Scenario; readonly rule?: string; readonly background: readonly Step[]; last?: number }
type Origins = ReadonlyMap<string, Origin>

function originsOf({ feature }: GherkinDocument): Origins {
  const origins = new Map<string, Origin>(), outer: Step[] = []
  for (const { background, scenario, rule } of feature?.children ?? []) {
    if (background) outer.push(...background.steps)
    if (scenario) origins.set(scenario.id, { scenario, background: outer })
    const inner = rule ? [...outer, ...rule.children.flatMap(c => c.background?.steps ?? [])] : outer
    for (const child of rule?.children ?? []) {
      if (child.scenario) origins.set(child.scenario.id, { scenario: child.scenario, rule: rule!.name, background: inner })
    }
  }
  return origins
}

/** The last line that belongs to a scenario: of its steps, their arguments, and its examples. */
function lastLine(scenario: Scenario): number {
  const step = scenario.steps.at(-1)
  const examples = scenario.examples.at(-1)
  const lines = [
    scenario.location.line,
    step?.location.line,
    step?.dataTable?.rows.at(-1)?.location.line,
    step?.docString && step.docString.location.line + step.docString.content.split('\n').length + 1,
    examples?.location.line,
    (examples?.tableBody.at(-1) ?? examples?.tableHeader)?.location.line,
  ]
  return Math.max(...lines.map(line => line ?? 0))
}

/** The table of examples in which a row stands, with its tags and what is written above it, to the next one. */
function tableOf(row: number, { examples }: Scenario, end: number): NonNullable<SelectingLines['table']> {
  const begins = examples.map(table => table.tags[0]?.location.line ?? table.location.line), next = begins.findIndex(line => line > row)
  return { first: begins.findLast(line => line < row) ?? row, last: next < 0 ? end : begins[next] - 1, all: begins[0] }
}

function headOf(pickle: Pickle, document: GherkinDocument, origins: Origins): ScenarioHead {
  const origin = origins.get(pickle.astNodeIds[0]) as Origin
  const first = origin.scenario.tags[0]?.location.line ?? origin.scenario.location.line
  const last = origin.last ??= lastLine(origin.scenario)
  const row = pickle.astNodeIds.length > 1 ? { row: pickle.location.line, table: tableOf(pickle.location.line, origin.scenario, last) } : {}
  return {
    feature: document.feature?.name ?? '',
    ...(origin.rule !== undefined ? { rule: origin.rule } : {}),
    name: pickle.name,
    file: pickle.uri,
    line: pickle.location.line,
    lines: { first, last, ...row },
    tags: pickle.tags.map(t => t.name),
  }
}

function bindSteps(pickle: Pickle, origins: Origins, parser: StepParser, sourceLines: readonly string[]): readonly BoundStep[] {
  const { scenario, background } = origins.get(pickle.astNodeIds[0]) as Origin, before = pickle.steps.length - scenario.steps.length
  const steps = pickle.steps.map((step, i) =>
    bindStep(step, i < before ? background[i] : scenario.steps[i - before], scenario, pickle.uri, parser, sourceLines))
  try {
    return claimsThatAct(heldAgainstOthers(checkBindings(steps, pickle.uri), pickle.uri), pickle.uri, text => parser.knows(text))
  } catch (error) { return unreadable(steps, error, pickle.uri) }
}

/** What holds the steps against each other has failed: nobody knows at which, so that the first one says so. */
function unreadable([{ ast: _, definition: __, ...first }, ...rest]: readonly BoundStep[], error: unknown, file: string): readonly BoundStep[] {
  const problem = internalError(error, { line: first.line, column: first.column, endColumn: first.column + first.text.length }, file)
  return [{ ...first, diagnostics: [...first.diagnostics, problem] }, ...rest]
}
/** A text that cannot be read is an answer; that reading it throws is a mistake of ours, and stays with its step. */
function parsedOf(text: string, argument: StepArgument, parser: StepParser): ParsedStep {
  try { return parser.parse(text, argument) } catch (error) {
    return { diagnostics: [internalError(error, { line: 1, column: 1, endColumn: text.length + 1 })] }
  }
}

function checked(scenario: Omit<BoundScenario, 'diagnostics'>): BoundScenario {
  const own = checks.flatMap(check => check.scenario?.(scenario) ?? [])
  return { ...scenario, diagnostics: [...scenario.steps.flatMap(s => s.diagnostics), ...own] }
}

function bindStep(step: PickleStep, origin: Step, scenario: Scenario, file: string, parser: StepParser, sourceLines: readonly string[]): BoundStep {
  const argument = argumentOf(step, origin)
  const parsed = parsedOf(step.text, argument, parser)
  const line = origin.location.line
  const column = columnOf(sourceLines[line - 1] ?? '', origin)
  const ast = parsed.value
  const keyword = origin.keyword.trimEnd(), keywordType = keywordTypes[step.type], { text } = step
  const slip = ast && text.includes('<') ? misnamed(text, origin, scenario) : undefined
  if (slip) return { keyword, keywordType, text, line, column, argument, diagnostics: [placed(slip, text, origin, { file, line, column })] }
  // nearly every step of a large suite: one object, without spreads
  if (ast && parsed.diagnostics.length === 0) {
    return { keyword, keywordType, text, line, column, argument, ast, definition: definitionOf(ast), diagnostics: none }
  }
  return {
    keyword, keywordType, text, line, column, argument,
    ...(ast ? { ast, definition: definitionOf(ast) } : {}),
    diagnostics: (ast ? parsed.diagnostics : unfilled(step.text, origin, scenario) ?? parsed.diagnostics).map(d =>
      placed(d, step.text, origin, { file, line, column })),
  }
}

const none: readonly Diagnostic[] = Object.freeze([])
const keywordTypes = { Context: 'context', Action: 'action', Outcome: 'outcome', Unknown: 'unknown' } as const satisfies Record<PickleStep['type'], KeywordType>
const definitionOf = (ast: StepAst): string => (ast.type === 'assertion' ? ast.predicate.definition : ast.phrase.definition)

/** A sentence that cannot be read because no column of the Examples fills its `<name>`. */
function unfilled(text: string, origin: Step, scenario: Scenario): [Diagnostic] | undefined {
  const found = /<([^<>"]+)>/.exec(text)
  if (!found) return undefined
  const span = { line: 1, column: found.index + 1, endColumn: found.index + found[0].length + 1 }
  if (!scenario.steps.includes(origin))
    return [diagnostic({
      code: 'placeholder-unknown', message: `\`${found[0]}\` is filled in by nothing: in a Background nothing is replaced`, span,
      help: 'move the step into the scenario, or write the value out',
    })]
  const [examples] = scenario.examples
  const columns = scenario.examples.flatMap(e => e.tableHeader?.cells.map(c => `\`${c.value}\``) ?? [])
  return [diagnostic({
    code: 'placeholder-unknown',
    message: examples ? `no column of the Examples is called \`${found[1]}\`` : `\`${found[0]}\` is filled in by nothing: the scenario has no Examples`,
    span,
    notes: examples
      ? [columns.length > 0 ? `the first row of the Examples names the columns; it says ${columns.join(', ')}` : 'the Examples have no table']
      : [],
    help: examples ? `put the row \`| ${found[1]} |\` above the values` : `put \`Examples:\` below its steps, with a column \`${found[1]}\``,
  })]
}

/** `prints "<nme>"` beside a column `name`: within quotation marks any text is read, and this one is meant to be filled in. */
function misnamed(text: string, origin: Step, scenario: Scenario): Diagnostic | undefined {
  if (scenario.examples.length === 0 || !scenario.steps.includes(origin)) return undefined
  const columns = scenario.examples.flatMap(e => e.tableHeader?.cells.map(c => c.value) ?? [])
  for (const found of text.matchAll(/<([\w -]+)>/g)) {
    const near = columns.find(c => c !== found[1] && distance(c.toLowerCase(), found[1].toLowerCase()) <= (Math.min(c.length, found[1].length) < 5 ? 1 : 2))
    if (near === undefined) continue
    const span = { line: 1, column: found.index + 1, endColumn: found.index + found[0].length + 1 }
    return diagnostic({
      code: 'placeholder-unknown', message: `no column of the Examples is called \`${found[1]}\``, span, suggestions: [text.replace(found[0], `<${near}>`)],
    })
  }
  return undefined
}

/** Where a placeholder was filled in, columns of the text are not those of the file: the whole step is meant then. */
function placed(found: Diagnostic, text: string, origin: Step, at: { file: string; line: number; column: number }): Diagnostic {
  if (text === origin.text) return moveTo(found, at)
  const whole = {
    ...found,
    span: { line: 1, column: 1, endColumn: origin.text.length + 1 },
    notes: [`with the values of the row: ${text}`, ...found.notes],
  }
  return moveTo(whole, at)
}

function columnOf(line: string, step: Step): number {
  const usual = (step.location.column ?? 1) - 1 + step.keyword.length
  if (step.text !== '' && line.startsWith(step.text, usual)) return usual + 1
  const behind = line.length - line.trimStart().length + step.keyword.length
  return line.slice(behind).search(/\S|$/) + behind + 1
}

const noArgument: StepArgument = Object.freeze({})
function argumentOf(step: PickleStep, origin: Step): StepArgument {
  if (!step.argument) return noArgument
  const { dataTable, docString } = step.argument ?? {}
  return {
    ...(dataTable ? { table: dataTable.rows.map(r => r.cells.map(c => c.value)) } : {}),
    ...(docString && origin.docString
      ? {
          docString: {
            content: docString.content,
            ...(docString.mediaType ? { mediaType: docString.mediaType } : {}),
            line: origin.docString.location.line + 1,
          },
        }
      : {}),
  }
}

/** `$victim` means something only behind a step with `as "victim"`. */
function checkBindings(steps: readonly BoundStep[], file: string): readonly BoundStep[] {
  if (!steps.some(step => step.text.includes('$'))) return steps
  const bound = new Set<string>()
  return steps.map(step => {
    const used = step.ast && step.text.includes('$') ? bindingsIn(step.ast) : []
    const unknown = used.find(u => !bound.has(u))
    for (const [, name] of step.text.matchAll(/\bas "([^"]+)"/g)) bound.add(name)
    if (unknown === undefined) return step
    const start = Math.max(0, step.text.indexOf(`$${unknown}`))
    const problem = diagnostic({
      code: 'binding-unknown',
      message: `no earlier step binds \`$${unknown}\``,
      file,
      span: { line: step.line, column: step.column + start, endColumn: step.column + start + unknown.length + 1 },
      help: `bind it with \`as "${unknown}"\` behind the action that makes or chooses it`,
      ...(bound.size > 0 ? { suggestions: [...bound].map(b => `$${b}`) } : {}),
    })
    const { ast: _, definition: __, ...rest } = step
    return { ...rest, diagnostics: [...step.diagnostics, problem] }
  })
}

function bindingsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(bindingsIn)
  if (typeof value !== 'object' || value === null) return []
  const node = value as Record<string, unknown>
  if (node.type === 'binding') return [node.name as string]
  if (typeof node.binding === 'string') return [node.binding]
  return Object.values(node).flatMap(bindingsIn)
}

export const runnable = (scenario: BoundScenario): boolean => !hasErrors(scenario.diagnostics)
