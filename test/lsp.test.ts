import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js'
import { createWorkerHost } from '../src/cli/host.ts'
import { serveStreams } from '../src/lsp/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscenario-lsp-'))
const files: Readonly<Record<string, string>> = {
  'scenarios/manifests/catalog.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: catalog }\nspec: { containers: [{ name: app, image: web:1 }] }\n',
  'scenarios/checklist.yaml': 'title: T\nitems: [{ id: CP-01, text: it survives }]\n',
  'kscenario.config.mjs':
    `import { step } from '${join(import.meta.dirname, '../dist/index.js')}'\nexport default { steps: [step('the shelf {word} is full', { doc: 'Our own.' }, () => {})] }\n`,
}
const feature = `Feature: F

  @
  Scenario: S
    Given a cluster with 2 nodes
    When I apply "manifests/catalog.yaml"
    And I delete a pod of deployment demo as "victim"
    And the shelf fiction is full
    Then pod catalog eventualy Running
    And running pods unaffected while control plane down
    And $victim is gone
    And pods of deployment web are Running and have not restarted
    And I
`
const uri = pathToFileURL(join(folder, 'scenarios/a.feature')).href
const line = (text: string): number => feature.split('\n').findIndex(l => l.includes(text))
const at = (text: string, offset = text.length) =>
  ({ textDocument: { uri }, position: { line: line(text), character: feature.split('\n')[line(text)].indexOf(text) + offset } })

const input = new PassThrough(), output = new PassThrough(), client = createMessageConnection(new StreamMessageReader(output), new StreamMessageWriter(input))
const ask = <T>(method: string, params: unknown): Promise<T> => client.sendRequest(method, params) as Promise<T>
let diagnosed: (found: { readonly diagnostics: readonly any[] }) => void
/** what the server says of a text once it is opened or changed */
const say = (method: string, document: object): Promise<{ readonly diagnostics: readonly any[] }> => {
  const said = new Promise<any>(done => { diagnosed = done })
  void client.sendNotification(method, document)
  return said
}

beforeAll(async () => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const own = createWorkerHost(), inside = (path: string): string => path.startsWith('/') ? path : join(folder, path)
  const host = {
    ...own,
    files: { kind: (p: string) => own.files.kind(inside(p)), list: (p: string) => own.files.list(inside(p)), read: (p: string) => own.files.read(inside(p)) },
    import: (p: string) => own.import(inside(p)), relative: (p: string) => p.replace(`${folder}/`, ''), url: (p: string) => own.url(inside(p)),
  }
  void serveStreams(input, output, host)
  client.onNotification('textDocument/publishDiagnostics', found => diagnosed(found))
  client.listen()
})
afterAll(() => { client.dispose(); rmSync(folder, { recursive: true }) })

describe('the language server', () => {
  test('says what it can do', async () => {
    const { serverInfo, capabilities } = await ask<any>('initialize', { processId: null, rootUri: pathToFileURL(folder).href, capabilities: {} })
    expect([serverInfo.name, capabilities.hoverProvider, capabilities.documentFormattingProvider]).toEqual(['kscenario', true, true])
    await client.sendNotification('initialized', {})
  })
  test('tells what is wrong as one writes, and what was meant', async () => {
    const { diagnostics } = await say('textDocument/didOpen', { textDocument: { uri, languageId: 'cucumber', version: 1, text: feature } })
    const wrong = diagnostics.find(d => d.range.start.line === line('eventualy'))!
    expect([wrong.severity, wrong.code, wrong.range.start.character]).toEqual([1, 'step-undefined', 21])
    const [fix] = await ask<any[]>('textDocument/codeAction', { textDocument: { uri }, range: wrong.range, context: { diagnostics: [wrong] } })
    expect([fix.title, fix.edit.changes[uri][0]]).toEqual([
      'Write: pod catalog eventually Running',
      { range: { start: { line: 8, character: 9 }, end: { line: 8, character: 38 } }, newText: 'pod catalog eventually Running' },
    ])
  })
  test('no longer, once it is mended', async () => {
    const { diagnostics } = await say('textDocument/didChange', {
      textDocument: {
        uri, version: 2,
      }, contentChanges: [{ text: feature.replace('eventualy', 'eventually').replace('  @\n', '') .replace('    And I\n', '') }],
    })
    expect(diagnostics.filter(d => d.severity === 1)).toEqual([])
    await say('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ text: feature }] })
  })
  const labels = async (where: object): Promise<string[]> => (await ask<{ label: string }[]>('textDocument/completion', where)).map(i => i.label)
  test.each<readonly [string, object, readonly string[]]>([
    ['words that go on', at('And I', 6), ['apply', 'cordon', 'delete']],
    ['predicates and modalities behind a subject', at('pod catalog ', 12), ['eventually', 'Running', 'unaffected', 'has condition {condition}={value}']],
    ['files in quotes', at('"manifests/catalog.yaml"', 1), ['manifests/catalog.yaml', 'checklist.yaml']],
    ['tags', at('  @', 3), ['@skip', '@checklist:', '@expect-failure']],
    ['bindings', at('And $victim', 5), ['$victim']],
    ['keywords', { textDocument: { uri }, position: { line: 1, character: 0 } }, ['Given', 'Scenario:', 'Rule:']],
    ['whole phrases at the beginning of a step, of one\'s own too', at('Given a cluster', 6), ['a cluster with {workers} nodes', 'the shelf {word} is full']],
  ])('completes %s', async (_, where, wanted) => { expect(await labels(where)).toEqual(expect.arrayContaining([...wanted])) })
  test('tells of the step under the cursor: meaning, forms, example, source', async () => {
    const value = async (where: object): Promise<string> => (await ask<any>('textDocument/hover', where)).contents.value
    expect(await value(at('running pods', 3))).toMatch(/^\*\*unaffected\*\*[\s\S]*`while`: as long as the condition holds/)
    expect(await value(at('pods of deployment web', 3))).toMatch(/^\*\*\{status\}\*\*[\s\S]*\*\*restarted \{count\}/)
    expect(await value(at('the shelf', 3))).toMatch(/\*\*the shelf \{word\} is full\*\*\n\nOur own\./)
    expect(await value(at('I apply', 3))).toContain('```gherkin')
    expect(await ask('textDocument/hover', at('Feature', 2))).toBeNull()
  })
  test('leads to manifests, bindings and steps of one\'s own', async () => {
    const place = async (where: object): Promise<string> => {
      const found = await ask<any>('textDocument/definition', where)
      return `${found.uri.replace(pathToFileURL(folder).href, '')}:${found.range.start.line + 1}`
    }
    expect(await place(at('"manifests/', 4))).toBe('/scenarios/manifests/catalog.yaml:1')
    expect(await place(at('And $victim', 7))).toBe('/scenarios/a.feature:7')
    expect(await place(at('the shelf', 3))).toBe('/kscenario.config.mjs:2')
    expect(await ask('textDocument/definition', at('running pods', 3))).toBeNull()
  })
  test('sets a file evenly, and outlines it', async () => {
    const [{ newText }] = await ask<any[]>('textDocument/formatting', { textDocument: { uri }, options: { tabSize: 2, insertSpaces: true } }).catch(() =>
      [{ newText: '' }])
    expect(newText === '' || newText.startsWith('Feature: F\n')).toBe(true)
    const uneven = 'Feature: F\nScenario: S\n Given a cluster\n'
    await say('textDocument/didChange', { textDocument: { uri, version: 4 }, contentChanges: [{ text: uneven }] })
    expect((await ask<any[]>('textDocument/formatting', { textDocument: { uri }, options: {} }))[0].newText).toBe(
      'Feature: F\n\n  Scenario: S\n    Given a cluster\n'
    )
    expect((await ask<any[]>('textDocument/documentSymbol', { textDocument: { uri } }))[0]).toMatchObject({
      name: 'F', children: [{ name: 'S', range: { start: { line: 1 } } }],
    })
  })
})
