import type { Reporter } from './reporter.ts'
import { checklistJson } from './checklist-json.ts'
import { checklistMarkdown } from './checklist-markdown.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { terminal } from './terminal.ts'

export const reporters: readonly Reporter[] = [terminal, junit, json, checklistMarkdown, checklistJson]
