import type { Driver } from '../../../drivers/driver.ts'
import { hasBusybox } from '../../../runtime-model/api/missing-file.ts'

/** Where a program of a container runs, and what it may look at. */
export interface Place {
  readonly driver: Driver
  readonly pod: any
  readonly container: any
  /** virtual ms at which the container started */
  readonly startedAt: number
  /** all that comes on its standard input, once that is over; absent: nothing does */
  readonly read?: () => Promise<string>
}
/** What a program has written, and how it ended. */
export interface Ended { readonly stdout?: string; readonly stderr?: string; readonly code?: number }
/** `words`: its arguments, without its name */
export type Program = (place: Place, words: readonly string[]) => Promise<Ended> | Ended

export const isBusybox = ({ container }: Place): boolean => hasBusybox(container.image)
