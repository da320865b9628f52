import type { KubeObject } from '../../api/request.ts'
import { plainKeys } from '../../api/etcd.ts'
import { errors, type Change, type Command, type Item, type Keyspace } from '../../etcd/index.ts'
import { badArguments, exit, failed, type Invocation, type Output } from './command.ts'
import { commit, isEndpoint, leaderOf, note, reach, type Endpoint } from './endpoints.ts'
import { fieldsKey, formatOf, headerFields, headerOf, inFormat, json, jsonKey, simpleKey, type Format, type KeyValue } from './printing.ts'
import { allKeys, itemBefore, keyOf, keysAt, pathOf, shown, type StoredKey } from './stored.ts'

export type Flags = Invocation['flags']

/** Which keys a command means: one, `[key, end)`, those that begin with it, or all from it on. Source: etcd client/v3/op.go */
export function chooser([, key, end]: readonly string[], flags: Flags): (path: string) => boolean {
  if (flags['from-key'] || flags.prefix && key === '') return path => path >= key
  if (flags.prefix) return path => path.startsWith(key)
  return end === undefined ? path => path === key : path => path >= key && path < end
}
export const mistaken = ({ words, flags }: Invocation, command: 'get' | 'del', most: number): Output | undefined => {
  if (words.length < 2 || words.length > most) return badArguments(`${command} command needs one argument as key and an optional argument as range_end`)
  if (flags.prefix && flags['from-key']) return badArguments('`--prefix` and `--from-key` cannot be set at the same time, choose one')
  return words.length > 2 && (flags.prefix || flags['from-key'])
    ? badArguments('too many arguments, only accept one argument when `--prefix` or `--from-key` is set')
    : undefined
}
const values = (keyspace: Keyspace, keys: readonly StoredKey[]): KeyValue[] => keys.map(k => shown(keyspace, k))

// ---- get
export function get(invocation: Invocation): Output | undefined {
  const { words, flags } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  const wrong = mistaken(invocation, 'get', Infinity) ?? wrongGet(flags)
  if (wrong) return wrong
  if (flags.hex && format === 'fields') return undefined
  const to = reach(invocation, flags.consistency !== 's')
  if (!isEndpoint(to)) return to
  note(invocation, to, 'range')
  const { keyspace } = to.state, revision = Number(flags.rev ?? 0)
  if (revision > keyspace.revision) return failed(errors.futureRevision)
  if (revision > 0 && revision < keyspace.compacted) return failed(errors.compacted)
  const fits = chooser(words, flags), all = (revision > 0 ? keysAt(keyspace, revision) : allKeys(keyspace)).filter(k => fits(k.path))
  if (flags['count-only']) {
    return format === 'fields'
      ? { stdout: `${headerFields(invocation, to, true)}"More" : false\n"Count" : ${all.length}\n` }
      : badArguments('--count-only is only for `--write-out=fields`')
  }
  if (flags['print-value-only'] && format !== 'simple') return badArguments('print-value-only is only for `--write-out=simple`')
  return printed(invocation, to, format, values(keyspace, all))
}

export function wrongGet({ consistency = 'l', order, 'sort-by': by, 'keys-only': keys, 'count-only': count }: Flags): Output | undefined {
  if (keys && count) return badArguments('`--keys-only` and `--count-only` cannot be set at the same time, choose one')
  if (consistency !== 'l' && consistency !== 's') return failed(`unknown consistency flag ${JSON.stringify(consistency)}`, exit.badFeature)
  if (order !== undefined && !['ASCEND', 'DESCEND', ''].includes(order.toUpperCase())) return failed(`bad sort order ${order}`, exit.badFeature)
  return by !== undefined && !(by.toUpperCase() in sorts) ? failed(`bad sort target ${by}`, exit.badFeature) : undefined
}
const sorts: Readonly<Record<string, (kv: KeyValue) => string | number>> = {
  '': kv => kv.key, KEY: kv => kv.key, CREATE: kv => kv.created, MODIFY: kv => kv.modified, VALUE: kv => kv.value, VERSION: kv => kv.version,
}

/** Those within the revisions that are asked for; a bound of 0 is none. Source: etcd server/etcdserver/txn/range.go (pruneKVs) */
const isWithin = ({ created, modified }: KeyValue, flags: Flags): boolean => {
  const bound = (name: string): number => Number(flags[name] ?? 0)
  return modified >= bound('min-mod-rev') && modified <= (bound('max-mod-rev') || Infinity)
    && created >= bound('min-create-rev') && created <= (bound('max-create-rev') || Infinity)
}
/** In the order that is asked for, as many as are; `more`: there would be others. */
export function kept(all: readonly KeyValue[], flags: Flags): { readonly kvs: readonly KeyValue[]; readonly more: boolean } {
  const by = sorts[(flags['sort-by'] ?? '').toUpperCase()], limit = Number(flags.limit ?? 0), sign = flags.order?.toUpperCase() === 'DESCEND' ? -1 : 1
  const sorted = all.filter(kv => isWithin(kv, flags)).sort((a, b) => sign * (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0))
  const more = limit > 0 && sorted.length > limit
  return { kvs: (more ? sorted.slice(0, limit) : sorted).map(kv => flags['keys-only'] ? { ...kv, value: '' } : kv), more }
}
function printed(invocation: Invocation, to: Endpoint, format: Format, all: readonly KeyValue[]): Output {
  const { flags } = invocation, { kvs, more } = kept(all, flags)
  return inFormat(format, {
    json: () => json({
      header: headerOf(invocation, to, true), ...kvs.length ? { kvs: kvs.map(jsonKey) } : {}, ...more ? { more } : {},
      ...all.length ? { count: all.length } : {},
    }),
    fields: () => `${headerFields(invocation, to, true)}${kvs.map(kv => fieldsKey(kv)).join('')}"More" : ${more}\n"Count" : ${all.length}\n`,
    simple: () => kvs.map(kv => simpleKey(kv, flags, flags['print-value-only'] !== undefined)).join(''),
  })
}

// ---- put and del
/** An object of Kubernetes is put as JSON, which API servers read as they read protobuf. */
export function valueOf(resource: string, path: string, text: string): KubeObject | undefined {
  if (resource === plainKeys) return { apiVersion: '', kind: '', metadata: { name: path, uid: '', resourceVersion: '', creationTimestamp: '' }, value: text }
  try {
    const value = JSON.parse(text)
    return typeof value?.kind === 'string' && typeof value.metadata?.name === 'string' ? value : undefined
  } catch { return undefined }
}

export function put(invocation: Invocation): Output | undefined {
  const { words, flags } = invocation, [, path, text] = words, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (path === undefined || text === undefined && !flags['ignore-value']) {
    return badArguments('put command needs 1 argument and input from stdin or 2 arguments')
  }
  if (flags['ignore-value'] && text !== undefined) return badArguments("put command needs only 1 argument when 'ignore-value' is set")
  const lease = leaseWord(flags.lease ?? '0')
  if (lease === undefined) return badArguments(`bad lease ID (strconv.ParseInt: parsing ${JSON.stringify(flags.lease)}: invalid syntax), expecting ID in Hex`)
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return to
  const leader = leaderOf(invocation.cluster, to), { keyspace } = leader.state, key = keyOf(keyspace, path), there = keyspace.item(key)
  if (!there && (flags['ignore-value'] || flags['ignore-lease'])) return failed(errors.keyNotFound)
  if (lease !== '' && !keyspace.grants.some(g => g.id === lease)) return failed(errors.leaseNotFound)
  if (keyspace.alarm || keyspace.space !== 'free') return failed(errors.noSpace)
  const value = flags['ignore-value'] ? there!.object : valueOf(key.resource, path, text), under = flags['ignore-lease'] ? there!.lease : lease || undefined
  if (!value) return failed(`not modelled: a value of ${path} that an API server could not read as JSON`)
  const before = there && shown(keyspace, { path, key, item: there })
  note(invocation, to, 'put')
  const late = commit(invocation, to, () => [{ op: 'put', key, expected: there?.revision ?? 0, value, lease: under } as Command])
  if (late) return late
  const previous = flags['prev-kv'] ? before : undefined, header = headerOf(invocation, leader, true)
  return inFormat(format, {
    json: () => json({ header, ...previous ? { prev_kv: jsonKey(previous) } : {} }),
    fields: () => headerFields(invocation, leader, true) + (previous ? fieldsKey(previous, 'Prev') : ''),
    simple: () => `OK\n${previous ? simpleKey(previous, flags) : ''}`,
  })
}
/** Sixteen hexadecimal digits; '' for none, undefined if it is no number. */
export const leaseWord = (text: string): string | undefined =>
  !/^[0-9a-fA-F]{1,16}$/.test(text) ? undefined : /^0+$/.test(text) ? '' : text.toLowerCase().padStart(16, '0')

export function del(invocation: Invocation): Output | undefined {
  const { words, flags } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  const wrong = mistaken(invocation, 'del', 3)
  if (wrong) return wrong
  const stderr = words.length > 2 && !flags.range
    ? `Warning: Keys between ${JSON.stringify(words[1])} and ${JSON.stringify(words[2])} will be deleted. Please interrupt the command within next 2 seconds to `
      + 'cancel. You can provide `--range` flag to avoid the delay.\n'
    : ''
  if (stderr) invocation.cluster.kernel.runTo(invocation.cluster.kernel.now + 2000)
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return to
  const leader = leaderOf(invocation.cluster, to), { keyspace } = leader.state, fits = chooser(words, flags)
  const keys = allKeys(keyspace).filter(k => fits(k.path)), gone = values(keyspace, keys)
  note(invocation, to, 'delete')
  const late = commit(invocation, to, () => [{ op: 'delete all', keys: keys.map(({ key, item }) => ({ key, expected: item.revision })) }])
  if (late) return { ...late, stderr: stderr + late.stderr! }
  const previous = flags['prev-kv'] ? gone : []
  const output = inFormat(format, {
    json: () => json({
      header: headerOf(invocation, leader, true), ...gone.length ? { deleted: gone.length } : {}, ...previous.length ? { prev_kvs: previous.map(jsonKey) } : {},
    }),
    fields: () => `${headerFields(invocation, leader, true)}"Deleted" : ${gone.length}\n${previous.map(kv => fieldsKey(kv, 'Prev')).join('')}`,
    simple: () => `${gone.length}\n${previous.map(kv => simpleKey(kv, flags)).join('')}`,
  })
  return { ...output, stderr: stderr + (output.stderr ?? '') }
}

// ---- watch
/**
 * What has happened to some keys since `--rev`, up to now: as a watch that is ended then by Ctrl-C. Without `--rev` it would have nothing to tell.
 */
export function watch(invocation: Invocation): Output | undefined {
  const { words, flags } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (words.length < 2) return badArguments('bad number of arguments')
  if (words.length > 2 && flags.prefix) return badArguments('`range_end` and `--prefix` are mutually exclusive')
  if (!flags.rev || flags.rev === '0') return failed('not modelled: etcdctl watch that waits for what is to come (with --rev=REVISION it tells what has been)')
  const to = reach(invocation, false)
  if (!isEndpoint(to)) return to
  const { keyspace, raft } = to.state, from = Number(flags.rev)
  const why = raft.leader === undefined ? errors.noLeader
    : from < keyspace.compacted ? errors.compacted
    : undefined
  if (why) return { stderr: `watch was canceled (${why})\nError: watch is canceled by the server\n`, code: exit.interrupted }
  note(invocation, to, 'watch')
  const fits = chooser(words, flags), changes = keyspace.changesAfter(keyspace.compacted - 1)
  const events = changes.filter(c => c.revision >= from && fits(pathOf(c.key))).map(c => eventOf(keyspace, changes, c, flags['prev-kv'] !== undefined))
  if (events.length === 0) return {}
  return inFormat(format, {
    json: () => json({
      Header: headerOf(invocation, to, true),
      Events: events.map(({ type, kv, previous }) =>
        ({ ...type === 'DELETE' ? { type: 1 } : {}, kv: jsonKey(kv), ...previous ? { prev_kv: jsonKey(previous) } : {} })),
      CompactRevision: 0, Canceled: false, Created: false,
    }),
    fields: () => headerFields(invocation, to, true)
      + events.map(({ type, kv, previous }) => `"Type" : ${type}\n${previous ? fieldsKey(previous, 'Prev') : ''}${fieldsKey(kv)}`).join(''),
    simple: () => events.map(({ type, kv, previous }) => `${type}\n${previous ? simpleKey(previous, flags) : ''}${simpleKey(kv, flags)}`).join(''),
  })
}

function eventOf(
  keyspace: Keyspace, changes: readonly Change[], change: Change, withPrevious: boolean
): { readonly type: string; readonly kv: KeyValue; readonly previous?: KeyValue } {
  const path = pathOf(change.key), { type, key, revision, object, encrypted, created, version, lease } = change
  const before = withPrevious ? itemBefore(changes, change) : undefined, item: Item = { object, revision, encrypted, created, version, lease }
  return {
    type, previous: before && shown(keyspace, { path, key, item: before }),
    kv: type === 'DELETE' ? { key: path, value: '', created: 0, modified: revision, version: 0, lease: '' } : shown(keyspace, { path, key, item }),
  }
}
