import { CannotRun, NotModelled, runCommandLine, type CommandEnvironment, type CommandOutcome } from '../../src/clients/index.ts'
import { createModelDriver } from '../../src/drivers/model.ts'
import type { Driver } from '../../src/drivers/driver.ts'

export interface TerminalOptions {
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly user?: string
  readonly bindings?: Readonly<Record<string, any>>
  /** with what an ordinary cluster has beside its API: DNS, kube-proxy, pods with addresses */
  readonly whole?: true
}

/** A terminal in front of a small bare cluster: no addons, two workers. */
export function terminal(options: TerminalOptions = {}): { readonly driver: Driver; type(lines: string): Promise<string> } {
  const driver = createModelDriver({ bare: !options.whole, nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] })
  const credentials = options.user ? { user: options.user, groups: [] } : { user: 'kubernetes-admin', groups: ['system:masters'] }
  const place = { namespace: 'default' }
  return { driver, type: lines => transcript(driver, lines, { ...options, credentials, place }) }
}

/**
 * Types the lines of a transcript that begin with `$` and lets time pass at `# 5s`; what was printed stands below each, stderr behind `!`, another exit
 * code than 0 as `[1]`. What differs from seed to seed is replaced: template hashes and random suffixes, addresses, ages, uids, times.
 */
async function transcript(
  driver: Driver, lines: string, options: TerminalOptions & { readonly credentials: any; readonly place: { namespace: string } }
): Promise<string> {
  const out: string[] = []
  for (const line of lines.split('\n').map(l => l.trim()).filter(l => /^(\$ |# \d+s$)/.test(l))) {
    out.push(line)
    const seconds = /^# (\d+)s$/.exec(line)
    if (seconds) { await driver.advance(Number(seconds[1]) * 1000); continue }
    const { stdout, stderr, code } = await answered(line.slice(2), {
      driver, credentials: options.credentials, namespace: options.place.namespace, useNamespace: name => { options.place.namespace = name },
      readFile: path => options.files?.[path], listFiles: (folder, deep) => listed(Object.keys(options.files ?? {}), folder, deep), stdin: options.stdin,
      binding: name => options.bindings?.[name],
    })
    out.push(...[...shown(stdout, ''), ...shown(stderr, '! ')].map(tidy), ...code === 0 ? [] : [`[${code}]`])
  }
  return out.join('\n')
}
/** A command that cannot run here says why on its own line, and the next one is typed. */
async function answered(line: string, environment: CommandEnvironment): Promise<Pick<CommandOutcome, 'stdout' | 'stderr' | 'code'>> {
  try { return await runCommandLine(line, environment) } catch (error) {
    if (error instanceof NotModelled || error instanceof CannotRun) return { stdout: '', stderr: `${error.name}: ${error.message}`, code: 2 }
    throw error
  }
}
function listed(names: readonly string[], given: string, deep: boolean): readonly string[] | undefined {
  const folder = given.replace(/(?<=.)\/+$/, '')
  const start = folder === '.' ? '' : `${folder}/`, below = names.filter(n => n.startsWith(start)).sort()
  return below.length > 0 ? below.filter(n => deep || !n.slice(start.length).includes('/')) : undefined
}
const shown = (text: string, mark: string): string[] => text === '' ? [] : text.replace(/\n$/, '').split('\n').map(l => (mark + l).trimEnd())
export const tidy = (text: string): string => text
  .replace(/\b([a-z]+)-[0-9a-f]{8,10}-[b-df-hj-np-tv-z2-9]{5}\b/g, '$1-HASH-POD')
    .replace(/\b([a-z]+)-[0-9a-f]{8,10}\b/g, '$1-HASH')
    .replace(/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS')
  .replace(/\b\d+(s|m\d+s)\b(?! of)/g, 'AGE')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000/g, 'TIME')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access-POD')

/** A transcript as it stands in a test: without the indent of the code around it. */
export const dedent = (text: string): string => {
  const lines = text.replace(/^\n/, '').replace(/\s*$/, '').split('\n'), indent = Math.min(...lines.filter(l => l.trim()).map(l => /^ */.exec(l)![0].length))
  return lines.map(l => l.slice(indent)).join('\n')
}
