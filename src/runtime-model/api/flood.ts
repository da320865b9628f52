/** Clients of the API servers that ask without a pause, all as one user: so many requests per second, each of which takes so long to be answered. */
export interface Flood {
  readonly user: string
  readonly groups: readonly string[]
  readonly perSecond: number
  readonly takesMs: number
  /** virtual ms since when */
  readonly since: number
}
/** the process that stands for all such clients, and its component */
export const FLOODS_ID = 'api-clients/floods', FLOODS = 'api-clients'
