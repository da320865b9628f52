import type { Diagnostic } from '../base/diagnostic.ts'
import { checklistUnknown } from './checklist-unknown.ts'
import { fileNotFound } from './file-not-found.ts'
import { imageUnused } from './image-unused.ts'
import { manifests } from './manifests.ts'
import { objectUnknown } from './object-unknown.ts'
import { probePortUndeclared } from './probe-port-undeclared.ts'
import type { Linted, Rule } from './rule.ts'
import { targetPortUndeclared } from './target-port-undeclared.ts'

export type { Linted, Rule } from './rule.ts'

/** Beside the checks of the language itself (dsl/checks). */
export const rules: readonly Rule[] = [fileNotFound, manifests, checklistUnknown, objectUnknown, imageUnused, targetPortUndeclared, probePortUndeclared]

/** What all rules find in a file, in the order of its lines. */
export const findings = (linted: Linted): Diagnostic[] =>
  rules.flatMap(rule => [...rule.check(linted)]).sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column)
