import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** Why facts of recordings and of the model differ: see the head of test/fidelity/reasons.yaml. */
interface Reason { readonly reason: string; readonly why: string; readonly facts: readonly string[]; readonly cases?: readonly string[] }
/** What `compareScenario` tells of a case, by kind of fact. */
type Compared = Readonly<Record<string, { readonly differ: readonly string[] }>>

export class Disagreements {
  readonly #reasons: readonly (Reason & { readonly patterns: readonly RegExp[] })[]
  readonly #found = new Map<Reason, Map<string, number>>()

  constructor(file: string) {
    const reasons: readonly Reason[] = parse(readFileSync(file, 'utf8'))
    this.#reasons = reasons.map(r => ({ ...r, patterns: r.facts.map(f => new RegExp(f)) }))
  }
  /** The differing facts of a case that no reason is given for; the others are counted. */
  unexplained(name: string, result: Compared): string[] {
    return Object.entries(result).flatMap(([kind, { differ }]) => differ.map(d => `${kind} ${d}`)).filter(fact => {
      const reason = this.#reasons.find(r => (r.cases?.some(c => name.startsWith(c)) ?? true) && r.patterns.some(p => p.test(fact)))
      if (reason) this.#count(reason, name)
      return !reason
    }).map(fact => `${name}: ${fact.slice(0, 300)}`)
  }
  #count(reason: Reason, name: string): void {
    const cases = this.#found.get(reason) ?? new Map<string, number>()
    this.#found.set(reason, cases.set(name, (cases.get(name) ?? 0) + 1))
  }
  /** Reasons and cases of reasons that nothing was found for. */
  unused(): string[] {
    return this.#reasons.flatMap(r => {
      const cases = [...this.#found.get(r)?.keys() ?? []]
      if (cases.length === 0) return [`${r.reason}: ${r.facts.join(' ')}`]
      return (r.cases ?? []).filter(c => !cases.some(name => name.startsWith(c))).map(c => `${r.reason}: ${c}`)
    })
  }
  /** The list of every disagreement, by reason. */
  markdown(): string {
    const names = [...new Set(this.#reasons.map(r => r.reason))]
    return [head, ...names.map(name => [`## ${name}`, ...this.#reasons.filter(r => r.reason === name).map(r => this.#paragraphs(r))].join('\n\n'))].join('\n')
  }
  #paragraphs(reason: Reason): string {
    const cases = [...this.#found.get(reason) ?? []].sort(([a], [b]) => a < b ? -1 : 1), facts = cases.reduce((n, [, k]) => n + k, 0)
    const where = `${facts} ${facts === 1 ? 'fact' : 'facts'} in ${cases.length} ${cases.length === 1 ? 'case' : 'cases'}:`
    return [reason.why.trim(), where, cases.map(([name, n]) => `* ${name} (${n})\n`).join('')].join('\n\n').trimEnd() + '\n'
  }
}
const head = `# Where the model and a real cluster disagree

Every fact of the recorded cases (test/fidelity) that differs, by its reason: lines that commands print, events, sequences of values and leaves of final
objects, those that only the real cluster has and those that only the model has. \`npm run fidelity -- test/fidelity --show CASE\` prints them.
Written by \`npx vitest run test/fidelity.test.ts --update\` from test/fidelity/reasons.yaml.
`
