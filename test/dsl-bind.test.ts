import { describe, expect, it } from 'vitest'
import { bindFeature } from '../src/dsl/bind.ts'
import { createStepParser } from '../src/dsl/parse-step.ts'
import { sampleLanguage } from './support/sample-language.ts'
import { summary } from './support/step-summary.ts'

const parser = createStepParser(sampleLanguage)
const plan = (text: string) => bindFeature(text, 'a.feature', parser)

const outline = `@chapter03
Feature: outages

  Background:
    Given a cluster with 3 nodes

  Scenario: broken
    When I aply "x"
    Then   pod catalog Ready

  Rule: nodes
    @slow
    Scenario Outline: <node> goes
      When node <node> goes down
      And 5 minutes pass
      Then pod catalog eventually <status>
      Examples:
        | node     | status  |
        | worker-1 | Running |
        | worker-2 | Runing  |
`

describe('a feature becomes a plan', () => {
  const { scenarios, feature, diagnostics } = plan(outline)
  it('has a scenario for every scenario and row, with keywords, tags and places', () => {
    expect(diagnostics).toEqual([])
    expect(feature).toBe('outages')
    expect(scenarios.map(s => [s.name, s.rule, s.tags, s.line, s.lines])).toMatchInlineSnapshot(`
      [
        [
          "broken",
          undefined,
          [
            "@chapter03",
          ],
          7,
          {
            "first": 7,
            "last": 9,
          },
        ],
        [
          "worker-1 goes",
          "nodes",
          [
            "@chapter03",
            "@slow",
          ],
          19,
          {
            "first": 12,
            "last": 20,
            "row": 19,
            "table": {
              "all": 17,
              "first": 17,
              "last": 20,
            },
          },
        ],
        [
          "worker-2 goes",
          "nodes",
          [
            "@chapter03",
            "@slow",
          ],
          20,
          {
            "first": 12,
            "last": 20,
            "row": 20,
            "table": {
              "all": 17,
              "first": 17,
              "last": 20,
            },
          },
        ],
      ]
    `)
    expect(scenarios[1].steps.map(s => [s.keyword, s.keywordType, s.line, s.column, s.definition, s.ast && summary(s.ast)]))
      .toMatchInlineSnapshot(`
      [
        [
          "Given",
          "context",
          5,
          11,
          "cluster",
          "world cluster(3)",
        ],
        [
          "When",
          "action",
          14,
          12,
          "node-down",
          "fault node-down(worker-1)",
        ],
        [
          "And",
          "action",
          15,
          11,
          "pass",
          "time pass(300000)",
        ],
        [
          "Then",
          "outcome",
          16,
          12,
          "status",
          "pod catalog · eventually · status(Running)",
        ],
      ]
    `)
  })
  it('lets a broken step stop its own scenario only', () => {
    const errors = scenarios.map(s => s.diagnostics.filter(d => d.severity === 'error').map(d => [d.code, d.file, d.span, d.notes]))
    expect(errors).toMatchInlineSnapshot(`
      [
        [
          [
            "step-undefined",
            "a.feature",
            {
              "column": 12,
              "endColumn": 16,
              "line": 8,
            },
            [],
          ],
        ],
        [],
        [
          [
            "step-undefined",
            "a.feature",
            {
              "column": 12,
              "endColumn": 43,
              "line": 16,
            },
            [
              "with the values of the row: pod catalog eventually Runing",
            ],
          ],
        ],
      ]
    `)
  })
  it('finds the column of a step after its keyword and blanks', () => {
    expect(scenarios[0].steps.map(s => s.column)).toEqual([11, 10, 12])
  })
})

it('gives a step its table, or its doc string with the line it begins on', () => {
  const { scenarios } = plan('Feature: f\nScenario: s\nGiven the nodes:\n| name |\n| a\\|b |\nWhen I apply:\n"""yaml\nkind: Pod\n"""')
  expect(scenarios[0].steps.map(s => s.argument)).toEqual([
    { table: [['name'], ['a|b']] },
    { docString: { content: 'kind: Pod', mediaType: 'yaml', line: 8 } },
  ])
})

it('knows `$name` only behind the step that binds it', () => {
  const { scenarios } = plan(
    'Feature: f\nScenario: s\nThen $victim is gone\nWhen I delete a pod of deployment a as "victim"\nThen $victim is gone\n',
  )
  expect(scenarios[0].steps.map(s => s.diagnostics.map(d => [d.code, d.span.column]))).toEqual([[['binding-unknown', 6]], [], []])
})

it('warns of what Gherkin lets pass', () => {
  const { scenarios, diagnostics } = plan(
    'Feature: f\n  scenario: lost\n  Given lost\n\n  Scenario: empty\n  Scenario: crossed\n    When pod a is Ready\n    Then I apply "x"\n',
  )
  expect(diagnostics.map(d => [d.code, d.span.line])).toEqual([
    ['lost-keyword', 2],
    ['lost-keyword', 3],
  ])
  expect(scenarios.map(s => s.diagnostics.map(d => [d.code, d.severity, d.span.line]))).toEqual([
    [['scenario-empty', 'warning', 5]],
    [
      ['keyword-meaning', 'warning', 7],
      ['keyword-meaning', 'warning', 8],
    ],
  ])
})

it('reports a file that is not Gherkin', () => {
  expect(plan('Feature: f\nScenario: s\nGiven a cluster\nnonsense')).toMatchObject({
    scenarios: [],
    diagnostics: [{ code: 'gherkin-syntax', span: { line: 4, column: 1 } }],
  })
})

it.each([
  ['Scenario Outline: s\nGiven a cluster with <n> nodes\nExamples:\n| m |\n| 1 |\n', 'no column of the Examples is called `n`'],
  ['Scenario: s\nGiven a cluster with <n> nodes\n', '`<n>` is filled in by nothing: the scenario has no Examples'],
  [
    'Background:\nGiven a cluster with <n> nodes\nScenario Outline: s\nThen pod <n> Ready\nExamples:\n| n |\n| a |\n',
    '`<n>` is filled in by nothing: in a Background nothing is replaced',
  ],
])('says of a placeholder that nothing fills what is wrong: %j', (text, message) => {
  expect(plan(`Feature: f\n${text}`).scenarios[0].diagnostics.map(d => [d.code, d.message, d.span.column])).toEqual([['placeholder-unknown', message, 22]])
})

it('finds a placeholder that is misspelt within quotation marks, and leaves what kubectl prints', () => {
  const outline = (said: string) => plan(`Feature: f\nScenario Outline: s\nThen the last command prints "${said}"\nExamples:\n| name |\n| 1 |\n`).scenarios[0]
  expect(outline('<nme>').diagnostics.map(d => [d.code, d.suggestions])).toEqual([['placeholder-unknown', ['the last command prints "<name>"']]])
  for (const said of ['<none>', '<pending>', '<name>', '<something else>']) expect(outline(said).diagnostics).toEqual([])
})
