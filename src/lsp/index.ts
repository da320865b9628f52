import { createConnection, ProposedFeatures, TextDocuments } from 'vscode-languageserver/node.js'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Host } from '../cli/host.ts'
import { serve } from './server.ts'

/** Serves one editor over two streams. */
export const serveStreams = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream, host: Host): Promise<void> =>
  serve(createConnection(ProposedFeatures.all, input, output), new TextDocuments(TextDocument), host)
