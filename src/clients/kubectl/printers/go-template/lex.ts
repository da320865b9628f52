/**
 * The words of a Go template: text, and what stands between `{{` and `}}`. Source: Go's text/template/parse/lex.go.
 */
export type TokenKind = 'text' | 'open' | 'close' | 'space' | 'field' | 'variable' | 'word' | 'keyword' | 'dot' | 'nil' | 'bool' | 'number' | 'char'
  | 'string' | 'raw' | 'pipe' | 'left' | 'right' | 'comma' | 'assign' | 'declare' | 'other' | 'error' | 'end'
/** `at`: where it stands in the template; of an error `text` says what is wrong. */
export interface Token { readonly kind: TokenKind; readonly text: string; readonly at: number }

const keywords = ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']
const forms: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y], ['declare', /:=/y], ['assign', /=/y], ['pipe', /\|/y], ['comma', /,/y], ['left', /\(/y], ['right', /\)/y],
  ['string', /"(?:[^"\\\n]|\\.)*"/y], ['raw', /`[^`]*`/y], ['char', /'(?:[^'\\\n]|\\.)+'/y], ['variable', /\$\w*/y],
  ['number', /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\w.])/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/yu], ['dot', /\./y], ['word', /[\p{L}_][\p{L}\p{Nd}_]*/yu],
]
const unfinished: Readonly<Record<string, string>> = { '"': 'unterminated quoted string', '`': 'unterminated raw quoted string', '\'': 'unterminated character constant' }

/** All words, the last of which is the end or an error. */
export function lex(template: string): readonly Token[] {
  const tokens: Token[] = [], add: Add = (kind, text, at) => { tokens.push({ kind, text, at }) }
  let at = 0, trimsNext = false
  while (at < template.length) {
    const open = template.indexOf('{{', at), until = open < 0 ? template.length : open
    const trims = open >= 0 && /^\{\{-[ \t\r\n]/.test(template.slice(open, open + 4)), text = template.slice(at, until)
    const kept = (trimsNext ? text.trimStart() : text), shown = trims ? kept.trimEnd() : kept
    if (shown !== '') add('text', shown, at)
    if (open < 0) break
    trimsNext = false
    at = open + (trims ? 3 : 2)
    const comment = trims ? /^[ \t\r\n]\/\*/.exec(template.slice(at, at + 3)) : template.startsWith('/*', at)
    if (comment) {
      const end = /\*\/(?:[ \t\r\n]+-)?\}\}/g
      end.lastIndex = at
      const found = end.exec(template)
      if (!found) { add('error', template.includes('*/') ? 'comment ends before closing delimiter' : 'unclosed comment', at); return tokens }
      trimsNext = found[0].includes('-}}')
      at = found.index + found[0].length
      continue
    }
    add('open', '{{', open)
    const ended = lexAction(template, at, add)
    if (ended === undefined) return tokens
    at = ended.at
    trimsNext = ended.trims
  }
  add('end', 'EOF', template.length)
  return tokens
}

type Add = (kind: TokenKind, text: string, at: number) => void
/** The words of one action; where it has ended, and whether the space behind it goes. undefined: an error was added. */
function lexAction(template: string, start: number, add: Add): { readonly at: number; readonly trims: boolean } | undefined {
  let at = start, depth = 0
  const wrong = (why: string): undefined => { add('error', why, at) }
  for (;;) {
    const close = /^(?:[ \t\r\n]+-)?\}\}/.exec(template.slice(at))
    if (close) {
      if (depth > 0) return wrong('unclosed left paren')
      add('close', close[0], at)
      return { at: at + close[0].length, trims: close[0].length > 2 }
    }
    if (at >= template.length) return wrong('unclosed action')
    const form = forms.find(([, pattern]) => { pattern.lastIndex = at; return pattern.test(template) })
    if (!form) {
      const sign = String.fromCodePoint(template.codePointAt(at)!)
      if (unfinished[sign]) return wrong(unfinished[sign])
      if (/[\d+-]/.test(sign)) return wrong(`bad number syntax: ${JSON.stringify(/^[\w.+-]+/.exec(template.slice(at))![0])}`)
      if (sign === ':') return wrong('expected :=')
      if (/[!-~]/.test(sign)) { add('other', sign, at++); continue }
      return wrong(`unrecognized character in action: ${codeOf(sign)}`)
    }
    form[1].lastIndex = at
    const [text] = form[1].exec(template)!, [kind] = form
    if (kind === 'left') depth++
    if (kind === 'right' && depth-- === 0) return wrong('unexpected right paren')
    add(kind !== 'word' ? kind : keywords.includes(text) ? 'keyword' : text === 'nil' ? 'nil' : text === 'true' || text === 'false' ? 'bool' : 'word', text, at)
    at += text.length
    const next = template.slice(at, at + 2)
    if (named.includes(kind) && next !== '' && next !== '}}' && !/^[\s.,|:()]/.test(next)) {
      return wrong(`bad character ${codeOf(String.fromCodePoint(template.codePointAt(at)!))}`)
    }
  }
}
const named: readonly TokenKind[] = ['field', 'variable', 'word']
/** Go's `%#U` */
const codeOf = (sign: string): string => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${sign}'`
