/** `t+97s`, `t+4.25s`, `t+45m12s`: a moment of virtual time, exact to the millisecond. */
export const moment = (ms: number): string => 't+' + span(ms)

/** `97s`, `12m30s`, `3d4h`: from two minutes on in larger units. */
export function span(ms: number): string {
  if (ms < 120_000) return `${ms / 1000}s`
  const units: [string, number][] = [['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000]]
  let rest = Math.round(ms / 1000) * 1000, text = ''
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count) text += count + unit
  }
  return text
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
