import type { Location } from './gherkin-document.ts'

/** One error in the official wording. */
export interface GherkinError {
  readonly message: string
  readonly location: Location
  /** of the document where it stands */
  readonly language: string
  /** the official names of what could have stood there */
  readonly expected?: readonly string[]
  /** what the official wording does not say */
  readonly detail?: string
}
/** after so many the official parser goes on */
const tolerated = 10
/** Ends the parse after the eleventh error, as the official parser does. */
export const tooManyErrors = Symbol('too many errors')

/** The errors of one document, each told once. */
export class GherkinErrors {
  readonly all: GherkinError[] = []

  /** `messageColumn`: the official message may name another column than its location does */
  report(
    language: string, message: string, place: Location, messageColumn = place.column ?? 0, more: Pick<GherkinError, 'expected' | 'detail'> = {}
  ): void {
    const full = `(${place.line}:${messageColumn}): ${message}`
    if (this.all.some(e => e.message === full)) return
    this.all.push({ message: full, location: place, language, ...more })
    if (this.all.length > tolerated) throw tooManyErrors
  }

  /** the next one ends the parse */
  get full(): boolean { return this.all.length >= tolerated }
}
