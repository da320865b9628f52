import type { StepDefinition } from '../../extension.ts'
import { accesses } from './access.ts'
import { journeys } from './journey.ts'
import { rules } from './rules.ts'
import { stuckStages } from './stages.ts'

/** Assertions that are whole sentences of their own: what the trace of a run shows (language.md §8), and who may do what. */
export const sentences: readonly StepDefinition[] = [...journeys, ...rules, ...stuckStages, ...accesses]
