import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatFeature } from '../src/dsl/format/index.ts'
import { parseDocument } from '../src/dsl/parse-document.ts'
import { kscenario } from './support/cli.ts'
import { documentsFrom } from './support/gherkin-documents.ts'

const format = (text: string): string => {
  const { document, diagnostics } = parseDocument(text)
  if (!document) throw new Error(`${diagnostics[0].official}\n${text}`)
  return formatFeature(text, document)
}
/** A document without places; descriptions and comments without their indent. */
function meaning(value: any): unknown {
  if (Array.isArray(value)) return value.map(meaning)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value)
    .filter(([key, v]) => key !== 'location' && v !== undefined)
    .map(([key, v]) =>
      [key, key === 'description' || (key === 'text' && !('keyword' in value)) ? String(v).split('\n').map(l => l.trim()).join('\n') : meaning(v)]))
}

describe('a document set anew', () => {
  test('is indented, aligned and spaced', () => {
    expect(format(`# language: en
@a   @b@c  #why
Feature:   Shop
free text
  and more
 Background:
 Given a cluster
 Scenario:   one
   Some words.

   - a list
 # about the step
   When   I apply:
  """yaml
  a:
    b: 1

  """
      Then it is so


      And the nodes:
      |name|cpu|
      # smaller
      |worker-1|2|
      | 日本 | x\\|y |
@slow
 # about the outline
 Scenario Outline: two
 Given <a>
 Examples:
 |a|
 |1|
Rule: more
Scenario: three
* x
# the end
`)).toBe(`# language: en
@a @b @c #why
Feature: Shop
  free text
    and more

  Background:
    Given a cluster

  Scenario: one
    Some words.

    - a list
    # about the step
    When I apply:
      """yaml
      a:
        b: 1

      """
    Then it is so

    And the nodes:
      | name     | cpu  |
      # smaller
      | worker-1 | 2    |
      | 日本     | x\\|y |

  @slow
  # about the outline
  Scenario Outline: two
    Given <a>

    Examples:
      | a |
      | 1 |

  Rule: more

    Scenario: three
      * x
      # the end
`)
  })
  test('keeps line ends and a byte order mark', () => {
    expect(format('\ufeffFeature: f\r\nScenario: s\r\nGiven a')).toBe('\ufeffFeature: f\r\n\r\n  Scenario: s\r\n    Given a\r\n')
    expect(format('')).toBe('')
  })
  test('keeps the blank of a keyword that has one only sometimes, and of a step without text', () => {
    expect(format('# language: ja\n機能: f\nシナリオ: s\n前提 a\n前提b\n')).toContain('    前提 a\n    前提b\n')
    expect(format('Feature: f\nScenario: s\n  Given \n  Then \n')).toContain('    Given \n    Then \n')
  })
  test('means the same, and is set the same again, over documents of all languages', () => {
    const next = documentsFrom(11)
    let whole = 0
    for (let i = 0; i < 3000; i++) {
      const text = next(), { document } = parseDocument(text)
      if (!document) continue
      whole++
      const once = formatFeature(text, document), again = parseDocument(once).document
      expect(meaning(again), text).toEqual(meaning(document))
      expect(formatFeature(once, again!), text).toBe(once)
    }
    expect(whole).toBeGreaterThan(1000)
  })
  test('the scenarios of the book are set so', () => {
    const folder = join(import.meta.dirname, '../scenarios/chapter03')
    expect(readdirSync(folder).filter(f => f.endsWith('.feature')).filter(f => {
      const text = readFileSync(join(folder, f), 'utf8')
      return format(text) !== text
    })).toEqual([])
  })
})

describe('kscenario fmt', () => {
  const files = { 'a.feature': 'Feature: a\nScenario: s\nGiven a cluster\n', 'b.feature': 'Feature: b\n\n  Scenario: s\n    Given a cluster\n' }
  test('changes what is not set so', () => {
    expect(
      kscenario(['fmt'], files, folder =>
        expect(readFileSync(join(folder, 'a.feature'), 'utf8')).toBe('Feature: a\n\n  Scenario: s\n    Given a cluster\n')).text
    ).toBe('\nchanged a.feature\n1 of 2 files changed\nexit 0\n')
  })
  test('--check changes nothing', () => {
    expect(kscenario(['fmt', '--check'], files, folder => expect(readFileSync(join(folder, 'a.feature'), 'utf8')).toBe(files['a.feature'])).text).toBe(
      '\nwould change a.feature\n1 of 2 files would change\nexit 1\n'
    )
    expect(kscenario(['fmt', '--check', 'b.feature'], files).code).toBe(0)
  })
  test('a file that is not Gherkin is left alone', () => {
    const { code, stderr } = kscenario(['fmt'], { 'a.feature': 'what\n' }, folder => expect(readFileSync(join(folder, 'a.feature'), 'utf8')).toBe('what\n'))
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'error[gherkin-syntax]: `what` cannot stand here'])
  })
})
