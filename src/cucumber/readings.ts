import type { StepParser } from '../dsl/parse-step.ts'

const argumentsOf = [{}, { table: [] }, { docString: { content: '', line: 1 } }] as const

/** How many readings a step's text has: 0, 1 or 2 (several), whatever stands below it. */
export function readings(parser: StepParser): (text: string) => 0 | 1 | 2 {
  const known = new Map<string, 0 | 1 | 2>()
  return text => {
    let count = known.get(text)
    if (count === undefined) known.set(text, count = read(parser, text))
    return count
  }
}

function read(parser: StepParser, text: string): 0 | 1 | 2 {
  if (!parser.knows(text)) return 0
  let almost: 0 | 1 = 0
  for (const argument of argumentsOf) {
    const { value, diagnostics } = parser.parse(text, argument)
    if (value) return 1
    if (diagnostics.some(d => d.code === 'step-ambiguous')) return 2
    if (diagnostics.some(d => d.code.startsWith('step-argument'))) almost = 1
  }
  return almost
}
