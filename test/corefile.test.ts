import { describe, expect, test } from 'vitest'
import { parseCorefile } from '../src/runtime-model/coredns/index.ts'
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
    ['one that cannot be read', usual.replace(/\}\n$/, ''), 'web', /not modelled: a Corefile/],
  ])('%s', (_, text, name, expected) => expect(after(text, name)).toMatch(expected))
  test('pods find out when their kubelets have brought it', () => {
    const text = with_('rewrite name shop.local web.default.svc.cluster.local')
    expect([after(text, 'shop.local', 100), after(text, 'shop.local')]).toEqual([expect.stringContaining('no such host'), expect.stringMatching(inside)])
  })
  test('is read block by block; what is not closed is told', () => {
    expect(parseCorefile(usual)).toMatchObject({
      blocks: [{ zones: [''], plugins: [{ name: 'errors' }, { name: 'kubernetes' }, { name: 'forward' }, { name: 'cache' }] }],
    })
    expect(parseCorefile('a.b b.c:53 d:5353 { # who\n log\n}\n')).toEqual({
      blocks: [{ zones: ['a.b', 'b.c'], plugins: [{ name: 'log', args: [], lines: [] }] }],
    })
    expect([parseCorefile('errors\n'), parseCorefile('}\n')]).toEqual([
      'line 1: a server block begins with its zones and {', 'line 1: nothing is open here that } could close',
    ])
  })
})
