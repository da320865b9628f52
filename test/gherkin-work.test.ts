import { describe, expect, it, test } from 'vitest'
import { createStepParser } from '../src/dsl/parse-step.ts'
import { bindFeature } from '../src/dsl/bind.ts'
import { parse } from '../src/dsl/generated/gherkin.js'
import { createBuilder } from '../src/dsl/gherkin-builder.ts'
import { GherkinErrors } from '../src/dsl/gherkin-errors.ts'
import { GherkinLines } from '../src/dsl/gherkin-lines.ts'
import { countingIds, parseDocument } from '../src/dsl/parse-document.ts'
import { pickles } from '../src/dsl/pickles.ts'

/** How often the grammar asks the reader for something while it reads a text: its whole work, in lines. */
function work(text: string): number {
  const lines = new GherkinLines(text, new GherkinErrors())
  let asked = 0
  const counted = new Proxy(lines, {
    get(target, name) {
      asked++
      if (name === 'seek') return (at: number) => { target.seek(at); return counted }
      const value = (target as any)[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  try { parse(text, { lines: counted, build: createBuilder(lines, countingIds()), peg$library: true, peg$silentFails: 1 }) } catch { /* the eleventh error */ }
  return asked
}

const head = 'Feature: f\n', scenario = 'Scenario: s\n', step = 'Given a\n'
const shapes: Readonly<Record<string, (n: number) => string>> = {
  'scenarios': n => head + (scenario + step).repeat(n),
  'steps': n => head + scenario + step.repeat(n),
  'a deep table': n => head + scenario + step + '| a | b |\n'.repeat(n),
  'a table with comments': n => head + scenario + step + '| a |\n# c\n\n'.repeat(n),
  'a huge doc string': n => head + scenario + step + '"""\n' + 'text\n'.repeat(n) + '"""\n',
  'a doc string without an end': n => head + scenario + step + '"""\n' + 'text\n'.repeat(n),
  'a description': n => head + 'text\n'.repeat(n),
  'comments': n => '# c\n'.repeat(n) + head,
  'blank lines': n => head + scenario + '\n'.repeat(n) + step,
  'tags in front of a scenario': n => head + '@a\n'.repeat(n) + scenario,
  'tags and nothing behind them': n => head + scenario + step + '@a\n\n# c\n'.repeat(n),
  'tags, again and again': n => head + '@a\n\n@b\nScenario: s\nGiven a\n'.repeat(n),
  'tags of examples': n => head + scenario + step + '@a\nExamples:\n|a|\n|1|\n'.repeat(n),
  'rules': n => head + '@a\nRule: r\nBackground:\nGiven b\nScenario: s\n'.repeat(n),
  'nothing that fits': n => 'junk\n'.repeat(n),
}

describe('reading takes as much longer as a text is longer', () => {
  test.each(Object.keys(shapes))('%s', shape => {
    const [one, two] = [500, 1000].map(n => work(shapes[shape](n)))
    expect(two / one).toBeLessThan(2.1)
  })
})

const parser = createStepParser({
  steps: [{ id: 'a', kind: 'world', phrases: ['a {rest}'] }], predicates: [{ id: 'status', phrases: ['{status}'] }],
  kinds: word => word === 'pod' || word === 'pods',
})
const long = 300_000
const hostile: Readonly<Record<string, string>> = {
  'one line of blanks': ' '.repeat(long),
  'a keyword, and blanks without a colon': `Feature: f\nScenario: s\nGiven a\nScenari${' '.repeat(long)}x`,
  'a cell of blanks': `Feature: f\nScenario: s\nGiven a\n| a${' '.repeat(long)}b |\n`,
  'a step of one word': `Feature: f\nScenario: s\nGiven ${'x'.repeat(long)}\n`,
  'a step of many words': `Feature: f\nScenario: s\nGiven ${'pods are Ready while '.repeat(2000)}\n`,
  'a step of as many words as are read': `Feature: f\nScenario: s\nGiven ${'pods are Ready while '.repeat(24)}\n`,
  'a step of quotes': `Feature: f\nScenario: s\nGiven ${'"\\'.repeat(long / 2)}\n`,
  'a tag': `@${'a'.repeat(long)}\nFeature: f`,
  'many tags': `${'@a'.repeat(long / 10)}\nFeature: f`,
  'as many rows as lines': `Feature: f\nScenario: s\nGiven <a>\nExamples:\n| a |\n${'| 1 |\n'.repeat(130_000)}`,
  'values that double':
    `Feature: f\nScenario: s\nGiven <c0>\nExamples:\n|${Array.from({ length: 60 }, (_, i) => `c${i}|`).join('')}\n|${Array.from({ length: 60 }, (_, i) => `<c${i + 1}><c${i + 1}>|`).join('')}\n`,
  'descriptions that look like keywords': `Feature: f\n${Array.from({ length: 20_000 }, (_, i) => `given ${i}\n`).join('')}`,
  'half characters': `Feature: \ud800\nScenario: \udc00\nGiven \ud83d\n|\ude00|\n`,
  'every control character': `Feature: f\nScenario: ${Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)).join('')}\nGiven a`,
}

describe('no text hangs or throws', () => {
  test.each(Object.keys(hostile))('%s', name => {
    const text = hostile[name], { document, diagnostics } = parseDocument(text, 'a.feature')
    expect(document === undefined).toBe(diagnostics.length > 0)
    if (document) pickles(document, 'a.feature')
    if (name !== 'as many rows as lines') bindFeature(text, 'a.feature', parser) // a second of work
  })
  it('ends the growth of values that hold placeholders', () => {
    const { document } = parseDocument(hostile['values that double'])
    expect(pickles(document!, '')[0].steps[0].text.length).toBeLessThan(2 ** 21)
  })
})
