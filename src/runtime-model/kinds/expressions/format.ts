/**
 * `"%s has %d".format([name, n])`. Source: cel-go ext/formatting.go, ext/formatting_v2.go. Not there: the forms of other languages and of numbers that are
 * none.
 */
export function formatText(text: string, args: readonly unknown[]): string {
  let next = 0
  return text.replace(/%(?:\.(\d+))?(.)/gs, (_, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%'
    if (next >= args.length) throw new Error(`error during formatting: index ${next} out of range`)
    return clause(verb, args[next++], Number(precision ?? 6))
  })
}

function clause(verb: string, value: unknown, precision: number): string {
  const integer = (name: string, write: (n: bigint) => string): string => typeof value === 'bigint' ? write(value)
    : wrong(`${name} clause can only be used on integers, was given ${typeOf(value)}`)
  switch (verb) {
    case 's': return textOf(value)
    case 'd': return integer('decimal', String)
    case 'f': return typeof value === 'number' ? value.toFixed(precision) : integer('fixed-point', n => Number(n).toFixed(precision))
    case 'e': return Number(value).toExponential(precision).replace(/e\+?(-?)(\d+)$/, (_, sign, n) => `×10${raised(sign + n.padStart(2, '0'))}`)
    case 'b': return typeof value === 'boolean' ? value ? '1' : '0' : integer('binary', n => n.toString(2))
    case 'o': return integer('octal', n => n.toString(8))
    case 'x': return typeof value === 'string' ? Buffer.from(value).toString('hex') : integer('hex', n => n.toString(16))
    case 'X': return clause('x', value, precision).toUpperCase()
    default: return wrong(`unrecognized formatting clause ${JSON.stringify(verb)}`)
  }
}
const raised = (digits: string): string => [...digits].map(d => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(d)]).join('')
const wrong = (why: string): never => { throw new Error(`error during formatting: ${why}`) }
function textOf(value: unknown, within = false): string {
  if (typeof value === 'string') return within ? JSON.stringify(value) : value
  if (Array.isArray(value)) return `[${value.map(v => textOf(v, true)).join(', ')}]`
  if (value instanceof Map) return mapText([...value])
  if (value instanceof Object && 'toISOString' in value) return (value as any).toISOString().replace(/\.?0*Z$/, 'Z')
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype ? mapText(Object.entries(value)) : String(value)
}
const mapText = (entries: readonly (readonly [unknown, unknown])[]): string =>
  `{${entries.map(([k, v]) => `${textOf(k, true)}:${textOf(v, true)}`).sort().join(', ')}}`
const typeOf = (value: unknown): string =>
  typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'list' : typeof value
