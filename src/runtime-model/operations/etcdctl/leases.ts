import { errors, memberNumber, type Command, type Grant, type Keyspace } from '../../etcd/index.ts'
import { badArguments, exit, failed, type Invocation, type Output, waitFor, timeoutOf } from './command.ts'
import { commit, decimal, isEndpoint, leaderOf, note, operate, reach, type Endpoint } from './endpoints.ts'
import { leaseWord } from './keys.ts'
import { base64, formatOf, headerFields, headerOf, inFormat, json, wide } from './printing.ts'
import { pathOf, sharedLeaseId } from './stored.ts'

/** The least a lease lives: so many seconds that a leader can change meanwhile. Source: etcd server/etcdserver/server.go minTTL */
const leastSeconds = 2, mostSeconds = 9_000_000_000

const idFrom = (word: string | undefined): string | Output => {
  const id = word === undefined ? '' : leaseWord(word)
  return id ?? badArguments(`bad lease ID arg (strconv.ParseInt: parsing ${JSON.stringify(word)}: invalid syntax), expecting ID in Hex`)
}
const head = (invocation: Invocation, to: Endpoint): Record<string, unknown> => headerOf(invocation, to, true)

export function grant(invocation: Invocation): Output | undefined {
  const { words, cluster } = invocation, format = formatOf(invocation), [, , word] = words
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('lease grant command needs TTL argument')
  if (!/^[+-]?\d+$/.test(word)) return badArguments(`bad TTL (strconv.ParseInt: parsing ${JSON.stringify(word)}: invalid syntax)`)
  if (Number(word) > mostSeconds) return failed(`failed to grant lease (${errors.leaseTooLarge})`)
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return { ...to, stderr: to.stderr!.replace(/^Error: (.*)/, 'Error: failed to grant lease ($1)') }
  const leader = leaderOf(cluster, to), { keyspace } = leader.state, ttlSeconds = Math.max(leastSeconds, Number(word))
  const id = `3${memberNumber('lease', `${keyspace.applied} ${leader.state.raft.term}`).padStart(16, '0').slice(1)}`
  note(invocation, to, 'lease grant')
  const late = commit(invocation, to, () => [{ op: 'grant', grant: { id, ttlSeconds, expiresAt: cluster.kernel.now + ttlSeconds * 1000 } }])
  if (late) return late
  return inFormat(format, {
    json: () => json({ ...head(invocation, to), ID: wide(id), TTL: ttlSeconds, Error: '' }),
    fields: () => `${headerFields(invocation, to, true)}"ID" : ${decimal(id)}\n"TTL" : ${ttlSeconds}\n`,
    simple: () => `lease ${id} granted with TTL(${ttlSeconds}s)\n`,
  })
}

export function revoke(invocation: Invocation): Output | undefined {
  const { words, cluster } = invocation, format = formatOf(invocation), id = idFrom(words[2])
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('lease revoke command needs 1 argument')
  if (typeof id !== 'string') return id
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return { ...to, stderr: to.stderr!.replace(/^Error: (.*)/, 'Error: failed to revoke lease ($1)') }
  const leader = leaderOf(cluster, to), held = (): boolean => leader.state.keyspace.grants.some(g => g.id === id)
  if (!held()) return sharedBy(leader.state.keyspace, id) ? undefined : failed(`failed to revoke lease (${errors.leaseNotFound})`)
  note(invocation, to, 'lease revoke')
  operate(cluster, leader.id, 'revoke', { id })
  if (!waitFor(cluster.kernel, () => !held(), timeoutOf(invocation))) return failed(`failed to revoke lease (${errors.deadline})`)
  return inFormat(format, {
    json: () => json({ header: head(invocation, to) }), fields: () => headerFields(invocation, to, true), simple: () => `lease ${id} revoked\n`,
  })
}

/** Leases of API servers, under which Events are. */
const sharedBy = (keyspace: Keyspace, id: string) => keyspace.leases.shared().find(lease => sharedLeaseId(lease) === id)

export function list(invocation: Invocation): Output | undefined {
  const format = formatOf(invocation)
  if (typeof format !== 'string') return format
  const to = reach(invocation, false)
  if (!isEndpoint(to)) return { ...to, code: exit.badConnection }
  const { keyspace } = to.state, ids = [...keyspace.grants.map(g => g.id), ...keyspace.leases.shared().map(sharedLeaseId)].sort()
  return inFormat(format, {
    json: () => json({ ...head(invocation, to), leases: ids.map(id => ({ id: wide(id) })) }),
    fields: () => headerFields(invocation, to, true) + ids.map(id => `"ID" : ${decimal(id)}\n`).join(''),
    simple: () => `found ${ids.length} leases\n${ids.map(id => `${id}\n`).join('')}`,
  })
}

export function timeToLive(invocation: Invocation): Output | undefined {
  const { words, flags, cluster } = invocation, format = formatOf(invocation), id = idFrom(words[2])
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('lease timetolive command needs lease ID as argument')
  if (typeof id !== 'string') return id
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return { ...to, code: exit.badConnection }
  const { keyspace } = leaderOf(cluster, to).state, shared = sharedBy(keyspace, id), found: Pick<Grant, 'ttlSeconds' | 'expiresAt'> | undefined =
    keyspace.grants.find(g => g.id === id) ?? shared
  const paths = shared
    ? shared.keys.filter(l => keyspace.item(l.key)?.revision === l.revision).map(l => pathOf(l.key))
    : keyspace.under(id).map(u => pathOf(u.key))
  const keys = flags.keys ? paths.sort() : [], granted = found?.ttlSeconds ?? 0, left = found ? Math.floor((found.expiresAt - cluster.kernel.now) / 1000) : -1
  const lines = [`"ID" : ${decimal(id)}`, `"TTL" : ${left}`, `"GrantedTTL" : ${granted}`, ...keys.map(key => `"Key" : ${JSON.stringify(key)}`)]
  return inFormat(format, {
    json: () => json({ ...head(invocation, to), id: wide(id), ttl: left, 'granted-ttl': granted, keys: keys.length ? keys.map(base64) : null }),
    fields: () => `${headerFields(invocation, to, true)}${lines.join('\n')}\n`,
    simple: () => found
      ? `lease ${id} granted with TTL(${granted}s), remaining(${left}s)${flags.keys ? `, attached keys([${keys.join(' ')}])` : ''}\n`
      : `lease ${id} already expired\n`,
  })
}

/** Once, with `--once`; without, as long as the command runs, which has no end here. */
export function keepAlive(invocation: Invocation): Output | undefined {
  const { words, flags, cluster } = invocation, format = formatOf(invocation), id = idFrom(words[2])
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('lease keep-alive command needs lease ID as argument')
  if (typeof id !== 'string') return id
  if (!flags.once) return failed('not modelled: etcdctl lease keep-alive without --once, which goes on for ever')
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return failed(errors.noLeader, exit.badConnection)
  const held = leaderOf(cluster, to).state.keyspace.grants.find(g => g.id === id)
  if (!held) return failed(errors.leaseNotFound, exit.badConnection)
  note(invocation, to, 'lease keep-alive')
  const late = commit(invocation, to, () => [{ op: 'grant', grant: { ...held, expiresAt: cluster.kernel.now + held.ttlSeconds * 1000 } } as Command])
  if (late) return { ...late, code: exit.badConnection }
  return inFormat(format, {
    json: () => json({ ...head(invocation, to), ID: wide(id), TTL: held.ttlSeconds }),
    fields: () => `${headerFields(invocation, to, true)}"ID" : ${decimal(id)}\n"TTL" : ${held.ttlSeconds}\n`,
    simple: () => `lease ${id} keepalived with TTL(${held.ttlSeconds})\n`,
  })
}
