/** A value that stands in a command; `text` is how Go shows it, `at` where it stands. */
export type Argument = { readonly text: string; readonly at: number } & (
  | { readonly is: 'field'; readonly names: readonly string[] } | { readonly is: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly is: 'chain'; readonly of: Argument; readonly names: readonly string[] } | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'constant'; readonly value: unknown } | { readonly is: 'dot' } | { readonly is: 'nil' } | { readonly is: 'pipe'; readonly pipe: Pipe })
export interface Command { readonly args: readonly Argument[]; readonly text: string; readonly at: number }
/** `variables`: what it is kept as, newly or (`assigns`) where there is one already */
export interface Pipe { readonly commands: readonly Command[]; readonly variables: readonly string[]; readonly assigns: boolean; readonly at: number }
export type Node = { readonly is: 'text'; readonly text: string } | { readonly is: 'print'; readonly pipe: Pipe } | { readonly is: 'break' } | { readonly is: 'continue' }
  | { readonly is: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly is: 'template'; readonly name: string; readonly pipe?: Pipe; readonly text: string; readonly at: number }
export interface Parsed { readonly nodes: readonly Node[]; readonly defined: ReadonlyMap<string, readonly Node[]> }
