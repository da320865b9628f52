import { createLanguage } from '../cli/language.ts'
import type { Host } from '../cli/host.ts'
import type { RunOptions } from '../cli/run-options.ts'
import type { ClusterOptions, Driver } from '../drivers/driver.ts'
import { SIGNS } from '../reporters/signs.ts'
import { ADMIN } from '../runner/context.ts'
import { findFeatures } from '../runner/files.ts'
import type { PlannedScenario } from '../runner/plan.ts'
import { beginOne, type Language } from '../runner/run-suite.ts'
import { selects } from '../runner/select.ts'
import { DEFAULT_EPOCH_MS } from '../runtime-model/cluster.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { listen } from './http-server.ts'
import { kubeconfig } from './kubeconfig.ts'
import { Pace, type Speed } from './pace.ts'
import { Sentences, type Said } from './sentences.ts'
import { ServedCluster } from './served-cluster.ts'

export interface ServeOptions { readonly path?: string; readonly asked: RunOptions; readonly port: number; readonly speed: Speed; readonly host: Host }
/** A cluster that is served. `told`: what its scenario has come to. */
export interface ServedCommand {
  readonly url: string
  readonly kubeconfig: string
  readonly told: string
  /** Does what a sentence says, or looks into it; answers what to show. */
  say(sentence: string): Promise<string>
  close(): Promise<void>
}

/** the cluster of nobody's wishes */
const usualWorld: ClusterOptions = { nodes: [1, 2, 3].map(n => ({ name: `worker-${n}` })) }

/** Clients tell ages by their own clocks: unless a world has a calendar of its own, that of a cluster which has just come up is theirs. */
const onTheCalendar = (createDriver: (world: ClusterOptions) => Driver, { calendarMs }: Host) => (world: ClusterOptions): Driver => {
  const driver = createDriver(world)
  if (world.epochMs !== undefined) return driver
  const bootMs = driver.epochMs - DEFAULT_EPOCH_MS
  return createDriver({ ...world, epochMs: Math.floor((calendarMs() - bootMs) / 1000) * 1000 })
}

/** Begins a cluster, with the steps of a scenario if one is named, and serves it. A text says why it cannot be. */
export async function start({ path, asked, port, speed, host }: ServeOptions): Promise<ServedCommand | string> {
  const { language, tools, createDriver } = await createLanguage(host, { whole: true })
  const plan = path === undefined ? empty : scenarioAt(path, language, host)
  if (typeof plan === 'string') return plan
  const playing = beginOne(plan, {
    ...asked, world: { ...usualWorld, ...asked.world }, tools, createDriver: onTheCalendar(createDriver, host), files: host.files, wallMs: host.wallMs,
  })
  let told = ''
  for (const [i, { keyword, text }] of plan.steps.entries()) {
    const { finished, failure } = await playing.step(i)
    told += `${SIGNS[finished.status]} ${keyword}${keyword.endsWith(' ') ? '' : ' '}${text}\n${failure ? indented(failure.message) : ''}`
    if (failure) break
  }
  const context = playing.context, driver = context.driver(), pace = new Pace(driver, speed, host.wallMs), sentences = new Sentences(language, tools, context)
  try {
    const broken = ({ message, stack = '' }: Error): void => host.err(`internal error, not yours: ${message}\n${stack.split('\n').slice(1, 5).join('\n')}\n`)
    const server = await listen(new ServedCluster(driver, pace, ADMIN), port, broken), url = `http://127.0.0.1:${server.port}`
    return {
      url, kubeconfig: kubeconfig(url), told, close: () => server.close(),
      async say(sentence) { const said = await sentences.say(sentence); pace.resume(); return shown(said, context) },
    }
  } catch (error) { return `--port ${port}: ${(error as Error).message}` }
}
const empty: PlannedScenario = { feature: 'served', name: 'served', file: 'served', line: 1, lines: {} as PlannedScenario['lines'], tags: [], steps: [] }

function scenarioAt(path: string, language: Language, { files }: Host): PlannedScenario | string {
  const { files: [file], missing: [missing] } = findFeatures([path], files)
  if (missing !== undefined || file === undefined) return `no such file: ${path}`
  const { scenarios, diagnostics } = language.read(file.path, files.read(file.path) ?? ''), rows = new Set(scenarios.flatMap(s => s.lines.row ?? []))
  const found = scenarios.filter(s => selects(s, { names: [] }, file.lines, rows)), [one, another] = found
  if (!one) return [`no scenario stands at ${path}`, ...diagnostics.map(d => d.text)].join('\n')
  return another ? `${found.length} scenarios stand at ${path}: name one by its line, as in ${file.path}:${one.line}` : one.bind()
}

const indented = (text: string): string => text.split('\n').filter(line => line !== '').map(line => `    ${line}\n`).join('')
function shown({ status, output = '', text = '' }: Said, context: ScenarioContext): string {
  const at = `t+${(context.driver().now() / 1000).toFixed(1)}s`
  return `${SIGNS[status]} ${status}, ${at}\n${indented(output)}${indented(text)}`
}
