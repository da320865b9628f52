import type { Driver } from '../../src/drivers/driver.ts'
import type { StepDefinition } from '../../src/extension.ts'
import { defineStep } from '../../src/extension.ts'
import type { ReportedDiagnostic } from '../../src/runner/events.ts'
import type { KeywordType, PlannedScenario, PlannedStep } from '../../src/runner/plan.ts'
import type { Language, ParsedScenario } from '../../src/runner/run-suite.ts'
import type { Judgement, Tools } from '../../src/runner/tools.ts'

/** The smallest cluster there can be, for tests of the runner alone: a clock. */
export function clockDriver(seed: number): Driver {
  let now = 0
  const driver = {
    name: 'clock', seed, epochMs: 0, now: () => now, advance: async (ms: number) => { now += ms }, mark: () => 1, close: async () => {},
    traceHash: () => `trace-${seed}-${now}`,
  }
  return driver as unknown as Driver
}

const STEPS: readonly StepDefinition[] = [
  defineStep({ id: 'pass-time', kind: 'time', phrases: [], doc: '', examples: [], async run(context) { await context.driver().advance(1000) } }),
  defineStep({
    id: 'do', kind: 'action', phrases: [], doc: '', examples: [],
    run(context) { context.lastCommand = { command: 'do', stdout: 'done\n', stderr: '', code: 0, atMs: 0 }; context.commands.push(context.lastCommand) },
  }),
  defineStep({
    id: 'refuse', kind: 'action', phrases: [], doc: '', examples: [],
    run(context) { context.lastCommand = { command: 'refuse', stdout: '', stderr: 'no', code: 1, atMs: 0 }; return { failed: 'refused: no' } },
  }),
  defineStep({ id: 'unmodelled', kind: 'fault', phrases: [], doc: '', examples: [], run: () => ({ notModelled: 'earthquakes' }) }),
  defineStep({ id: 'contradict', kind: 'world', phrases: [], doc: '', examples: [], run: () => ({ cannotRun: 'a cluster cannot be twice' }) }),
  defineStep({ id: 'explode', kind: 'world', phrases: [], doc: '', examples: [], run: () => { throw new TypeError('boom') } }),
]

/** A language of one word a step: `pass-time`, `holds`, `breaks`, `unlucky` (breaks under seed 3), `empty`, `outcome`, `nonsense`, `twofold`. */
export const tools: Tools = {
  step: id => STEPS.find(s => s.id === id),
  speaksOfOutcome: ast => ast.type === 'assertion' && ast.predicate.definition === 'outcome',
  async judge(ast, context): Promise<Judgement> {
    const word = ast.predicate.definition
    if (word === 'holds' || word === 'outcome' || (word === 'unlucky' && context.driver().seed !== 3)) return { status: 'passed' }
    const verdict = ast.modality.type === 'eventually' ? 'did not come to hold' : 'violated at t+0s'
    return { status: word === 'empty' ? 'vacuous' : 'failed', story: { verdict, message: `${word} does not hold` } }
  },
}

const assertion = (text: string) =>
  ({
    type: 'assertion', subject: { type: 'set' }, modality: { type: 'now' }, predicate: { definition: text }, windows: [], span: { start: 0, end: text.length },
  }) as any
function bind(text: string, file: string, line: number): PlannedStep['reading'] {
  const diagnostic = (code: string): ReportedDiagnostic =>
    ({ severity: 'error', code, file, line, column: 5, message: `${code} step: ${text}`, text: `${file}:${line}:5: ${code} step: ${text}` })
  if (text === 'nonsense') return { type: 'undefined', diagnostics: [diagnostic('undefined')] }
  if (text === 'twofold') return { type: 'ambiguous', diagnostics: [diagnostic('ambiguous')] }
  const step = STEPS.find(s => s.id === text)
  const span = { start: 0, end: text.length }
  return { type: 'bound', ast: step ? { type: step.kind, phrase: { definition: text, args: {}, argSpans: {}, span }, span } as any : assertion(text) }
}

const TYPES: Readonly<Record<string, KeywordType>> = { Given: 'context', When: 'action', Then: 'outcome' }

/** `name @tags: Given a, When b` a line; `!` is a syntax error. */
export const language: Language = {
  read(file, text) {
    const scenarios: ParsedScenario[] = [], diagnostics: ReportedDiagnostic[] = []
    text.split('\n').forEach((source, i) => {
      const line = i + 1
      if (source.startsWith('!')) {
        diagnostics.push({ severity: 'error', code: 'syntax', file, line, column: 1, message: 'not gherkin', text: `${file}:${line}:1: not gherkin` })
        return
      }
      if (!source.trim()) return
      const [title, body] = source.split(': ')
      const [name, ...tags] = title.split(' ')
      const head = { feature: file, name, file, line, lines: { first: line, last: line }, tags }
      scenarios.push({
        ...head,
        bind: (): PlannedScenario => ({
          ...head,
          steps: (body ?? '').split(', ')
            .filter(Boolean)
            .map(s => {
              const [keyword, word] = s.split(' ')
              return {
                keyword: keyword + ' ', keywordType: TYPES[keyword] ?? 'unknown', text: word, line, column: 5, argument: {}, reading: bind(word, file, line),
              }
            }),
        }),
      })
    })
    return { scenarios, diagnostics }
  },
}
