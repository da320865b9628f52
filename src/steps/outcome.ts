import type { StepOutcome } from '../extension.ts'

/** A sentence of the driver that says why something cannot be: what the model lacks is inconclusive, everything else cannot run as written. */
export const refusal = (why: string): StepOutcome => why.startsWith('not modelled') ? { notModelled: why.replace(/^not modelled:? */, '') } : { cannotRun: why }
