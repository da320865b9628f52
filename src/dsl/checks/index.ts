import type { Diagnostic } from '../../base/diagnostic.ts'
import type { BoundScenario } from '../bind.ts'
import type { GherkinDocument } from '../gherkin-document.ts'
import { constantAssertion } from './constant-assertion.ts'
import { duplicateName } from './duplicate-name.ts'
import { emptyScenario } from './empty-scenario.ts'
import { eventuallyOfNone } from './eventually-of-none.ts'
import { keywordMeaning } from './keyword-meaning.ts'
import { lostKeyword } from './lost-keyword.ts'
import { misspeltTag } from './misspelt-tag.ts'
import { notUtf8 } from './not-utf8.ts'
import { unusedBinding } from './unused-binding.ts'

/** A lint: looks at a whole file, or at one scenario, and warns. What it means is told under its code, in base/codes.ts. */
export interface Check {
  readonly code: string
  file?(document: GherkinDocument, file: string, text: string): Diagnostic[]
  scenario?(scenario: Omit<BoundScenario, 'diagnostics'>): Diagnostic[]
}

export const checks: readonly Check[] = [
  notUtf8, lostKeyword, duplicateName, misspeltTag, keywordMeaning, emptyScenario, constantAssertion, eventuallyOfNone, unusedBinding,
]
