/** What Go's decoder says of a text that is no JSON; undefined: it is JSON. Source: the messages of encoding/json (scanner.go). */
export const jsonSyntaxError = (text: string): string | undefined => jsonSyntax(text, true).error

/** Where the first value of a text ends, or what is wrong with it and how far it was read; `alone`: nothing may stand behind it. */
export function jsonSyntax(text: string, alone = false): JsonValue | NoJsonValue {
  let at = 0
  const skip = (): void => { while (' \t\r\n'.includes(text[at] ?? 'x')) at++ }
  const wrong = (where: string): never => {
    throw new SyntaxError(at >= text.length ? 'unexpected end of JSON input' : `invalid character ${quoted(text[at])} ${where}`)
  }
  const literal = (word: string): void => {
    for (const letter of word) {
      if (text[at] !== letter) wrong(at === 0 ? 'looking for beginning of value' : `in literal ${word} (expecting ${quoted(letter)})`)
      at++
    }
  }
  const string = (): void => {
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] < ' ') wrong('in string literal')
      if (text[at] === '\\' && !'"\\/bfnrtu'.includes(text[++at] ?? ' ')) wrong('in string escape code')
    }
    at++
  }
  const value = (): void => {
    skip()
    const c = text[at]
    if (c === '{') members()
    else if (c === '[') items()
    else if (c === '"') string()
    else if (c === 't') literal('true')
    else if (c === 'f') literal('false')
    else if (c === 'n') literal('null')
    else if (c !== undefined && /[-\d]/.test(c)) number()
    else wrong('looking for beginning of value')
    skip()
  }
  const number = (): void => {
    if (text[at] === '-' && !/\d/.test(text[++at] ?? '')) wrong('in numeric literal')
    while (/[\d.eE+-]/.test(text[at] ?? '')) at++
  }
  const items = (): void => {
    at++; skip()
    if (text[at] === ']') { at++; return }
    for (;;) { value(); if (text[at] === ',') { at++; continue } if (text[at] === ']') { at++; return } wrong('after array element') }
  }
  const members = (): void => {
    at++; skip()
    if (text[at] === '}') { at++; return }
    for (;;) {
      skip()
      if (text[at] !== '"') wrong('looking for beginning of object key string')
      string(); skip()
      if (text[at] !== ':') wrong('after object key')
      at++; value()
      if (text[at] === ',') { at++; continue }
      if (text[at] === '}') { at++; return }
      wrong('after object key:value pair')
    }
  }
  try {
    value()
    return alone && at < text.length ? wrong('after top-level value') : { end: at }
  } catch (error) {
    if (error instanceof SyntaxError) return { error: error.message, offset: at + 1 }
    throw error
  }
}
interface JsonValue { readonly end: number; readonly error?: undefined; readonly offset?: undefined }
interface NoJsonValue { readonly end?: undefined; readonly error: string; readonly offset: number }
const quoted = (c: string): string => c === "'" ? "'\\''" : c === '"' ? "'\"'" : `'${c}'`
