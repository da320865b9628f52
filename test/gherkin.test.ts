import { AstBuilder, compile, dialects, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countingIds, parseDocument } from '../src/dsl/parse-document.ts'
import { pickles } from '../src/dsl/pickles.ts'

/** What the official parser makes of a text: document and pickles, or its errors. */
function official(text: string): unknown {
  const newId = countingIds()
  try {
    const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text)
    return plain({ document, pickles: compile(document, 'a.feature', newId) })
  } catch (error) {
    const all: any[] = (error as any).errors ?? [error]
    return plain({ errors: all.map(e => ({ message: e.message, line: e.location.line, column: e.location.column ?? 1 })) })
  }
}
function ours(text: string): unknown {
  const newId = countingIds()
  const { document, diagnostics } = parseDocument(text, 'a.feature', newId)
  if (!document) return { errors: diagnostics.map(d => ({ message: d.official, line: d.span.line, column: d.span.column })) }
  return plain({ document, pickles: pickles(document, 'a.feature', newId) })
}
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const agree = (text: string): void => {
  expect(ours(text), text).toEqual(official(text))
}

const whole = `# a comment
# language: en
@a @b#c @d #e
Feature: all of it
  free text
    # inside
  more

  Background: before
    Given a step
    * another
  @s
  @t

  Scenario Outline: with <name>
    text under it
    When a <name> step
      | a <name> | b\\|c | d\\\\n | e\\nf |
      | 1        |       | 😀   |  x    |
    """yaml
      k: <name>
     short
    \\"\\"\\"
    """
    Then after
    \`\`\`
    """ in it
    \`\`\`
      | after |
    And more
    @e
    Examples: first
      described
      | name | other |
      # between
      | x$1  | y     |

      | z    | w     |
    Examples:
      | name |
    Examples: none

  @r
  Rule: a rule
    Background:
      Given inner
    Example: one
      But this
    Scenario: empty
  Rule: bare
`

describe('Gherkin against the official parser', () => {
  it('reads a document with everything in it', () => {
    expect(ours(whole)).toHaveProperty('document.feature.name', 'all of it')
    agree(whole)
    agree(whole.replaceAll('\n', '\r\n'))
    agree(`\uFEFF${whole.slice(whole.indexOf('@a'))}`)
  })

  it('reads every language', () => {
    for (const [language, d] of Object.entries(dialects)) {
      const steps = [...d.given, ...d.when, ...d.then, ...d.and, ...d.but].map(k => `    ${k}text`)
      const lines = [
        `# language: ${language}`,
        ...d.feature.map(k => `${k}: f`).slice(0, 1),
        `${d.background.at(-1)}: b`,
        ...steps,
        ...[...d.scenario, ...d.scenarioOutline].flatMap(k => [`  ${k}: s`, `    ${d.given.at(-1)}<a>`]),
        ...d.examples.map(k => `${k}: e\n|a|\n|1|`),
        `${d.rule[0]}: r`,
      ]
      agree(lines.join('\n'))
    }
  })

  it.each([
    ['', 'nothing'],
    ['\n \n', 'blank lines'],
    ['not gherkin', 'prose'],
    ['# language: nope\nFeature: x', 'unknown language'],
    ['   # language: nope\n', 'indented'],
    ['@x', 'a tag at the end'],
    ['@a b\nFeature: x\n@c d\nScenario: y\n', 'blanks in tags'],
    ['Feature: x\nScenario: y\nGiven z\n"""\nopen', 'an open doc string'],
    ['Feature: a\n@x\nBackground:\n Given y', 'tags before a background'],
    ['Feature: a\nScenario: b\nGiven c\n|a|b|\n|c|\njunk\nThen d', 'ragged table'],
    ['Feature: a\nBackground:\nGiven b\nExamples:\n|a|\n', 'examples of a background'],
    [`Feature: a\nScenario: b\nGiven c\n${'junk 1\njunk 2\njunk 3\n'.repeat(6)}`, 'junk'],
    [`Feature: a\nScenario: b\nGiven c\n${Array.from({ length: 15 }, (_, i) => `junk ${i}`).join('\n')}`, 'more than ten errors'],
  ])('agrees on %j (%s)', text => agree(text))

  it('agrees on mutilated documents', () => {
    const extra = [
      '@x',
      '@a b',
      '@y #c',
      '',
      '  ',
      '# c',
      '# language: fr',
      'Feature: f',
      'Background:',
      'Scenario: s',
      'Example: e',
      'Examples:',
      'Rule: r',
      'Given g',
      '* s',
      'And a',
      '| a |',
      '| a | b',
      '| a \\| | b |',
      '|',
      '"""',
      '```',
      '  """json',
      '""""',
      'free text',
      'Scenario : no',
      '\u3000Given wide',
      '\t| x |',
      '😀',
      'Scenario Outline: <a>',
    ]
    const base = whole.split('\n')
    const line = fc.oneof(fc.constantFrom(...extra), fc.constantFrom(...base))
    const mutant = fc
      .tuple(
        fc.array(fc.tuple(fc.nat(base.length), fc.nat(3), fc.array(line, { maxLength: 2 })), { maxLength: 4 }),
        fc.constantFrom('\n', '\r\n'),
      )
      .map(([cuts, end]) => {
        const lines = [...base]
        for (const [at, remove, insert] of cuts) lines.splice(at, remove, ...insert)
        return lines.join(end)
      })
    const soup = fc.array(line, { maxLength: 25 }).map(lines => lines.join('\n'))
    fc.assert(
      fc.property(fc.oneof(mutant, soup), text => {
        agree(text)
      }),
      { numRuns: 600, seed: 7 },
    )
  })
})

describe('help', () => {
  it('says what a mistyped keyword probably was', () => {
    const { diagnostics } = parseDocument('Feature: f\n\nScenario: s\n  Given a\n  Wehn b\n', 'a.feature')
    expect(diagnostics.map(d => [d.code, d.span.line, d.help])).toEqual([['gherkin-syntax', 5, 'write `When`']])
  })
})
