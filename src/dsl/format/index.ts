import type { GherkinDocument } from '../gherkin-document.ts'
import { rolesOf, type Role } from './roles.ts'
import { alignRows } from './table.ts'

/**
 * The text of a document, set anew: two columns of indent a level, bars of tables one below the other, one blank line above
 * whatever has a title, no blanks at the end of lines. Words, comments, doc strings and descriptions stay as they are; formatted
 * twice is formatted once, and the document means the same.
 */
export function formatFeature(text: string, document: GherkinDocument): string {
  const bom = text.startsWith('\ufeff') ? '\ufeff' : ''
  const end = /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
  const lines = text.slice(bom.length).split(/\r?\n/)
  const roles = rolesOf(document, lines.map((line, i) => (i === 0 ? bom + line : line)))
  const kinds = lines.map((line, i) => kindOf(line, roles.get(i + 1)))
  const described = describedLines(lines, roles, kinds)
  const rows = alignedRows(lines, roles)
  const set = lines.map((line, i) => {
    const role = roles.get(i + 1)
    if (role) return lineOf(line, role, rows.get(i + 1))
    if (kinds[i] === 'blank') return described.has(i) ? line : ''
    if (kinds[i] === 'comment') return ' '.repeat(indentOfComment(i, roles, kinds, described)) + line.trim()
    return described.get(i) ?? line
  })
  const all = spaced(set, roles, kinds, described, end)
  return bom + all.join(end) + (all.length > 0 ? end : '')
}

type LineKind = 'role' | 'blank' | 'comment' | 'text'
function kindOf(line: string, role: Role | undefined): LineKind {
  if (role) return 'role'
  return line.trim() === '' ? 'blank' : line.trimStart().startsWith('#') ? 'comment' : 'text'
}

function lineOf(line: string, role: Role, row: string | undefined): string {
  const indent = ' '.repeat(role.indent)
  switch (role.type) {
    case 'title': return `${indent}${role.keyword}:${role.name ? ` ${role.name}` : ''}`
    case 'tags': return indent + tagsOf(line.trim())
    case 'step': return indent + stepOf(line.trimStart(), role.step.keyword, role.step.text)
    case 'row': return indent + (row ?? line.trim())
    case 'open': return indent + role.docString.delimiter + (role.docString.mediaType ?? '')
    case 'close': return indent + role.delimiter
    case 'content': {
      const content = role.cut > indentOf(line) ? line.trimStart() : line.slice(role.cut)
      return content === '' ? '' : indent + content
    }
  }
}
const indentOf = (line: string): number => line.length - line.trimStart().length

/** Some languages have keywords that need no blank behind them, and keep theirs; a step without text keeps its blank. */
function stepOf(line: string, keyword: string, text: string): string {
  const blank = !keyword.endsWith(' ') && /^\s/.test(line.slice(keyword.length)) && text !== '' ? ' ' : ''
  return keyword + blank + text
}

function tagsOf(line: string): string {
  const comment = /\s#/.exec(line)
  const tags = line.slice(0, comment?.index).split('@').map(t => t.trim()).filter(t => t !== '').map(t => `@${t}`).join(' ')
  return comment ? `${tags} ${line.slice(comment.index).trim()}` : tags
}

function alignedRows(lines: readonly string[], roles: ReadonlyMap<number, Role>): ReadonlyMap<number, string> {
  const tables = new Map<number, number[]>()
  for (const [line, role] of roles) if (role.type === 'row') tables.set(role.table, [...(tables.get(role.table) ?? []), line])
  const aligned = new Map<number, string>()
  for (const numbers of tables.values()) alignRows(numbers.map(n => lines[n - 1].trim())).forEach((row, i) => aligned.set(numbers[i], row))
  return aligned
}

/** Lines of descriptions, moved as a block below their title; blank lines between them belong to it. */
function describedLines(lines: readonly string[], roles: ReadonlyMap<number, Role>, kinds: readonly LineKind[]): ReadonlyMap<number, string> {
  const moved = new Map<number, string>()
  for (const [number, role] of roles) {
    if (role.type !== 'title') continue
    let end = number
    while (end < lines.length && kinds[end] !== 'role') end++
    const text = range(number, end).filter(i => kinds[i] === 'text')
    if (text.length === 0) continue
    const common = text.map(i => /^\s*/.exec(lines[i])![0]).reduce(commonPrefix)
    for (const i of range(text[0], text.at(-1)! + 1)) {
      if (kinds[i] === 'text') moved.set(i, ' '.repeat(role.indent + 2) + lines[i].slice(common.length))
      else if (kinds[i] === 'blank') moved.set(i, lines[i])
    }
  }
  return moved
}
const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
function commonPrefix(a: string, b: string): string {
  let n = 0
  while (n < a.length && a[n] === b[n]) n++
  return a.slice(0, n)
}

/** A comment stands as far in as what it is about: the next line that is none. */
function indentOfComment(at: number, roles: ReadonlyMap<number, Role>, kinds: readonly LineKind[], described: ReadonlyMap<number, string>): number {
  for (let i = at + 1; i < kinds.length; i++) {
    if (kinds[i] === 'text') return indentOf(described.get(i) ?? '')
    if (kinds[i] === 'role') return roles.get(i + 1)!.indent
  }
  for (let i = at - 1; i >= 0; i--) {
    const role = roles.get(i + 1)
    if (role && role.type !== 'content') {
      return role.type === 'row' || role.type === 'close' || role.type === 'open' ? Math.max(0, role.indent - 2) : role.indent
    }
  }
  return 0
}

/** One blank line at most, one above every title (with its tags and comments), none at either end. Doc strings and descriptions are left alone. */
function spaced(
  set: readonly string[], roles: ReadonlyMap<number, Role>, kinds: readonly LineKind[], described: ReadonlyMap<number, string>, end: string
): string[] {
  const out: string[] = []
  let pending = false
  for (const [i, line] of set.entries()) {
    const role = roles.get(i + 1)
    if (kinds[i] === 'blank' && !described.has(i)) { pending = true; continue }
    const apart = out.length > 0 && beginsApart(i, roles, kinds)
    if (out.length > 0 && (pending || apart)) out.push('')
    pending = false
    // a carriage return of its own is text in a doc string, and would be half of a line end if nothing stood behind it
    if (role?.type === 'content') out.push(end === '\n' && line.endsWith('\r') ? `${line}\r` : line)
    else out.push(described.has(i) ? line.replace(/\r+$/, '') : line.trimEnd() + (role?.type === 'step' && role.step.text === '' ? ' ' : ''))
  }
  return out
}

/** Is this the first line of tags, comments and title that belong together? */
function beginsApart(at: number, roles: ReadonlyMap<number, Role>, kinds: readonly LineKind[]): boolean {
  let i = at
  while (kinds[i] === 'comment') i++
  const role = roles.get(i + 1)
  if (!role || !(role.type === 'title' || role.type === 'tags') || !role.apart) return false
  const before = at > 0 ? kinds[at - 1] : undefined
  return before !== 'comment' && !(before === 'role' && roles.get(at)?.type === 'tags')
}
