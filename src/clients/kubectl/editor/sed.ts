import { NotModelled } from '../../errors.ts'

interface Command {
  readonly address?: (line: string, number: number, last: boolean) => boolean
  readonly change: (line: string) => { readonly line?: string; readonly before?: string; readonly after?: string; readonly said?: string }
}
const unknown = (what: string): Error => new NotModelled(`sed \`${what}\``)

/** What `sed` with these scripts makes of a text, and what it says. Source: POSIX.1-2017, sed; GNU sed's additions `I`, `\+`, `\?`, `\|`, `w /dev/stdout`. */
export function sed(scripts: readonly string[], extended: boolean, text: string): { readonly text: string; readonly said: string } {
  const commands = scripts.flatMap(script => commandsOf(script, extended)), lines = text.replace(/\n$/, '').split('\n'), out: string[] = []
  let said = ''
  if (text !== '') for (const [i, original] of lines.entries()) {
    let line: string | undefined = original
    const after: string[] = []
    for (const { address, change } of commands) {
      if (line === undefined || (address && !address(line, i + 1, i === lines.length - 1))) continue
      const done = change(line)
      line = done.line
      if (done.before !== undefined) out.push(done.before)
      if (done.after !== undefined) after.push(done.after)
      said += done.said ?? ''
    }
    if (line !== undefined) out.push(line)
    out.push(...after)
  }
  return { text: out.map(l => `${l}\n`).join(''), said }
}

function commandsOf(script: string, extended: boolean): Command[] {
  const found: Command[] = []
  for (let rest = script.replace(/^[\s;]+/, ''); rest !== '';) {
    const { address, rest: command } = addressOf(rest, extended)
    const [made, left] = commandAt(command, extended)
    found.push({ change: made, ...address ? { address } : {} })
    rest = left.replace(/^[\s;]+/, '')
  }
  return found
}

/** A line by its number, `$`, or what it holds; `!`: all others. */
function addressOf(text: string, extended: boolean): { readonly address?: Command['address']; readonly rest: string } {
  const match = /^(?:(\d+)|(\$)|\/((?:\\.|[^\\/])*)\/(I?))\s*(!?)\s*/.exec(text)
  if (!match) return { rest: text }
  const [whole, number, last, pattern, caseless, not] = match
  const holds: NonNullable<Command['address']> = number !== undefined ? (_, n) => n === Number(number)
    : last ? (_, __, isLast) => isLast
    : (regex => line => regex.test(line))(new RegExp(regexOf(pattern, extended), caseless ? 'i' : ''))
  const rest = text.slice(whole.length)
  if (rest.startsWith(',')) throw unknown(text)
  return { address: not ? (line, n, isLast) => !holds(line, n, isLast) : holds, rest }
}

function commandAt(text: string, extended: boolean): readonly [Command['change'], string] {
  if (text[0] === 'd') return [() => ({}), text.slice(1)]
  if (text[0] === 's') return substitution(text, extended)
  const write = /^w \/dev\/stdout(?=\n|$)/.exec(text)
  if (write) return [line => ({ line, said: `${line}\n` }), text.slice(write[0].length)]
  const added = /^([aic])(?:\\\n|\s*\\?)([^\n]*)/.exec(text)
  if (!added) throw unknown(text)
  const [whole, how, words] = added, said = words.replace(/\\(.)/g, '$1')
  return [line => how === 'a' ? { line, after: said } : how === 'i' ? { line, before: said } : { line: said }, text.slice(whole.length)]
}

function substitution(text: string, extended: boolean): readonly [Command['change'], string] {
  const mark = text[1] ?? '', part = `((?:\\\\[\\s\\S]|[^\\\\${mark.replace(/[\]\\^-]/g, '\\$&')}])*)`, quoted = mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = mark === '' || /[\s\\]/.test(mark) ? null : new RegExp(`^s${quoted}${part}${quoted}${part}${quoted}([gIi\\d]*)`).exec(text)
  if (!match) throw unknown(text)
  const [whole, pattern, replacement, flags] = match, nth = Number(/\d+/.exec(flags)?.[0] ?? 1)
  const plain = (part: string): string => mark === '/' || /[.*+?^${}()|[\]]/.test(mark) ? part.replaceAll(`\\${mark}`, mark) : part
  const regex = new RegExp(regexOf(plain(pattern), extended), `g${/[Ii]/.test(flags) ? 'i' : ''}`)
  const change = (line: string): string => {
    let n = 0
    return line.replace(regex, (found, ...groups) => {
      n++
      if (n < nth || (n > nth && !flags.includes('g'))) return found
      return plain(replacement).replace(/\\([\s\S])|&/g, (_, escaped) =>
        escaped === undefined ? found
          : /\d/.test(escaped) ? escaped === '0' ? found : groups[Number(escaped) - 1] ?? ''
          : escaped === 'n' ? '\n'
          : escaped === 't' ? '\t'
          : escaped)
    })
  }
  return [line => ({ line: change(line) }), text.slice(whole.length)]
}

const classes: Readonly<Record<string, string>> = {
  space: '\\s', digit: '\\d', alpha: 'a-zA-Z', alnum: 'a-zA-Z0-9', upper: 'A-Z', lower: 'a-z', blank: ' \\t', punct: '!-\\/:-@\\[-`{-~', xdigit: '0-9a-fA-F',
}
/** A basic (or extended) regular expression as JavaScript writes it. Source: POSIX.1-2017, Base Definitions, 9.3 and 9.4. */
export function regexOf(pattern: string, extended: boolean): string {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]
    if (c === '[') {
      const end = pattern.indexOf(']', pattern[i + 1] === '^' ? i + 3 : i + 2), close = /^\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/.exec(pattern.slice(i))
      if (end < 0 || !close) throw unknown(pattern)
      const inside = close[0].slice(1, -1).replace(/\\/g, '\\\\').replace(/\[:(\w+):\]/g, (_, name) => classes[name] ?? '').replace(/\[/g, '\\[')
      out += `[${inside.replace(/^(\^?)\]/, '$1\\]')}]`
      i += close[0].length - 1
    } else if (c === '\\') {
      const next = pattern[++i] ?? ''
      if ('(){}+?|'.includes(next)) out += extended ? `\\${next}` : next
      else out += /[\w.*^$[\]\\/-]/.test(next)
        ? (next === '<' || next === '>' ? '\\b' : next === '/' ? '\\/' : `\\${next}`)
        : next.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    } else if ('(){}+?|'.includes(c)) out += extended ? c : `\\${c}`
    else if (c === '*' && (i === 0 || (!extended && /(^|\\\()$/.test(pattern.slice(0, i))))) out += '\\*'
    else if (c === '^' && i > 0 && !extended && !/\\\(|\\\|$/.test(pattern.slice(0, i))) out += '\\^'
    else if (c === '$' && i < pattern.length - 1 && !extended && !/^\\\)|^\\\|/.test(pattern.slice(i + 1))) out += '\\$'
    else out += c
  }
  return out
}
