import { withShownFields } from '../../src/runtime-model/api/shown-fields.ts'
import type { ApiResponse } from '../../src/runtime-model/api/request.ts'

/** What two servers can agree on of an object: what chance and clocks gave is left out; managedFields only where they are asked for. */
export function withoutChance(value: any, managedFields = false): any {
  if (Array.isArray(value)) return value.map(v => withoutChance(v, managedFields))
  if (typeof value === 'string') return textWithoutChance(value)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([k, v]) =>
    !chance.has(k) && (k !== 'managedFields' || managedFields) && !(k === 'nodePort' && (v as number) > 30081))
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutChance(v, managedFields)]))
}
export const textWithoutChance = (text: string): string => text.replace(/\b(kube-api-access|web)-[a-z0-9]{5}\b/g, '$1-*')
  .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>').replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>')
  .replace(/(resourceVersion\\?":\\?")\d+/g, '$1*').replace(/current: \d+/, 'current: *').replace(/in record \(\d+\)/, 'in record (*)')
export const cellWithoutChance = (cell: any): any => typeof cell !== 'string' ? cell
  : textWithoutChance(cell).replace(/^\d+s$/, '<age>').replace(/^10\.(9[6-9]|1[01]\d)\.(?!0\.1$)\d+\.\d+$/, '<address>').replace(/:3[0-2]\d{3}\//g, ':<port>/')
const chance: ReadonlySet<string> = new Set([
  'uid', 'resourceVersion', 'creationTimestamp', 'selfLink', 'clusterIP', 'clusterIPs', 'batch.kubernetes.io/controller-uid', 'controller-uid', 'time',
])

/** The part of an answer that is compared: names of a list, cells of a table, the object without what chance gave. */
export function summaryOf({ code, body }: ApiResponse, managedFields = false): any {
  if (typeof body !== 'object' || body === null) return body
  if (body.kind === 'Status' && code >= 300) return undefined
  if (body.kind === 'Table') {
    return { columns: body.columnDefinitions.map((c: any) => c.name), rows: body.rows.map((r: any) => r.cells.map(cellWithoutChance)) }
  }
  if (body.items) {
    return {
      items: body.items.map((o: any) => o.metadata.name), ...body.metadata?.continue ? { more: true } : undefined,
      ...body.metadata?.remainingItemCount === undefined ? undefined : { remaining: body.metadata.remainingItemCount },
    }
  }
  const shown = managedFields ? withShownFields(body) : body
  return withoutChance(shown, managedFields)
}
