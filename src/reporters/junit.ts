import type { ReportedDiagnostic, ScenarioFinished, Status } from '../runner/events.ts'
import { span } from './clock.ts'
import { failureLines } from './failure-text.ts'
import { defineReporter } from './reporter.ts'

/**
 * JUnit XML as CI servers read it: valid against junit-10.xsd of Jenkins' xunit plug-in, the strictest in use (suite = feature file, case =
 * scenario). Vacuous is a failure; what could not run as written and what is inconclusive are errors. `time` is wall-clock seconds.
 */
export const junit = defineReporter({
  name: 'junit',
  doc: 'JUnit XML for CI servers: a suite per feature file, a case per scenario',
  defaultFile: 'reports/junit.xml',
  open(out) {
    const suites = new Map<string, ScenarioFinished[]>(), broken = new Map<string, ReportedDiagnostic[]>()
    return event => {
      if (event.type === 'diagnostics') for (const d of event.diagnostics) if (d.severity === 'error') push(broken, d.file, d)
      if (event.type === 'scenarioFinished') push(suites, event.scenario.file, event)
      if (event.type === 'runFinished') out.write(document([...new Set([...broken.keys(), ...suites.keys()])].sort(byCodeUnit), suites, broken, event.wallMs))
    }
  },
})

const byCodeUnit = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
const push = <V>(map: Map<string, V[]>, key: string, value: V): void => void (map.get(key) ?? map.set(key, []).get(key)!).push(value)
const isError = (status: Status): boolean => status === 'undefined' || status === 'ambiguous' || status === 'inconclusive'
const isFailure = (status: Status): boolean => status === 'failed' || status === 'vacuous'
const seconds = (ms: number): string => (ms / 1000).toFixed(3)

interface Counts { tests: number; failures: number; errors: number; skipped: number; wallMs: number }
function countsOf(cases: readonly ScenarioFinished[], diagnostics: readonly ReportedDiagnostic[]): Counts {
  const n = (test: (s: Status) => boolean): number => cases.filter(c => test(c.status)).length
  return {
    tests: cases.length + diagnostics.length, failures: n(isFailure), errors: n(isError) + diagnostics.length, skipped: n(s => s === 'skipped'),
    wallMs: cases.reduce((sum, c) => sum + c.wallMs, 0),
  }
}

function document(
  files: readonly string[], suites: ReadonlyMap<string, ScenarioFinished[]>, broken: ReadonlyMap<string, ReportedDiagnostic[]>, wallMs: number
): string {
  const parts = files.map(file => ({ file, cases: suites.get(file) ?? [], diagnostics: broken.get(file) ?? [] }))
  const all = countsOf(parts.flatMap(p => p.cases), parts.flatMap(p => p.diagnostics))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kscenario"${figures({ ...all, wallMs }, false)}>\n${parts.map(p => suite(p.file, p.cases, p.diagnostics)).join('')}</testsuites>\n`
}

/** the schema has `skipped` for suites only */
const figures = (c: Counts, skipped = true): string =>
  ` tests="${c.tests}" failures="${c.failures}" errors="${c.errors}"${skipped ? ` skipped="${c.skipped}"` : ''} time="${seconds(c.wallMs)}"`

function suite(file: string, cases: readonly ScenarioFinished[], diagnostics: readonly ReportedDiagnostic[]): string {
  return `  <testsuite name=${attribute(cases[0]?.scenario.feature || file)} file=${attribute(file)}${figures(countsOf(cases, diagnostics))}>\n${
    diagnostics.map(d => `    <testcase name=${attribute(`${d.file}:${d.line}:${d.column}`)} classname=${attribute(file)} time="0.000">\n      <error message=${attribute(d.message)} type=${attribute(d.code)}>${escape(d.text)}</error>\n    </testcase>\n`).join('')
  }${cases.map(testcase).join('')}  </testsuite>\n`
}

/** `system-out` begins with what the schema has no attribute for: where it is written, and how to run it again. */
function testcase(c: ScenarioFinished): string {
  const { scenario } = c
  const facts = [
    `${scenario.file}:${scenario.line}`, `seed ${scenario.seed}`, `${span(c.virtualMs)} virtual`, ...(c.traceHash ? [`trace ${c.traceHash}`] : []),
  ].join('  ')
  const told = [
    facts, ...(scenario.tags.length ? [scenario.tags.join(' ')] : []),
    ...scenario.steps.map((s, i) => `${s.keyword}${s.text} … ${c.steps[i]?.status ?? 'skipped'}`),
  ]
  return `    <testcase name=${attribute(scenario.name)} classname=${attribute(scenario.rule ? `${scenario.feature} › ${scenario.rule}` : scenario.feature)} time="${seconds(c.wallMs)}">\n${outcome(c)}      <system-out>${escape(told.join('\n'))}</system-out>\n    </testcase>\n`
}

function outcome(c: ScenarioFinished): string {
  if (c.status === 'passed') return ''
  if (c.status === 'skipped') return `      <skipped message=${attribute(c.reason ?? 'skipped')}/>\n`
  const element = isError(c.status) ? 'error' : 'failure'
  return `      <${element} message=${attribute(c.failure?.message ?? c.status)} type="${c.status}">${escape(failureLines(c).join('\n'))}</${element}>\n`
}

/** Characters that XML 1.0 cannot hold, even escaped, become U+FFFD (w3.org/TR/xml/#charsets). */
// eslint-disable-next-line no-control-regex
const legal = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
const escape = (text: string): string => legal(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const attribute = (text: string): string =>
  `"${escape(text).replaceAll('"', '&quot;').replaceAll('\r', '&#13;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`
