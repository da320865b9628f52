/** Indexes of a Job's pods as its status and its policies write them, `0-2,5`. Source: pkg/apis/batch/validation/validation.go (validateIndexesFormat) */
export type Interval = readonly [first: number, last: number]

/** Intervals that rise; a text: what is wrong with them. */
export function intervalsOf(text: string, completions: number): readonly Interval[] | string {
  const found: Interval[] = []
  for (const part of text === '' ? [] : text.split(',')) {
    const interval = intervalOf(part, completions), before = found.at(-1)
    if (typeof interval === 'string') return interval
    if (before !== undefined && before[1] >= interval[0]) return `non-increasing order, previous: ${before[1]}, current: ${interval[0]}`
    found.push(interval)
  }
  return found
}
export const countOf = (intervals: readonly Interval[]): number => intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0)

/** `3` or `0-2`; a text: why it is none. Source: parseIndexInterval */
export function intervalOf(text: string, completions: number): Interval | string {
  const limits = text.split('-')
  if (limits.length > 2) {
    return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`
  }
  for (const limit of limits) {
    if (!/^[+-]?\d+$/.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`
  }
  const [first, last = first] = limits.map(Number)
  return limits.length === 2 && first >= last ? `non-increasing order, previous: ${first}, current: ${last}` : [first, last]
}
