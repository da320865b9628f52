import type { Diagnostic } from '../../base/diagnostic.ts'
import type { BoundScenario } from '../bind.ts'
import type { GherkinDocument } from '../gherkin-document.ts'
import { emptyScenario } from './empty-scenario.ts'
import { keywordMeaning } from './keyword-meaning.ts'
import { lostKeyword } from './lost-keyword.ts'

/** A lint: looks at a whole file, or at one scenario, and warns. */
export interface Check {
  readonly id: string
  readonly doc: string
  file?(document: GherkinDocument, file: string, text: string): Diagnostic[]
  scenario?(scenario: Omit<BoundScenario, 'diagnostics'>): Diagnostic[]
}

export const checks: readonly Check[] = [lostKeyword, keywordMeaning, emptyScenario]
