import type { Ordered } from './field-order.ts'

/**
 * KYAML: YAML in flow style, in which no string can be read as anything else. Source: sigs.k8s.io/yaml/kyaml (kyaml.go);
 * https://kubernetes.io/docs/reference/encodings/kyaml/
 */
export const toKyaml = (value: Ordered): string => `---\n${written(value, '')}\n`

function written(value: Ordered, indent: string): string {
  const inner = `${indent}  `
  if (typeof value === 'string') return quoted(value, inner)
  if (value instanceof Map) {
    if (value.size === 0) return '{}'
    return `{\n${[...value].map(([key, v]) => `${inner}${needsQuotes(key) ? quoted(key, inner) : key}: ${written(v as Ordered, inner)},\n`).join('')}${indent}}`
  }
  if (!Array.isArray(value)) return String(value)
  if (value.length === 0) return '[]'
  // brackets and braces stand together
  if (value.every(v => typeof v === 'object' && v !== null)) return `[${value.map(v => written(v as Ordered, indent)).join(', ')}]`
  return `[\n${value.map(v => `${inner}${written(v as Ordered, inner)},\n`).join('')}${indent}]`
}

/** Text of several lines is folded after each; a line that begins with a space says so with a backslash. */
function quoted(text: string, indent: string): string {
  const escaped = (part: string): string =>
    part.replace(/[\\"]/g, '\\$&').replace(/[\0-\x08\x0b-\x1f\x7f]/g, c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
  if (!text.includes('\n')) return `"${escaped(text)}"`
  const lines = text.split('\n'), last = lines.pop()!
  const line = (part: string, end: string): string => `${indent}${/^[ \t]/.test(part) ? '\\' : ' '}${escaped(part)}${end}\\\n`
  return `"\\\n${lines.map(l => line(l, '\\n')).join('')}${last === '' ? '' : line(last, '')}${indent}"`
}

const ambiguous = /^(null|~|y|yes|true|on|n|no|false|off|\.inf|[+-]\.inf|\.nan)$/i
const numeric = /^[-+]?(0[bB][01_]+|0[oO]?[0-7_]+|0[xX][\da-fA-F_]+|[\d_]+(\.[\d_]*)?([eE][-+]?\d+)?|\.\d[\d_]*([eE][-+]?\d+)?)$/
const needsQuotes = (text: string): boolean =>
  !/^[\p{L}\p{N}_]([\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u.test(text) || ambiguous.test(text) || numeric.test(text) || /^\d{4}-\d{1,2}-\d{1,2}/.test(text)
