import type { Language } from '../runner/run-suite.ts'
import { runStep, type StepResult } from '../runner/run-step.ts'
import type { Tools } from '../runner/tools.ts'
import type { PlannedStep } from '../runner/plan.ts'
import type { ScenarioContext } from '../steps/context.ts'

/** What has become of a sentence. `text`: at length, why it did not pass. */
export interface Said { readonly status: StepResult['status']; readonly output?: string; readonly text?: string }

/** Sentences that are said to a cluster one by one, as a scenario's steps are: an action happens, a claim is looked into. */
export class Sentences {
  readonly #language: Language
  readonly #tools: Tools
  readonly #context: ScenarioContext
  constructor(language: Language, tools: Tools, context: ScenarioContext) { this.#language = language; this.#tools = tools; this.#context = context }

  async say(sentence: string): Promise<Said> {
    const text = sentence.replace(/^(Given|When|Then|And|But|\*)\s+/, ''), step = this.#read('When', text)
    // a claim is no action: what has been is told from what the last action did
    return this.#run(step?.reading.type === 'bound' && step.reading.ast.type === 'assertion' ? this.#read('Then', text) : step)
  }
  #read(keyword: string, text: string): PlannedStep | undefined {
    return this.#language.read('(said)', `Feature: said\n  Scenario: said\n    ${keyword} ${text}\n`).scenarios[0]?.bind().steps[0]
  }
  async #run(step: PlannedStep | undefined): Promise<Said> {
    if (!step) return { status: 'undefined', text: 'one sentence on one line is understood here, without table or text below it' }
    if (step.reading.type !== 'bound') return { status: step.reading.type, text: step.reading.diagnostics.map(d => d.text).join('\n') }
    const { status, story, output } = await runStep(step, this.#context, this.#tools)
    return { status, output, text: story && [story.message, ...story.notes ?? [], ...story.why ?? []].join('\n') }
  }
}
