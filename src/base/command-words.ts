export type CommandWords =
  | { readonly words: readonly string[] }
  /** `offset` is 0-based, of the character that cannot stand there */
  | { readonly error: string; readonly offset: number }

const refused = new Set(['|', '>', '<', ';', '&', '`'])

/**
 * Splits a command line into words as a POSIX shell does: `'…'` is literal, in `"…"` a backslash escapes `"`, `\`, `$` and a
 * backquote, outside quotes it escapes anything; `#` at the start of a word begins a comment. What only a shell could do
 * (pipes, redirections, lists, command substitution) is an error. `$name` and `${name}` are left to the caller.
 * Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting.
 */
export function splitCommand(line: string): CommandWords {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at]
    if (char === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) return { error: "the quote ' is not closed", offset: at }
      word = (word ?? '') + line.slice(at + 1, end)
      at = end
    } else if (char === '"') {
      const quoted = readDoubleQuoted(line, at)
      if (!quoted) return { error: 'the quote " is not closed', offset: at }
      word = (word ?? '') + quoted.text
      at = quoted.end
    } else if (char === '\\' && at + 1 < line.length) {
      at++
      if (line[at] !== '\n') word = (word ?? '') + line[at]
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === '#' && word === undefined) {
      break
    } else if (refused.has(char) || (char === '$' && line[at + 1] === '(')) {
      return { error: `\`${char === '$' ? '$(' : char}\` needs a shell, and commands are not handed to one`, offset: at }
    } else word = (word ?? '') + char
  }
  if (word !== undefined) words.push(word)
  return { words }
}

function readDoubleQuoted(line: string, start: number): { text: string; end: number } | undefined {
  let text = ''
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '"') return { text, end: at }
    if (line[at] === '\\' && '"\\$`'.includes(line[at + 1] ?? ' ')) at++
    text += line[at]
  }
  return undefined
}

/** A word written so that `splitCommand` gives it back. */
export const quoteWord = (word: string): string => (/^[\w@%+=:,./{}[\]-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)
