import type { Status } from '../runner/events.ts'

/** How a status is shown where people read it line by line. */
export const SIGNS: Readonly<Record<Status, string>> = {
  passed: '✓', failed: '✗', vacuous: '∅', undefined: '?', ambiguous: '?', skipped: '-', inconclusive: '!',
}
