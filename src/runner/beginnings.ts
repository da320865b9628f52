import type { RunningContext } from './context.ts'
import type { StepFinished } from './events.ts'
import type { PlannedScenario, PlannedStep } from './plan.ts'

/** The first steps of a scenario, gone through: all of them passed. */
export interface Beginning { readonly steps: readonly StepFinished[]; readonly context: RunningContext }

interface Path { readonly on: Map<string, Path>; beginning?: Beginning }
function below(paths: Map<string, Path>, words: string): Path {
  let path = paths.get(words)
  if (!path) paths.set(words, path = { on: new Map() })
  return path
}

/** so many beginnings are kept, the latest used */
const limit = 24

/**
 * Scenarios often begin alike, with a background or with the same few steps. What two of them share is gone through once, and each goes on from there
 * with a fork: the same run, as a run depends on its seed and its steps alone (test/support/scenario-laws.ts holds it to that). What the
 * scenarios that come next share is kept, for later ones too.
 */
export class Beginnings {
  readonly #roots = new Map<string, Path>()
  readonly #kept = new Set<Path>()

  /** The longest beginning of this scenario that is kept. */
  find(plan: PlannedScenario, seed: number): Beginning | undefined {
    let path = this.#roots.get(rootOf(plan, seed)), found: Path | undefined
    for (const step of plan.steps) {
      path = path?.on.get(wordsOf(step))
      if (!path) break
      if (path.beginning) found = path
    }
    if (found) this.#use(found)
    return found?.beginning
  }
  /** Keeps what the scenario has come to with the steps that are through. */
  keep(plan: PlannedScenario, seed: number, beginning: Beginning): void {
    let path = below(this.#roots, rootOf(plan, seed))
    for (const step of plan.steps.slice(0, beginning.steps.length)) path = below(path.on, wordsOf(step))
    path.beginning = beginning
    this.#use(path)
  }
  #use(path: Path): void {
    this.#kept.delete(path); this.#kept.add(path)
    if (this.#kept.size <= limit) return
    const [oldest] = this.#kept
    oldest.beginning = undefined
    this.#kept.delete(oldest)
  }
}

/** How many steps two scenarios have in common at their beginnings. */
export function sharedSteps(a: PlannedScenario, b: PlannedScenario): number {
  if (folderOf(a) !== folderOf(b)) return 0
  const least = Math.min(a.steps.length, b.steps.length)
  let n = 0
  while (n < least && wordsOf(a.steps[n]) === wordsOf(b.steps[n])) n++
  return n
}

/** Files are looked up beside the feature. */
const folderOf = ({ file }: PlannedScenario): string => file.slice(0, file.lastIndexOf('/') + 1)
const rootOf = (plan: PlannedScenario, seed: number): string => `${seed} ${folderOf(plan)}`

const words = new WeakMap<PlannedStep, string>()
/** All that a step is but its place: equal words do the same. */
function wordsOf(step: PlannedStep): string {
  let text = words.get(step)
  if (text === undefined) {
    words.set(step, text = JSON.stringify([step.keywordType, step.text, step.argument.table, step.argument.docString?.content, step.reading]))
  }
  return text
}
