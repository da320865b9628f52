import { createLanguage } from '../../src/cli/language.ts'
import { multiplex } from '../../src/reporters/multiplexer.ts'
import { reporters } from '../../src/reporters/index.ts'
import type { RunnerEvent } from '../../src/runner/events.ts'
import type { Files } from '../../src/runner/files.ts'
import { runSuite } from '../../src/runner/run-suite.ts'

let language: ReturnType<typeof createLanguage> | undefined

export interface Reported { readonly texts: Readonly<Record<string, string>>; readonly events: readonly RunnerEvent[]; readonly exitCode: number }

/** Runs files on the model, in process, and gives what these reporters write, and every event. */
export async function runReports(content: Readonly<Record<string, string>>, names: readonly string[], seed?: number): Promise<Reported> {
  const files: Files = {
    kind: path => path in content ? 'file' : path === '.' ? 'directory' : undefined, list: () => Object.keys(content), read: path => content[path],
  }
  const { tools, createDriver, language: own } = await (language ??= createLanguage())
  const texts: Record<string, string> = {}, events: RunnerEvent[] = []
  const sinks = await Promise.all(names.map(async name => ({
    name, write: await reporters.find(r => r.name === name)!.open(
      { write: t => { texts[name] = (texts[name] ?? '') + t }, colourLevel: 0 }, { verbose: false }
    ),
  })))
  const { emit, failures } = multiplex([...sinks, { name: 'test', write: e => { events.push(e) } }])
  const { exitCode } = await runSuite({
    paths: ['.'], selection: { names: [] }, seed, failFast: false, manifests: [], deadlineMs: 60_000, observeMs: 300_000, version: '0', language: own, tools,
    createDriver, files, wallMs: () => 0, interrupted: async () => false,
    wants: { records: true, documents: true },
  }, emit)
  if (failures.length) throw new Error(failures.map(f => `${f.reporter}: ${f.message}`).join('\n'))
  return { texts, events, exitCode }
}

/** One file with every status that a scenario can have, outlines, rules, tables, doc strings; and one that is no Gherkin. */
export const EVERY_STATUS: Readonly<Record<string, string>> = {
  'every.feature': `# every status
@chapter
Feature: Every status
  Background:
    Given a cluster with 2 nodes

  @checklist:A-1
  Scenario: passed
    When I apply:
      """yaml
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec: { containers: [{ name: app, image: "web:1" }] }
      """
    Then pod web eventually Running

  Scenario Outline: outline of <count>
    Given deployment web with <count> replicas of image "web:1"
    Then deployment web eventually has <count> ready replicas

    Examples:
      | count |
      | 1     |
      | 2     |

  Rule: things go wrong
    @checklist:A-2
    Scenario: failed
      Given deployment web with 2 replicas of image "web:1"
      And deployment web has 2 ready replicas
      When the control plane goes down
      And container app in a pod of deployment web is OOM killed
      Then running pods unaffected while control plane down
      And 1 second passes

    Scenario: vacuous
      Then running pods unaffected while control plane down

    Scenario: undefined
      When I juggle with pod web

    Scenario: refused
      When I run "kubectl delete pod nobody"

    @skip
    Scenario: skipped
      Then pod web eventually Running

    @expect-failure
    Scenario: expected
      Then pod web eventually Running within 5s
      And 1 second passes

    @expect-failure
    Scenario: expected to fail, and does not
      And 1 second passes
`,
  'broken.feature': 'Feature: broken\n  Scenario: one\n    Given a cluster\n    Nonsense\n',
  'checklist.yaml':
    'title: Every\nitems:\n  - { id: A-1, text: First, points: 2 }\n  - { id: A-2, text: Second, level: SHOULD, hints: [Look at memory., Raise its limit.], links: ["https://kubernetes.io/docs/"] }\n  - { id: A-3, text: Third, level: MAY }\n',
}
