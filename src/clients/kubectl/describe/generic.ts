import { apiVersionOf } from '../kinds.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'

/** Any kind without a describer of its own: its fields, indented. Source: describe.go, genericDescriber and printUnstructuredContent. */
export const generic: Describer = async (page, kind, object) => {
  const { metadata } = object
  page.line(0, 'Name:', metadata.name)
  page.line(0, 'Namespace:', metadata.namespace ?? '')
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  content(page, 0, { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object }, '')
  await describeEvents(page, kind, object)
}
const skipped = new Set(['.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations', '.metadata.managedFields'])

function content(page: Page, level: number, map: any, path: string): void {
  for (const field of Object.keys(map).sort()) {
    const value = map[field], at = `${path}.${field}`
    if (skipped.has(at)) continue
    if (Array.isArray(value)) {
      page.line(level, `${title(field)}:`)
      for (const item of value) if (typeof item === 'object' && item !== null) content(page, level + 1, item, at); else page.line(level + 1, String(item))
    }
    else if (typeof value === 'object' && value !== null) { page.line(level, `${title(field)}:`); content(page, level + 1, value, at) }
    else page.line(level, `${title(field)}:`, value === null ? '<nil>' : String(value))
  }
}
const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID'])
/** `cronSpec` → `Cron Spec`. Source: smartLabelFor. */
function title(field: string): string {
  if (!/^[A-Za-z-]+$/.test(field)) return field
  const parts = field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-+/g) ?? [field]
  return parts.map(p => acronyms.has(p.toUpperCase()) ? p.toUpperCase() : p[0].toUpperCase() + p.slice(1).toLowerCase()).join(' ')
}
