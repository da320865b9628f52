import { goJson } from '../../../runtime-model/api/go-json.ts'
import { inKeyOrder, type Ordered } from './field-order.ts'

/** kubectl's indent is four spaces. Source: cli-runtime pkg/printers/json.go. */
export const toJson = (value: unknown): string => orderedJson(inKeyOrder(value))
export const orderedJson = (value: Ordered): string => `${written(value, '')}\n`
export const toCompactJson = (value: unknown): string => goJson(value)

/** on one line, without spaces */
export const orderedCompactJson = (value: Ordered): string => value instanceof Map
  ? `{${[...value].map(([key, v]) => `${goJson(key)}:${orderedCompactJson(v as Ordered)}`).join(',')}}`
  : Array.isArray(value) ? `[${value.map(orderedCompactJson).join(',')}]` : goJson(value)

function written(value: Ordered, indent: string): string {
  const inner = `${indent}    `, block = (open: string, lines: readonly string[], close: string): string =>
    lines.length === 0 ? open + close : `${open}\n${lines.map(l => inner + l).join(',\n')}\n${indent}${close}`
  if (value instanceof Map) return block('{', [...value].map(([key, v]) => `${goJson(key)}: ${written(v as Ordered, inner)}`), '}')
  return Array.isArray(value) ? block('[', value.map(v => written(v as Ordered, inner)), ']') : goJson(value)
}

/** A written JSON document, with its keys as they stand, on lines of its own. Source: Go encoding/json Indent. */
export function indentedJson(text: string): string {
  let depth = 0
  const line = (): string => `\n${'  '.repeat(depth)}`
  return text.replace(/"(?:\\.|[^"\\])*"|\{\s*\}|\[\s*\]|[{}[\]:,]|[ \t\r\n]+(?=.)/gs, token => {
    if (token[0] === '"') return token
    if (/^(\{\s*\}|\[\s*\])$/.test(token)) return token[0] + token.at(-1)!
    if (token === '{' || token === '[') return token + (depth++, line())
    if (token === '}' || token === ']') return (depth--, line()) + token
    return token === ':' ? ': ' : token === ',' ? token + line() : ''
  })
}
