/** Tags that the runner reads (language.md §10); all others are free and only select. */
export interface TagMeaning {
  readonly seed?: number
  /** under how many schedules it is run */
  readonly explore?: number
  readonly only: boolean
  /** why it is not run, if it is not */
  readonly skip?: string
  readonly expectFailure?: { readonly step?: string }
  readonly checklist: readonly string[]
}

const untagged: TagMeaning = Object.freeze({ only: false, checklist: [] })

export function readTags(tags: readonly string[]): TagMeaning {
  if (tags.length === 0) return untagged
  const value = (name: string): string | undefined => tags.find(t => t.startsWith(`@${name}:`))?.slice(name.length + 2)
  const has = (name: string): boolean => tags.includes(`@${name}`)
  const seed = value('seed'), explore = value('explore')
  const skipped = value('skip')
  return {
    seed: seed !== undefined && /^\d+$/.test(seed) ? Number(seed) : undefined,
    explore: explore !== undefined && /^\d+$/.test(explore) ? Number(explore) : undefined,
    only: has('only'),
    skip: has('skip') ? '@skip'
      : skipped !== undefined ? `@skip: ${skipped.replaceAll('-', ' ')}`
      : has('real-only') ? '@real-only: this run is on the model'
      : undefined,
    expectFailure: has('expect-failure') ? {} : value('expect-failure') !== undefined ? { step: value('expect-failure') } : undefined,
    checklist: tags.filter(t => t.startsWith('@checklist:')).map(t => t.slice('@checklist:'.length)),
  }
}
