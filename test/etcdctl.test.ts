import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { splitCommand } from '../src/base/command-words.ts'
import { etcdctl } from '../src/runtime-model/operations/etcdctl/index.ts'
import { decimal, groupOf, clusterNumber } from '../src/runtime-model/operations/etcdctl/endpoints.ts'
import { checkEtcdctl } from '../src/clients/etcdctl.ts'
import { etcdWorld } from './support/etcd-client.ts'
import { terminal } from './support/transcript.ts'

interface Recorded { readonly line: string; readonly out?: string; readonly err?: string; readonly code?: number; readonly do?: string }
/**
 * What etcdctl 3.6.5 printed before three members of etcd 3.6.5, one line after the other, without what its client logs; numbers of members, of the
 * cluster and of leases are named in the order in which they were met.
 */
const recorded = JSON.parse(readFileSync(new URL('./etcdctl-recorded.json', import.meta.url), 'utf8')) as Recorded[]

/** Hexadecimal numbers and their names. */
class Names {
  readonly known = new Map<string, string>()
  learn(number: string, name: string): void { if (![...this.known.values()].includes(name) && !this.known.has(number)) this.known.set(number, name) }
  learnFrom(out: string): void {
    const next = (kind: string): string => `<${kind}-${[...this.known.values()].filter(n => n.startsWith(`<${kind}`)).length + 1}>`
    for (const [, id] of out.matchAll(/lease ([0-9a-f]{16}) granted/g)) this.learn(id, next('lease'))
    const lease = /"ID":(\d+),"TTL"/.exec(out)
    if (lease) this.learn(BigInt(lease[1]).toString(16), next('lease'))
    const member = /Member +([0-9a-f]+) added/.exec(out)
    if (member) this.learn(member[1], next('member-new'))
  }
  hide(text: string): string {
    let hidden = text.replace(/took =? ?\d+m?s/g, 'took T').replace(/"raft_term":\d+/g, '"raft_term":N').replace(/"RaftTerm" : \d+/g, '"RaftTerm" : N')
    for (const [number, name] of this.known) {
      hidden = hidden.replace(new RegExp(`\\b0*${number}\\b`, 'g'), name).replace(new RegExp(`\\b${decimal(number)}\\b`, 'g'), name)
    }
    return hidden.replace(/ +(<[a-z])/g, ' $1')
  }
  put(line: string): string { for (const [number, name] of this.known) line = line.replaceAll(name, number); return line }
}
/** Real members have other numbers, so lines of a list come in another order, and so do the borders of a table. */
const unordered = (text: string): string[] => text.replace(/"members":\[\{(.*)\}\]\}/, (_, m: string) => m.split('},{').sort().join('},{'))
  .replace(/"ttl":(59\d|600)/, '"ttl":T')
  .replace(/ETCD_INITIAL_CLUSTER="(.*)"/, (_, m: string) => m.split(',').sort().join()).replace(/[-+ ]{2,}/g, ' ').split('\n').sort()

test('a whole session prints what it prints before a real etcd', () => {
  const world = etcdWorld(3), { kernel } = world, names = new Names(), wrong: unknown[] = []
  for (const id of world.ids()) names.learn(groupOf(world as any, id).number, `<${id.slice(5)}>`)
  names.learn(clusterNumber, '<cluster>')
  kernel.runTo(10_000)
  for (const { line, do: done, out = '', err = '', code = 0 } of recorded) {
    if (done !== undefined) {
      const [verb, what] = done.split(' ')
      if (verb === 'sleep') kernel.runTo(kernel.now + Number(what) * 1000)
      if (verb === 'stop') kernel.stop(`etcd/etcd-${what}`)
      if (verb === 'join') { kernel.start(`etcd/etcd-${what}`); kernel.runTo(kernel.now + 3000) }
      continue
    }
    const split = splitCommand(names.put(line)) as { readonly words: readonly string[] }
    const printed = JSON.parse(etcdctl(world as any, { args: split.words.slice(1) }))
    names.learnFrom(printed.stdout)
    const ours = { out: names.hide(printed.stdout), err: names.hide(printed.stderr), code: printed.code }
    if (JSON.stringify([unordered(ours.out), ours.err, ours.code]) !== JSON.stringify([unordered(out), err, code])) {
      wrong.push({ line, ours, real: { out, err, code } })
    }
  }
  expect(wrong).toEqual([])
})

test('bytes, bounds of revisions and hashes of the past are told as by a real etcdctl', async () => {
  const { type } = terminal()
  // the revisions of a cluster are its own: bounds are looked up
  const said = await type(`$ etcdctl put a 1
    $ etcdctl put ab "x y"
    $ etcdctl get a b --hex
    $ etcdctl get ab --print-value-only --hex
    $ etcdctl del ab --prev-kv --hex
    $ etcdctl get a z --min-mod-rev=99999
    $ etcdctl get a z --max-create-rev=99999 --keys-only
    $ etcdctl endpoint hashkv --rev=99999`)
  expect(said.split('\n').filter(line => !line.startsWith('$'))).toEqual([
    'OK', 'OK', '\\x61', '\\x31', '\\x61\\x62', '\\x78\\x20\\x79', '\\x78\\x20\\x79', '1', '\\x61\\x62', '\\x78\\x20\\x79', 'a', '',
    '! Failed to get the hash of endpoint 127.0.0.1:2379 (etcdserver: mvcc: required revision is a future revision)',
    '! Error: etcdserver: mvcc: required revision is a future revision', '[1]',
  ])
})
test.each([
  ['get a --limit=x', 'invalid argument "x" for "--limit" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  ['get a --rev', 'flag needs an argument: --rev'], ['get a --limit=5', undefined], ['get -- --rev', undefined],
])('etcdctl %s', (line, why) => {
  const { words } = splitCommand(line) as { readonly words: readonly string[] }
  expect(checkEtcdctl(words)?.message.replace(/^etcdctl get: /, '')).toBe(why)
})
