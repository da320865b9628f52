import { directoryOf, findFeatures, namesIn } from '../runner/files.ts'
import { byCodeUnit } from '../runner/select.ts'
import { runSuite } from '../runner/run-suite.ts'
import type { Summary } from '../runner/events.ts'
import { extensions } from './extensions.ts'
import type { Host } from './host.ts'
import { createLanguage } from './language.ts'
import { withWarnings } from './linter.ts'
import { namesOption, tagsOption } from './options.ts'
import { openReports } from './reports.ts'
import { runOptions, type RunOptions } from './run-options.ts'
import { VERSION } from './version.ts'
import { WatchMemory } from './watch-memory.ts'

const ours = /\.(feature|ya?ml|json|db)$/
/** editors write a file in several goes; ms of the wall clock */
const settleMs = 25

/**
 * `kscenario run --watch`: everything once, then what a change touches (of an edited feature the scenarios that read otherwise now), in the same process and so
 * on clusters that are up already.
 */
export async function watch(paths: readonly string[], options: Readonly<Record<string, any>>, host: Host): Promise<number> {
  const asked = await runOptions(paths, options, host)
  const memory = new WatchMemory(), run = await runner(asked, options, host, memory)
  const inbox = mailbox()
  const keys = host.keys(key => inbox.put({ key }))
  let folders = foldersOf(asked, host)
  const look = () => host.watch(folders, path => inbox.put({ changed: path }))
  let watching = look()
  const stopped = setInterval(() => { void host.interrupted().then(stop => { if (stop) inbox.put({ key: 'q' }) }) }, 100)
  const failed = new Set<string>(), seen = new Map<string, string | undefined>() // editors may tell of one change several times
  let code = 0
  const rerun = async (targets: readonly string[]): Promise<void> => {
    const { summary, notPassed, looked } = await run(targets)
    for (const file of looked) { failed.delete(file); if (notPassed.has(file)) failed.add(file) }
    code = summary.exitCode
    host.out('\nwatching: enter runs all, f what failed, q ends\n')
  }
  try {
    await rerun(asked.paths)
    for (;;) {
      const { changed, keys: pressed } = await inbox.take()
      if (pressed.some(key => key === 'q' || key === '\u0003')) return code
      if (pressed.some(key => key === '\r' || key === '\n' || key === 'a')) await rerun(asked.paths)
      else if (pressed.includes('f')) { if (failed.size > 0) await rerun([...failed].sort(byCodeUnit)); else host.out('nothing has failed\n') }
      else {
        const now = foldersOf(asked, host)
        if (now.join() !== folders.join()) { watching.close(); folders = now; watching = look() }
        const really = changed.filter(path => ours.test(path) && seen.get(path) !== host.files.read(path))
        for (const path of really) seen.set(path, host.files.read(path))
        const targets = touched(really, asked.paths, host, memory)
        if (targets.length > 0) { host.out(`\n── ${really.join(', ')} changed ──\n`); await rerun(targets) }
      }
    }
  } finally { clearInterval(stopped); watching.close(); keys.close() }
}

/** so many folders below each other are looked at */
const deepest = 8
/** The folders of everything that is run, with those below them; hidden ones and node_modules hold nothing of ours. */
function foldersOf({ paths, manifests }: RunOptions, host: Host): string[] {
  const below = (folder: string, depth: number): string[] => [
    folder,
    ...(depth > 0 ? namesIn(folder, host.files) ?? [] : []).filter(name => !name.startsWith('.') && name !== 'node_modules')
      .map(name => (folder === '.' ? name : `${folder}/${name}`))
      .filter(path => host.files.kind(path) === 'directory')
      .flatMap(path => below(path, depth - 1)),
  ]
  const roots = [...paths.map(path => path.replace(/(?::\d+)+$/, '')), ...manifests].map(path =>
    (host.files.kind(path) === 'directory' ? path : directoryOf(path)))
  return [...new Set(roots.filter(path => host.files.kind(path) === 'directory').flatMap(path => below(path, deepest)))].sort(byCodeUnit)
}

type Outcome = { readonly summary: Summary; readonly notPassed: ReadonlySet<string>; readonly looked: readonly string[] }
async function runner(
  asked: RunOptions, options: Readonly<Record<string, any>>, host: Host, memory: WatchMemory
): Promise<(paths: readonly string[]) => Promise<Outcome>> {
  const known = await extensions(host), { language, parser, tools, createDriver } = await createLanguage(host)
  const selection = { tags: await tagsOption(asked.tags), names: namesOption(asked.names) }
  return async paths => {
    const reports = await openReports(
      asked.formats, { verbose: !!options.verbose, quiet: !!options.quiet, colour: options.color, defaults: false }, host, known.flatMap(e => e.reporters ?? [])
    )
    const notPassed = new Set<string>()
    let looked: readonly string[] = []
    const summary = await runSuite({
      ...asked, paths, selection, version: VERSION, wants: reports.wants,
      language: withWarnings(language, parser, host, asked.manifests), tools, createDriver, files: host.files, wallMs: host.wallMs,
      interrupted: host.interrupted,
    }, event => {
      if (event.type === 'runStarted') looked = event.files
      if (event.type === 'scenarioFinished') memory.tell(event.scenario.file, event.scenario.line, event.status === 'passed' || event.status === 'skipped')
      if (event.type === 'scenarioFinished' && event.status !== 'passed' && event.status !== 'skipped') notPassed.add(event.scenario.file)
      if (event.type === 'diagnostics' && event.diagnostics.some(d => d.severity === 'error')) notPassed.add(event.file)
      reports.emit(event)
    })
    for (const file of looked) memory.keep(file, host.files.read(file))
    for (const { reporter, message } of reports.close()) host.err(`the report ${reporter} could not be written: ${message}\n`)
    return { summary, notPassed, looked }
  }
}

/** Of a feature file that was edited what reads otherwise than it did; of another file, the features that name it. A new feature is found by its folder. */
function touched(changed: readonly string[], paths: readonly string[], host: Host, memory: WatchMemory): string[] {
  const names = changed.filter(path => !path.endsWith('.feature')).map(path => path.slice(path.lastIndexOf('/') + 1))
  return findFeatures(paths, host.files).files.flatMap(({ path, lines }) => {
    const whole = [path, ...lines].join(':')
    if (names.some(name => host.files.read(path)?.includes(name) || name === 'checklist.yaml')) return [whole]
    if (!changed.some(c => c.replace(/^\.\//, '') === path)) return []
    const some = lines.length ? undefined : memory.linesToRun(path, host.files.read(path))
    return [some ? [path, ...some].join(':') : whole]
  })
}

interface Message { readonly changed?: string; readonly key?: string }
/** What has come in since it was last emptied; taking waits for something, and for it to settle. */
function mailbox(): { put(message: Message): void; take(): Promise<{ readonly changed: readonly string[]; readonly keys: readonly string[] }> } {
  let waiting: Message[] = [], wake: (() => void) | undefined
  return {
    put(message) { waiting.push(message); wake?.() },
    async take() {
      if (waiting.length === 0) await new Promise<void>(done => { wake = done })
      wake = undefined
      await new Promise(done => { setTimeout(done, settleMs) })
      const taken = waiting
      waiting = []
      return { changed: [...new Set(taken.flatMap(m => m.changed ?? []))].sort(byCodeUnit), keys: taken.flatMap(m => m.key ?? []) }
    },
  }
}
