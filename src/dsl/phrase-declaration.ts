/**
 * What a registered phrase looks like to the parser. A phrase is words and `{parameter}` slots, e.g. `I cordon node {node}`.
 * `(s)` marks an optional ending, `a/b` alternative words (as in Cucumber Expressions). The parser is given all
 * declarations; it knows none by name.
 */
export interface PhraseDeclaration {
  /** unique, kebab-case: `cordon-node` */
  readonly id: string
  /** forms that all mean the same; the first is shown in the step reference */
  readonly phrases: readonly string[]
  /** slot name → parameter type name; a slot that is not listed has the type of its own name */
  readonly parameters?: Readonly<Record<string, ParameterType>>
  /** must the step carry a table or a doc string? default: none may */
  readonly argument?: 'table' | 'docString' | 'table or docString' | 'optional'
}

/**
 * Built-in slot types and what their argument becomes:
 * `name` a Kubernetes name (also `ns/name`), `$binding` → { binding: string } · `word` no spaces · `text` quoted, unescaped string ·
 * `count` integer → Quantity (at least/at most/more than/exactly) · `int` number · `duration` → ms (number; `5m`, `45 minutes`, `1m30s`) ·
 * `selector` label selector text · `kind` kind word as written · `subject` SubjectAst (object or binding) · `node` a node name or binding ·
 * `component` ComponentSubject · `jsonpath` `.spec.x` or `{.spec.x}` · `value` quoted or bare word · `quantity` `4Gi`, `900m` ·
 * `share` so many of a hundred → SetQuantity (`at least 80 %`, `more than half`) · `status` one capitalised STATUS word · `namespace` a name · `any-subject` any SubjectAst, sets too (`a pod of deployment x`) ·
 * `rest` all words up to the end of the phrase's text, as written
 */
export type ParameterType =
  | 'name' | 'word' | 'text' | 'count' | 'int' | 'duration' | 'selector' | 'kind' | 'subject' | 'any-subject' | 'node' | 'component' | 'jsonpath'
  | 'value' | 'quantity' | 'share' | 'status' | 'namespace' | 'rest'

export type StepKind = 'world' | 'action' | 'fault' | 'time' | 'sentence'
