import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface SuiteRow { readonly what: string; readonly figure: string; readonly target?: string }
interface Cost { readonly wallMs: number; readonly peakMiB: number }

const root = join(import.meta.dirname, '..'), files = 100, scenarios = 100, rounds = 3

/** Six sentences a scenario, no two scenarios alike, and nothing behind them: what remains is the runner. */
const feature = (file: number): string => `Feature: Shelf ${file}\n\n${Array.from({ length: scenarios }, (_, i) => `  Scenario: Visit ${i}
    Given a bookstore with ${i + 2} shelves
    And ${file * 100 + i} books on shelf "s-${i % 17}"
    When customer ana buys ${i % 7 + 1} books
    And customer bob leaves after ${i} minutes
    Then the till holds ${i}.50 euro
    And shelf "s-${i % 17}" is tidy
`).join('\n')}`
const sentences = [
  'a bookstore with {int} shelves', '{int} books on shelf {string}', 'customer {word} buys {int} books', 'customer {word} leaves after {int} minutes',
  'the till holds {float} euro', 'shelf {string} is tidy',
]

/** Wall-clock time and the largest resident set of a process, looked at every 20 ms. */
function cost(args: readonly string[], cwd: string, wanted: string): Promise<Cost> {
  const began = performance.now(), child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } })
  let peak = 0, out = ''
  child.stdout.on('data', data => { out += data })
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0))
    } catch { /* it has ended, or this is no Linux */ }
  }, 20)
  return new Promise((done, fail) => child.on('close', () => {
    clearInterval(watch)
    if (!out.includes(wanted)) fail(new Error(`${args.join(' ')} did not say ${wanted}: ${out.slice(-300)}`))
    else done({ wallMs: performance.now() - began, peakMiB: peak / 1024 })
  }))
}
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]

/** The same files with the same steps through kscenario and through @cucumber/cucumber, in turn. */
export async function suiteTable(): Promise<readonly SuiteRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kscenario-bench-'))
  try {
    mkdirSync(join(folder, 'features'))
    for (let file = 1; file <= files; file++) writeFileSync(join(folder, `features/${String(file).padStart(3, '0')}.feature`), feature(file))
    const cucumber = createRequire(import.meta.url).resolve('@cucumber/cucumber'), bin = join(dirname(cucumber), '../bin/cucumber.js')
    const ours = join(root, 'bin/kscenario.js')
    writeFileSync(
      join(folder, 'kscenario.config.mjs'),
      `import { step } from ${JSON.stringify(join(root, 'dist/index.js'))}\nexport default { steps: ${JSON.stringify(sentences)}.map(s => step(s, () => {})) }\n`
    )
    writeFileSync(
      join(folder, 'steps.cjs'),
      `const { defineStep } = require(${JSON.stringify(cucumber)})\nfor (const s of ${JSON.stringify(sentences)}) defineStep(s, s.split('{').length === 2 ? function (a) {} : function (a, b) {})\n`
    )
    const wanted = `${files * scenarios} passed`, us: Cost[] = [], them: Cost[] = []
    for (let round = 0; round < rounds; round++) {
      us.push(await cost([ours, 'run', '--no-reports', '--quiet', '--parallel', '1'], folder, wanted))
      them.push(await cost([bin, '--require', 'steps.cjs', '--format', 'summary'], folder, wanted))
    }
    const wall = (all: readonly Cost[]): number => median(all.map(c => c.wallMs)), peak = (all: readonly Cost[]): number => median(all.map(c => c.peakMiB))
    const shown = (all: readonly Cost[]): string => `${wall(all).toFixed(0)} ms, ${peak(all).toFixed(0)} MiB`
    return [
      { what: '10,000 scenarios of 6 plain steps, start included', figure: shown(us), target: '≥ 4× @cucumber/cucumber, no more memory' },
      { what: '  @cucumber/cucumber, same files', figure: `${shown(them)}` },
      { what: '  that many times faster', figure: `${(wall(them) / wall(us)).toFixed(1)}×` },
    ]
  } finally { rmSync(folder, { recursive: true }) }
}
