import { sortedKeys } from '../../base/sorted-keys.ts'

/** JSON as Go writes it: keys in order of code units, `<`, `>` and `&` escaped. Source: encoding/json. */
export const goJson = (value: unknown, indent?: number): string => escapeHtml(JSON.stringify(sortedKeys(value), null, indent))
/** The same with the keys as they stand: of what Go has kept as raw bytes, or written from a struct. */
export const goJsonInOrder = (value: unknown): string => escapeHtml(JSON.stringify(value))
const escapeHtml = (text: string): string => text.replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
