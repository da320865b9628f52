export { createJudge, speaksOfOutcome, type Judge } from './judge.ts'
export type { Judgement, Story } from './verdict.ts'
