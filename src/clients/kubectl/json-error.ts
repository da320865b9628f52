/** What Go's encoding/json says is wrong with a text. Source: encoding/json scanner.go. */
export function jsonError(text: string): string {
  let at = 0
  const space = (): void => { while (/[ \t\r\n]/.test(text[at] ?? '')) at++ }
  const stop = (where: string): never => { throw new Wrong(at >= text.length ? 'unexpected end of JSON input' : `invalid character ${quote(text[at])} ${where}`) }
  const string = (): void => {
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++; else if (text[at] < ' ') stop('in string literal')
    if (at >= text.length) stop('')
    at++
  }
  const value = (): void => {
    space()
    const rest = text.slice(at)
    if (rest[0] === '"') return string()
    if (rest[0] === '{') return members('}', () => { if (text[at] !== '"') stop('looking for beginning of object key string'); string(); space(); if (text[at] !== ':') stop('after object key'); at++; value() }, 'after object key:value pair')
    if (rest[0] === '[') return members(']', value, 'after array element')
    const literal = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/.exec(rest)
    if (!literal) stop('looking for beginning of value')
    at += literal![0].length
  }
  const members = (end: string, member: () => void, after: string): void => {
    at++; space()
    if (text[at] === end) { at++; return }
    for (;;) { space(); member(); space(); if (text[at] === end) { at++; return } if (text[at] !== ',') stop(after); at++ }
  }
  try { value(); space(); if (at < text.length) stop('after top-level value') } catch (error) { if (error instanceof Wrong) return error.message; throw error }
  return ''
}
class Wrong extends Error {}
const quote = (c: string): string => c === "'" ? `'\\''` : c === '"' ? `'"'` : `'${JSON.stringify(c).slice(1, -1)}'`
