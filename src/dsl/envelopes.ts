import type { GherkinDocument, Pickle } from './gherkin-document.ts'
import { countingIds, parseDocument } from './parse-document.ts'
import { pickles } from './pickles.ts'

/** One message of Cucumber's stream, as far as reading a file brings any (github.com/cucumber/messages). */
export type Envelope =
  | { readonly source: { readonly data: string; readonly uri: string; readonly mediaType: 'text/x.cucumber.gherkin+plain' } }
  | { readonly gherkinDocument: GherkinDocument & { readonly uri: string } }
  | { readonly pickle: Pickle }
  | {
    readonly parseError: {
      readonly source: { readonly uri: string; readonly location: { readonly line: number; readonly column?: number } }; readonly message: string
    }
  }

/**
 * A feature file as the official messages: its source, then the document and its pickles, or every error. Source: cucumber/gherkin,
 * generateMessages. `newId` is shared by the files of one stream, so that no id occurs twice.
 */
export function envelopesOf(text: string, uri: string, newId: () => string = countingIds()): Envelope[] {
  const source: Envelope = { source: { data: text, uri, mediaType: 'text/x.cucumber.gherkin+plain' } }
  const { document, diagnostics } = parseDocument(text, uri, newId)
  if (!document) {
    return [
      source, ...diagnostics.map(d => ({ parseError: { source: { uri, location: placeOf(d.official ?? '', d.span) }, message: d.official ?? d.message } })),
    ]
  }
  return [source, { gherkinDocument: { ...document, uri } }, ...pickles(document, uri, newId).map(pickle => ({ pickle }))]
}

/** An end of file has a line, and no column. */
const placeOf = (message: string, { line, column }: { line: number; column: number }): { line: number; column?: number } =>
  message.startsWith(`(${line}:0)`) ? { line } : { line, column }
