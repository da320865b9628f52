/** JSON as Go writes it: keys in order of code units, `<`, `>` and `&` escaped. Source: encoding/json. */
export const goJson = (value: unknown, indent?: number): string => escapeHtml(JSON.stringify(sortedKeys(value), null, indent))
/** The same with the keys as they stand: of what Go has kept as raw bytes, or written from a struct. */
export const goJsonInOrder = (value: unknown): string => escapeHtml(JSON.stringify(value))
const escapeHtml = (text: string): string => text.replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sortedKeys(v)]))
}
