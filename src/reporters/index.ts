import { checklistJson } from './checklist-json.ts'
import { checklistMarkdown } from './checklist-markdown.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { defineReporter } from './reporter.ts'
import type { Reporter } from './reporter.ts'
import { tap } from './tap.ts'
import { terminal } from './terminal.ts'

/** Heavy ones are loaded when they are asked for. */
const messages = defineReporter({
  name: 'messages', doc: 'Cucumber messages (NDJSON): what formatters and services made for Cucumber read', wants: { documents: true },
  open: async out => (await import('./messages/index.ts')).openMessages(out),
})

const html = defineReporter({
  name: 'html', doc: 'one page for a browser, without a network: summary, checklist, steps, time axis, journeys, what changed and why',
  wants: { records: true },
  open: async out => (await import('./html/index.ts')).openHtml(out),
})

export const reporters: readonly Reporter[] = [terminal, junit, json, checklistMarkdown, checklistJson, html, messages, tap, github]
