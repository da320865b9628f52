import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { JUnitXmlPrinter } from '@cucumber/junit-xml-formatter'
import { PrettyPrinter } from '@cucumber/pretty-formatter'
import { CucumberHtmlStream } from '@cucumber/html-formatter'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { RUN, report } from './support/run-events.ts'
import { EVERY_STATUS, runReports } from './support/run-reports.ts'
import type { Reported } from './support/run-reports.ts'
import { parseXml } from './support/xml.ts'
import type { XmlElement } from './support/xml.ts'

let ran: Reported
beforeAll(async () => { ran = await runReports(EVERY_STATUS, ['messages', 'junit', 'tap', 'json', 'checklist', 'checklist-json']) })

describe('Cucumber messages', () => {
  const envelopes = (): any[] => ran.texts.messages.trimEnd().split('\n').map(line => JSON.parse(line))

  test('are valid against the official schema', () => {
    const ajv = new Ajv2020({ strict: false })
    const validate = ajv.compile(JSON.parse(readFileSync(new URL(import.meta.resolve('@cucumber/messages/schema')), 'utf8')))
    expect(envelopes().flatMap(e => validate(e) ? [] : [[e, validate.errors]])).toEqual([])
  })
  test('refer only to what came before, with ids that are unique', () => {
    const ids = new Set<string>(), problems: string[] = []
    const define = (id: string): void => { if (ids.has(id)) problems.push(`twice: ${id}`); ids.add(id) }
    const walk = (value: any, visit: (key: string, v: any) => void): void => {
      if (value && typeof value === 'object') for (const [key, v] of Object.entries(value)) { visit(key, v); walk(v, visit) }
    }
    for (const e of envelopes()) {
      walk(e, (key, v) => { if (key === 'id') define(v) })
      walk(e, (key, v) => { if (/(Id|Ids)$/.test(key)) for (const id of [v].flat()) if (!ids.has(id)) problems.push(`${key} ${id} is unknown`) })
    }
    expect(problems).toEqual([])
  })
  test('give each scenario the verdict of every other report', () => {
    const all = envelopes(), pickles = new Map(all.flatMap(e => e.pickle ? [[e.pickle.id, e.pickle.name]] : []))
    const cases = new Map(all.flatMap(e => e.testCase ? [[e.testCase.id, pickles.get(e.testCase.pickleId)]] : []))
    const runs = new Map(all.flatMap(e => e.testCaseStarted ? [[e.testCaseStarted.id, cases.get(e.testCaseStarted.testCaseId)]] : []))
    const order = ['PASSED', 'SKIPPED', 'PENDING', 'UNDEFINED', 'AMBIGUOUS', 'FAILED'], worst: Record<string, string> = {}
    for (const { testStepFinished: f } of all) {
      if (f) { const name = runs.get(f.testCaseStartedId)!; worst[name] = order[Math.max(order.indexOf(worst[name]), order.indexOf(f.testStepResult.status))] }
    }
    expect(worst).toEqual({
      'passed': 'PASSED', 'outline of 1': 'PASSED', 'outline of 2': 'PASSED', 'failed': 'FAILED', 'vacuous': 'FAILED', 'undefined': 'UNDEFINED',
      'refused': 'FAILED', 'skipped': 'SKIPPED', 'expected': 'PASSED', 'expected to fail, and does not': 'FAILED',
    })
    expect(all.at(-1).testRunFinished.success).toBe(false)
    expect(all.filter(e => e.parseError)).toHaveLength(1)
  })
  test('are read by the official JUnit, pretty and HTML formatters', async () => {
    let junit = '', pretty = '', html = ''
    const stream = new PassThrough(); stream.on('data', chunk => { pretty += String(chunk) })
    const page = new CucumberHtmlStream(); page.on('data', chunk => { html += String(chunk) })
    const printers = [
      new JUnitXmlPrinter({ suiteName: 'kscenario' }, (text: string) => { junit += text }), new PrettyPrinter({ stream, options: { theme: {} } }),
    ]
    for (const e of envelopes()) { for (const printer of printers) printer.update(e); page.write(e) }
    await new Promise<void>(done => { page.on('end', done); page.end() })
    expect(junit).toMatch(/<testsuite [^>]*tests="10" skipped="1" failures="5" errors="0"/)
    expect(pretty).toContain('Scenario: failed')
    expect(pretty).toContain('container app ended (OOMKilled)')
    expect(html).toContain('"testRunFinished"')
  })
})

describe('JUnit', () => {
  /** junit-10.xsd of Jenkins' xunit plug-in (github.com/jenkinsci/xunit-plugin, types/model/xsd): children, attributes, required ones. */
  const story = { children: [], attributes: ['type', 'message'], required: [] }
  const schema: Readonly<Record<string, {
    readonly children: readonly string[]; readonly attributes: readonly string[]; readonly required: readonly string[]
  }>> = {
    testsuites: { children: ['testsuite'], attributes: ['name', 'time', 'tests', 'failures', 'errors'], required: [] },
    testsuite: {
      children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
      attributes: ['name', 'tests', 'failures', 'errors', 'group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
      required: ['name', 'tests', 'failures', 'errors'],
    },
    testcase: { children: ['skipped', 'error', 'failure', 'system-out', 'system-err'], attributes: ['name', 'time', 'classname', 'group'], required: ['name'] },
    failure: story, error: story, skipped: story, 'system-out': { children: [], attributes: [], required: [] },
    'system-err': { children: [], attributes: [], required: [] },
  }
  const problems = (element: XmlElement): string[] => {
    const rule = schema[element.name]
    if (!rule) return [`no element ${element.name}`]
    return [
      ...element.children.flatMap(c => rule.children.includes(c.name) ? problems(c) : [`${c.name} in ${element.name}`]),
      ...Object.keys(element.attributes).filter(a => !rule.attributes.includes(a)).map(a => `${a} of ${element.name}`),
      ...rule.required.filter(a => !(a in element.attributes)).map(a => `${element.name} without ${a}`),
      ...('time' in element.attributes && !/^\d{0,3}(\d{3})*(\.\d*)?$/.test(element.attributes.time) ? [`time ${element.attributes.time}`] : []),
    ]
  }
  test('is valid against the schema of CI servers', async () => {
    expect(problems(parseXml(ran.texts.junit))).toEqual([])
    expect(problems(parseXml(await report('junit')))).toEqual([])
  })
  test('counts what is in it', () => {
    const root = parseXml(ran.texts.junit)
    const suite = root.children.find(c => c.attributes.file === 'every.feature')!
    const having = (name: string): number => suite.children.filter(c => c.children.some(x => x.name === name)).length
    expect([suite.attributes.tests, suite.attributes.failures, suite.attributes.errors, suite.attributes.skipped].map(Number)).toEqual(
      [suite.children.length, having('failure'), having('error'), having('skipped')]
    )
  })
})

test('TAP tells each scenario, with its story as YAML', () => {
  const lines = ran.texts.tap.trimEnd().split('\n')
  expect(lines[0]).toBe('TAP version 14')
  const points = lines.filter(l => /^(not )?ok /.test(l))
  expect(points.map((l, i) => l.includes(`ok ${i + 1} - `))).not.toContain(false)
  expect(lines).toContain(`1..${points.length}`)
  expect(points.filter(l => l.startsWith('not ok')).map(l => l.replace(/.*?- \S+ ?/, ''))).toEqual([
    '', 'failed', 'vacuous', 'undefined', 'refused', 'expected to fail, and does not',
  ])
  expect(points.find(l => l.includes('# SKIP'))).toMatch(/^ok \d+ - every.feature:\d+ skipped # SKIP @skip$/)
  expect(lines.filter(l => l === '  ---').length).toBe(lines.filter(l => l === '  ...').length)
})

test('GitHub gets an annotation at the line of the step, and a summary', async () => {
  let summary = ''
  const lines = (await report('github', RUN, { verbose: false }, text => { summary += text })).trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^::error file=broken.feature,line=3,col=1,title=syntax::/)
  expect(lines[1]).toMatch(
    /^::error file=control-plane.feature,line=15,title=failed%3A Running pods survive <a control-plane outage> & "more"::pod catalog: container app restarted \(OOMKilled\) on worker-2%0A/
  )
  expect(summary).toMatch(/^### ❌ kscenario: 2 scenarios, 1 passed, 1 failed, 1 error in files\n/)
  expect(summary).toContain(
    '| ❌ | Running pods survive &lt;a control-plane outage&gt; &amp; "more" | `control-plane.feature:15` | pod catalog: container app restarted (OOMKilled) on worker-2 |'
  )
})

test('the checklist has a score, and tells in a sentence why an item failed', () => {
  const [{ score, items }] = JSON.parse(ran.texts['checklist-json']).checklists
  expect(score).toEqual({ points: 2, of: 4 })
  expect(items.map((i: any) => [i.id, i.status, i.why ?? ''])).toEqual([
    ['A-1', 'passed', ''], ['A-2', 'failed', expect.stringMatching(/container app ended \(OOMKilled\)/)], ['A-3', 'not covered', ''],
  ])
  expect(ran.texts.checklist).toContain('1 of 3 items passed · 2 of 4 points')
})

test('the same seed gives the same bytes in every report', async () => {
  const names = Object.keys(ran.texts)
  expect((await runReports(EVERY_STATUS, names)).texts).toEqual(ran.texts)
})
