/**
 * YAML exactly as kubectl writes it: keys in natural order, lists not indented, Go's choice of quotes and its folding after column 80, which no
 * library shares. Sources: sigs.k8s.io/yaml and its goyaml.v2 (encode.go, sorter.go, resolve.go, emitterc.go).
 */
export function toYaml(value: unknown): string {
  const lines: string[] = []
  if (isMap(value) && Object.keys(value).length > 0) mapping(value, 0, '', lines)
  else if (Array.isArray(value) && value.length > 0) sequence(value, 0, '', lines)
  else lines.push(inline(value, 0, 0))
  return lines.join('\n') + '\n'
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const spaces = (n: number): string => ' '.repeat(n)

/** `lead`: what stands before the first key in place of the indent (`- `). */
function mapping(map: Record<string, unknown>, indent: number, lead: string, lines: string[]): void {
  let before = lead || spaces(indent)
  for (const key of Object.keys(map).filter(k => map[k] !== undefined).sort(naturally)) {
    entry(`${before}${scalar(key, indent, before.length, true)}:`, map[key], indent, indent, lines)
    before = spaces(indent)
  }
}
function sequence(items: readonly unknown[], indent: number, lead: string, lines: string[]): void {
  let before = lead || spaces(indent)
  for (const item of items) {
    if (isMap(item) && Object.keys(item).length > 0) mapping(item, indent + 2, `${before}- `, lines)
    else if (Array.isArray(item) && item.length > 0) sequence(item, indent + 2, `${before}- `, lines)
    else entry(`${before}-`, item, indent, indent, lines)
    before = spaces(indent)
  }
}
function entry(head: string, value: unknown, indent: number, listIndent: number, lines: string[]): void {
  if (isMap(value) && Object.keys(value).length > 0) { lines.push(head); mapping(value, indent + 2, '', lines) }
  else if (Array.isArray(value) && value.length > 0) { lines.push(head); sequence(value, listIndent, '', lines) }
  else lines.push(`${head} ${inline(value, indent, head.length + 1)}`)
}
function inline(value: unknown, indent: number, column: number): string {
  if (typeof value === 'string') return scalar(value, indent, column, false)
  return value === null || value === undefined ? 'null' : isMap(value) ? '{}' : Array.isArray(value) ? '[]' : String(value)
}

const bestWidth = 80
function scalar(text: string, indent: number, column: number, isKey: boolean): string {
  const is = analyse(text), ambiguous = meansOther(text)
  if (!ambiguous && is.multiline && !isKey && is.block) return literal(text, indent + 2)
  if (ambiguous || is.multiline) return fold(`"${escaped(text)}"`, indent + 2, column, isKey, true)
  if (is.plain) return fold(text, indent + 2, column, isKey, false)
  return is.single ? fold(`'${text.replaceAll("'", "''")}'`, indent + 2, column, isKey, false) : fold(`"${escaped(text)}"`, indent + 2, column, isKey, true)
}

/** Which styles the characters allow. */
function analyse(text: string): { readonly plain: boolean; readonly single: boolean; readonly block: boolean; readonly multiline: boolean } {
  const special = /[^\n\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text), multiline = /[\n\x85\u2028\u2029]/.test(text)
  const spaceBreak = / [\n\x85\u2028\u2029]/.test(text), breakSpace = /[\n\x85\u2028\u2029] /.test(text)
  const indicator = /^(---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:](\s|$)/.test(text) || /^-(\s|$)/.test(text) || /:(\s|$)/.test(text)
    || /\s#/.test(text)
  const edges = /^[ \n]|[ \n]$/.test(text)
  return {
    multiline, plain: !special && !multiline && !indicator && !edges && !spaceBreak && !breakSpace, single: !special && !spaceBreak && !breakSpace,
    block: !special && !spaceBreak && !/ $/.test(text),
  }
}

const words = new Set(['', '~', '<<', '.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF',
  ...['y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', 'null'].flatMap(w => [w, w[0].toUpperCase() + w.slice(1), w.toUpperCase()])])
/** A string that, written plain, would be read as something else: it is put in double quotes. */
function meansOther(text: string): boolean {
  if (words.has(text)) return true
  if (!/^[0-9+.-]/.test(text)) return false
  const digits = text.replaceAll('_', '')
  return /^[-+]?(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9]\d*)$/.test(digits) || /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits)
    || /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/.test(text)
    || /^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[+-]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)?$/.test(text)
}

function literal(text: string, indent: number): string {
  const hint = (/^[ \n]/.test(text) ? '2' : '') + (!text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '')
  return `|${hint}\n${text.replace(/\n$/, '').split('\n').map(line => line === '' ? '' : spaces(indent) + line).join('\n')}`
}

/** Breaks at the first single space after column 80. */
function fold(text: string, indent: number, column: number, isKey: boolean, double: boolean): string {
  if (isKey || column + text.length <= bestWidth) return text
  let out = '', at = column, wasSpace = false
  const last = /^['"]/.test(text) ? text.length - 2 : text.length - 1, first = /^['"]/.test(text) ? 1 : 0
  for (let i = 0; i < text.length; i++) {
    const space = text[i] === ' '
    if (space && !wasSpace && at > bestWidth && i > first && i < last && (double || text[i + 1] !== ' ')) {
      out += `\n${spaces(indent)}${double && text[i + 1] === ' ' ? '\\' : ''}`
      at = indent
    } else { out += text[i]; at++ }
    wasSpace = space
  }
  return out
}

const named: Readonly<Record<string, string>> = {
  '\0': '\\0', '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r', '\x1b': '\\e', '"': '\\"', '\\': '\\\\',
  '\x85': '\\N', '\u00a0': '\\_', '\u2028': '\\L', '\u2029': '\\P',
}
const escaped = (text: string): string => text.replace(/[\0-\x1f"\\\x7f\x85\u2028\u2029\ufeff]/g, c =>
  named[c]
    ?? (c < '\x80' ? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`))

const isLetter = (c: string): boolean => /\p{L}/u.test(c), isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9'
/** Letters after everything else, numbers by value. Source: sorter.go, keyList.Less. */
export function naturally(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue
    const al = isLetter(a[i]), bl = isLetter(b[i])
    if (al && bl) return a[i] < b[i] ? -1 : 1
    if (al || bl) return bl ? -1 : 1
    let an = 0, bn = 0, ai = i, bi = i
    if (a[i] === '0' || b[i] === '0') for (let j = i - 1; j >= 0 && isDigit(a[j]); j--) if (a[j] !== '0') { an = 1; bn = 1; break }
    for (; isDigit(a[ai]); ai++) an = an * 10 + Number(a[ai])
    for (; isDigit(b[bi]); bi++) bn = bn * 10 + Number(b[bi])
    if (an !== bn) return an - bn
    if (ai !== bi) return ai - bi
    return a[i] < b[i] ? -1 : 1
  }
  return a.length - b.length
}
