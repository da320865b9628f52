import { goText } from '../custom-columns.ts'

/** What Go calls the type of a value that came from an object or stands in a template. */
export const typeOf = (value: unknown): string => typeof value === 'bigint' ? 'int'
  : typeof value === 'number' ? Number.isInteger(value) ? 'int64' : 'float64'
  : typeof value === 'boolean' ? 'bool'
  : typeof value === 'string' ? 'string'
  : Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
const isNothing = (value: unknown): boolean => value === undefined || value === null

/** fmt.Sprint: a space between operands neither of which is a string. */
export const sprint = (values: readonly unknown[]): string => values.map((value, i) =>
  (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string' ? ' ' : '') + goText(value)).join('')

/** fmt.Sprintf. Source: Go's fmt/print.go; the verbs that values of objects have. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let used = 0, reordered = false
  const verbs = /%([-+# 0]*)(?:\[(\d+)\])?(\d+|\*)?(?:\.(\d+)?)?([\s\S])?/gu
  const text = format.replace(verbs, (whole, flags: string, ...[nth, width, precision, verb]: (string | undefined)[]) => {
    if (nth !== undefined) { used = Number(nth) - 1; reordered = true }
    if (verb === undefined) return '%!(NOVERB)'
    if (verb === '%') return '%'
    const wide = width === '*' ? Number(values[used++]) : Number(width ?? 0)
    if (used >= values.length) return `%!${verb}(MISSING)`
    const digits = whole.includes('.') ? Number(precision ?? 0) : undefined
    return padded(formatted(verb, values[used++], flags, digits), wide, flags, verb)
  })
  const extra = reordered ? [] : values.slice(used).map(v => isNothing(v) ? '<nil>' : `${typeOf(v)}=${goText(v)}`)
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text
}
function padded(text: string, width: number, flags: string, verb: string): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0') || !/[dxXobeEfFgGv]/.test(verb) || !/^[+-]?[\da-fA-F.]+$/.test(text)) return text.padStart(width)
  const [, sign, rest] = /^([+-]?)([\s\S]*)$/.exec(text)!
  return sign + rest.padStart(width - sign.length, '0')
}

function formatted(verb: string, value: unknown, flags: string, digits: number | undefined): string {
  if (verb === 'T') return isNothing(value) ? '<nil>' : typeOf(value)
  if (verb === 'v') return typeof value === 'string' && flags.includes('#') ? JSON.stringify(value) : signed(value, flags, goText(value))
  if (isNothing(value)) return `%!${verb}(<nil>)`
  if (Array.isArray(value)) return `[${value.map(v => formatted(verb, v, flags, digits)).join(' ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value as object).sort(([a], [b]) => a < b ? -1 : 1)
    return `map[${entries.map(([k, v]) => `${formatted(verb, k, flags, digits)}:${formatted(verb, v, flags, digits)}`).join(' ')}]`
  }
  return (typeof value === 'string' ? ofText(verb, value, digits) : typeof value === 'boolean' ? verb === 't' ? String(value) : undefined
    : typeof value === 'number' && !Number.isInteger(value) ? ofFloat(verb, value, digits)
    : ofWhole(verb, BigInt(value as number), flags)) ?? `%!${verb}(${typeOf(value)}=${goText(value)})`
}
const signed = (value: unknown, flags: string, text: string): string =>
  flags.includes('+') && (typeof value === 'number' || typeof value === 'bigint') && value >= 0 ? `+${text}` : text
function ofText(verb: string, value: string, digits: number | undefined): string | undefined {
  const cut = digits === undefined ? value : [...value].slice(0, digits).join('')
  return verb === 's' ? cut : verb === 'q' ? JSON.stringify(cut) : verb === 'x' ? Buffer.from(value).toString('hex')
    : verb === 'X' ? Buffer.from(value).toString('hex').toUpperCase() : undefined
}
function ofWhole(verb: string, value: bigint, flags: string): string | undefined {
  const radix = { d: 10, x: 16, X: 16, o: 8, b: 2 }[verb]
  if (radix === undefined) {
    return verb === 'c' ? String.fromCodePoint(Number(value)) : verb === 'q' ? `'${String.fromCodePoint(Number(value))}'`
      : verb === 'U' ? `U+${value.toString(16).toUpperCase().padStart(4, '0')}` : undefined
  }
  const text = (value < 0n ? -value : value).toString(radix), lead = flags.includes('#') && radix === 16 ? `0${verb}` : ''
  return signed(value, flags, `${value < 0n ? '-' : ''}${lead}${verb === 'X' ? text.toUpperCase() : text}`)
}
const ofFloat = (verb: string, value: number, digits: number | undefined): string | undefined =>
  verb === 'f' || verb === 'F' ? value.toFixed(digits ?? 6)
    : verb === 'g' ? digits === undefined ? goText(value) : String(Number(value.toPrecision(digits || 1)))
    : verb === 'e' ? value.toExponential(digits ?? 6).replace(/e([+-])(\d)$/, 'e$10$2') : undefined
