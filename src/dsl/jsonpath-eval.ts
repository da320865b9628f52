import type { JsonPathNode } from './jsonpath.ts'

class EvaluationError extends Error {}
const fail = (message: string): never => {
  throw new EvaluationError(message)
}

interface Ranges {
  begin: number
  inside: number
  end: number
  lastEnd: number
  /** a field that none of the values has is an error */
  readonly strict: boolean
}

/** Source: k8s.io/client-go/util/jsonpath/jsonpath.go, FindResults and its eval functions, with AllowMissingKeys unless `strict`. */
export function evaluateNodes(nodes: readonly JsonPathNode[], data: unknown, strict = false): { results: unknown[][] } | { error: string } {
  try {
    return { results: findResults(nodes, 0, data, { begin: 0, inside: 0, end: 0, lastEnd: -1, strict }) }
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.message }
    throw error
  }
}

function findResults(nodes: readonly JsonPathNode[], from: number, data: unknown, ranges: Ranges): unknown[][] {
  const all: unknown[][] = []
  for (let i = from; i < nodes.length; i++) {
    const results = walk([data], nodes[i], ranges)
    if (ranges.end > 0 && ranges.end <= ranges.inside) {
      ranges.end--
      ranges.lastEnd = i
      break
    }
    if (ranges.begin === 0) {
      all.push(results)
      continue
    }
    ranges.begin--
    ranges.inside++
    // a range over nothing is walked once all the same, to find its end
    if (results.length > 0) for (const value of results) all.push(...findResults(nodes, i + 1, value, ranges))
    else findResults(nodes, i + 1, undefined, ranges)
    ranges.inside--
    if (ranges.lastEnd > i) i = ranges.lastEnd
  }
  return all
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const goType = (value: unknown): string =>
  isMap(value)
    ? 'map[string]interface {}'
    : typeof value === 'boolean'
      ? 'bool'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'int64'
          : 'float64'
        : 'string'
const members = (value: unknown): unknown[] => (Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [])

function walk(input: readonly unknown[], node: JsonPathNode, ranges: Ranges): unknown[] {
  switch (node.type) {
    case 'list':
      return node.nodes.reduce((values: unknown[], inner) => walk(values, inner, ranges), [...input])
    case 'text':
      return [node.text]
    case 'number':
    case 'bool':
      return input.map(() => node.value)
    case 'field': {
      if (node.name === '') return [...input]
      const found = input.flatMap(value => (isMap(value) && Object.hasOwn(value, node.name) ? [value[node.name]] : []))
      return found.length === 0 && ranges.strict ? fail(`${node.name} is not found`) : found
    }
    case 'wildcard':
      return input.flatMap(members)
    case 'recursive':
      return input.flatMap(descend)
    case 'union':
      return node.nodes.flatMap(inner => walk(input, inner, ranges))
    case 'slice':
      return input.flatMap(value => slice(value, node))
    case 'filter':
      return input.flatMap(value => select(value, node, ranges))
    case 'identifier':
      return identifier(input, node.name, ranges)
  }
}

function identifier(input: readonly unknown[], name: string, ranges: Ranges): unknown[] {
  if (name === 'range') ranges.begin++
  else if (name !== 'end') fail(`unrecognized identifier ${name}`)
  else if (ranges.inside === 0) fail('not in range, nothing to end')
  else ranges.end++
  return [...input]
}

/** The value and everything in it that holds something. */
function descend(value: unknown): unknown[] {
  const inner = members(value)
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descend)]
}

function slice(value: unknown, node: JsonPathNode & { type: 'slice' }): unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return fail(`${goType(value)} is not array or slice`)
  const length = value.length
  let from = node.from ?? 0
  let to = node.single && node.from !== undefined ? from + 1 : (node.to ?? length)
  if (from < 0) from += length
  if (to < 0 || (to === 0 && node.single)) to += length
  if (from === to) return [] // nothing asked for is no mistake: `[*]` of an empty list
  if (from >= length || from < 0) fail(`array index out of bounds: index ${from}, length ${length}`)
  if (to > length || to < 0) fail(`array index out of bounds: index ${to - 1}, length ${length}`)
  if (from > to) fail(`starting index ${from} is greater than ending index ${to}`)
  if (node.step !== undefined && node.step <= 0) fail('step must be > 0')
  const step = node.step ?? 1
  return value.slice(from, to).filter((_, i) => i % step === 0)
}

function select(value: unknown, node: JsonPathNode & { type: 'filter' }, ranges: Ranges): unknown[] {
  if (!Array.isArray(value)) return fail(`${goPrinted(value)} is not array or slice and cannot be filtered`)
  return value.filter(item => {
    const lefts = walk([item], node.left, ranges)
    if (node.operator === 'exists') return lefts.length > 0
    if (lefts.length === 0) return false
    const rights = node.right ? walk([item], node.right, ranges) : []
    if (rights.length === 0) return false
    if (lefts.length > 1 || rights.length > 1) return fail('can only compare one element at a time')
    return compare(lefts[0], node.operator, rights[0])
  })
}

function compare(left: any, operator: string, right: any): boolean {
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator)) return fail(`unrecognized filter operator ${operator}`)
  if (typeof left !== typeof right || typeof left === 'object') return fail('incompatible types for comparison')
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (typeof left === 'boolean') return fail('invalid type for comparison')
  if (operator === '<') return left < right
  if (operator === '>') return left > right
  return operator === '<=' ? left <= right : left >= right
}

/** fmt's %v for what a filter may be tried on. */
const goPrinted = (value: unknown): string => {
  if (value === null || value === undefined) return '<nil>'
  if (!isMap(value)) return Array.isArray(value) ? `[${value.map(goPrinted).join(' ')}]` : String(value)
  return `map[${Object.keys(value)
    .sort()
    .map(key => `${key}:${goPrinted(value[key])}`)
    .join(' ')}]`
}
