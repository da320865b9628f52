import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createJudge, speaksOfOutcome } from '../src/assertions/index.ts'
import { builtin } from '../src/builtin.ts'
import { createReader } from '../src/cli/language.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import type { OwnParameterType, OwnStep } from '../src/own-steps/own-step.ts'
import { openMessages } from '../src/reporters/messages/index.ts'
import { runSuite } from '../src/runner/run-suite.ts'

/**
 * The samples of the Cucumber Compatibility Kit (github.com/cucumber/compatibility-kit) whose features a tool without hooks, retries and
 * attachments can run: the sample's steps as steps of our own, its messages compared with what the kit says of a Cucumber.
 */
const kit = join(dirname(fileURLToPath(import.meta.resolve('@cucumber/compatibility-kit/package.json'))), 'features')

interface Sample { readonly run?: Readonly<Record<string, OwnStep['run']>>; readonly types?: readonly OwnParameterType[] }
const cucumbers: Sample['run'] = (() => {
  let count = 0, friends = 0
  const are = (actual: number, wanted: number): void => { if (actual !== wanted) throw new Error(`${actual}, not ${wanted}`) }
  return {
    'there are {int} cucumbers': (_, n) => { count = n }, 'there are {int} friends': (_, n) => { friends = n },
    'I eat {int} cucumbers': (_, n) => { count -= n },
    'I should have {int} cucumbers': (_, n) => are(count, n), 'each person can eat {int} cucumbers': (_, n) => are(Math.floor(count / (1 + friends)), n),
  }
})()
/** what the steps do where they do something; all others do nothing */
const samples: Readonly<Record<string, Sample>> = {
  backgrounds: {}, cdata: {}, 'data-tables': {}, 'doc-strings': {}, 'examples-tables': { run: cucumbers }, minimal: {}, 'multiple-features': {},
  'regular-expression': {}, rules: {}, 'rules-backgrounds': {}, 'unused-steps': {},
  'parameter-types': { types: [{ name: 'flight', regexp: /([A-Z]{3})-([A-Z]{3})/, transform: (from, to) => ({ from, to }) }] },
  'stack-traces': { run: { 'a step throws an exception': () => { throw new Error('BOOM') } } },
}
/** Of these a scenario ends otherwise here, on purpose. */
const differs: Readonly<Record<string, string>> = {
  empty: 'a scenario without steps shows nothing: vacuous, a failure',
  undefined: 'nothing of a scenario runs that cannot run as written, so steps before an undefined one are skipped, not passed',
  'undefined-multiple': 'as above', 'examples-tables-undefined': 'as above', 'examples-tables-undefined-multiple': 'as above',
}

/** The expressions of a sample's steps, as its file declares them. */
function expressionsOf(name: string): readonly (string | RegExp)[] {
  const text = readdirSync(join(kit, name)).filter(f => f.endsWith('.ts')).map(f => readFileSync(join(kit, name, f), 'utf8')).join('\n')
  return [...text.matchAll(/\b(?:Given|When|Then)\(\s*(?:'([^']*)'|"([^"]*)"|\/(.*)\/,)/g)].map(([, single, double, regexp]) =>
    regexp === undefined ? single ?? double : new RegExp(regexp))
}

/** What differs from one Cucumber to the next: ids by their place, and what is said of the machine, of time and of files. */
function comparable(lines: readonly any[]): Record<string, unknown[]> {
  const ids = new Map<string, string>(), found: Record<string, unknown[]> = {}
  const plain = (value: any, key: string, type: string): unknown => {
    if ([
      'timestamp', 'duration', 'message', 'exception', 'uri', 'sourceReference', 'code', 'useForSnippets', 'preferForRegularExpressionMatch', 'snippets',
    ].includes(key)) {
      return undefined
    }
    if (typeof value === 'string' && /^(id|.*Ids?)$/.test(key)) return ids.get(value) ?? ids.set(value, `${type}${ids.size}`).get(value)
    if (Array.isArray(value)) return value.length === 0 && key === 'children' ? undefined : value.map(v => plain(v, key, type))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.keys(value).sort().map(k => [k, plain(value[k], k, type)]).filter(([, v]) => v !== undefined))
  }
  for (const line of lines) {
    const [type] = Object.keys(line)
    if (type !== 'meta' && type !== 'source') (found[type] ??= []).push(plain(line[type], '', type))
  }
  return found
}
/** ids are named in the order of the document, whatever order the envelopes come in */
const ordered = (lines: readonly any[]): any[] => {
  const order = ['gherkinDocument', 'pickle', 'parameterType', 'stepDefinition', 'testRunStarted', 'testCase', 'testCaseStarted']
  const rank = (l: any): number => { const at = order.indexOf(Object.keys(l)[0]); return at < 0 ? order.length : at }
  return [...lines].sort((a, b) => rank(a) - rank(b))
}
const parsed = (text: string): any[] => text.trimEnd().split('\n').map(l => JSON.parse(l))

async function messagesOf(name: string, { run, types: parameterTypes }: Sample): Promise<any[]> {
  const ownSteps = expressionsOf(name).map((expression): OwnStep => ({ expression, run: run?.[String(expression)] ?? (() => {}) }))
  const extension = { name: 'sample', ownSteps, parameterTypes }, all = [builtin, extension]
  const { language, definitions } = await createReader(undefined, all)
  const byId = new Map([...builtin.steps ?? [], ...definitions].map(s => [s.id, s])), folder = join(kit, name)
  const content = Object.fromEntries(readdirSync(folder).filter(f => f.endsWith('.feature')).map(f => [f, readFileSync(join(folder, f), 'utf8')]))
  let text = ''
  const write = openMessages({ write: t => { text += t }, colourLevel: 0 })
  await runSuite({
    paths: ['.'], selection: { names: [] }, failFast: false, manifests: [], deadlineMs: 60_000, observeMs: 300_000, version: '0', language,
    createDriver: createModelDriver, wallMs: () => 0, interrupted: async () => false, wants: { documents: true },
    tools: { step: id => byId.get(id), judge: createJudge(builtin.predicates ?? []), speaksOfOutcome },
    files: { kind: path => path in content ? 'file' : path === '.' ? 'directory' : undefined, list: () => Object.keys(content), read: path => content[path] },
  }, write)
  return parsed(text)
}

const wantedOf = (name: string): any[] =>
  readdirSync(join(kit, name)).filter(f => f.endsWith('.ndjson')).flatMap(f => parsed(readFileSync(join(kit, name, f), 'utf8')))

describe('the Cucumber Compatibility Kit', () => {
  test.each(Object.entries(samples))('%s holds', async (name, sample) => {
    expect(comparable(ordered(await messagesOf(name, sample)))).toEqual(comparable(ordered(wantedOf(name))))
  })
  test.each(Object.entries(differs))('%s is read alike, and ends otherwise: %s', async name => {
    const [mine, theirs] = [await messagesOf(name, {}), wantedOf(name)].map(lines => comparable(ordered(lines)))
    for (const type of ['gherkinDocument', 'pickle', 'parameterType']) expect(mine[type], type).toEqual(theirs[type])
    expect(mine.testCaseFinished?.length).toBe(theirs.testCaseFinished?.length)
  })
})
