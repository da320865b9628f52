import { expect, it } from 'vitest'
import { builtin } from '../src/builtin.ts'
import { createLanguage, createReader } from '../src/cli/language.ts'
import { definePredicate } from '../src/extension.ts'
import type { Language } from '../src/runner/run-suite.ts'
import { projectFiles, runProject } from './support/suite.ts'

/** A predicate that cannot be read: with a bug of ours in what reading it asks. */
const faulty = definePredicate({
  id: 'faulty', phrases: ['faulty'], subjects: ['object'], doc: '', examples: [], test: () => true,
  misfit: () => { throw new TypeError('no such branch') },
})
const feature = `Feature: one of them is unlucky
  Scenario: before
    Given a cluster
    Then node worker-1 is eventually Ready
  Scenario: unlucky
    Given a cluster
    Then node worker-1 is faulty
  Scenario: after
    Given a cluster
    Then node worker-1 is eventually Ready
`
const brief = (run: Awaited<ReturnType<typeof runProject>>): string[] =>
  run.finished.map(f => `${f.scenario.name}: ${f.status}${f.failure ? `: ${f.failure.message}` : ''}`)
const broken = ['before: passed', 'unlucky: inconclusive: internal error, not yours: no such branch', 'after: passed']

it('keeps a mistake of ours at reading a step to its scenario, and tells where it is', async () => {
  const { language } = await createReader(undefined, [builtin, { name: 'faulty', predicates: [faulty] }], projectFiles())
  const run = await runProject(['a.feature'], { 'a.feature': feature }, { language })
  expect(brief(run)).toEqual(broken)
  expect(run.finished[1].failure).toMatchObject({ step: 1, verdict: 'internal error' })
  expect(run.finished[1].failure!.text).toContain('at a.feature:7:10')
  expect(run.summary.exitCode).toBe(3)
})

it('keeps a mistake of ours outside of any step to its scenario', async () => {
  const refused = feature.replace('Then node worker-1 is faulty', 'When I delete pod ghost\n    Then node worker-1 is Ready')
  const { tools } = await createLanguage(undefined, { files: projectFiles() })
  const run = await runProject(['a.feature'], { 'a.feature': refused }, {
    tools: { ...tools, speaksOfOutcome: () => { throw new Error('no such branch') } },
  })
  expect(brief(run)).toEqual(broken)
})

it('goes on with the other files where reading one fails', async () => {
  const { language } = await createLanguage(undefined, { files: projectFiles() })
  const read: Language['read'] = (file, text, many) => { if (file === 'b.feature') throw new Error('no such branch'); return language.read(file, text, many) }
  const text = feature.replace('faulty', 'Ready'), run = await runProject(['b.feature', 'a.feature'], { 'a.feature': text, 'b.feature': text }, {
    language: { ...language, read },
  })
  expect(run.finished.map(f => f.scenario.file)).toEqual(['a.feature', 'a.feature', 'a.feature'])
  expect(run.events.flatMap(e => e.type === 'diagnostics' ? e.diagnostics.map(d => `${d.file}: ${d.message}`) : []))
    .toEqual(['b.feature: internal error, not yours: no such branch'])
})
