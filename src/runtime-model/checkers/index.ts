import type { CheckerDefinition } from './checker.ts'
import { boundOnce, endedContainersStayEnded, phasesGoForward } from './pods.ts'
import { onlyApiServerTalksToEtcd, revisionsGrow } from './two-rules.ts'

export const checkers: readonly CheckerDefinition[] = [onlyApiServerTalksToEtcd, revisionsGrow, boundOnce, phasesGoForward, endedContainersStayEnded]
