import { qualifiedName, validLabelValue } from './names.ts'

/**
 * The text form of label selectors. Source: k8s.io/apimachinery pkg/labels/selector.go (Lexer, Parser); the words are the API server's.
 */
export interface Requirement {
  readonly key: string
  readonly operator: '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

const symbols = ['==', '!=', '=', '!', '(', ')', ',', '>', '<']
function tokens(text: string): string[] {
  const found: string[] = []
  for (let i = 0; i < text.length;) {
    if (/\s/.test(text[i])) { i++; continue }
    const symbol = symbols.find(s => text.startsWith(s, i))
    if (symbol) { found.push(symbol); i += symbol.length; continue }
    const start = i
    while (i < text.length && !/[\s=!(),><]/.test(text[i])) i++
    found.push(text.slice(start, i))
  }
  return found
}
const isWord = (token: string | undefined): token is string => token !== undefined && !symbols.includes(token)

export function parseRequirements(text: string): { readonly requirements: readonly Requirement[]; readonly error?: undefined } | { readonly error: string } {
  const list = tokens(text), requirements: Requirement[] = []
  let at = 0
  const requirement = (): Requirement | string => {
    const negated = list[at] === '!'
    if (negated) at++
    const key = list[at]
    if (!isWord(key)) return `found '${key ?? ''}', expected: identifier`
    at++
    const wrong = checkKey(key)
    if (wrong) return wrong
    if (negated) return { key, operator: '!', values: [] }
    if (list[at] === undefined || list[at] === ',') return { key, operator: 'exists', values: [] }
    const word = list[at++], operator = ({ '>': 'gt', '<': 'lt' } as Record<string, string>)[word] ?? word
    // signs alone say more or less
    if (word === 'gt' || word === 'lt' || !['in', 'notin', '=', '==', '!=', 'gt', 'lt'].includes(operator)) return `found '${word}', expected: in, notin, =, ==, !=, gt, lt`
    const values = operator === 'in' || operator === 'notin' ? set() : single()
    return typeof values === 'string' ? values : checkValues({ key, operator: operator as Requirement['operator'], values })
  }
  const single = (): string[] | string =>
    isWord(list[at]) ? [list[at++]] : list[at] === undefined || list[at] === ',' ? [''] : `found '${list[at]}', expected: identifier`
  const set = (): string[] | string => {
    if (list[at] !== '(') return `found '${list[at] ?? ''}' expected: '('`
    at++
    const values: string[] = []
    for (;;) {
      const token = list[at++]
      if (isWord(token)) {
        values.push(token)
        if (list[at] === ',') {
          at++
          if (list[at] === ')') values.push('')
        } else if (list[at] !== ')') return `found '${list[at] ?? ''}', expected: ',' or ')'`
      }
      else if (token === ',') values.push('')
      else if (token === ')') return [...new Set(values)].sort()
      else return `found '${token ?? ''}', expected: ',', ')' or identifier`
    }
  }
  while (at < list.length) {
    if (!isWord(list[at]) && list[at] !== '!') return { error: `found '${list[at]}', expected: !, identifier, or 'end of string'` }
    const found = requirement()
    if (typeof found === 'string') return { error: `unable to parse requirement: ${found}` }
    requirements.push(found)
    if (list[at] === undefined) break
    if (list[at] !== ',') return { error: `found '${list[at]}', expected: ',' or 'end of string'` }
    at++
    if (!isWord(list[at]) && list[at] !== '!') return { error: `found '${list[at] ?? ''}', expected: identifier after ','` }
  }
  return { requirements }
}

function checkKey(key: string): string | undefined {
  const [wrong] = qualifiedName(key)
  return wrong === undefined ? undefined : `<nil>: Invalid value: ${JSON.stringify(key)}: ${wrong}`
}
function checkValues(requirement: Requirement): Requirement | string {
  const { key, operator, values } = requirement
  if ((operator === 'gt' || operator === 'lt') && !/^[+-]?\d+$/.test(values[0])) {
    return `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`
  }
  for (let i = 0; i < values.length; i++) {
    const [wrong] = validLabelValue(values[i])
    if (wrong !== undefined) return `values[${i}][${key}]: Invalid value: ${JSON.stringify(values[i])}: ${wrong}`
  }
  return requirement
}
