import { hashString } from '../../../base/hash.ts'
import { errors, rawValue, type Keyspace } from '../../etcd/index.ts'
import { badArguments, failed, storageVersion, version, type Invocation, type Output } from './command.ts'
import { commit, decimal, endpoints, groupOf, hasQuorum, isEndpoint, leaderOf, memberIds, note, numberOf, operate, reach, type Endpoint } from './endpoints.ts'
import { formatOf, headerFields, headerOf, inFormat, json, rows, wide } from './printing.ts'
import { allKeys, keysAt } from './stored.ts'
import { humanBytes } from './text-table.ts'

/** Bytes of all current values; the history of a real file comes on top. */
export function sizeOf(keyspace: Keyspace): number {
  let bytes = 20480
  for (const { path, item } of allKeys(keyspace)) bytes += path.length + rawValue(item).length
  return bytes
}
export const hashOf = (keyspace: Keyspace, revision = 0): number =>
  hashString((revision ? keysAt(keyspace, revision) : allKeys(keyspace)).map(k => `${k.path}@${k.item.revision}`).join())

/** Numbers of the members that have raised NOSPACE, as any member knows them, in hexadecimal digits. */
const alarms = ({ cluster }: Invocation): readonly string[] =>
  memberIds(cluster).filter(id => cluster.kernel.stateOf<Endpoint['state']>(id).keyspace.alarm).map(id => numberOf(cluster, id))
const alarmText = (number: string): string => `memberID:${decimal(number)} alarm:NOSPACE `

// ---- endpoint
export function endpointStatus(invocation: Invocation): Output | undefined {
  const { cluster } = invocation, format = formatOf(invocation), all = endpoints(invocation), up = all.filter(e => e.up)
  if (typeof format !== 'string') return format
  const stderr = all.filter(e => !e.up).map(e => `Failed to get the status of endpoint ${e.url} (${errors.deadline})\n`).join('')
  const errorsOf = (e: Endpoint): string[] => [...e.state.raft.leader === undefined ? [errors.noLeader] : [], ...alarms(invocation).map(alarmText)]
  const learns = (e: Endpoint): boolean => groupOf(cluster, e.id).learns
  const status = up.map(e => ({
    Endpoint: e.url,
    Status: {
      header: headerOf(invocation, e, true), version, dbSize: sizeOf(e.state.keyspace),
      ...e.state.raft.leader === undefined ? {} : { leader: wide(numberOf(cluster, e.state.raft.leader)) }, raftIndex: e.state.keyspace.applied,
      raftTerm: e.state.raft.term, raftAppliedIndex: e.state.keyspace.applied, ...errorsOf(e).length ? { errors: errorsOf(e) } : {},
      dbSizeInUse: sizeOf(e.state.keyspace), ...learns(e) ? { isLearner: true } : {}, storageVersion, downgradeInfo: {},
    },
  }))
  const code = stderr ? 1 : 0
  if (format === 'json') return { stdout: json(status), stderr, code }
  if (format === 'fields') {
    return {
      stderr, code, stdout: up.map((e, i) => {
        const { Status: { dbSize, raftIndex, raftTerm } } = status[i]
        const leader = e.state.raft.leader === undefined ? 0 : decimal(numberOf(cluster, e.state.raft.leader))
        return `${headerFields(invocation, e, true)}${[
          `"Version" : "${version}"`, `"StorageVersion" : "${storageVersion}"`, `"DBSize" : ${dbSize}`, `"DBSizeInUse" : ${dbSize}`, `"Leader" : ${leader}`,
          `"IsLearner" : ${learns(e)}`, `"RaftIndex" : ${raftIndex}`, `"RaftTerm" : ${raftTerm}`, `"RaftAppliedIndex" : ${raftIndex}`,
          `"Errors" : [${errorsOf(e).join(' ')}]`, `"Endpoint" : ${JSON.stringify(e.url)}`, '"DowngradeTargetVersion" : ""', '"DowngradeEnabled" : false',
        ].join('\n')}\n\n`
      }).join(''),
    }
  }
  const header = [
    'ENDPOINT', 'ID', 'VERSION', 'STORAGE VERSION', 'DB SIZE', 'IN USE', 'PERCENTAGE NOT IN USE', 'QUOTA', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX',
    'RAFT APPLIED INDEX', 'ERRORS', 'DOWNGRADE TARGET VERSION', 'DOWNGRADE ENABLED',
  ]
  const lines = up.map((e, i) => [
    e.url, numberOf(cluster, e.id), version, storageVersion, humanBytes(status[i].Status.dbSize), humanBytes(status[i].Status.dbSize), '0%', '0 B',
    String(e.state.raft.role === 'leader'), String(learns(e)), String(e.state.raft.term), String(e.state.keyspace.applied), String(e.state.keyspace.applied),
    errorsOf(e).join(', '), '', 'false',
  ])
  return { stdout: rows(format, header, lines), stderr, code }
}

export function endpointHealth(invocation: Invocation): Output | undefined {
  const { cluster } = invocation, format = formatOf(invocation), took = '5ms', raised = alarms(invocation)
  if (typeof format !== 'string') return format
  const errorOf = (e: Endpoint): string => e.up && groupOf(cluster, e.id).learns ? errors.notForLearner
    : !hasQuorum(cluster, e) ? errors.deadline
    : raised.length ? `Active Alarm(s): ${raised.map(() => 'NOSPACE ').join('')}` : ''
  const all = endpoints(invocation).map(e => ({ url: e.url, error: errorOf(e) }))
  const failure = all.some(e => e.error) ? 'Error: unhealthy cluster\n' : '', code = failure ? 1 : 0
  if (format === 'json') {
    return {
      stdout: json(all.map(e => ({ endpoint: e.url, health: !e.error, took, ...e.error ? { error: e.error } : {} }))), stderr: failure, code,
    }
  }
  if (format === 'table') {
    return { stdout: rows(format, ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], all.map(e => [e.url, String(!e.error), took, e.error])), stderr: failure, code }
  }
  if (format === 'fields') {
    return {
      stdout: all.map(e => `"Endpoint" : ${JSON.stringify(e.url)}\n"Health" : ${!e.error}\n"Took" : ${took}\n"Error" : ${e.error}\n\n`).join(''),
      stderr: failure, code,
    }
  }
  return {
    stdout: all.filter(e => !e.error).map(e => `${e.url} is healthy: successfully committed proposal: took = ${took}\n`).join(''),
    stderr: all.filter(e => e.error).map(e => `${e.url} is unhealthy: failed to commit proposal: ${e.error}\n`).join('') + failure, code,
  }
}

export function endpointHash(invocation: Invocation): Output | undefined {
  const format = formatOf(invocation), all = endpoints(invocation)
  if (typeof format !== 'string') return format
  if (format === 'fields' || format === 'json') return undefined
  if (all.some(e => !e.up)) return failed(errors.deadline)
  const revision = Number(invocation.flags.rev ?? 0), told: string[][] = []
  for (const { url, state: { keyspace } } of all) {
    const why = revision > keyspace.revision ? errors.futureRevision : revision > 0 && revision < keyspace.compacted ? errors.compacted : undefined
    if (why) return { stderr: `Failed to get the hash of endpoint ${url} (${why})\nError: ${why}\n`, code: 1 }
    told.push([url, String(hashOf(keyspace, revision)), String(revision || keyspace.revision)])
  }
  return { stdout: rows(format, ['ENDPOINT', 'HASH', 'HASH REVISION'], told) }
}

// ---- alarm, compaction, defrag
export function alarmList(invocation: Invocation): Output | undefined { return alarm(invocation, 'list') }
export function alarmDisarm(invocation: Invocation): Output | undefined { return alarm(invocation, 'disarm') }
function alarm(invocation: Invocation, verb: 'list' | 'disarm'): Output | undefined {
  const { cluster, words } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (words.length > 2) return badArguments(`alarm ${verb} command accepts no arguments`)
  const to = reach(invocation, true), raised = alarms(invocation)
  if (!isEndpoint(to)) return to
  if (verb === 'disarm') for (const id of memberIds(cluster)) operate(cluster, id, 'disarm-alarm')
  const list = raised.map(number => ({ memberID: wide(number), alarm: 1 }))
  return inFormat(format, {
    json: () => json({ header: headerOf(invocation, to, true), ...list.length ? { alarms: list } : {} }),
    fields: () => headerFields(invocation, to, true) + raised.map(number => `"MemberID" : ${decimal(number)}\n"AlarmType" : NOSPACE\n\n`).join(''),
    simple: () => raised.map(number => `${alarmText(number)}\n`).join(''),
  })
}

export function compact(invocation: Invocation): Output | undefined {
  const { cluster, words } = invocation, [, word] = words
  if (words.length !== 2) return badArguments('compaction command needs 1 argument')
  if (!/^[+-]?\d+$/.test(word)) return failed(`strconv.ParseInt: parsing ${JSON.stringify(word)}: invalid syntax`)
  const to = reach(invocation, true), revision = Number(word)
  if (!isEndpoint(to)) return to
  note(invocation, to, 'compact')
  const { keyspace } = leaderOf(cluster, to).state
  if (revision <= keyspace.compacted) return failed(errors.compacted)
  if (revision > keyspace.revision) return failed(errors.futureRevision)
  return commit(invocation, to, () => [{ op: 'compact', revision }]) ?? { stdout: `compacted revision ${revision}\n` }
}

/** A member answers nobody while it is at it: so long for each MB. Approximate; a real one takes from some ms to minutes. */
export function defrag(invocation: Invocation): Output {
  const all = endpoints(invocation), down = all.filter(e => !e.up)
  for (const e of all) if (e.up) operate(invocation.cluster, e.id, 'defragment')
  return {
    stdout: all.filter(e => e.up).map(e => `Finished defragmenting etcd member[${e.url}]. took 12ms\n`).join(''),
    stderr: down.map(e => `Failed to defragment etcd member[${e.url}]. took 5s. (${errors.deadline})\n`).join(''), code: down.length ? 1 : 0,
  }
}
