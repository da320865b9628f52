import type { Environment } from '@marcbachmann/cel-js'
import { cel } from './generated/cel.js'

/**
 * What binds names in CEL and is not the library's: `optMap`, `optFlatMap`, `sortBy`, and the comprehensions of two variables (index and item of a list, key
 * and value of a map). Source: cel-go cel/library.go (optional), ext/lists.go, ext/comprehensions.go.
 */
interface Scope { forkWithVariable(name: string, type: unknown): Scope; reuse(outer: Scope): Scope; setIterValue(value: unknown, evaluator: unknown): Scope }
interface Call { readonly ast: unknown; readonly args: readonly any[]; readonly receiver: unknown }
/** An expression under names that are given values one after the other. */
type Body = (...values: unknown[]) => any
type Run = (over: any, bodies: readonly Body[]) => unknown

/** The first `names` arguments are names, all others expressions that know them. */
const binding = (names: number, result: string, run: Run) => ({ ast, args, receiver }: Call) => ({
  ast, receiver, scopes: [] as Scope[],
  typeCheck(checker: any, macro: any, outer: Scope): unknown {
    checker.check(receiver, outer)
    let scope = outer
    macro.scopes = args.slice(0, names).map(name => { scope = scope.forkWithVariable(name.args, checker.getType('dyn')); return scope })
    for (const body of args.slice(names)) checker.check(body, scope)
    return checker.getType(result)
  },
  evaluate(evaluator: any, macro: any, outer: Scope): unknown {
    return run(evaluator.run(receiver, outer), args.slice(names).map(body => (...values: unknown[]) => {
      let scope = outer
      macro.scopes.forEach((own: Scope, i: number) => { scope = own.reuse(scope).setIterValue(values[i], evaluator) })
      return evaluator.run(body, scope)
    }))
  },
})

const entries = (over: any): readonly (readonly [unknown, unknown])[] =>
  Array.isArray(over) ? over.map((item, i) => [BigInt(i), item]) : over instanceof Map ? [...over] : Object.entries(over)
const kept = (over: any, [first, second]: readonly Body[]): readonly (readonly [unknown, unknown])[] =>
  second ? entries(over).filter(e => first(...e) === true).map(e => [e[0], second(...e)]) : entries(over).map(e => [e[0], first(...e)])
const sortBy: Run = (list: any[], [by]) =>
  list.map(item => [by(item), item]).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, item]) => item)

const quantifiers: Readonly<Record<string, Run>> = {
  all: (over, [test]) => entries(over).every(e => test(...e) === true), exists: (over, [test]) => entries(over).some(e => test(...e) === true),
  existsOne: (over, [test]) => entries(over).filter(e => test(...e) === true).length === 1,
}
const transforms: Readonly<Record<string, { readonly result: string; readonly run: Run }>> = {
  transformList: { result: 'list', run: (over, bodies) => kept(over, bodies).map(([, value]) => value) },
  transformMap: { result: 'map', run: (over, bodies) => Object.fromEntries(kept(over, bodies) as [string, unknown][]) },
  transformMapEntry: { result: 'map', run: (over, bodies) => Object.assign({}, ...kept(over, bodies).map(([, value]) => value)) },
}
const ast = (n: number): string => Array.from({ length: n }, () => 'ast').join(', ')

/** How many of the first arguments are names; the others are expressions that know them (for the checker of types). */
export const boundNames: Readonly<Record<string, number>> = { transformList: 2, transformMap: 2, transformMapEntry: 2, sortBy: 1, optMap: 1, optFlatMap: 1 }

export function addComprehensions(environment: Environment): void {
  const { Optional } = cel(), add = (signature: string, macro: unknown): void => { environment.registerFunction(signature, macro as never) }
  // the library's own says nothing of the type of what a dyn holds
  add('optional.value(): dyn', (optional: any) => optional.value())
  add('optional.optMap(ast, ast): optional<dyn>', binding(1, 'optional', (o, [body]) => o.hasValue() ? Optional.of(body(o.value())) : o))
  add('optional.optFlatMap(ast, ast): optional<dyn>', binding(1, 'optional', (o, [body]) => o.hasValue() ? body(o.value()) : o))
  add('list.sortBy(ast, ast): list', binding(1, 'list', sortBy))
  for (const type of ['list', 'map']) {
    for (const [name, run] of Object.entries(quantifiers)) add(`${type}.${name}(${ast(3)}): bool`, binding(2, 'bool', run))
    for (const [name, { result, run }] of Object.entries(transforms)) {
      for (const n of [3, 4]) add(`${type}.${name}(${ast(n)}): ${result}`, binding(2, result, run))
    }
  }
}
