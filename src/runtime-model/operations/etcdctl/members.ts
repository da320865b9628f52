import { livenessMs } from '../../assemble.ts'
import { errors, etcdMember, memberName as name, memberNumber, type Member, type MemberChange, type Membership, type MemberState } from '../../etcd/index.ts'
import { badArguments, failed, timeoutOf, waitFor, type Invocation, type Output } from './command.ts'
import {
  byNumber, clusterNumber, endpointOf, endpoints, groupOf, hostOf, isEndpoint, leaderOf, note, notForLearner, operate, reach, unreachable, type Endpoint,
} from './endpoints.ts'
import { formatOf, headerFields, headerOf, inFormat, json, rows, wide, type Format } from './printing.ts'

const peerUrls = ({ cluster }: Invocation, { id, peerUrls: given }: Member): readonly string[] => given ?? [`https://${hostOf(cluster, id)}:2380`]
const clientUrls = ({ cluster }: Invocation, { id, started }: Member): readonly string[] => started ? [`https://${hostOf(cluster, id)}:2379`] : []
const inOrder = ({ members }: Membership): Member[] => [...members].sort(byNumber)

const jsonMember = (invocation: Invocation, m: Member): Record<string, unknown> => ({
  ID: wide(m.number), ...m.started ? { name: name(m.id) } : {}, peerURLs: peerUrls(invocation, m),
  ...m.started ? { clientURLs: clientUrls(invocation, m) } : {}, ...m.learner ? { isLearner: true } : {},
})

export function list(invocation: Invocation): Output | undefined {
  const { flags, cluster } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  const to = reach(invocation, flags.consistency !== 's')
  if (!isEndpoint(to)) return to
  const members = inOrder(groupOf(cluster, to.id).membership)
  if (format === 'json') return { stdout: json({ header: headerOf(invocation, to, false), members: members.map(m => jsonMember(invocation, m)) }) }
  if (format === 'fields') {
    const lines = (m: Member): string[] => [
      `"ID" : ${BigInt(`0x${m.number}`)}`, `"Name" : ${JSON.stringify(m.started ? name(m.id) : '')}`,
      ...peerUrls(invocation, m).map(u => `"PeerURL" : ${JSON.stringify(u)}`), ...clientUrls(invocation, m).map(u => `"ClientURL" : ${JSON.stringify(u)}`),
      `"IsLearner" : ${m.learner}`, '', '',
    ]
    return { stdout: headerFields(invocation, to, false) + members.map(m => lines(m).join('\n')).join('') }
  }
  return {
    stdout: rows(
      format, ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'],
      members.map(m => [
        m.number, m.started ? 'started' : 'unstarted', m.started ? name(m.id) : '', peerUrls(invocation, m).join(','), clientUrls(invocation, m).join(','),
        String(m.learner),
      ])
    ),
  }
}

// ---- what a member asks itself before it proposes a change. Source: etcd server/etcdserver/server.go (mayAddMember, mayRemoveMember), StrictReconfigCheck
const notEnough = failed(errors.notEnoughStarted), unhealthy = failed(errors.unhealthy)
/** so long must connections have held */
const healthyMs = 5000
const voting = ({ members }: Membership): Member[] => members.filter(m => !m.learner)

/** How many of them this member has been connected to for long enough, itself included. */
function connected({ cluster: { kernel } }: Invocation, { id, state }: Endpoint, among: readonly Member[]): number {
  return among.filter(m => m.id === id || (state.peers[m.id]?.connection ?? 0) > 0 && kernel.now - state.peers[m.id].since >= healthyMs).length
}
function mayAdd(invocation: Invocation, to: Endpoint, membership: Membership, learner: boolean): Output | undefined {
  const voters = voting(membership), started = voters.filter(m => m.started).length, count = voters.length + 1
  if (!learner && !(started === 1 && count === 2) && started < Math.floor(count / 2) + 1) return notEnough
  return connected(invocation, to, voters) < voters.length ? unhealthy : undefined
}
function mayRemove(invocation: Invocation, to: Endpoint, membership: Membership, number: string): Output | undefined {
  const member = membership.members.find(m => m.number === number), voters = voting(membership), left = voters.filter(m => m.number !== number)
  if (member?.learner) return undefined
  if (left.filter(m => m.started).length < Math.floor(left.length / 2) + 1) return notEnough
  if (member?.id !== to.id && !(to.state.peers[member?.id ?? '']?.connection > 0)) return undefined // it counts for nothing now
  return connected(invocation, to, voters) - 1 < 1 + Math.floor((voters.length - 1) / 2) ? unhealthy : undefined
}

/** Source: etcd client/pkg/types/urls.go NewURLs */
function wrongUrl(text: string): string | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? []
  if (scheme === undefined && /^\d[^/]*:/.test(text)) return `parse ${JSON.stringify(text)}: first path segment in URL cannot contain colon`
  if (!['http', 'https'].includes(scheme)) return `URL scheme must be http, https, unix, or unixs: ${text}`
  if (!/^[^/]+:\d+(\/.*)?$/.test(rest)) return `URL address does not have the form "host:port": ${text}`
  return rest.includes('/') ? `URL must not contain a path: ${text}` : undefined
}
function urlsOf({ flags }: Invocation): readonly string[] | Output {
  if (!flags['peer-urls']) return badArguments('member peer urls not provided')
  const urls = flags['peer-urls'].split(','), wrong = urls.map(wrongUrl).find(w => w !== undefined)
  return wrong === undefined ? [...urls].sort() : failed(wrong)
}
/** Asks whichever member answers first, which has its own view of the others; then the change needs the quorum. */
function local(invocation: Invocation): Endpoint | Output {
  const to = reach(invocation, false)
  return isEndpoint(to) && groupOf(invocation.cluster, to.id).learns ? notForLearner : to
}
function commitChange(invocation: Invocation, change: MemberChange): Endpoint | Output {
  const { cluster } = invocation, to = reach(invocation, true)
  if (!isEndpoint(to)) return to
  const leader = leaderOf(cluster, to), before = leader.state.keyspace.membership
  note(invocation, to, 'member')
  operate(cluster, leader.id, 'member', { change })
  const done = (): boolean => endpointOf(cluster, leader.id).state.keyspace.membership !== before
  return waitFor(cluster.kernel, done, timeoutOf(invocation)) ? leader : unreachable
}
const padded = (number: string): string => number.padStart(16)

// ---- add
export function add(invocation: Invocation): Output | undefined {
  const { words, flags, cluster } = invocation, [, , newName, ...more] = words, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (newName === undefined) return badArguments('member name not provided')
  if (more.length) {
    return badArguments(`too many arguments${words.slice(2).filter(w => /^http/i.test(w)).map(w => `, did you mean --peer-urls=${w}`).join('')}`)
  }
  const urls = urlsOf(invocation), learner = flags.learner !== undefined
  if (!Array.isArray(urls)) return urls as Output
  const to = local(invocation), id = `etcd/${newName}`
  if (!isEndpoint(to)) return to
  const { membership } = groupOf(cluster, to.id), wrong = mayAdd(invocation, to, membership, learner)
  if (wrong) return wrong
  if (membership.members.some(m => peerUrls(invocation, m).some(u => urls.includes(u)))) return failed(errors.peerUrlsExist)
  if (learner && membership.members.some(m => m.learner)) return failed(errors.tooManyLearners)
  if (membership.members.some(m => m.id === id)) return failed(`not modelled: two members of the name ${newName}`)
  const member: Member = { id, number: memberNumber(id, `${urls.join()} ${membership.removed.length}`), learner, started: false, peerUrls: urls }
  prepare(invocation, member, membership)
  const leader = commitChange(invocation, { do: 'add', member })
  if (!isEndpoint(leader)) return leader
  const all = groupOf(cluster, leader.id).membership
  const initial = inOrder(all).flatMap(m => peerUrls(invocation, m).map(u => `${m.started || m.id === id ? name(m.id) : ''}=${u}`)).join()
  return inFormat(format, {
    json: () => json({
      header: headerOf(invocation, leader, false), member: jsonMember(invocation, member), members: inOrder(all).map(m => jsonMember(invocation, m)),
    }),
    simple: () => `Member ${padded(member.number)} added${learner ? ' as learner ' : ' '}to cluster ${padded(clusterNumber)}\n\n`
      + `ETCD_NAME=${JSON.stringify(newName)}\nETCD_INITIAL_CLUSTER=${JSON.stringify(initial)}\n`
      + `ETCD_INITIAL_ADVERTISE_PEER_URLS=${JSON.stringify(flags['peer-urls'])}\nETCD_INITIAL_CLUSTER_STATE="existing"\n`,
  })
}

/**
 * The process of a new member, with an empty data directory, on the machine of its peer URL: it waits for somebody to start it. One that was removed is
 * replaced by it.
 */
function prepare({ cluster: { kernel } }: Invocation, { id, number, peerUrls: urls }: Member, { members }: Membership): void {
  const host = /^\w+:\/\/(?:\[[^\]]*\]|([^:]*))/.exec(urls![0])?.[1] ?? '', machine = /[a-z]/i.test(host) ? host : name(id)
  const supervisor = kernel.has(`kubelet/${machine}`) ? { supervisor: `kubelet/${machine}`, livenessMs } : {}
  if (kernel.has(id)) { kernel.stop(id); kernel.remove(id) }
  const actor = etcdMember({
    name: name(id), host: machine, members: [...members.map(m => name(m.id)), name(id)], joins: number, initial: [], encryptedResources: [],
  })
  kernel.add({ ...actor, ...supervisor }, 'stopped')
}

// ---- remove, promote, update
/** Hexadecimal, without leading zeros. */
const numberFrom = (word: string): string | undefined =>
  /^[0-9a-fA-F]{1,16}$/.test(word) ? word.toLowerCase().replace(/^0+(?=.)/, '') : undefined
type Numbered = { readonly format: Format; readonly number: string }
function numbered(invocation: Invocation): Numbered | Output {
  const { words } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('member ID is not provided')
  const number = numberFrom(words[2])
  if (number === undefined) {
    return badArguments(`bad member ID arg (strconv.ParseUint: parsing ${JSON.stringify(words[2])}: invalid syntax), expecting ID in Hex`)
  }
  return { format, number }
}
const notFound = failed(errors.memberNotFound)

/** Commits a change of one member that is there, and says so. */
function change(invocation: Invocation, { format, number }: Numbered, what: MemberChange, said: string): Output {
  const { cluster } = invocation, leader = commitChange(invocation, what)
  if (!isEndpoint(leader)) return leader
  const { membership } = groupOf(cluster, leader.id)
  return inFormat(format, {
    json: () => json({ header: headerOf(invocation, leader, false), members: inOrder(membership).map(m => jsonMember(invocation, m)) }),
    simple: () => `Member ${padded(number)} ${said} cluster ${padded(clusterNumber)}\n`,
  })
}

export function remove(invocation: Invocation): Output | undefined {
  const { cluster: { kernel } } = invocation, wanted = numbered(invocation)
  if (!('number' in wanted)) return wanted
  const to = local(invocation)
  if (!isEndpoint(to)) return to
  const { membership } = groupOf(invocation.cluster, to.id), wrong = mayRemove(invocation, to, membership, wanted.number)
  const member = membership.members.find(m => m.number === wanted.number)
  if (wrong || !member) return wrong ?? notFound
  const output = change(invocation, wanted, { do: 'remove', number: wanted.number }, 'removed from')
  // it has ended by itself, or is down: nobody starts it again
  if (!output.code && kernel.statusOf(member.id) === 'down') kernel.stop(member.id)
  return output
}

export function promote(invocation: Invocation): Output | undefined {
  const { cluster } = invocation, wanted = numbered(invocation)
  if (!('number' in wanted)) return wanted
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return to
  const leader = leaderOf(cluster, to), member = groupOf(cluster, leader.id).membership.members.find(m => m.number === wanted.number)
  if (!member) return notFound
  const { raft } = leader.state
  if (member.learner && !raft.progress[member.id]?.inStep) return failed(errors.learnerNotReady)
  if (!member.learner) return failed(errors.notLearner)
  return change(invocation, wanted, { do: 'promote', number: wanted.number }, 'promoted in')
}

export function update(invocation: Invocation): Output | undefined {
  const { cluster } = invocation, wanted = numbered(invocation)
  if (!('number' in wanted)) return wanted
  const urls = urlsOf(invocation)
  if (!Array.isArray(urls)) return urls as Output
  const to = local(invocation)
  if (!isEndpoint(to)) return to
  const { members } = groupOf(cluster, to.id).membership
  if (!members.some(m => m.number === wanted.number)) return notFound
  if (members.some(m => m.number !== wanted.number && peerUrls(invocation, m).some(u => urls.includes(u)))) {
    return failed(errors.peerUrlsExist)
  }
  return change(invocation, wanted, { do: 'update', number: wanted.number, peerUrls: urls }, 'updated in')
}

// ---- move-leader
export function moveLeader(invocation: Invocation): Output | undefined {
  const { words, cluster } = invocation, [, word] = words
  if (words.length !== 2) return badArguments('move-leader command needs 1 argument')
  const number = numberFrom(word)
  if (number === undefined) return badArguments(`strconv.ParseUint: parsing ${JSON.stringify(word)}: invalid syntax`)
  // it asks each of them who leads, and waits for the one that does not answer
  if (!waitFor(cluster.kernel, () => endpoints(invocation).every(e => e.up), timeoutOf(invocation))) return unreachable
  const all = endpoints(invocation), leader = all.find(e => e.state.raft.role === 'leader')
  if (!leader) return badArguments(`no leader endpoint given at [${all.map(e => e.url).join(' ')}]`)
  const { membership, number: from } = groupOf(cluster, leader.id), target = membership.members.find(m => m.number === number)
  if (!target || target.learner) return failed(errors.badTransferee)
  const leads = (): boolean => cluster.kernel.stateOf<MemberState>(leader.id).raft.leader === target.id
  note(invocation, leader, 'move-leader')
  operate(cluster, leader.id, 'move-leader', { to: target.id })
  if (!waitFor(cluster.kernel, leads, timeoutOf(invocation))) return unreachable
  return { stdout: `Leadership transferred from ${from} to ${target.number}\n` }
}
