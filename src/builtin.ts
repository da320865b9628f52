import { predicates } from './assertions/predicates/index.ts'
import type { Extension } from './extension.ts'
import { steps } from './steps/index.ts'

/** The first extension: what the language can say out of the box. */
export const builtin: Extension = { name: 'built-in', steps, predicates }
