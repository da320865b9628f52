import { onePiece } from '../../base/one-piece.ts'

/**
 * Calendar arithmetic without the host's clock: proleptic Gregorian, UTC. Source of the algorithm: H. Hinnant, "chrono-compatible low-level date algorithms".
 */
const dayMs = 86_400_000
const two = (n: number): string => n < 10 ? '0' + n : String(n)

/** Days since 1970 ⇄ a date; months and days count from 1. */
export function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468, era = Math.floor(z / 146_097), doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100)), mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 }
}
export function daysFrom(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year, era = Math.floor(y / 400), yoe = y - era * 400
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468
}

/** texts of the latest seconds: a moment is written many times, and all keep the same text */
const seconds: number[] = new Array(16).fill(NaN), texts: string[] = new Array(16).fill('')
/** metav1.Time as JSON: RFC 3339 in whole seconds, `2026-01-01T00:00:42Z`; `ms` is calendar time since 1970. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000), slot = ((second % 16) + 16) % 16
  if (second === seconds[slot]) return texts[slot]
  seconds[slot] = second
  return texts[slot] = onePiece(stamp(ms) + 'Z')
}
/** metav1.MicroTime as JSON: `2026-01-01T00:00:42.017000Z` */
export const formatMicroTime = (ms: number): string => `${stamp(ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}000Z`

function stamp(ms: number): string {
  const days = Math.floor(ms / dayMs), { year, month, day } = civil(days), s = Math.floor((ms - days * dayMs) / 1000)
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}

/** Calendar ms of an RFC 3339 time (with fraction and offset), NaN if it is none. */
export function parseTime(text: string): number {
  return text.length === 20 && text.charCodeAt(19) === 90 ? wholeSeconds(text) ?? anyTime(text) : anyTime(text)
}
/** `2026-01-01T00:00:42Z`, as Kubernetes writes nearly all times; undefined: it is none. */
function wholeSeconds(text: string): number | undefined {
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
  const year = digits(text, 0, 4), month = digits(text, 5, 7), day = digits(text, 8, 10), hour = digits(text, 11, 13), minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  return year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0
    ? undefined
    : daysFrom(year, month, day) * dayMs + (hour * 3600 + minute * 60 + second) * 1000
}
function digits(text: string, from: number, to: number): number {
  let n = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    n = n * 10 + digit
  }
  return n
}
function anyTime(text: string): number {
  const m = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)([.,]\d+)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/.exec(text)
  if (!m) return NaN
  const fractionMs = m[7] ? Math.floor(Number('0.' + m[7].slice(1)) * 1000) : 0
  const local = daysFrom(+m[1], +m[2], +m[3]) * dayMs + (+m[4] * 3600 + +m[5] * 60 + +m[6]) * 1000 + fractionMs
  return m[8] ? local - (m[8] === '+' ? 1 : -1) * (+m[9] * 60 + +m[10]) * 60_000 : local
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** RFC 1123 with a numeric zone, as `kubectl describe` prints: `Thu, 01 Jan 2026 00:00:00 +0000` */
export function formatRfc1123(ms: number): string {
  const days = Math.floor(ms / dayMs), { year, month, day } = civil(days)
  return `${weekdays[((days % 7) + 7) % 7]}, ${two(day)} ${months[month - 1]} ${year} ${stamp(ms).slice(11)} +0000`
}
