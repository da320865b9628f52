// Compiles grammar/*.peggy to src/dsl/generated/*.js: a parser is code, and making one at start-up would cost more than a run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import peggy from 'peggy'

/** One parser for each entry: only the rules that its start rules need, since a call of a parser costs by its number of rules. */
const parsers = [
  { name: 'gherkin', grammar: 'gherkin', startRules: ['Document'] },
  { name: 'sentence', grammar: 'step', startRules: ['world', 'action', 'fault', 'time', 'sentence'] },
  { name: 'assertion', grammar: 'step', startRules: ['assertion'] },
  { name: 'subject', grammar: 'step', startRules: ['Subject', 'ObjectSlot', 'Component'] },
  { name: 'jsonpath', grammar: 'jsonpath', startRules: ['Template', 'Relaxed'] },
]

export default async function grammars(root) {
  const target = join(root, 'src/dsl/generated')
  mkdirSync(target, { recursive: true })
  for (const { name, grammar, startRules } of parsers) {
    const source = `grammar/${grammar}.peggy`
    const code = peggy.generate(readFileSync(join(root, source), 'utf8'), {
      grammarSource: source,
      output: 'source',
      format: 'es',
      allowedStartRules: startRules,
      plugins: [{ use: config => config.passes.prepare.push(prune(startRules)) }],
    })
    writeFileSync(join(target, `${name}.js`), lean(code))
    writeFileSync(join(target, `${name}.d.ts`), declaration(source))
  }
}

/** Leaves out the rules that no start rule leads to. */
const prune = startRules => grammar => {
  const rules = new Map(grammar.rules.map(rule => [rule.name, rule]))
  const needed = new Set()
  const visit = name => {
    if (needed.has(name)) return
    needed.add(name)
    JSON.stringify(rules.get(name), (key, value) => {
      if (value?.type === 'rule_ref') visit(value.name)
      return key === 'location' ? undefined : value
    })
  }
  startRules.forEach(visit)
  grammar.rules = grammar.rules.filter(rule => needed.has(rule.name))
}

/**
 * Peggy makes every expectation and pattern anew for each parse, which costs more than parsing a step. The diagnostics do not use
 * its expectations, so they go; patterns without state move out of the function.
 */
function lean(code) {
  const patterns = []
  const body = code.replace(/^  const (peg\$[er]\d+) = (.*);\n/gm, (_, name, value) => {
    patterns.push(`const ${name} = ${name.startsWith('peg$e') ? 'undefined' : value};`)
    return ''
  })
  return body.replace(/^function peg\$parse\(/m, `${patterns.join('\n')}\n\nfunction peg$parse(`)
}

const declaration = source => `/** Compiled from ${source}. With \`peg$library\` the raw outcome comes back instead of an exception. */
export interface RawOutcome { peg$result: any; peg$success: boolean; peg$currPos: number; peg$maxFailPos: number; peg$maxFailExpected: any[]; peg$FAILED: unknown }
export function parse(text: string, options: { startRule?: string; peg$library: true; [option: string]: unknown }): RawOutcome
export class SyntaxError extends Error {}
`
