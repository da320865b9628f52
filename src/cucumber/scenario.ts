import { ownCluster } from '../own-steps/own-cluster.ts'
import type { OwnCluster } from '../own-steps/own-cluster.ts'
import { failureLines } from '../reporters/failure-text.ts'
import type { Failure, StepFinished } from '../runner/events.ts'
import type { PlannedScenario } from '../runner/plan.ts'
import { expected } from '../runner/run-scenario.ts'
import type { Playing } from '../runner/run-scenario.ts'
import { beginOne, infoOf, runOne } from '../runner/run-suite.ts'
import type { ScenarioSettings } from '../runner/run-suite.ts'
import { readTags } from '../runner/tags.ts'

/** What Cucumber does with a step: nothing (passed), or leaves it and what follows. */
type Outcome = 'pending' | undefined

/**
 * A scenario that Cucumber goes through. Failed and vacuous are failures; what is not modelled is pending, with the reason in the log; a scenario
 * that is tagged @expect-failure swallows the failure it waits for, and fails at its end without one.
 */
export class Scenario {
  /** position of the step that is run next */
  current = 0
  /** why it is not run */
  readonly skip: string | undefined
  readonly #plan: PlannedScenario
  readonly #settings: ScenarioSettings
  readonly #log: (text: string) => void
  readonly #steps: StepFinished[] = []
  #playing: Playing | undefined
  #failed = false

  constructor(plan: PlannedScenario, settings: ScenarioSettings, log: (text: string) => void) {
    this.#plan = plan; this.#settings = settings; this.#log = log
    this.skip = readTags(plan.tags).skip
  }
  get #run(): Playing { return this.#playing ??= beginOne(this.#plan, this.#settings) }

  /** The cluster of this scenario, for steps in Cucumber's own way; starts it, if no step has. */
  cluster(): OwnCluster { return ownCluster(this.#run.context, {}) }

  async step(): Promise<Outcome> {
    if (this.#failed) { this.#log('not run: the scenario has failed, as @expect-failure wants'); return undefined }
    const { finished, failure } = await this.#run.step(this.current)
    this.#steps[this.current] = finished
    if (finished.output) this.#log(finished.output)
    if (!failure) return undefined
    if (finished.status === 'inconclusive') { this.#log(failure.message); return 'pending' }
    if (readTags(this.#plan.tags).expectFailure && finished.status !== 'undefined') {
      this.#failed = true
      this.#log(`failed as expected: ${failure.message}`)
      return undefined
    }
    throw this.#error(failure)
  }

  async end(): Promise<void> {
    if (!this.#playing) return
    const { status, failure, reason } = await this.#playing.end()
    // what a step has thrown is told already
    const told = failure?.step !== undefined && !this.#failed
    const verdict = expected(status, failure, reason, this.#plan)
    if (verdict.failure && verdict.status !== 'passed' && !told) throw this.#error(verdict.failure)
    if (status === 'passed') await this.#explore()
  }

  /** The other schedules of `@explore:N`; steps in Cucumber's own way are not known here. */
  async #explore(): Promise<void> {
    if ((readTags(this.#plan.tags).explore ?? 1) < 2) return
    const { status, failure, reason } = await runOne(this.#plan, 0, undefined, this.#settings, () => {})
    if (status === 'undefined') this.#log('@explore: run under one schedule only, as some steps are not of kscenario')
    else if (failure && status !== 'passed') throw this.#error(failure)
    else this.#log(`@explore: ${reason}`)
  }

  #error(failure: Failure): Error {
    const scenario = infoOf(this.#plan, 0, undefined, this.#settings)
    const error = new Error(
      `${failure.verdict}\n${failureLines({ type: 'scenarioFinished', scenario, status: 'failed', steps: this.#steps, virtualMs: 0, wallMs: 0, failure }).join('\n')}`
    )
    error.stack = error.message
    return error
  }
}
