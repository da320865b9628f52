import { civil, daysFrom } from './time.ts'

export const layouts = { time: '2006-01-02T15:04:05Z07:00', microtime: '2006-01-02T15:04:05.000000Z07:00' } as const

/** as package time quotes: byte by byte. Source: time/format.go (quote) */
const quoted = (text: string): string => `"${[...new TextEncoder().encode(text)].map(byte =>
  byte === 34 || byte === 92 ? '\\' + String.fromCharCode(byte) : byte < 32 || byte >= 128 ? '\\x' + byte.toString(16).padStart(2, '0') : String.fromCharCode(byte)).join('')}"`

interface Part { readonly pattern: RegExp; readonly name: string; readonly range?: readonly [what: string, from: number, to: number] }
const dash: Part = { pattern: /^-/, name: '-' }, colon: Part = { pattern: /^:/, name: ':' }, two = /^\d\d/
const untilMinute: readonly Part[] = [
  { pattern: /^\d{4}/, name: '2006' }, dash, { pattern: two, name: '01', range: ['month', 1, 12] }, dash, { pattern: two, name: '02' }, { pattern: /^T/, name: 'T' },
  { pattern: two, name: '15', range: ['hour', 0, 23] }, colon, { pattern: two, name: '04', range: ['minute', 0, 59] }, colon,
]
const second: Part['range'] = ['second', 0, 59], zone: Part = { pattern: /^(Z|[+-]\d\d:\d\d)/, name: 'Z07:00' }
/** a layout without a fraction takes one all the same, behind the second */
const parts: Readonly<Record<keyof typeof layouts, readonly Part[]>> = {
  time: [...untilMinute, { pattern: /^\d\d([.,]\d+)?/, name: '05', range: second }, zone],
  microtime: [...untilMinute, { pattern: two, name: '05', range: second }, { pattern: /^\.\d{6}(?!\d)/, name: '.000000' }, zone],
}

/** Why that is no time of RFC 3339, in Go's words; undefined: it is one. Source: time/format.go (Parse) */
export function timeProblem(text: string, layout: keyof typeof layouts = 'time'): string | undefined {
  const whole = `parsing time ${quoted(text)}`, read: Record<string, number> = {}
  let rest = text
  for (const { pattern, name, range } of parts[layout]) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) return `${whole} as ${JSON.stringify(layouts[layout])}: cannot parse ${quoted(rest)} as ${JSON.stringify(name)}`
    read[name] = parseInt(found, 10)
    if (range && (read[name] < range[1] || read[name] > range[2])) return `${whole}: ${range[0]} out of range`
    if (name === zone.name && Number(found.slice(1, 3)) > 24) return `${whole}: time zone offset hour out of range`
    if (name === zone.name && Number(found.slice(4)) > 60) return `${whole}: time zone offset minute out of range`
    rest = rest.slice(found.length)
  }
  if (rest !== '') return `${whole}: extra text: ${quoted(rest)}`
  const { 2006: year, '01': month, '02': day } = read, there = civil(daysFrom(year, month, day))
  return day < 1 || there.day !== day || there.month !== month ? `${whole}: day out of range` : undefined
}
