import type { StepDefinition } from '../extension.ts'
import { actions } from './actions/index.ts'
import { faults } from './faults/index.ts'
import { sentences } from './sentences/index.ts'
import { time } from './time/index.ts'
import { world } from './world/index.ts'

/** Every sentence of language.md but its assertions, which are subjects and predicates. */
export const steps: readonly StepDefinition[] = [...world, ...actions, ...faults, ...time, ...sentences]
