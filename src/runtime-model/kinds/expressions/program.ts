import type { Environment } from '@marcbachmann/cel-js'
import { cel } from './generated/cel.js'
import { extend } from './library.ts'

/**
 * An expression of the Common Expression Language, ready to run. Parsing and evaluation are a library's; what Kubernetes adds is in library.ts, what its
 * compiler says of mistakes in check.ts. Source of the words: cel-go common/types (errors at run time), k8s.io/apiserver pkg/cel.
 */
export interface Node { readonly op: string; readonly args: any; readonly pos: number; readonly start: number; readonly end: number }
export interface Program {
  readonly text: string
  readonly ast: Node
  run(variables: Readonly<Record<string, unknown>>): Outcome
}
/** `error` in cel-go's words: `no such key: replicas` */
export type Outcome = { readonly value: any } | { readonly error: string }
export interface SyntaxProblem { readonly syntax: string; readonly at: number }

let environment: Environment | undefined
const programs = new Map<string, Program | SyntaxProblem>()
const limit = 5000

/** Parsed once per process: an expression is the same wherever it stands. */
export function programOf(text: string): Program | SyntaxProblem {
  let program = programs.get(text)
  if (program) return program
  if (programs.size >= limit) programs.clear()
  programs.set(text, program = parse(text))
  return program
}
export const isProgram = (program: Program | SyntaxProblem): program is Program => 'ast' in program

function parse(text: string): Program | SyntaxProblem {
  environment ??= extend(new (cel().Environment)({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, enableOptionalTypes: true }))
  try {
    const parsed = environment.parse(text)
    return { text, ast: parsed.ast as unknown as Node, run: variables => evaluate(parsed, variables) }
  } catch (error: any) {
    return {
      syntax: error.code === 'unexpected_token' && error.summary === 'Unexpected token: EOF'
        ? syntaxAtEnd(text)
        : `Syntax error: ${error.summary ?? error.message}`,
      at: error.range?.start ?? 0,
    }
  }
}
/** A parenthesis may close only where one is open and nothing stands in it yet. */
const syntaxAtEnd = (text: string): string =>
  `Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', ${text.trimEnd().endsWith('(') ? "')', " : ''}'.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}`

function evaluate(parsed: (variables: any) => any, variables: Readonly<Record<string, unknown>>): Outcome {
  try { return { value: parsed(variables) } } catch (error: any) { return { error: wordsOf(error) } }
}
const words: Readonly<Record<string, (summary: string) => string>> = {
  no_such_key: s => s.replace(/^No such key/, 'no such key'), index_out_of_bounds: s => `index out of bounds: ${/index (-?\d+)/.exec(s)?.[1] ?? ''}`,
  no_such_overload: () => 'no such overload', no_matching_overload: () => 'no such overload', cannot_index_type: () => 'no such overload',
  division_by_zero: () => 'division by zero', modulo_by_zero: () => 'modulus by zero', numeric_overflow: () => 'integer overflow',
  unknown_variable: s => s.replace(/^Unknown variable/, 'no such attribute(s)'),
}
/** a text that could not be read as what it was to become */
function conversion(summary: string | undefined): string | undefined {
  const to = /^(int|uint|double|bool)\(\) (?:type|conversion) error/.exec(summary ?? '')?.[1]
    ?? (/^timestamp\(\) requires/.test(summary ?? '') ? 'google.protobuf.Timestamp'
      : /^Invalid duration/i.test(summary ?? '') ? 'google.protobuf.Duration'
      : undefined)
  return to && `type conversion error from 'string' to '${to}'`
}
const wordsOf = (error: any): string => words[error.code]?.(error.summary) ?? conversion(error.summary) ?? error.summary ?? String(error.message)

/** A value that may be missing, as `oldSelf` is to a rule that asks for it so. */
export const optional = (value: unknown): unknown => cel().Optional.of(value as never)
