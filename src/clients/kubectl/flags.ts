/**
 * Command-line flags as kubectl's library reads them: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-Aw`; everything after `--` is an
 * argument. Source: github.com/spf13/pflag (flag.go).
 */
export type FlagKind = 'string' | 'bool' | 'int' | 'duration' | 'list' | 'array'
export interface FlagSpec {
  readonly kind: FlagKind
  /** of an int: 64 unless said */
  readonly bits?: number
  readonly short?: string
  readonly initial?: string
  /** what `--name` alone means; such a flag never takes the next word */
  readonly alone?: string
  /** what is told of it when it is given */
  readonly deprecated?: string
  /** what it asks for is not modelled: another value than the one it has anyway is refused by name */
  readonly absent?: true
  /** kubectl takes it, and nothing of it could be seen here */
  readonly inert?: true
  /** it says something only together with others, and is looked at only then */
  readonly situational?: true
}
export type FlagTable = Readonly<Record<string, FlagSpec>>

/** a flag with one text */
export const text = (short?: string, initial?: string): FlagSpec => ({ kind: 'string', short, initial })
export const bool = (short?: string, initial?: 'true'): FlagSpec => ({ kind: 'bool', short, initial, alone: 'true' })
export const int = (initial?: string): FlagSpec => ({ kind: 'int', initial })
/** one that Go holds in 32 bits */
export const int32 = (initial?: string): FlagSpec => ({ kind: 'int', initial, bits: 32 })
export const duration = (initial?: string): FlagSpec => ({ kind: 'duration', initial })
/** may be repeated, and each value is split at commas */
export const list = (short?: string): FlagSpec => ({ kind: 'list', short })
/** may be repeated, each value is taken whole */
export const array = (short?: string): FlagSpec => ({ kind: 'array', short })
/** a text that may be left out: `--cascade` means `--cascade=background` */
export const optional = (alone: string, initial?: string): FlagSpec => ({ kind: 'string', alone, initial })

export const absent = (spec: FlagSpec): FlagSpec => ({ ...spec, absent: true })
export const situational = (spec: FlagSpec): FlagSpec => ({ ...spec, situational: true })
export const inert = (spec: FlagSpec): FlagSpec => ({ ...spec, inert: true })

/** The flags and arguments of one command line. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>
  readonly #specs: FlagTable
  readonly #read = new Set<string>()
  readonly args: readonly string[]
  /** how many arguments stand before `--`; undefined: there was none */
  readonly dashAt: number | undefined
  constructor(values: ReadonlyMap<string, readonly string[]>, specs: FlagTable, args: readonly string[], dashAt: number | undefined) {
    this.#values = values
    this.#specs = specs
    this.args = args
    this.dashAt = dashAt
  }

  given(name: string): boolean { this.#read.add(name); return this.#values.has(name) }
  text(name: string): string { this.#read.add(name); return this.#values.get(name)?.at(-1) ?? this.#specs[name]?.initial ?? '' }
  on(name: string): boolean { return this.text(name) === 'true' }
  int(name: string): number { return Number(this.text(name) || '0') }
  /** milliseconds */
  duration(name: string): number { return durationMs(this.text(name) || '0') ?? 0 }
  list(name: string): readonly string[] {
    this.#read.add(name)
    const values = this.#values.get(name) ?? []
    return this.#specs[name]?.kind === 'list' ? values.flatMap(splitCommas) : values
  }

  /** what `-l` selects objects by; some commands have a `--selector` that means another thing */
  get labelSelector(): string { return this.#specs.selector?.short === 'l' ? this.text('selector') : '' }

  /** the names of the flags that were given with another value than the one they have anyway */
  said(): readonly string[] {
    return [...this.#values].filter(([name, values]) =>
      values.at(-1) !== (this.#specs[name].initial ?? (this.#specs[name].kind === 'bool' ? 'false' : ''))).map(([name]) =>
      name)
  }
  /** what was typed of flags, in order */
  typed(): readonly (readonly [string, string])[] { return [...this.#values].flatMap(([name, values]) => values.map(value => [name, value] as const)) }
  /** whether the command has a flag of that name */
  knows(name: string): boolean { return Object.hasOwn(this.#specs, name) }
  /** these flags, or all that are left, are passed over, as kubectl does here */
  passOver(...names: readonly string[]): void { for (const name of names.length > 0 ? names : this.#values.keys()) this.#read.add(name) }
  /** nobody has looked at any flag yet */
  forgetReads(): void { this.#read.clear() }
  wasRead(name: string): boolean { return this.#read.has(name) }
}

/** `wrong`: pflag's words for what does not fit; `unknown`: it is a flag that the table lacks. */
export type ParsedFlags = { readonly flags: Flags } | { readonly wrong: string; readonly unknown?: string }

export function parseFlags(words: readonly string[], specs: FlagTable): ParsedFlags {
  const values = new Map<string, string[]>(), args: string[] = []
  let dashAt: number | undefined, wrong: string | undefined
  const put = (name: string, shown: string, value: string): void => {
    wrong ??= checkValue(specs[name], shown, value)
    values.set(name, [...values.get(name) ?? [], specs[name].kind === 'bool' ? truth(value) : value])
  }
  const byShort = new Map(Object.entries(specs).flatMap(([name, spec]) => spec.short ? [[spec.short, name]] : []))
  for (let i = 0; i < words.length && wrong === undefined; i++) {
    const word = words[i]
    if (word === '--') { dashAt = args.length; args.push(...words.slice(i + 1)); break }
    if (word === '-' || !word.startsWith('-')) { args.push(word); continue }
    if (word.startsWith('--')) {
      const [, written, , value] = /^--([^=]*)(=([\s\S]*))?$/.exec(word)!, name = written.replaceAll('_', '-')
      const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
      if (name === '' || name.startsWith('-')) return { wrong: `bad flag syntax: ${word}` }
      if (!spec) return { wrong: `unknown flag: --${name}`, unknown: `--${name}` }
      const shown = spec.short ? `-${spec.short}, --${name}` : `--${name}`
      if (value !== undefined) put(name, shown, value)
      else if (spec.alone !== undefined) put(name, shown, spec.alone)
      else if (i + 1 < words.length) put(name, shown, words[++i])
      else return { wrong: `flag needs an argument: --${name}` }
      continue
    }
    for (let rest = word.slice(1); rest !== '' && wrong === undefined;) {
      const name = byShort.get(rest[0]), shown = `-${rest[0]}, --${name}`
      if (name === undefined) return { wrong: `unknown shorthand flag: '${rest[0]}' in -${rest}`, unknown: `-${rest[0]}` }
      if (rest[1] === '=') { put(name, shown, rest.slice(2)); break }
      if (specs[name].alone !== undefined) { put(name, shown, specs[name].alone!); rest = rest.slice(1); continue }
      if (rest.length > 1) { put(name, shown, rest.slice(1)); break }
      if (i + 1 >= words.length) return { wrong: `flag needs an argument: '${rest[0]}' in -${rest}` }
      put(name, shown, words[++i])
      break
    }
  }
  return wrong === undefined ? { flags: new Flags(values, specs, args, dashAt) } : { wrong }
}

const trues = ['1', 't', 'T', 'TRUE', 'true', 'True'], falses = ['0', 'f', 'F', 'FALSE', 'false', 'False']
const truth = (value: string): string => String(trues.includes(value))
/** Go's truth values (strconv.ParseBool); undefined: it is none */
export const truthOf = (value: string): boolean | undefined => trues.includes(value) ? true : falses.includes(value) ? false : undefined

function checkValue(spec: FlagSpec, shown: string, value: string): string | undefined {
  const invalid = (why: string): string => `invalid argument ${JSON.stringify(value)} for ${JSON.stringify(shown)} flag: ${why}`
  if (spec.kind === 'bool' && !trues.includes(value) && !falses.includes(value)) {
    return invalid(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (spec.kind === 'int' && !/^[+-]?\d+$/.test(value)) return invalid(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
  const half = 1n << BigInt((spec.bits ?? 64) - 1)
  if (spec.kind === 'int' && (BigInt(value) >= half || BigInt(value) < -half)) {
    return invalid(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`)
  }
  if (spec.kind === 'duration' && durationMs(value) === undefined) return invalid(`time: ${durationError(value)} duration ${JSON.stringify(value)}`)
  return undefined
}

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
/** Go's `1h30m`, `1.5s`, `-1s`; milliseconds. A bare number is none, except 0. Source: time.ParseDuration. */
export function durationMs(value: string): number | undefined {
  if (/^[+-]?0$/.test(value)) return 0
  const whole = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(value)
  if (!whole) return undefined
  let ms = 0
  for (const [, amount, unit] of whole[2].matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) ms += Number(amount) * unitMs[unit]
  return whole[1] === '-' ? -ms : ms
}

/** Why that is no duration, up to where it is quoted. Source: time.ParseDuration. */
function durationError(value: string): string {
  let rest = value.replace(/^[+-]/, '')
  while (rest !== '') {
    const [number, unit] = [/^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0], /^[\d.]*([^\d.]*)/.exec(rest)![1]]
    if (number === undefined) break
    if (unit === '') return 'missing unit in'
    if (!Object.hasOwn(unitMs, unit)) return `unknown unit ${JSON.stringify(unit)} in`
    rest = rest.slice(number.length + unit.length)
  }
  return 'invalid'
}

/** One value of a list flag: comma-separated, `"…"` keeps a comma. Source: pflag string_slice.go (encoding/csv). */
function splitCommas(value: string): string[] {
  if (value === '') return []
  return [...value.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m => m[1] !== undefined ? m[1].replaceAll('""', '"') : m[2])
}
