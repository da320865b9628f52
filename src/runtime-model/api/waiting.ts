import type { Question } from './behaviour.ts'

/** The process that watches for containers until what they wait for is there; see runtime-model/waiting.ts. */
export const WAITING_ID = 'waiting/containers'
/** A container that waits: where it is, what it asks, when it asked first and how often it asks again (virtual ms). */
export interface Wait {
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly uid: string
  readonly id: string
  readonly question: Question
  readonly firstAt: number
  readonly everyMs: number
}
