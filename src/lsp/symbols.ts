import type { DocumentSymbol } from 'vscode-languageserver'
import type { Background, Scenario } from '../dsl/gherkin-document.ts'
import { parseDocument } from '../dsl/parse-document.ts'

/** the protocol's Module, Namespace, Method, Constructor */
const KIND = { feature: 2, rule: 3, scenario: 6, background: 9 } as const

/** The outline of a feature file: its feature, rules and scenarios. */
export function symbolsOf(text: string, file: string): DocumentSymbol[] {
  const feature = parseDocument(text, file).document?.feature, last = text.split('\n').length
  if (!feature) return []
  const symbol = (name: string, kind: number, line: number, until: number, children: DocumentSymbol[] = []): DocumentSymbol => {
    const start = { line: line - 1, character: 0 }
    return {
      name: name || '(without a name)', kind: kind as DocumentSymbol['kind'], range: { start, end: { line: Math.max(until - 1, line - 1), character: 0 } },
      selectionRange: { start, end: start }, children,
    }
  }
  const inside = (children: readonly { readonly background?: Background; readonly scenario?: Scenario }[], end: number): DocumentSymbol[] => {
    const nodes = children.flatMap((c): { readonly node: Background | Scenario; readonly kind: number }[] =>
      c.background ? [{ node: c.background, kind: KIND.background }] : c.scenario ? [{ node: c.scenario, kind: KIND.scenario }] : [])
    return nodes.map(({ node, kind }, i) => symbol(node.name || node.keyword, kind, node.location.line, nodes[i + 1]?.node.location.line ?? end))
  }
  const rules = feature.children.flatMap(c => c.rule ?? []), plain = feature.children.filter(c => !c.rule)
  return [symbol(feature.name, KIND.feature, feature.location.line, last, [
    ...inside(plain, rules[0]?.location.line ?? last),
    ...rules.map((rule, i) => {
      const end = rules[i + 1]?.location.line ?? last
      return symbol(rule.name, KIND.rule, rule.location.line, end, inside(rule.children, end))
    }),
  ])]
}
