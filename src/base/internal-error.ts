import { diagnostic } from './diagnostic.ts'
import type { Diagnostic, SourceSpan } from './diagnostic.ts'

/** Lines of a stack that say where in our own code it happened. */
const shownFrames = 6

/** What is said of an error that no author can have caused, and where in the code it happened. */
export function toldAsOurs(error: unknown): { readonly message: string; readonly frames: readonly string[] } {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return {
    message: `internal error, not yours: ${message}`,
    frames: (stack ?? '').split('\n').filter(l => l.startsWith('    at ')).slice(0, shownFrames).map(l => l.trim()),
  }
}

/** A mistake of ours while an author's text was read: told at its place, so that nothing else is lost. */
export function internalError(error: unknown, span: SourceSpan, file?: string): Diagnostic {
  const { message, frames } = toldAsOurs(error)
  return diagnostic({ code: 'internal-error', message, span, notes: frames, ...(file === undefined ? {} : { file }) })
}
