import { goJsonInOrder } from '../../../runtime-model/api/go-json.ts'
import type { WatchEvent } from '../../../runtime-model/api/request.ts'
import { withShownFields } from '../../../runtime-model/api/shown-fields.ts'
import type { KindDefinition, KindRegistry } from '../../../runtime-model/kinds/kind.ts'
import { kindOfObject } from '../kinds.ts'
import { inStructOrder } from './field-order.ts'
import { orderedLine } from './ordered-line.ts'

/**
 * An object has its fields in the order of its type, as the server writes it; what is listed says of which kind it is only if that is no built-in one.
 */
export function rawBody(kinds: KindRegistry, short: any): string {
  const body = spelledOut(short)
  if (Array.isArray(body?.items)) {
    const items = body.items.map((item: any) => withoutKind(item, kindOf(kinds, item)))
    return `{${Object.keys(body).map(key => `${JSON.stringify(key)}:${key === 'items' ? `[${items.join(',')}]` : goJsonInOrder(body[key])}`).join(',')}}`
  }
  const kind = kindOf(kinds, body)
  return kind ? orderedLine(inStructOrder(kind, body)) : goJsonInOrder(body)
}
const kindOf = (kinds: KindRegistry, body: any): KindDefinition | undefined =>
  typeof body?.kind === 'string' && typeof body.apiVersion === 'string' ? kindOfObject(body, kinds) : undefined
function withoutKind(item: any, kind: KindDefinition | undefined): string {
  if (!kind || kind.schema !== undefined) return goJsonInOrder(item)
  const ordered = inStructOrder(kind, item)
  if (ordered instanceof Map) for (const key of ['kind', 'apiVersion']) ordered.delete(key)
  return orderedLine(ordered)
}
/** Entries of managedFields are kept short until somebody sees them. */
const spelledOut = (body: any): any =>
  Array.isArray(body?.items) ? { ...body, items: body.items.map(withShownFields) }
    : body?.kind === 'Table' ? { ...body, rows: body.rows?.map((row: any) => row.object ? { ...row, object: withShownFields(row.object) } : row) }
    : withShownFields(body)

/** JSON of one line, broken up as Go does. Source: encoding/json (Indent) */
export function indented(json: string): string {
  let out = '', depth = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]|[^"{}[\],:]+/g)) {
    const line = (): string => `\n${'  '.repeat(depth)}`
    if (token === '{' || token === '[') { depth++; out += token + line() }
    else if (token === '}' || token === ']') { depth--; out += line() + token }
    else out += token === ',' ? token + line() : token === ':' ? ': ' : token
  }
  return out
}

/** A line of a watch. Source: apimachinery pkg/apis/meta/v1 (WatchEvent) */
export const watchLineOf = (kinds: Parameters<typeof rawBody>[0], { type, object }: WatchEvent): string =>
  `{"type":${JSON.stringify(type)},"object":${rawBody(kinds, object)}}\n`
