import type { Status, StatusCause } from '../api/status.ts'
import { minorOf } from './older-versions.ts'
import type { ServerOptions } from './state.ts'

/**
 * How an API server before 1.34 shows a value that does not fit: as Go writes it, not as JSON, `map[string]string{"app":"web"}`. Approximate: label selectors,
 * maps and lists of texts are; parts of the server's internal types stay JSON. Source: apimachinery pkg/util/validation/field/errors.go (ErrorBody) of 0.33.
 */
const newest = 34
export function inItsWords(options: ServerOptions, status: Status): Status {
  const causes = status.details?.causes
  if (status.code !== 422 || causes === undefined || minorOf(options) >= newest) return status
  let { message = '' } = status
  const reworded = causes.map((cause): StatusCause => {
    const text = reword(cause.message ?? '', cause.field ?? '')
    if (text !== cause.message) message = message.replace(cause.message!, () => text)
    return { ...cause, message: text }
  })
  return { ...status, message, details: { ...status.details, causes: reworded } }
}

/** `Invalid value: {"matchLabels":{"a":"b"}}: field is immutable` */
function reword(message: string, field: string): string {
  const [, before, rest] = /^((?:Invalid|Unsupported|Duplicate) value: )(.*)$/s.exec(message) ?? []
  if (rest === undefined) return message
  const end = rest.startsWith('null') ? 4 : endOfJson(rest)
  const shown = end > 0 ? goSyntax(JSON.parse(rest.slice(0, end)), field) : undefined
  return shown === undefined ? message : before + shown + rest.slice(end)
}
/** where the object or list that a text begins with ends; 0: it begins with neither */
function endOfJson(text: string): number {
  if (!/^[[{]/.test(text)) return 0
  let depth = 0, quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) { if (c === '\\') i++; else if (c === '"') quoted = false }
    else if (c === '"') quoted = true
    else if (c === '{' || c === '[') depth++
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1
  }
  return 0
}

const isText = (value: unknown): value is string => typeof value === 'string'
const textsOf = (list: readonly string[] | undefined): string =>
  list === undefined ? '[]string(nil)' : `[]string{${list.map(item => JSON.stringify(item)).join(', ')}}`
function mapOf(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return 'map[string]string(nil)'
  return `map[string]string{${Object.keys(map).sort().map(key => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`).join(', ')}}`
}
/** undefined: of a type that is not known here */
function goSyntax(value: any, field: string): string | undefined {
  if (value === null) return /(labels|annotations|matchLabels|nodeSelector|parameters)$/.test(field) ? mapOf(undefined) : 'null'
  if (Array.isArray(value)) return value.every(isText) ? textsOf(value) : undefined
  const keys = Object.keys(value)
  if (keys.length > 0 && keys.every(key => key === 'matchLabels' || key === 'matchExpressions')) return selectorOf(value)
  return Object.values(value).every(isText) && !keys.some(key => /^[A-Z]\w*$/.test(key)) ? mapOf(value) : undefined
}
function selectorOf({ matchLabels, matchExpressions }: any): string {
  const requirement = ({ key = '', operator = '', values }: any): string =>
    `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:${textsOf(values)}}`
  const list = matchExpressions ? `{${matchExpressions.map(requirement).join(', ')}}` : '(nil)'
  return `v1.LabelSelector{MatchLabels:${mapOf(matchLabels)}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`
}
