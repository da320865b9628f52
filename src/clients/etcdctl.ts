import { suggest } from '../base/suggest.ts'
import { tableOf } from '../base/table.ts'
import { NotModelled } from './errors.ts'
import type { CommandProblem } from './command-line.ts'
import type { CommandEnvironment, CommandOutcome } from './outcome.ts'

type Flags = string
interface Program {
  readonly name: 'etcdctl' | 'etcdutl'
  /** flags of every command */
  readonly everywhere: Flags
  /** of one command each; null: a command that is not modelled */
  readonly commands: Readonly<Record<string, Flags | null>>
  /** where a command that is not here has gone */
  readonly elsewhere: Readonly<Record<string, string>>
}

/** Source: etcd etcdctl/ctlv3 (3.6) */
const etcdctl: Program = {
  name: 'etcdctl',
  everywhere:
    'write-out w endpoints cluster cacert cert key command-timeout dial-timeout keepalive-time keepalive-timeout debug hex insecure-transport '
    + 'insecure-skip-tls-verify user password',
  commands: tableOf<Flags | null>({
    get: 'consistency order sort-by limit prefix from-key rev keys-only count-only print-value-only min-create-rev max-create-rev min-mod-rev max-mod-rev',
    put: 'lease prev-kv ignore-value ignore-lease', del: 'prefix prev-kv from-key range', watch: 'prefix rev prev-kv progress-notify', txn: 'interactive i',
    'lease grant': '', 'lease revoke': '', 'lease timetolive': 'keys', 'lease list': '', 'lease keep-alive': 'once',
    'member list': 'consistency', 'member add': 'peer-urls learner', 'member remove': '', 'member update': 'peer-urls', 'member promote': '',
    'move-leader': '', 'endpoint health': '', 'endpoint status': '', 'endpoint hashkv': 'rev', 'alarm list': '', 'alarm disarm': '', defrag: '',
    compaction: 'physical', compact: 'physical', 'snapshot save': '', version: '', 'check perf': null, 'check datascale': null, lock: null, elect: null,
    'make-mirror': null,
    auth: null, user: null, role: null, downgrade: null, completion: null,
  }),
  elsewhere: tableOf({ 'snapshot restore': 'etcdutl snapshot restore', 'snapshot status': 'etcdutl snapshot status' }),
}
/** Source: etcd etcdutl/etcdutl (3.6) */
const etcdutl: Program = {
  name: 'etcdutl', everywhere: 'write-out w',
  commands: tableOf<Flags | null>({
    'snapshot restore':
      'data-dir wal-dir name initial-cluster initial-cluster-token initial-advertise-peer-urls skip-hash-check bump-revision mark-compacted',
    'snapshot status': '', version: '', defrag: null, hashkv: null, migrate: null,
  }),
  elsewhere: tableOf({ 'snapshot save': 'etcdctl snapshot save' }),
}

/** The command that words name: the first two of them, or the first. */
function commandOf({ commands }: Program, words: readonly string[]): string | undefined {
  const [first = '', second = ''] = words.filter(w => !w.startsWith('-')), both = `${first} ${second}`
  return both in commands ? both : first in commands ? first : undefined
}

function check(program: Program, words: readonly string[]): CommandProblem | undefined {
  const { name, commands, elsewhere, everywhere } = program, plain = words.filter(w => !w.startsWith('-')), command = commandOf(program, words)
  const supported = Object.keys(commands).filter(c => commands[c] !== null)
  if (command === undefined) {
    const said = plain.slice(0, 2).join(' '), gone = elsewhere[said], near = suggest(said, supported)
    const hint = gone ? `; etcd 3.6 has it as \`${gone}\`` : near.length ? `, did you mean ${near[0]}?` : ''
    return { message: `${name} has no command \`${said}\`${hint}; known are ${supported.join(', ')}`, supported }
  }
  const flags = commands[command]
  if (flags === null) return undefined
  const known = `${everywhere} ${flags}`.split(' '), end = words.indexOf('--')
  const given = (end < 0 ? words : words.slice(0, end)).filter(w => /^--?\D/.test(w) && w !== '--')
  const unknown = given.map(w => w.replace(/^--?/, '').split('=')[0]).find(flag => !known.includes(flag))
  if (unknown === undefined) return wrongValue(program, command, words)
  const near = suggest(unknown, known)
  return { message: `${name} ${command} has no flag --${unknown}${near.length ? `, did you mean --${near[0]}?` : ''}`, supported: known.map(f => `--${f}`) }
}
/** What a flag that counts is given, in Go's words; its usage stands above them, on stdout. */
function wrongValue({ name }: Program, command: string, words: readonly string[]): CommandProblem | undefined {
  for (const [i, word] of words.entries()) {
    const [, flag = '', given] = /^--([\w-]+)(?:=([^]*))?$/.exec(word) ?? [], value = given ?? words[i + 1]
    if (word === '--') return undefined
    if (!counting.has(flag)) continue
    if (value === undefined) return { message: `${name} ${command}: flag needs an argument: --${flag}` }
    // a variable is not known yet
    if (/^[+-]?\d+$/.test(value) || /[<$]/.test(value)) continue
    return { message: `${name} ${command}: invalid argument ${JSON.stringify(value)} for "--${flag}" flag: strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax` }
  }
  return undefined
}
const counting: ReadonlySet<string> = new Set(['limit', 'rev', 'min-create-rev', 'max-create-rev', 'min-mod-rev', 'max-mod-rev'])
export const checkEtcdctl = (words: readonly string[]): CommandProblem | undefined => check(etcdctl, words)
export const checkEtcdutl = (words: readonly string[]): CommandProblem | undefined => check(etcdutl, words)

type Run = (words: readonly string[], environment: CommandEnvironment) => Promise<Omit<CommandOutcome, 'command' | 'atMs'>>
/** The operator's programs on an etcd machine: the cluster under test answers what they print. */
const runner = (program: Program): Run => async (words, { driver, stdin }) => {
  const command = commandOf(program, words)
  if (command !== undefined && program.commands[command] === null) throw new NotModelled(`${program.name} ${command}`)
  const answer = driver.operate(program.name, { args: words, stdin })
  if (typeof answer !== 'string' || !answer.startsWith('{')) throw new NotModelled(answer ?? `${program.name} ${words.join(' ')}`)
  const { stdout, stderr, code } = JSON.parse(answer) as { stdout: string; stderr: string; code: number }
  const missing = /not modelled: (.*)/.exec(stderr)
  if (missing) throw new NotModelled(missing[1])
  return { stdout, stderr, code, requests: [] }
}
export const runEtcdctl = runner(etcdctl), runEtcdutl = runner(etcdutl)
