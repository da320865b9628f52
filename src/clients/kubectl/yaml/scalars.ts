import type { Text } from './text.ts'

// Where texts, names and tags end. Source: goyaml.v2 (scannerc.go).

export function scanPlain(text: Text): void {
  const { line: from, indent } = text
  let broken = false
  while (!text.atDocumentMark && text.char !== '#') {
    while (!text.isBlankOrEnd()) {
      if (text.char === ':' && text.isBlankOrEnd(1) || text.flow > 0 && ',?[]{}'.includes(text.char)) break
      broken = false
      text.move()
    }
    if (!text.isBlank() && !text.isBreak()) break
    while (text.isBlank() || text.isBreak()) {
      if (text.isBreak()) { text.nextLine(); broken = true; continue }
      if (broken && text.column < indent + 1 && text.char === '\t') throw text.mistake('found a tab character that violates indentation', from)
      text.move()
    }
    if (text.flow === 0 && text.column < indent + 1) break
  }
  if (broken) text.keysAllowed = true
}

const escaped = '0abt\tnvfre "\'\\N_LP', digits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
export function scanQuoted(text: Text, quote: string): void {
  const from = text.line
  text.move()
  for (;;) {
    if (text.atDocumentMark) throw text.mistake('found unexpected document indicator', from)
    if (text.atEnd) throw text.mistake('found unexpected end of stream', from)
    while (!text.isBlankOrEnd()) {
      if (quote === "'" && text.char === "'" && text.ahead(1) === "'") { text.move(2); continue }
      if (text.char === quote) { text.move(); return }
      if (quote === '"' && text.char === '\\') {
        if (text.isBreak(1)) { text.move(); text.nextLine(); break }
        escape(text, from)
      } else text.move()
    }
    while (text.isBlank() || text.isBreak()) if (text.isBreak()) text.nextLine(); else text.move()
  }
}
function escape(text: Text, from: number): void {
  const code = text.ahead(1), length = digits[code]
  if (length === undefined && (code === '' || !escaped.includes(code))) throw text.mistake('found unknown escape character', from)
  text.move(2)
  for (let i = 0; i < (length ?? 0); i++) if (!/[0-9a-fA-F]/.test(text.ahead(i))) throw text.mistake('did not find expected hexdecimal number', from)
  text.move(length ?? 0)
}

export function scanBlockScalar(text: Text): void {
  const from = text.line
  let increment = 0
  text.move()
  for (let i = 0; i < 2; i++) {
    if (text.char === '+' || text.char === '-') text.move()
    else if (/\d/.test(text.char)) {
      if (text.char === '0') throw text.mistake('found an indentation indicator equal to 0', from)
      increment = Number(text.char)
      text.move()
    }
  }
  while (text.isBlank()) text.move()
  if (text.char === '#') while (!text.isBreakOrEnd()) text.move()
  if (!text.isBreakOrEnd()) throw text.mistake('did not find expected comment or line break', from)
  if (text.isBreak()) text.nextLine()
  let indent = increment > 0 ? Math.max(text.indent, 0) + increment : 0
  for (;;) {
    indent = breaks(text, indent, from)
    if (text.column !== indent || text.atEnd) return
    while (!text.isBreakOrEnd()) text.move()
    if (text.isBreak()) text.nextLine()
  }
}
/** Empty lines; how far the lines behind them are set in, if nobody has said it. */
function breaks(text: Text, indent: number, from: number): number {
  let widest = 0
  for (;;) {
    while ((indent === 0 || text.column < indent) && text.char === ' ') text.move()
    widest = Math.max(widest, text.column)
    if ((indent === 0 || text.column < indent) && text.char === '\t') {
      throw text.mistake('found a tab character where an indentation space is expected', from)
    }
    if (!text.isBreak()) return indent === 0 ? Math.max(widest, text.indent + 1, 1) : indent
    text.nextLine()
  }
}

export function scanAnchor(text: Text): void {
  const from = text.line
  text.move()
  let length = 0
  for (; /[\w-]/.test(text.char); length++) text.move()
  if (length === 0 || !text.isBlankOrEnd() && !'?:,]}%@`'.includes(text.char)) {
    throw text.mistake('did not find expected alphabetic or numeric character', from)
  }
}
/** the handle in front of a tag: `!e!` of `!e!x` */
export function scanTag(text: Text): string {
  const from = text.line
  let tag = ''
  if (text.ahead(1) === '<') {
    text.move(2)
    while (isOfTag(text)) text.move()
    if (text.char !== '>') throw text.mistake("did not find the expected '>'", from)
    text.move()
  } else while (text.char === '!' || isOfTag(text)) { tag += text.char; text.move() }
  if (!text.isBlankOrEnd()) throw text.mistake('did not find expected whitespace or line break', from)
  return /^![\w-]*!/.exec(tag)?.[0] ?? '!'
}
const isOfTag = (text: Text): boolean => text.char !== '' && /[\w\-;/?:@&=+$,.!~*'()[\]%]/.test(text.char)

export function scanDirective(text: Text): void {
  let said = ''
  while (!text.isBreakOrEnd()) { said += text.char; text.move() }
  if (!/^%(YAML|TAG)\b/.test(said)) throw text.mistake('found unknown directive name')
}
