import { splitCommand } from '../../../base/command-words.ts'
import type { EtcdKey } from '../../api/etcd.ts'
import type { KubeObject } from '../../api/request.ts'
import { errors, type Command, type Keyspace } from '../../etcd/index.ts'
import { badArguments, failed, parse, type Invocation, type Output } from './command.ts'
import { commit, endpointOf, isEndpoint, leaderOf, note, reach } from './endpoints.ts'
import { kept, mistaken, chooser, valueOf, wrongGet, type Flags } from './keys.ts'
import { fieldsKey, formatOf, headerFields, headerOf, inFormat, json, jsonKey, simpleKey, type KeyValue } from './printing.ts'
import { allKeys, keyOf, shown } from './stored.ts'

interface Compare { readonly target: string; readonly key: string; readonly op: string; readonly value: string }
interface Request { readonly verb: string; readonly words: readonly string[]; readonly flags: Flags }
interface Asked { readonly compares: readonly Compare[]; readonly success: readonly Request[]; readonly failure: readonly Request[] }

/**
 * Comparisons, what is done if all hold, and what otherwise: line by line on stdin, each part up to an empty line. All that is written is written at one
 * revision. Source: etcd etcdctl/ctlv3/command/txn_command.go, client/v3/compare.go, server/etcdserver/txn
 */
export function txn(invocation: Invocation): Output | undefined {
  const { words, flags, stdin = '' } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (words.length > 1) return badArguments('txn command does not accept argument')
  const asks = flags.interactive, prompts = ['compares:', 'success requests (get, put, del):', 'failure requests (get, put, del):']
  const asked = askedIn(stdin)
  if (!('compares' in asked)) return asked
  const to = reach(invocation, true)
  if (!isEndpoint(to)) return to
  const leader = leaderOf(invocation.cluster, to), { keyspace } = leader.state
  const holds = asked.compares.every(compare => isSo(keyspace, compare)), requests = holds ? asked.success : asked.failure
  const before = allKeys(keyspace).map(k => shown(keyspace, k)), plan = planned(keyspace, before, requests, keyspace.revision)
  if (!('replies' in plan)) return plan
  note(invocation, to, 'txn')
  let done = plan
  if (plan.puts.length + plan.deletes.length > 0) {
    if (keyspace.alarm || keyspace.space !== 'free') return failed(errors.noSpace)
    const late = commit(invocation, to, () => [{ op: 'write all', puts: plan.puts, deletes: plan.deletes } as Command])
    if (late) return late
    // what others had on its way came first
    const at = writtenAt(endpointOf(invocation.cluster, leader.id).state.keyspace, plan)
    if (at === undefined) return failed('not modelled: a transaction of etcdctl whose keys somebody else writes at the same moment')
    done = planned(keyspace, before, requests, at) as Planned
  }
  const { replies } = done, head = headerOf(invocation, leader, true), revision = { revision: done.revision }
  const output = inFormat(format, {
    json: () => json({ header: head, ...holds ? { succeeded: true } : {}, responses: replies.map(reply => ({ Response: reply.json(revision) })) }),
    fields: () => `${headerFields(invocation, leader, true)}"Succeeded" : ${holds}\n${
      replies.map(reply => `"ClusterID" : 0\n"MemberID" : 0\n"Revision" : ${done.revision}\n"RaftTerm" : 0\n${reply.fields}`).join('')}`,
    simple: () => `${holds ? 'SUCCESS' : 'FAILURE'}\n${replies.map(reply => `\n${reply.simple}`).join('')}`,
  })
  return asks && output.stdout !== undefined ? { ...output, stdout: `${prompts.join('\n')}\n${output.stdout}` } : output
}

// ---- what stands on stdin
const noEnd = failed('EOF', 3), wrongLine = (why: string): Output => failed(why, 3)
function askedIn(stdin: string): Asked | Output {
  const lines = stdin.split('\n').slice(0, -1).map(line => line.trim()), parts: string[][] = []
  for (let i = 0; i < 3; i++) {
    const end = lines.indexOf('')
    // a mistake in a line is told before its part is seen to have no end
    parts.push(lines.splice(0, end < 0 ? lines.length : end + 1).filter(line => line !== ''))
    const read = parts[i].map(line => i === 0 ? compareIn(line) : requestIn(line)), wrong = read.find(isOutput)
    if (wrong) return wrong
    if (end < 0) return noEnd
  }
  return { compares: parts[0].map(compareIn) as Compare[], success: parts[1].map(requestIn) as Request[], failure: parts[2].map(requestIn) as Request[] }
}
const isOutput = (read: object): read is Output => 'code' in read

const targets: Readonly<Record<string, string>> = {
  ver: 'version', version: 'version', c: 'created', create: 'created', m: 'modified', mod: 'modified', val: 'value', value: 'value',
}
function compareIn(line: string): Compare | Output {
  const [, target = '', rest = ''] = /^(\w+)\(([^]*)$/.exec(line) ?? [], [quoted = '""'] = /^"(?:[^"\\]|\\.)*"/.exec(rest) ?? []
  const [, op = '', value] = /^\) (\S+)(?: ("(?:[^"\\]|\\.)*"))?/.exec(rest.slice(rest.startsWith('"') ? quoted.length : 0)) ?? []
  if (value === undefined) return wrongLine(`malformed comparison: ${line}; got ${target}(${quoted}) ${op} ""`)
  if (target === 'lease' || !['=', '!=', '<', '>'].includes(op)) return failed(`not modelled: etcdctl panics at ${line}`)
  if (!Object.hasOwn(targets, target)) return wrongLine(`malformed comparison: ${line} (unknown target ${target})`)
  const compare = { target: targets[target], key: JSON.parse(quoted), op, value: JSON.parse(value) }
  return compare.target !== 'value' && !/^[+-]?\d+$/.test(compare.value) ? wrongLine(`invalid txn compare request: ${line}`) : compare
}

const own: Readonly<Record<string, readonly string[]>> = {
  get: [
    'consistency', 'order', 'sort-by', 'limit', 'prefix', 'from-key', 'keys-only', 'print-value-only', 'min-create-rev', 'max-create-rev', 'min-mod-rev',
    'max-mod-rev',
  ],
  put: ['prev-kv'], del: ['prefix', 'from-key', 'prev-kv', 'range'],
}
function requestIn(line: string): Request | Output {
  const split = splitCommand(line)
  if (!('words' in split)) return failed(`not modelled: ${line} in etcdctl txn`)
  const { words, flags } = parse(split.words), [verb = ''] = words, request = { verb, words, flags }
  if (!Object.hasOwn(own, verb)) return wrongLine(`invalid txn request: ${line}`)
  const odd = Object.entries(flags).some(([flag, value]) => !own[verb].includes(flag) || /limit|-rev$/.test(flag) && !/^-?\d+$/.test(value))
  if (odd) return failed(`not modelled: ${line} in etcdctl txn`)
  if (verb === 'put') return words.length === 3 ? request : badArguments('put command needs 1 argument and input from stdin or 2 arguments')
  const invocation = { words, flags } as Invocation
  return mistaken(invocation, verb as 'get' | 'del', verb === 'get' ? Infinity : 3) ?? (verb === 'get' ? wrongGet(flags) : undefined) ?? request
}

// ---- what it comes to
function isSo(keyspace: Keyspace, { target, key, op, value }: Compare): boolean {
  const there = allKeys(keyspace).find(k => k.path === key), kv: any = there && shown(keyspace, there)
  // a value that is not there is no value, not even an empty one
  if (!kv && target === 'value') return false
  const is: string | number = kv?.[target] ?? 0, wanted = target === 'value' ? value : Number(value)
  return op === '=' ? is === wanted : op === '!=' ? is !== wanted : op === '<' ? is < wanted : is > wanted
}

interface Reply { readonly simple: string; readonly fields: string; readonly json: (header: object) => object }
interface Planned {
  readonly replies: readonly Reply[]
  readonly revision: number
  readonly puts: readonly { readonly key: EtcdKey; readonly expected: number; readonly value: KubeObject }[]
  readonly deletes: readonly { readonly key: EtcdKey; readonly expected: number }[]
}
/** At which revision it has been written; undefined: it was not, as something was different by then. */
function writtenAt(keyspace: Keyspace, { puts, deletes }: Planned): number | undefined {
  const [{ key }] = [...puts, ...deletes], { resource, namespace, name } = key
  const last = keyspace.changesAfter(keyspace.compacted - 1)
    .findLast(({ key: k }) => k.resource === resource && k.namespace === namespace && k.name === name)
  return last?.type === (puts.length > 0 ? 'PUT' : 'DELETE') && (puts.length === 0 || isSame(last.object, puts[0].value)) ? last.revision : undefined
}
const isSame = ({ metadata: _a, ...a }: any, { metadata: _b, ...b }: any): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What each request answers, one after the other, and all that they write, at a revision. */
function planned(keyspace: Keyspace, before: readonly KeyValue[], requests: readonly Request[], revision: number): Planned | Output {
  const now = new Map<string, KeyValue>(before.map(kv => [kv.key, kv])), written = new Set<string>(), replies: Reply[] = []
  const puts: Planned['puts'][number][] = [], deletes: Planned['deletes'][number][] = []
  for (const { verb, words, flags } of requests) {
    if (verb === 'get') { replies.push(gotten([...now.values()].filter(kv => chooser(words, flags)(kv.key)), flags)); continue }
    const fits = verb === 'put' ? (path: string): boolean => path === words[1] : chooser(words, flags)
    const touched = [...now.values()].filter(kv => fits(kv.key)), previous = flags['prev-kv'] ? touched : []
    if (verb === 'put' ? written.has(words[1]) : [...written].some(fits)) return failed('etcdserver: duplicate key given in txn request')
    if (verb === 'put') {
      const [before] = touched, key = keyOf(keyspace, words[1]), value = valueOf(key.resource, words[1], words[2])
      if (!value) return failed(`not modelled: a value of ${words[1]} that an API server could not read as JSON`)
      written.add(words[1])
      puts.push({ key, expected: before?.modified ?? 0, value })
      now.set(words[1], {
        key: words[1], value: words[2], created: before?.created ?? revision, modified: revision, version: (before?.version ?? 0) + 1, lease: '',
      })
      replies.push({
        simple: `OK\n${previous.map(kv => simpleKey(kv, {})).join('')}`, fields: previous.map(kv => fieldsKey(kv, 'Prev')).join(''),
        json: header => ({ response_put: { header, ...previous.length ? { prev_kv: jsonKey(previous[0]) } : {} } }),
      })
      continue
    }
    for (const { key: path, modified } of touched) { written.add(path); now.delete(path); deletes.push({ key: keyOf(keyspace, path), expected: modified }) }
    replies.push({
      simple: `${touched.length}\n${previous.map(kv => simpleKey(kv, {})).join('')}`,
      fields: `"Deleted" : ${touched.length}\n${previous.map(kv => fieldsKey(kv, 'Prev')).join('')}`,
      json: header => ({
        response_delete_range: {
          header, ...touched.length ? { deleted: touched.length } : {}, ...previous.length ? { prev_kvs: previous.map(jsonKey) } : {},
        },
      }),
    })
  }
  return { replies, revision, puts, deletes }
}
function gotten(all: readonly KeyValue[], flags: Flags): Reply {
  const { kvs, more } = kept(all, flags)
  return {
    simple: kvs.map(kv => simpleKey(kv, {}, flags['print-value-only'] !== undefined)).join(''),
    fields: `${kvs.map(kv => fieldsKey(kv)).join('')}"More" : ${more}\n"Count" : ${all.length}\n`,
    json: header => ({
      response_range: { header, ...kvs.length ? { kvs: kvs.map(jsonKey) } : {}, ...more ? { more } : {}, ...all.length ? { count: all.length } : {} },
    }),
  }
}
