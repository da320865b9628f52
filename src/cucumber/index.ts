import { After, Before, BeforeStep, defineStep } from '@cucumber/cucumber'
import type { ParsedScenario } from '../runner/run-suite.ts'
import { runOptions } from '../cli/run-options.ts'
import { createWorkerHost } from '../cli/host.ts'
import { createLanguage } from '../cli/language.ts'
import { Scenario } from './scenario.ts'
import { patternOf } from './only-what-is-read.ts'
import { readings } from './readings.ts'

interface World { kscenario: Scenario; log(text: string): void }
/** steps may take long in wall-clock time, and time of the cluster is not Cucumber's to measure */
const patient = { timeout: -1 }

/**
 * Support code for @cucumber/cucumber: `import 'kscenario/cucumber'` in a file of the support folder, and `npx cucumber-js` runs the same feature
 * files with the same verdicts. A scenario's cluster is at hand as `this.kscenario.cluster()` for steps that are written in Cucumber's way.
 */
export async function main(): Promise<void> {
  const host = createWorkerHost(), options = await runOptions([], {}, host), { language, parser, tools, createDriver } = await createLanguage(host)
  const settings = { ...options, tools, createDriver, files: host.files, wallMs: host.wallMs }
  const count = readings(parser)

  /** pickles of a file, by the line of the scenario or of its row */
  const files = new Map<string, ReadonlyMap<number, ParsedScenario>>()
  function scenariosOf(uri: string): ReadonlyMap<number, ParsedScenario> {
    let scenarios = files.get(uri)
    if (!scenarios) files.set(uri, scenarios = new Map(language.read(uri, host.files.read(uri) ?? '').scenarios.map(s => [s.line, s])))
    return scenarios
  }

  Before({ name: 'kscenario', ...patient }, function (this: World, { pickle, gherkinDocument }) {
    const plan = scenariosOf(pickle.uri).get(lineOf(gherkinDocument, pickle.astNodeIds))?.bind()
    if (!plan) throw new Error(`${pickle.uri} has changed since it was read`)
    const scenario = this.kscenario = new Scenario(plan, settings, text => this.log(text))
    if (scenario.skip) { this.log(scenario.skip); return 'skipped' }
    if (plan.steps.length === 0) throw new Error('vacuous: a scenario without steps shows nothing')
  })
  BeforeStep(patient, function (this: World, { pickle, pickleStep }) { this.kscenario.current = pickle.steps.findIndex(s => s.id === pickleStep.id) })
  After({ name: 'kscenario', ...patient }, function (this: World) { return this.kscenario?.end() })

  /** Cucumber hands a step its table or doc string, if it has one, and a callback to a function that takes one argument more. */
  function run(this: World, argument?: unknown): unknown {
    const done = this.kscenario.step()
    if (typeof argument !== 'function') return done
    done.then(result => argument(undefined, result), error => argument(error))
    return undefined
  }
  defineStep(patternOf('a sentence of kscenario', text => count(text) > 0), patient, run)
  defineStep(patternOf('another reading of it', text => count(text) > 1), patient, run)
}

function lineOf({ feature }: { readonly feature?: any }, [scenarioId, rowId]: readonly string[]): number {
  const scenarios: readonly any[] = (feature?.children ?? []).flatMap((c: any) => c.rule ? c.rule.children : [c]).flatMap((c: any) => c.scenario ?? [])
  const scenario = scenarios.find(s => s.id === scenarioId)
  return rowId === undefined ? scenario.location.line : scenario.examples.flatMap((e: any) => e.tableBody).find((r: any) => r.id === rowId).location.line
}
