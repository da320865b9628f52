const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
}
const words: Readonly<Record<string, number>> = {
  a: 1, an: 1, 'half a': 0.5, 'half an': 0.5, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
}
const number = '\\d+(?:\\.\\d+)?(?=\\s*[a-z])|(?:half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten)(?=\\s)'
const unit = 'ms|milliseconds?|s|secs?|seconds?|mins?|minutes?|m|hrs?|hours?|h|days?|d'
const part = new RegExp(`\\s*(?:and\\s+)?(${number})\\s*(${unit})(?![a-z])`, 'iy')
const packed = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/giy

/** `45 minutes`, `1m30s`, `20s`, `1.5 hours`, `1 hour 30 minutes`, `half an hour`, `five minutes` → whole milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  return addUp(packed, trimmed) ?? addUp(part, trimmed)
}

function addUp(pattern: RegExp, text: string): number | undefined {
  if (text === '' || /^0+$/.test(text)) return text === '' ? undefined : 0
  let total = 0
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) return undefined
    const unit = found[2].toLowerCase()
    total += (words[found[1].toLowerCase().replace(/\s+/g, ' ')] ?? Number(found[1])) * (unitsMs[unit] ?? unitsMs[unit.replace(/s$/, '')])
    at = pattern.lastIndex
  }
  return Math.round(total)
}

/** Whole milliseconds → `1h30m`, `45m`, `20s`, `1m30s`, `2.5s`, `500ms`, `0s`; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms === 0) return '0s'
  if (ms < 1000) return `${ms}ms`
  const days = Math.floor(ms / 86_400_000)
  const hours = Math.floor(ms / 3_600_000) % 24
  const minutes = Math.floor(ms / 60_000) % 60
  const seconds = (ms % 60_000) / 1000
  return `${days ? `${days}d` : ''}${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${seconds ? `${seconds}s` : ''}`
}
