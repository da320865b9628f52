import { describe, expect, test } from 'vitest'
import { loopIn, readCorefile } from '../src/runtime-model/api/corefile.ts'
import { Network } from './support/network.ts'

/** What administrators write into the ConfigMap of CoreDNS, and what pods then find. web: a Service in default. */
let base: Network | undefined
function world(): Network {
  if (!base) {
    base = new Network()
    base.pod('web', 'worker-1'); base.service('web'); base.pod('client', 'worker-2')
    base.driver.operate('host-outside', { name: 'ns.corp.example', address: '198.51.100.53' })
    base.driver.operate('host-outside', { name: 'git.corp', address: '198.51.100.54' })
    base.pass(10_000)
  }
  return base.fork()
}
const usual = `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
    }
    forward . /etc/resolv.conf
    cache 30
}
`
function after(text: string, name: string, passMs = 150_000): string {
  const n = world()
  n.merge('configmaps', 'kube-system/coredns', { data: { Corefile: text } })
  return n.pass(passMs).resolve('client', name)
}
const inside = /^10\.(9[6-9]|1[01]\d)\./
const with_ = (line: string): string => usual.replace('    errors\n', `    errors\n    ${line}\n`)

describe('a Corefile', () => {
  test.each<[string, string, string, RegExp]>([
    ['as it is', usual, 'web.default', inside],
    [
      'a zone of one\'s own beside cluster.local', usual.replace('kubernetes cluster.local', 'kubernetes corp.local cluster.local'),
      'web.default.svc.corp.local', inside,
    ],
    ['… and cluster.local still', usual.replace('kubernetes cluster.local', 'kubernetes corp.local cluster.local'), 'web.default.svc.cluster.local', inside],
    ['… which it does not have unless it is told', usual, 'web.default.svc.corp.local', /no such host/],
    ['another zone instead: short names are none any more', usual.replace('kubernetes cluster.local', 'kubernetes corp.local'), 'web', /no such host/],
    ['a name that is another', with_('rewrite name shop.local web.default.svc.cluster.local'), 'shop.local', inside],
    ['a suffix that is another', with_('rewrite name suffix .shop.local .default.svc.cluster.local'), 'web.shop.local', inside],
    ['by an expression', with_('rewrite name regex (.*)\\.shop\\.local {1}.default.svc.cluster.local'), 'web.shop.local', inside],
    ['hosts, and the rest as before', with_('hosts {\n 192.0.2.9 legacy.local\n fallthrough\n }'), 'legacy.local', /^192\.0\.2\.9$/],
    ['hosts, the rest', with_('hosts {\n 192.0.2.9 legacy.local\n fallthrough\n }'), 'web', inside],
    ['hosts without fallthrough swallow the rest', with_('hosts {\n 192.0.2.9 legacy.local\n }'), 'web', /no such host/],
    ['a zone of another server', `${usual}corp:53 {\n forward . 198.51.100.53\n}\n`, 'git.corp', /^198\.51\.100\.54$/],
    ['… that is not there', `${usual}corp:53 {\n forward . 10.9.9.9\n}\n`, 'git.corp', /server misbehaving/],
    ['… of which nothing is said', `${usual}corp:53 {\n forward . 203.0.113.77\n}\n`, 'git.corp', /not modelled/],
    ['nobody to ask for names outside', usual.replace('    forward . /etc/resolv.conf\n', ''), 'git.corp', /server misbehaving/],
    ['no names of the cluster', '.:53 {\n forward . /etc/resolv.conf\n}\n', 'web', /no such host/],
    ['names of pods are off', usual.replace('pods insecure', 'pods disabled'), '10-244-1-2.default.pod.cluster.local', /no such host/],
    ['CoreDNS that asks itself', usual.replace('/etc/resolv.conf', '10.96.0.10'), 'git.corp', /not modelled: CoreDNS that asks/],
    ['a plugin that is not modelled', with_('file /etc/zones/db.corp corp'), 'web', /not modelled: plugin file/],
    ['one that cannot be read: the one before counts', usual.replace(/\}\n$/, ''), 'web', inside],
    [
      '… also where it would say something else', with_('rewrite name shop.local web.default.svc.cluster.local').replace('errors', 'erorrs'), 'shop.local',
      /no such host/,
    ],
    ['snippets', `(common) {\n errors\n}\n${usual}`, 'web', /not modelled: \(common\) in the Corefile/],
  ])('%s', (_, text, name, expected) => expect(after(text, name)).toMatch(expected))
  test('pods find out when their kubelets have brought it', () => {
    const text = with_('rewrite name shop.local web.default.svc.cluster.local')
    expect([after(text, 'shop.local', 100), after(text, 'shop.local')]).toEqual([expect.stringContaining('no such host'), expect.stringMatching(inside)])
  })
  test('is read block by block', () => {
    expect(readCorefile(usual)).toMatchObject({
      blocks: [{ zones: [''], plugins: [{ name: 'errors' }, { name: 'kubernetes' }, { name: 'forward' }, { name: 'cache' }] }],
    })
    expect(readCorefile('a.b b.c:53 d:5353 { # who\n log\n}\n')).toEqual({
      blocks: [{ zones: ['a.b', 'b.c'], plugins: [{ name: 'log', args: [], lines: [] }] }],
    })
    expect(readCorefile('a.b,\nb.c {\n hosts { 192.0.2.9 x\n  fallthrough\n }\n}\n')).toEqual({
      blocks: [{ zones: ['a.b', 'b.c'], plugins: [{ name: 'hosts', args: [], lines: [['192.0.2.9', 'x'], ['fallthrough']] }] }],
    })
  })
  const at = '/etc/coredns/Corefile'
  test.each<[string, string, string]>([
    ['a plugin that there is none of', with_('erorrs'), `${at}:3 - Error during parsing: Unknown directive 'erorrs'`],
    ['one that there was once', with_('proxy . 8.8.8.8'), `${at}:3 - Error during parsing: Unknown directive 'proxy'`],
    ['a file of plugins only: the first word is a zone', 'errors\n\n. {\n log\n}\n', `${at}:3 - Error during parsing: Unknown directive '.'`],
    ['a block that is not closed', usual.replace(/\}\n$/, ''), `${at}:8 - Syntax error: Unexpected token '30', expecting '}'`],
    ['a plugin\'s block that is not closed', '. {\n hosts {\n fallthrough\n}\n', `${at}:4 - Syntax error: Unexpected token '}', expecting '}'`],
    ['a zone twice', `${usual}.:53 {\n log\n}\n`, 'cannot serve dns://.:53 - it is already defined'],
    [
      'an option that kubernetes does not have', usual.replace('pods insecure', 'pod insecure'),
      `plugin/kubernetes: ${at}:4 - Error during parsing: unknown property 'pod'`,
    ],
    [
      'a way to treat pods that there is none of', usual.replace('pods insecure', 'pods unsafe'),
      'plugin/kubernetes: wrong value for pods: unsafe,  must be one of: disabled, verified, insecure',
    ],
    [
      'nobody to forward to', usual.replace(' /etc/resolv.conf', ''),
      `plugin/forward: ${at}:7 - Error during parsing: Wrong argument count or unexpected line ending after '.'`,
    ],
    ['a name to forward to', usual.replace('/etc/resolv.conf', 'dns.google'), 'plugin/forward: not an IP address or file: "dns.google"'],
  ])('%s: CoreDNS says so and ends', (_, text, words) => expect(readCorefile(text).complaint).toBe(words))
  test('that leads back to CoreDNS is found out where the plugin loop looks', () => {
    const loop = (text: string): unknown => { const read = readCorefile(text); return 'blocks' in read ? loopIn(read, ['127.0.0.1']) : read }
    const local = usual.replace('/etc/resolv.conf', '127.0.0.1:53')
    expect([loop(local), loop(local.replace('errors', 'loop')), loop(usual.replace('errors', 'loop'))]).toEqual([undefined, '.', undefined])
  })
})

describe('CoreDNS that starts with a Corefile', () => {
  const restarted = (text: string): Network => {
    const n = world()
    n.merge('configmaps', 'kube-system/coredns', { data: { Corefile: text } })
    for (const pod of pods(n)) n.delete('pods', `kube-system/${pod.metadata.name}`)
    return n.pass(90_000)
  }
  const pods = (n: Network): readonly any[] => n.driver.storedList('pods', 'kube-system').filter(p => p.metadata.labels?.['k8s-app'] === 'kube-dns')
  const printed = (n: Network): unknown => {
    const [{ metadata: { uid } }] = pods(n), truth = n.driver.cluster.nodeTruth()
    return (truth.printed(uid, 'coredns', 'current')?.length ? truth.printed(uid, 'coredns', 'current') : truth.printed(uid, 'coredns', 'ended'))?.map(p =>
      p.line)
  }
  test.each<[string, string, string]>([
    ['with a mistake', with_('erorrs'), "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'erorrs'"],
    ['that asks itself', with_('loop').replace('/etc/resolv.conf', '10.96.0.10'), '[FATAL] plugin/loop: Loop (127.0.0.1:40053 -> :53) detected for zone "."'],
  ])('%s: crashes, says why, and no name is found', (_, text, words) => {
    const n = restarted(text), [pod] = pods(n), [status] = pod.status.containerStatuses
    expect([status.ready, status.restartCount >= 2, status.lastState.terminated.exitCode]).toEqual([false, true, 1])
    expect(printed(n)).toEqual([expect.stringContaining(words)])
    expect(n.resolve('client', 'web')).toMatch(/service kube-dns has no ready endpoints/)
  })
  test('is well again once that is mended', () => {
    const n = restarted(with_('erorrs'))
    n.merge('configmaps', 'kube-system/coredns', { data: { Corefile: usual } })
    expect(n.pass(8 * 60_000).resolve('client', 'web')).toMatch(inside)
  })
  test('without reload it keeps what it began with', () => {
    const n = restarted(usual)
    n.merge('configmaps', 'kube-system/coredns', { data: { Corefile: with_('rewrite name shop.local web.default.svc.cluster.local') } })
    expect(n.pass(150_000).resolve('client', 'shop.local')).toMatch(/no such host/)
  })
})
