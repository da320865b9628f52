import type { Connection, DocumentSymbol } from 'vscode-languageserver'
import type { Host } from '../cli/host.ts'
import { VERSION } from '../cli/version.ts'
import { formatFeature } from '../dsl/format/index.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { checklistsOf } from '../runner/checklist.ts'
import { completions } from './completion.ts'
import { definition } from './definition.ts'
import { fixes, shown } from './diagnostics.ts'
import { hover } from './hover.ts'
import { manifestsBeside } from './manifests.ts'
import { createServices } from './services.ts'
import type { Services } from './services.ts'
import { symbolsOf } from './symbols.ts'

interface Documents {
  get(uri: string): { getText(): string; readonly version: number } | undefined
  all(): readonly { readonly uri: string }[]
  onDidChangeContent(listen: (event: { readonly document: { readonly uri: string } }) => void): unknown
  onDidClose(listen: (event: { readonly document: { readonly uri: string } }) => void): unknown
  listen(connection: Connection): unknown
}

/** The language server of feature files (Language Server Protocol 3.17), over any connection. Resolves when the editor is done. */
export function serve(connection: Connection, documents: Documents, host: Host): Promise<void> {
  let services: Promise<Services> = createServices(host)
  services.catch(error => { connection.window.showErrorMessage(`kscenario: ${(error as Error).message}`) })
  const textOf = (uri: string): string => documents.get(uri)?.getText() ?? ''
  const fileOf = (uri: string): string => uri.startsWith('file:') ? host.relative(host.path(uri)) : uri

  connection.onInitialize(() => ({
    serverInfo: { name: 'kscenario', version: VERSION },
    capabilities: {
      textDocumentSync: 1, hoverProvider: true, definitionProvider: true, documentFormattingProvider: true, documentSymbolProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      completionProvider: { triggerCharacters: [' ', '"', '@', ':', '$'] },
    },
  }))
  const publish = async (uri: string): Promise<void> => {
    const document = documents.get(uri)
    if (!document) return
    const { lint } = await services
    connection.sendDiagnostics({ uri, version: document.version, diagnostics: lint(fileOf(uri), document.getText()).map(shown) })
  }
  documents.onDidChangeContent(({ document }) => { void publish(document.uri).catch(error => connection.console.error(String(error))) })
  documents.onDidClose(({ document }) => { void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }) })
  // a config or a manifest has changed: what is known of files may have too
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(c => /kscenario\.config\.|\.[cm]?[jt]s$/.test(c.uri))) services = createServices({ ...host })
    for (const { uri } of documents.all()) void publish(uri).catch(error => connection.console.error(String(error)))
  })
  connection.onCompletion(async ({ textDocument: { uri }, position }) => completions(
    {
      text: textOf(uri), ...position, files: () => manifestsBeside(fileOf(uri), host.files),
      checklist: () => checklistsOf([fileOf(uri)], host.files).checklists[0]?.items ?? [],
    },
    await services
  ))
  connection.onHover(async ({ textDocument: { uri }, position }) => hover(textOf(uri), position.line, await services))
  connection.onDefinition(async ({ textDocument: { uri }, position }) => {
    const place = definition(fileOf(uri), textOf(uri), position.line, position.character, host.files, await services)
    const at = place && { line: place.line, character: place.character }
    return place && at && { uri: place.file.startsWith('file:') ? place.file : host.url(place.file), range: { start: at, end: at } }
  })
  connection.onCodeAction(({ textDocument: { uri }, context }) => fixes(uri, textOf(uri), context.diagnostics))
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const text = textOf(uri), { document } = parseDocument(text, fileOf(uri)), set = document ? formatFeature(text, document) : text
    return set === text ? [] : [{ range: { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } }, newText: set }]
  })
  connection.onDocumentSymbol(({ textDocument: { uri } }): DocumentSymbol[] => symbolsOf(textOf(uri), fileOf(uri)))
  documents.listen(connection)
  return new Promise(done => { connection.onShutdown(() => {}); connection.onExit(() => done()); connection.listen() })
}
