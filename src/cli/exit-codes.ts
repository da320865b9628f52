/** What the process answers; of 1, 2 and 3 the smallest that applies. */
export const EXIT = {
  passed: 0,
  /** a scenario failed, or passed without showing anything */
  failed: 1,
  /** cannot run as written: syntax, undefined, ambiguous, unknown option, nothing selected */
  cannotRun: 2,
  /** not modelled, or the harness itself is at fault */
  inconclusive: 3,
  interrupted: 130,
} as const
