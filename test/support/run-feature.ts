import { createLanguage } from '../../src/cli/language.ts'
import { failureLines } from '../../src/reporters/failure-text.ts'
import type { RunnerEvent, ScenarioFinished } from '../../src/runner/events.ts'
import type { Files } from '../../src/runner/files.ts'
import { runSuite } from '../../src/runner/run-suite.ts'
import type { SuiteOptions } from '../../src/runner/run-suite.ts'

let language: ReturnType<typeof createLanguage> | undefined

export interface Ran {
  /** `name: status`, in order */
  readonly statuses: Readonly<Record<string, string>>
  /** the story of a scenario that did not pass, as the terminal tells it */
  story(name: string): string
  readonly finished: readonly ScenarioFinished[]
}

/** Runs scenarios (`{ name: steps }`) in process, on the model unless `settings` say otherwise; `background` stands before each. */
export async function runFeature(
  scenarios: Readonly<Record<string, string>>, background = '', more: Readonly<Record<string, string>> = {}, settings: Partial<SuiteOptions> = {}
): Promise<Ran> {
  const indent = (text: string): string => text.trim().split('\n').map(l => `    ${l.trim()}`).join('\n')
  const text = [
    'Feature: f', ...(background ? ['  Background:', indent(background)] : []),
    ...Object.entries(scenarios).flatMap(([name, steps]) => [`  Scenario: ${name}`, indent(steps)]),
  ].join('\n')
  const content: Readonly<Record<string, string>> = { 'a.feature': text, ...more }
  const files: Files = {
    kind: path => path in content ? 'file' : path === '.' ? 'directory' : undefined, list: () => Object.keys(content), read: path => content[path],
  }
  const { tools, createDriver, language: own } = await (language ??= createLanguage())
  const finished: ScenarioFinished[] = []
  await runSuite(
    {
      paths: ['.'], selection: { names: [] }, failFast: false, manifests: [], deadlineMs: 60_000, observeMs: 300_000, version: '0', language: own, tools,
      createDriver, files, wallMs: () => 0, interrupted: async () => false, ...settings,
    },
    (event: RunnerEvent) => {
      if (event.type === 'scenarioFinished') finished.push(event)
      if (event.type === 'diagnostics') throw new Error(event.diagnostics.map(d => d.text).join('\n'))
    }
  )
  return {
    finished, statuses: Object.fromEntries(finished.map(f => [f.scenario.name, f.status])),
    story: name => failureLines(finished.find(f => f.scenario.name === name)!).join('\n'),
  }
}

/** Each scenario's status, and the story's first line where it is not the one that was wanted. */
export function expectations(ran: Ran, wanted: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(wanted).map(name =>
    [name, ran.statuses[name] === wanted[name] ? wanted[name] : `${ran.statuses[name]}\n${ran.story(name)}`]))
}
