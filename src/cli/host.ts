import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, readdirSync, realpathSync, statSync, watch, writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { textOf } from '../base/text-of-bytes.ts'
import type { Files } from '../runner/files.ts'
import type { Output } from '../reporters/reporter.ts'

/**
 * Everything the command line touches of the machine: files, wall clock, terminal, signals. No other file of the project but the
 * real cluster's driver does.
 */
export interface Host {
  readonly files: Files
  readonly args: readonly string[]
  wallMs(): number
  /** ms since 1970 */
  calendarMs(): number
  out(text: string): void
  err(text: string): void
  stdout(colour: boolean): Output
  /** a file, made when it is first written to, with its folders */
  file(path: string): Output & { close(): void }
  /** lets signals in; true once the user has asked for an end */
  interrupted(): Promise<boolean>
  /** the service that runs us unattended, if one does */
  readonly ci?: 'github' | 'other'
  /** how many threads can run at the same time */
  readonly threads: number
  /** for a program at the other end of the pipes: a protocol, no text for people */
  pipes(): { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream }
  exit(code: number): void
  /** tells of lines that are typed or piped in, until it is closed */
  lines(told: (line: string) => void): { close(): void }
  /** tells of files that change, directly in the folders, until it is closed */
  watch(folders: readonly string[], changed: (path: string) => void): { close(): void }
  /** tells of keys that are pressed, until it is closed */
  keys(pressed: (key: string) => void): { close(): void }
  import(path: string): Promise<unknown>
  /** paths inside the working directory are told relative to it */
  relative(path: string): string
  /** as a `file:` URL, and back */
  url(path: string): string
  path(url: string): string
}

/** so often signals are let in; in between the answer is no */
const lookMs = 20, no = Promise.resolve(false), yes = Promise.resolve(true)

/** The same for a worker thread, or for a program that has its own ways with signals. */
export const createWorkerHost = (): Host => createHost([], false)

export function createHost(args: readonly string[], signals = true): Host {
  let stop = false, looked = 0
  if (signals) process.once('SIGINT', () => { stop = true; process.once('SIGINT', () => process.exit(130)) })
  return {
    args, files, threads: availableParallelism(),
    wallMs: () => performance.now(), calendarMs: () => Date.now(),
    out: text => writeAll(1, text),
    err: text => writeAll(2, text),
    stdout,
    ci: process.env.GITHUB_ACTIONS === 'true' ? 'github' : process.env.CI && process.env.CI !== 'false' ? 'other' : undefined,
    file,
    interrupted() {
      if (stop) return yes
      return performance.now() - looked < lookMs ? no : new Promise(done => { setImmediate(() => { looked = performance.now(); done(stop) }) })
    },
    pipes: () => ({ input: process.stdin, output: process.stdout }),
    exit: code => { process.exitCode = code },
    lines(told) { return createInterface({ input: process.stdin }).on('line', told).on('SIGINT', () => { stop = true }) },
    watch: watchAll, keys,
    import: async path => (await import('./import-module.ts')).importModule(path),
    relative: path => relative(process.cwd(), path).replaceAll('\\', '/') || '.',
    url: path => pathToFileURL(resolve(path)).href, path: fileURLToPath,
  }
}

const files: Files = {
  // links that lead nowhere or in circles, and places that nobody may look into, are nothing
  kind(path) {
    try {
      const found = statSync(path, { throwIfNoEntry: false })
      return found?.isDirectory() ? 'directory' : found?.isFile() ? 'file' : undefined
    } catch { return undefined }
  },
  list: directory => readdirSync(directory),
  real(path) { try { return realpathSync(path) } catch { return path } },
  read(path) { try { return textOf(readFileSync(path)) } catch { return undefined } },
}

function watchAll(folders: readonly string[], changed: (path: string) => void): { close(): void } {
  const watchers = folders.map(folder => {
    const watcher = watch(folder, (_, name) => { if (name !== null) changed(folder === '.' ? name : `${folder}/${name}`) })
    return watcher.on('error', () => watcher.close()) // a folder that is gone has nothing more to tell
  })
  return { close() { for (const watcher of watchers) watcher.close() } }
}

function keys(pressed: (key: string) => void): { close(): void } {
  const { stdin } = process, told = (data: Buffer): void => { for (const key of data.toString()) pressed(key) }
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', told)
  return {
    close() {
      stdin.off('data', told).pause()
      if (stdin.isTTY) stdin.setRawMode(false)
    },
  }
}

/** A pipe takes less than all at times (EAGAIN), and its reader may be gone (EPIPE, as behind `| head`). */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) {
    try { at += writeSync(descriptor, bytes, at) } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
    }
  }
}

function stdout(colour: boolean): Output {
  const bar = process.stderr.isTTY && !process.env.CI ? progress() : undefined
  const summary = process.env.GITHUB_STEP_SUMMARY
  return {
    write(text) { bar?.(''); writeAll(1, text) }, colourLevel: colour ? colourLevel() : 0, columns: process.stdout.columns, progress: bar,
    summary: summary ? markdown => appendFileSync(summary, markdown) : undefined,
  }
}

/** logs of these show colours, though they are no terminals */
const COLOURFUL = ['GITHUB_ACTIONS', 'GITLAB_CI', 'BUILDKITE', 'CIRCLECI', 'TRAVIS', 'DRONE', 'APPVEYOR', 'GITEA_ACTIONS']
/** The conventions of NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org); without them a terminal gets colour and a pipe none. */
function colourLevel(): 0 | 1 | 2 | 3 {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env
  if (FORCE_COLOR !== undefined) return ['0', 'false'].includes(FORCE_COLOR) ? 0 : FORCE_COLOR === '2' ? 2 : FORCE_COLOR === '3' ? 3 : 1
  if (NO_COLOR || TERM === 'dumb') return 0
  return process.stdout.isTTY || COLOURFUL.some(name => process.env[name]) ? 1 : 0
}

/** One line on stderr that is written over; only once a run has taken a second. */
function progress(): (line: string) => void {
  const began = performance.now()
  let last = 0, shown = false
  return line => {
    const now = performance.now()
    if (line === '' ? !shown : now - began < 1000 || now - last < 100) return
    if (line !== '') last = now
    shown = line !== ''
    writeAll(2, `\r\u001b[K${line}${line ? '\r' : ''}`)
  }
}

function file(path: string): Output & { close(): void } {
  let descriptor: number | undefined
  const open = (): number => {
    if (descriptor !== undefined) return descriptor
    mkdirSync(dirname(path), { recursive: true })
    return descriptor = openSync(path, 'w')
  }
  return { write: text => writeAll(open(), text), colourLevel: 0, close: () => { if (descriptor !== undefined) closeSync(descriptor) } }
}
