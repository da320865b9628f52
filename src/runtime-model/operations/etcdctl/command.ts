import type { Kernel } from '../../kernel/kernel.ts'
import type { Cluster } from '../../cluster.ts'

/** What a terminal shows, and the exit code. */
export interface Output { readonly stdout?: string; readonly stderr?: string; readonly code?: number }
/** A command line: its words without flags, and the flags by their long names (`true` where a flag has no value). */
export interface Invocation {
  readonly cluster: Cluster
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string>>
  readonly stdin?: string
}
/** undefined: not modelled */
export type Command = (invocation: Invocation) => Output | undefined

export const version = '3.6.5', storageVersion = '3.6.0'

/** Exit codes. Source: etcd pkg/cobrautl/error.go */
export const exit = { error: 1, badConnection: 2, badFeature: 4, interrupted: 5, badArguments: 128 } as const
export const failed = (message: string, code: number = exit.error): Output => ({ stderr: `Error: ${message}\n`, code })
export const badArguments = (message: string): Output => failed(message, exit.badArguments)

/** Flags of all commands, and of some of them, that take a value. Source: etcd etcdctl/ctlv3/ctl.go, etcdctl/ctlv3/command, etcdutl */
const valued = new Set([
  'write-out', 'endpoints', 'cacert', 'cert', 'key', 'user', 'password', 'command-timeout', 'dial-timeout', 'keepalive-time', 'keepalive-timeout',
  'limit', 'consistency', 'rev', 'order', 'sort-by', 'min-create-rev', 'max-create-rev', 'min-mod-rev', 'max-mod-rev', 'lease', 'peer-urls',
  'data-dir', 'wal-dir', 'name', 'initial-cluster', 'initial-cluster-token', 'initial-advertise-peer-urls', 'bump-revision',
])

export function parse(args: readonly string[]): { readonly words: readonly string[]; readonly flags: Readonly<Record<string, string>> } {
  const words: string[] = [], flags: Record<string, string> = {}
  for (let i = 0; i < args.length; i++) {
    const flag = /^(?:--([\w-]+)|-(w|i))(?:=([^]*))?$/.exec(args[i])
    if (args[i] === '--') { words.push(...args.slice(i + 1)); break }
    if (!flag) { words.push(args[i]); continue }
    const name = flag[1] ?? (flag[2] === 'i' ? 'interactive' : 'write-out')
    flags[name] = flag[3] ?? (valued.has(name) ? args[++i] ?? '' : 'true')
  }
  return { words, flags: Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== 'false')) }
}

/** Lets time run until something is so; false: it is not so after `ms`. */
export function waitFor(kernel: Kernel, done: () => boolean, ms: number): boolean {
  const end = kernel.now + ms
  while (!done()) {
    if (kernel.nextAt() > end) { kernel.idleTo(end); return false }
    kernel.stepOnce()
  }
  return true
}

/** ms after which a command gives up: `--command-timeout`, 5 s */
export function timeoutOf({ flags }: Pick<Invocation, 'flags'>): number {
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(flags['command-timeout'] ?? '5s') ?? []
  return Number(amount ?? 5) * (unit === 'ms' ? 1 : unit === 'm' ? 60_000 : 1000)
}
