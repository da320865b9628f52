import type { StepDefinition } from '../../extension.ts'

export const sentences: readonly StepDefinition[] = []
