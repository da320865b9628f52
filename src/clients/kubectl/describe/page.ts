import { ApiError } from '../errors.ts'
import type { Session } from '../session.ts'
import { alignTabs, DESCRIBE } from '../tab-writer.ts'

/** What whoever describes may not read: nothing is told of it, or `instead`. Source: describe.go (searchEvents and others, whose errors are dropped) */
export async function orForbidden<T, U>(answer: Promise<T>, instead: (error: ApiError) => U): Promise<T | U> {
  try { return await answer } catch (error) {
    if (error instanceof ApiError && error.response.code === 403) return instead(error)
    throw error
  }
}

/** What `describe` writes: lines of tab-separated cells, indented by level, aligned when the page is done. */
export class Page {
  readonly session: Session
  raw = ''
  /** `--show-events`: whether events are told */
  readonly showsEvents: boolean
  constructor(session: Session, showsEvents = true) { this.session = session; this.showsEvents = showsEvents }
  /** one line; `level` is two spaces each */
  line(level: number, ...cells: readonly string[]): void { this.raw += `${'  '.repeat(level)}${cells.join('\t')}\n` }
  /** text as it is */
  write(text: string): void { this.raw += text }
  /** what was written so far is aligned by itself */
  flush(): void { this.session.stdout += alignTabs(this.raw, DESCRIBE); this.raw = '' }

  /** `Labels:  a=b` with a line for each pair; source: printLabelsMultiline */
  pairs(title: string, pairs: Readonly<Record<string, string>> | undefined | null, level = 0): void {
    const keys = Object.keys(pairs ?? {}).sort(), before = '  '.repeat(level)
    if (keys.length === 0) { this.raw += `${before}${title}:\t<none>\n`; return }
    keys.forEach((key, i) => { this.raw += `${i === 0 ? `${before}${title}:` : ''}\t${key}=${pairs![key]}\n` })
  }
  /** the same for annotations: `key: value`, long ones on lines of their own; source: printAnnotationsMultiline */
  annotations(title: string, all: Readonly<Record<string, string>> | undefined | null, level = 0): void {
    const keys = Object.keys(all ?? {}).filter(k => k !== 'kubectl.kubernetes.io/last-applied-configuration').sort(), before = '  '.repeat(level)
    if (keys.length === 0) { this.raw += `${before}${title}:\t<none>\n`; return }
    keys.forEach((key, i) => {
      const value = all![key].replace(/\n$/, ''), head = `${i === 0 ? `${before}${title}:` : ''}\t`
      if (value.length + key.length + 2 <= 140 && !value.includes('\n')) { this.raw += `${head}${key}: ${value}\n`; return }
      this.raw += `${head}${key}:\n`
      for (const line of value.split('\n').map(l => `  ${l}`)) this.raw += `\t${line.length > 140 ? `${line.slice(0, 140)}...` : line}\n`
    })
  }
}
