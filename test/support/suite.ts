import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createLanguage } from '../../src/cli/language.ts'
import type { RunnerEvent, ScenarioFinished } from '../../src/runner/events.ts'
import type { Files } from '../../src/runner/files.ts'
import { runSuite } from '../../src/runner/run-suite.ts'
import type { SuiteOptions } from '../../src/runner/run-suite.ts'

const root = join(import.meta.dirname, '../..')
const at = (path: string): string => join(root, path)

const plain = (path: string): string => path.replace(/^\.\//, '')
/** The project's own files, with some replaced by other content. */
export const projectFiles = (instead: Readonly<Record<string, string>> = {}): Files => ({
  kind: path => plain(path) in instead ? 'file' : !existsSync(at(path)) ? undefined : statSync(at(path)).isDirectory() ? 'directory' : 'file',
  list: path => readdirSync(at(path)),
  read: path => instead[plain(path)] ?? (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : undefined),
})

/** Runs paths of the project (or a text given as a feature file) as `kscenario run` does. */
export async function runProject(
  paths: readonly string[], instead: Readonly<Record<string, string>> = {},
  { alone, ...options }: Partial<SuiteOptions> & { /** each scenario goes through all its steps itself */ readonly alone?: boolean } = {}
) {
  const { language, tools, createDriver } = await createLanguage(undefined, { files: projectFiles(instead) })
  const events: RunnerEvent[] = []
  const summary = await runSuite({
    paths, selection: { names: [] }, failFast: false, manifests: [], deadlineMs: 60_000, observeMs: 300_000, version: '0', language,
    tools: alone ? { ...tools, contained: false } : tools, createDriver,
    files: projectFiles(instead), wallMs: () => 0, interrupted: async () => false, ...options,
  }, e => void events.push(e))
  const finished = events.filter((e): e is ScenarioFinished => e.type === 'scenarioFinished')
  return { summary, events, finished }
}

/** One line for each scenario that did not pass: where, and why. */
export const complaints = (finished: readonly ScenarioFinished[]): string[] => finished.filter(f => f.status !== 'passed')
  .map(f =>
    `${f.scenario.file}:${f.scenario.line} ${f.scenario.name}: ${f.status}: ${f.failure?.step === undefined ? '' : `${f.scenario.steps[f.failure.step].text}: `}${f.failure?.message ?? f.reason ?? ''}`)
