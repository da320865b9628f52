/** What the runner is told of an assertion; the same shape as its own, so that neither room needs the other. */
export interface Story {
  readonly message: string
  readonly verdict: string
  readonly caret?: { readonly start: number; readonly end: number; readonly says?: string }
  readonly expected?: string
  readonly seen?: string
  readonly atMs?: number
  readonly why?: readonly string[]
  /** the component, machine or container whose failing brought it about */
  readonly atFault?: string
  readonly timeline?: readonly TimelineEntry[]
  readonly more?: number
  readonly notes?: readonly string[]
  /** whole stories: the stored objects that it speaks of */
  readonly objects?: readonly StoredName[]
}
export interface StoredName { readonly resource: string; readonly namespace: string; readonly name: string }
export interface TimelineEntry { readonly atMs: number; readonly text: string; readonly count?: number; readonly untilMs?: number }
/** `note`: what an author should know of a claim that holds. */
export type Judgement = { readonly status: 'passed'; readonly note?: string }
  | { readonly status: 'failed' | 'vacuous' | 'inconclusive' | 'undefined'; readonly story: Story }
