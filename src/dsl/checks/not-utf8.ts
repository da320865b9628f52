import { diagnostic } from '../../base/diagnostic.ts'
import type { Check } from './index.ts'

/** Bytes that are no UTF-8 have been read as U+FFFD: names and texts are not what their author sees. */
export const notUtf8: Check = {
  code: 'not-utf8',
  file(_document, file, text) {
    const at = text.indexOf('\uFFFD')
    if (at < 0) return []
    const before = text.slice(0, at).split('\n'), column = before.at(-1)!.length + 1
    const span = { line: before.length, column, endColumn: column + 1 }
    return [diagnostic({
      code: 'not-utf8', severity: 'warning', file, message: 'a character here is not UTF-8, and is read as \uFFFD', span, help: 'save the file as UTF-8',
    })]
  },
}
