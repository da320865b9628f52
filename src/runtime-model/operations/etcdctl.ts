import { hashString } from '../../base/hash.ts'
import type { Cluster } from '../cluster.ts'
import type { Keyspace, MemberState } from '../etcd/index.ts'
import { allKeys, valueAt } from './etcd-keys.ts'
import { findSnapshot, restoreSnapshot, saveSnapshot } from './etcd-snapshot.ts'
import { humanBytes, textTable } from './text-table.ts'

/**
 * The operator's etcdctl 3.6 on an etcd machine: the machine of the first member that runs, or those of `--endpoints` and `--cluster`.
 * Approximate: it looks at the members rather than asking them over the network, so a command that fails takes no time, and a value
 * is printed as JSON. Source: etcd etcdctl/ctlv3/command.
 */
export function etcdctl(cluster: Cluster, args: Readonly<Record<string, any>>): string {
  const { words, flags } = parse(args.args), run = commands[`${words[0]} ${words[1]}`] ?? commands[words[0]]
  const output = run?.({ cluster, words, flags }) ?? { stderr: `Error: not modelled: etcdctl ${args.args.join(' ')}\n`, code: 1 }
  return JSON.stringify({ stdout: '', stderr: '', code: 0, ...output })
}

interface Output { readonly stdout?: string; readonly stderr?: string; readonly code?: number }
interface Invocation { readonly cluster: Cluster; readonly words: readonly string[]; readonly flags: Readonly<Record<string, string>> }

const failed = (message: string, code = 1): Output => ({ stderr: `Error: ${message}\n`, code })
const unreachable = failed('context deadline exceeded')
const version = '3.6.6', storageVersion = '3.6.0'

// ---- the command line
const short: Readonly<Record<string, string>> = { w: 'write-out' }
const valued = new Set([
  'write-out', 'endpoints', 'cacert', 'cert', 'key', 'limit', 'data-dir', 'name', 'initial-cluster', 'initial-cluster-token', 'initial-advertise-peer-urls',
  'command-timeout', 'dial-timeout', 'consistency', 'rev',
])

function parse(args: readonly string[]): { readonly words: string[]; readonly flags: Record<string, string> } {
  const words: string[] = [], flags: Record<string, string> = {}
  for (let i = 0; i < args.length; i++) {
    const flag = /^--?([\w-]+)(?:=(.*))?$/.exec(args[i])
    if (!flag) { words.push(args[i]); continue }
    const name = short[flag[1]] ?? flag[1]
    flags[name] = flag[2] ?? (valued.has(name) ? args[++i] ?? '' : 'true')
  }
  return { words, flags }
}

// ---- members and endpoints
interface Endpoint { readonly url: string; readonly id: string; readonly state: MemberState; readonly up: boolean }

const idOf = (member: string): string =>
  (hashString(member, 1).toString(16).padStart(8, '0') + hashString(member, 2).toString(16).padStart(8, '0')).replace(/^0+/, '')
const decimalIdOf = (member: string): string => BigInt(`0x${idOf(member)}`).toString()

function endpoint(cluster: Cluster, id: string, url = `https://${cluster.kernel.actor(id).host}:2379`): Endpoint {
  return { url, id, state: cluster.kernel.stateOf(id), up: cluster.kernel.statusOf(id) === 'up' }
}
function endpoints({ cluster, flags }: Invocation): Endpoint[] {
  const ids = cluster.kernel.ids('etcd'), local = ids.find(id => cluster.kernel.statusOf(id) === 'up') ?? ids[0]
  if (flags.cluster) return ids.map(id => endpoint(cluster, id))
  if (!flags.endpoints) return [endpoint(cluster, local, '127.0.0.1:2379')]
  return flags.endpoints.split(',').map(url => endpoint(
    cluster,
    ids.find(id => { const host = url.replace(/^https?:\/\//, '').split(':')[0]; return host === id.slice(5) || host === cluster.kernel.actor(id).host })
      ?? local,
    url
  ))
}

/** A member answers what needs the quorum: its leader runs and is followed by a majority, and it is one of those. */
function hasQuorum(cluster: Cluster, { up, state, id }: Endpoint): boolean {
  const { leader } = state.raft, all = cluster.kernel.ids('etcd')
  const follows = (member: string): boolean => {
    const { raft } = cluster.kernel.stateOf<MemberState>(member)
    return cluster.kernel.statusOf(member) === 'up' && (raft.role === 'leader' ? member === leader : raft.leader === leader && raft.leaderLostAt < 0)
  }
  return up && leader !== undefined && follows(leader) && follows(id) && 2 * all.filter(follows).length > all.length
}
/** The first endpoint that answers, as its client picks it. */
function reach(invocation: Invocation, linearizable: boolean): Endpoint | undefined {
  return endpoints(invocation).find(e => linearizable ? hasQuorum(invocation.cluster, e) : e.up)
}
function note({ cluster, words }: Invocation, to: Endpoint, operation: string): void {
  cluster.kernel.record('etcdctl', { type: 'etcd', to: to.id, operation, what: words.join(' '), request: 0 })
}
function operate(cluster: Cluster, id: string, operation: string, args: any = {}): void {
  cluster.kernel.operate(id, operation, args)
  cluster.kernel.runTo(cluster.kernel.now)
}

/** Bytes of all current values; the history of a real file comes on top. */
function sizeOf(keyspace: Keyspace): number {
  let bytes = 20480
  for (const key of allKeys(keyspace)) bytes += key.path.length + valueAt(keyspace, key).length
  return bytes
}

// ---- commands
const commands: Readonly<Record<string, (invocation: Invocation) => Output | undefined>> = {
  'snapshot save': snapshotSave, 'snapshot status': snapshotStatus, 'snapshot restore': snapshotRestore,
  'member list': memberList, 'endpoint status': endpointStatus, 'endpoint health': endpointHealth,
  get, 'alarm list': alarmList, 'alarm disarm': alarmDisarm, compact, compaction: compact, defrag,
  version: () => ({ stdout: `etcdctl version: ${version}\nAPI version: 3.6\n` }),
}

function snapshotSave(invocation: Invocation): Output {
  const from = reach(invocation, false), file = invocation.words[2]
  if (file === undefined) return failed('snapshot save expects one argument', 128)
  if (!from) return unreachable
  note(invocation, from, 'snapshot')
  saveSnapshot(invocation.cluster, from.id, file)
  return { stdout: `Snapshot saved at ${file}\nServer version ${storageVersion}\n` }
}

function snapshotStatus({ cluster, words, flags }: Invocation): Output {
  const keyspace = findSnapshot(cluster, words[2]), stderr = 'Deprecated: Use `etcdutl snapshot status` instead.\n\n'
  if (!keyspace) return { stderr: `${stderr}Error: stat ${words[2]}: no such file or directory\n`, code: 1 }
  const keys = allKeys(keyspace), hash = hashString(keys.map(k => `${k.path}@${k.revision}`).join()), size = sizeOf(keyspace)
  if (flags['write-out'] === 'json') {
    return { stderr, stdout: `${JSON.stringify({ hash, revision: keyspace.revision, totalKey: keys.length, totalSize: size })}\n` }
  }
  return {
    stderr,
    stdout: print(flags, ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'], [[
      hash.toString(16), String(keyspace.revision), String(keys.length), humanBytes(size),
    ]]),
  }
}

function snapshotRestore({ cluster, words }: Invocation): Output {
  const why = restoreSnapshot(cluster, { file: words[2] }), stderr = 'Deprecated: Use `etcdutl snapshot restore` instead.\n\n'
  return why ? { stderr: `${stderr}Error: ${why}\n`, code: 1 } : { stderr }
}

function memberList(invocation: Invocation): Output {
  const { cluster, flags } = invocation, to = reach(invocation, true)
  if (!to) return unreachable
  const members = cluster.kernel.ids('etcd').map(id => ({ id, name: id.slice(5), host: cluster.kernel.actor(id).host }))
  if (flags['write-out'] === 'json') {
    return {
      stdout:
        `${JSON.stringify({ header: { member_id: `ID${decimalIdOf(to.id)}`, raft_term: to.state.raft.term }, members: members.map(m => ({ ID: `ID${decimalIdOf(m.id)}`, name: m.name, peerURLs: [`https://${m.host}:2380`], clientURLs: [`https://${m.host}:2379`] })) }).replace(/"ID(\d+)"/g, '$1')}\n`,
    }
  }
  return {
    stdout: print(
      flags, ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'],
      members.map(m => [idOf(m.id), 'started', m.name, `https://${m.host}:2380`, `https://${m.host}:2379`, 'false'])
    ),
  }
}

function endpointStatus(invocation: Invocation): Output {
  const { flags } = invocation, all = endpoints(invocation), up = all.filter(e => e.up)
  const stderr = all.filter(e => !e.up).map(e => `Failed to get the status of endpoint ${e.url} (context deadline exceeded)\n`).join('')
  const errors = (e: Endpoint): string[] =>
    [...e.state.raft.leader === undefined ? ['etcdserver: no leader'] : [], ...e.state.keyspace.alarm ? [`memberID:${decimalIdOf(e.id)} alarm:NOSPACE `] : []]
  const size = (e: Endpoint): number => sizeOf(e.state.keyspace)
  if (flags['write-out'] === 'json') {
    const status = up.map(e => ({
      Endpoint: e.url,
      Status: {
        header: { member_id: `ID${decimalIdOf(e.id)}`, revision: e.state.keyspace.revision, raft_term: e.state.raft.term }, version, dbSize: size(e),
        leader: e.state.raft.leader === undefined ? 0 : `ID${decimalIdOf(e.state.raft.leader)}`, raftIndex: e.state.keyspace.applied,
        raftTerm: e.state.raft.term, raftAppliedIndex: e.state.keyspace.applied, ...errors(e).length ? { errors: errors(e) } : {}, dbSizeInUse: size(e),
        storageVersion, dbSizeQuota: 2147483648, downgradeInfo: {},
      },
    }))
    return { stdout: `${JSON.stringify(status).replace(/"ID(\d+)"/g, '$1')}\n`, stderr, code: stderr ? 1 : 0 }
  }
  const header = [
    'ENDPOINT', 'ID', 'VERSION', 'STORAGE VERSION', 'DB SIZE', 'IN USE', 'PERCENTAGE NOT IN USE', 'QUOTA', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX',
    'RAFT APPLIED INDEX', 'ERRORS', 'DOWNGRADE TARGET VERSION', 'DOWNGRADE ENABLED',
  ]
  const rows = up.map(e => [
    e.url, idOf(e.id), version, storageVersion, humanBytes(size(e)), humanBytes(size(e)), '0%', '2.1 GB', String(e.state.raft.role === 'leader'), 'false',
    String(e.state.raft.term), String(e.state.keyspace.applied), String(e.state.keyspace.applied), errors(e).join(', '), '', 'false',
  ])
  return { stdout: print(flags, header, rows), stderr, code: stderr ? 1 : 0 }
}

function endpointHealth(invocation: Invocation): Output {
  const { cluster, flags } = invocation, took = '5ms'
  const all = endpoints(invocation).map(e =>
    ({ url: e.url, error: hasQuorum(cluster, e) ? e.state.keyspace.alarm ? 'Active Alarm(s): NOSPACE' : '' : 'context deadline exceeded' }))
  const failure = all.some(e => e.error) ? 'Error: unhealthy cluster\n' : '', code = failure ? 1 : 0
  if (flags['write-out'] === 'json') {
    return {
      stdout: `${JSON.stringify(all.map(e => ({ endpoint: e.url, health: !e.error, took, ...e.error ? { error: e.error } : {} })))}\n`, stderr: failure, code,
    }
  }
  if (flags['write-out'] === 'table') {
    return { stdout: textTable(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], all.map(e => [e.url, String(!e.error), took, e.error])), stderr: failure, code }
  }
  return {
    stdout: all.filter(e => !e.error).map(e => `${e.url} is healthy: successfully committed proposal: took = ${took}\n`).join(''),
    stderr: all.filter(e => e.error).map(e => `${e.url} is unhealthy: failed to commit proposal: ${e.error}\n`).join('') + failure, code,
  }
}

function get(invocation: Invocation): Output | undefined {
  const { words, flags } = invocation, serializable = flags.consistency === 's', to = reach(invocation, !serializable), [, start] = words
  if (start === undefined) return failed('get command needs one argument as key and an optional argument as range_end', 128)
  if (words.length > 2 || flags.rev || flags['write-out'] && flags['write-out'] !== 'simple') return undefined
  if (flags['count-only']) return failed('--count-only is only for `--write-out=fields`', 128)
  if (!to) return unreachable
  note(invocation, to, 'range')
  const { keyspace } = to.state
  const matches = allKeys(keyspace).filter(k => flags.prefix ? k.path.startsWith(start) : flags['from-key'] ? k.path >= start : k.path === start)
  const chosen = flags.limit && flags.limit !== '0' ? matches.slice(0, Number(flags.limit)) : matches
  return {
    stdout: chosen.map(k =>
      flags['print-value-only'] ? `${valueAt(keyspace, k)}\n` : `${k.path}\n${flags['keys-only'] ? '' : valueAt(keyspace, k)}\n`).join(''),
  }
}

const alarms = (cluster: Cluster): string => cluster.kernel.ids('etcd')
  .filter(id => cluster.kernel.stateOf<MemberState>(id).keyspace.alarm)
  .map(id => `memberID:${decimalIdOf(id)} alarm:NOSPACE \n`)
  .join('')
function alarmList(invocation: Invocation): Output { return reach(invocation, true) ? { stdout: alarms(invocation.cluster) } : unreachable }
function alarmDisarm(invocation: Invocation): Output {
  const { cluster } = invocation
  if (!reach(invocation, true)) return unreachable
  const stdout = alarms(cluster)
  for (const id of cluster.kernel.ids('etcd')) operate(cluster, id, 'disarm-alarm')
  return { stdout }
}

function compact(invocation: Invocation): Output {
  const { cluster, words } = invocation, to = reach(invocation, true), revision = Number(words[1])
  if (words.length !== 2 || !Number.isInteger(revision)) return failed('compaction command needs 1 argument', 128)
  if (!to) return unreachable
  note(invocation, to, 'compact')
  if (revision <= to.state.keyspace.compacted) return failed('etcdserver: mvcc: required revision has been compacted')
  if (revision > to.state.keyspace.revision) return failed('etcdserver: mvcc: required revision is a future revision')
  operate(cluster, to.state.raft.leader!, 'compact', { revision })
  return { stdout: `compacted revision ${revision}\n` }
}

function defrag(invocation: Invocation): Output {
  const all = endpoints(invocation), down = all.filter(e => !e.up)
  for (const e of all) if (e.up) operate(invocation.cluster, e.id, 'defragment')
  return {
    stdout: all.filter(e => e.up).map(e => `Finished defragmenting etcd member[${e.url}]. took 12ms\n`).join(''),
    stderr: down.map(e => `Failed to defragment etcd member[${e.url}]. took 5s. (context deadline exceeded)\n`).join(''), code: down.length ? 1 : 0,
  }
}

const print = (flags: Readonly<Record<string, string>>, header: readonly string[], rows: readonly (readonly string[])[]): string =>
  flags['write-out'] === 'table' ? textTable(header, rows) : rows.map(row => `${row.join(', ')}\n`).join('')
