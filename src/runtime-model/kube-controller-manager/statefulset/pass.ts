import type { KubeObject } from '../../api/request.ts'
import type { View } from '../controller.ts'
import type { Revision } from '../revisions.ts'
import type { Script } from '../script.ts'

/** What a pass over a StatefulSet works on. */
export interface Pass {
  readonly io: Script
  readonly view: View
  readonly set: KubeObject
  readonly nowMs: number
  readonly pods: readonly KubeObject[]
  readonly current: Revision
  readonly update: Revision
  readonly collisions: number
}
/** What became of a step: may the pass go on, and what went wrong. */
export interface Outcome { readonly stop: boolean; readonly error?: string }
export const GO_ON: Outcome = Object.freeze({ stop: false })
export const STOP_HERE: Outcome = Object.freeze({ stop: true })
export const outcome = (error: string | undefined, otherwise: Outcome): Outcome => error === undefined ? otherwise : { stop: true, error }
