import { CucumberExpression } from '@cucumber/cucumber-expressions'
import type { Expression, Group, ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions'
import type { MatchedArgument, MatchedGroup } from '../runner/events.ts'
import { NoSuch } from './parameter-types.ts'

/** What an expression finds in a text: the values of its parameters, and the groups that they were made of, for who asks. */
export interface Matched { readonly values: readonly unknown[]; readonly groups: () => readonly MatchedArgument[] }
export type Matcher = (text: string) => Matched | undefined

/**
 * Matches as the expression does. The library finds the places of groups with the help of further regular expressions, as that works everywhere;
 * Node.js tells them itself (flag `d`), which takes a tenth of the time.
 */
export function matcherOf(expression: Expression, registry: ParameterTypeRegistry): Matcher {
  return orNothing(expression instanceof CucumberExpression ? quick(expression, registry) : usual(expression))
}

/** Text of the right look that means nothing is no match. */
const orNothing = (matcher: Matcher): Matcher => text => {
  try { return matcher(text) } catch (error) {
    if (error instanceof NoSuch) return undefined
    throw error
  }
}

const usual = (expression: Expression): Matcher => text => {
  const found = expression.match(text)
  return found ? { values: found.map(a => a.getValue(undefined)), groups: () => found.map(a => told(plain(a.group), a.parameterType.name)) } : undefined
}
const plain = ({ start, value, children }: Group): MatchedGroup =>
  ({ ...(value === undefined ? {} : { start, value }), ...(children?.length ? { children: children.map(plain) } : {}) })
const told = (group: MatchedGroup, name: string | undefined): MatchedArgument => ({ group, ...(name ? { parameterTypeName: name } : {}) })

function quick({ regexp, ast }: CucumberExpression, registry: ParameterTypeRegistry): Matcher {
  const search = new RegExp(regexp.source, `${regexp.flags}d`), groups = groupsOf(regexp.source), types: ParameterType<unknown>[] = []
  const collect = (node: typeof ast): void => {
    if (node.type === 'PARAMETER_NODE') types.push(registry.lookupByTypeName(node.text())!); else node.nodes?.forEach(collect)
  }
  collect(ast)
  return text => {
    if (!regexp.test(text)) return undefined
    const found = search.exec(text)!
    const values = types.map((type, i) => type.transform(undefined, valuesOf(groups[i], found)))
    return { values, groups: () => types.map((type, i) => told(groupOf(groups[i], found), type.name)) }
  }
}

/** A capturing group by its number, with those inside it. */
interface Capture { readonly number: number; readonly inside: Capture[] }
/** The values that a parameter type makes its own of: those of the groups inside, or the whole. */
const valuesOf = ({ number, inside }: Capture, found: RegExpExecArray): string[] =>
  inside.length === 0 ? [found[number]] : inside.map(group => found[group.number])
function groupOf({ number, inside }: Capture, found: RegExpExecArray): MatchedGroup {
  const value = found[number] as string | undefined
  return {
    ...(value === undefined ? {} : { start: found.indices![number]![0], value }),
    ...(inside.length ? { children: inside.map(group => groupOf(group, found)) } : {}),
  }
}

/** The outermost capturing groups of a regular expression. */
function groupsOf(source: string): readonly Capture[] {
  const outermost: Capture[] = [], open: (Capture | undefined)[] = []
  let number = 0
  for (let i = 0, inClass = false; i < source.length; i++) {
    const c = source[i]
    if (c === '\\') i++
    else if (inClass) inClass = c !== ']'
    else if (c === '[') inClass = true
    else if (c === ')') open.pop()
    else if (c === '(') {
      if (source[i + 1] === '?' && !/^\?<[^=!]/.test(source.slice(i + 1, i + 4))) { open.push(undefined); continue }
      const capture: Capture = { number: ++number, inside: [] }, around = open.findLast(group => group !== undefined)
      ;(around ? around.inside : outermost).push(capture)
      open.push(capture)
    }
  }
  return outermost
}
