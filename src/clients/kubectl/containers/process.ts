import type { Driver } from '../../../drivers/driver.ts'

/** Where a program of a container runs, and what it may look at. */
export interface Place {
  readonly driver: Driver
  readonly pod: any
  readonly container: any
  /** virtual ms at which the container started */
  readonly startedAt: number
}
/** What a program has written, and how it ended. */
export interface Ended { readonly stdout?: string; readonly stderr?: string; readonly code?: number }
/** `words`: its arguments, without its name */
export type Program = (place: Place, words: readonly string[]) => Promise<Ended> | Ended

/** Is the image one that holds busybox's tools (whose messages differ from GNU's)? */
export const isBusybox = ({ container }: Place): boolean => /(^|\/)(busybox|alpine|curl|wget)(:|@|$)|alpine/.test(container.image ?? '')
