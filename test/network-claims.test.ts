import { expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * What courses say about Services, addresses, policies and names, as one question each. web: two pods that listen on 8080 (worker-1, worker-2) behind a
 * Service on 80; client (worker-1), other (worker-3, role=batch), shop/client and ops/client (worker-3, role=front); hostnet on the network of worker-2,
 * hostport with port 8081 of worker-3.
 */
let base: Network | undefined
const world = (): Network => {
  if (!base) {
    base = new Network()
    // of what nothing is said of, nobody knows where it listens: it answers wherever a Service sends
    base.driver.image('app:1', { http: [{ status: 200 }] })
    for (const ns of ['shop', 'ops']) {
      base.ask('create', { resource: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns, labels: { team: ns } } })
    }
    base.pass(500)
    const container = { ports: [{ name: 'http', containerPort: 8080 }] }
    base.pod('web-1', 'worker-1', { labels: { app: 'web' }, container }); base.pod('web-2', 'worker-2', { labels: { app: 'web' }, container })
    base.pod('client', 'worker-1'); base.pod('other', 'worker-3', { labels: { role: 'batch' } })
    base.pod('shop/client', 'worker-3', { labels: { role: 'front' } }); base.pod('ops/client', 'worker-3', { labels: { role: 'front' } })
    base.pod('hostnet', 'worker-2', { spec: { hostNetwork: true }, container: { ports: [{ containerPort: 9999 }] } })
    base.pod('hostport', 'worker-3', { container: { ports: [{ containerPort: 8080, hostPort: 8081 }] } })
    base.service('web', { ports: [{ port: 80, targetPort: 8080 }] })
    base.pass(10_000)
  }
  return base.fork()
}
const at = (n: Network, from: any, address: string): string => {
  const [host, port] = address.split(':'), place = typeof from === 'string' ? { namespace: 'default', pod: from } : from
  const answer = n.driver.reach(place, { namespace: 'default', host, port: Number(port) }) as any
  return answer.servedBy ?? answer.error
}
const policy = (spec: any, ns = 'default', name = 'p') =>
  JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: ns }, spec })
const onWeb = (spec: any) => (n: Network) => { n.apply(policy({ podSelector: { matchLabels: { app: 'web' } }, ...spec })); n.pass(1500) }
const onClient = (n: Network, spec: any) => {
  n.apply(policy({ podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], ...spec }))
  n.pass(1500)
}
const patched = (n: Network, name: string, body: any) => { n.merge('services', name, body); n.pass(3000); return n.reach('client', { service: name }) }
const made = (n: Network, name: string, spec: any) => { n.service(name, spec); return n.pass(3000).reach('client', { service: name }) }
const alias = (externalName: string) => ({ type: 'ExternalName', externalName, selector: null, ports: null })
const ip = (n: Network, path: string) => {
  const [ns, name] = path.includes('/') ? path.split('/') : ['default', path]
  return n.driver.cluster.stored('pods', ns, name)!.status.podIP
}
const Y = /^(web-\d|client|other|hostnet|hostport|coredns.*)$/, N = /network polic/
type Claim = [string, (n: Network) => unknown, RegExp]
const reach3 = (n: Network) => [
  n.reach('client', { service: 'web' }), n.reach('other', { service: 'web' }), n.reach('shop/client', { service: 'default/web' }),
  n.reach('ops/client', { service: 'default/web' }),
].map(a =>
  Y.test(a) ? 'y' : N.test(a) ? 'n' : a).join('')
const claims: Claim[] = [
  ['svc: target port wrong refused', n => patched(n, 'web', { spec: { ports: [{ port: 80, targetPort: 9090 }] } }), /refuse/],
  [
    'svc: named target port that no pod has: no endpoints', n => patched(n, 'web', { spec: { ports: [{ port: 80, targetPort: 'grpc' }] } }),
    /no ready endpoints/,
  ],
  ['svc: protocol UDP in service vs TCP', n => patched(n, 'web', { spec: { ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] } }), /refuse|UDP/],
  [
    'svc: service-proxy-name label: no rules', n => patched(n, 'web', { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } } }),
    /no rules/,
  ],
  ['svc: kubernetes.default reached', n => n.reach('client', { service: 'kubernetes' }), /apiserver|served|cp-1|172/],
  [
    'svc: kubernetes.default when apiserver down',
    n => { n.driver.inject('component-down', { component: 'kube-apiserver' }); n.pass(2000); return n.reach('client', { service: 'kubernetes' }) },
    /refuse|down/,
  ],
  ['svc: headless reach by rules', n => made(n, 'db', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 8080 }] }), Y],
  [
    'svc: headless with port differing from target: not translated',
    n => made(n, 'db', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }), /refuse/,
  ],
  ['svc: ExternalName to cluster name', n => made(n, 'alias', alias('web.default.svc.cluster.local')), Y],
  [
    'svc: ExternalName resolves', n => { n.service('alias', alias('web.default.svc.cluster.local')); n.pass(3000); return n.resolve('client', 'alias') },
    /^10\.|web/,
  ],
  [
    'svc: ExternalName to nothing', n => { n.service('alias', alias('gone.default.svc.cluster.local')); n.pass(3000); return n.resolve('client', 'alias') },
    /no such host|NX/,
  ],
  ['addr: hostPort', n => at(n, 'client', 'worker-3:8081'), /hostport/],
  ['addr: hostNetwork port at node', n => at(n, 'client', 'worker-2:9999'), /hostnet/],
  ['addr: hostNetwork wrong port', n => at(n, 'client', 'worker-2:9998'), /refuse/],
  ['addr: pod wrong port', n => at(n, 'client', `${ip(n, 'web-1')}:9`), /refuse/],
  ['addr: kubelet port', n => at(n, 'client', 'worker-2:10250'), /kubelet/],
  ['addr: kube-proxy healthz', n => at(n, { namespace: 'default', node: 'worker-1' }, 'worker-2:10256'), /kube-proxy/],
  [
    'addr: clusterIP port of pod instead of service port',
    n => at(n, 'client', `${n.driver.cluster.stored('services', 'default', 'web')!.spec.clusterIP}:8080`), /no port/,
  ],
  ['addr: localhost own port', n => at(n, 'web-1', 'localhost:8080'), /web-1/],
  ['np: deny all', n => { onWeb({ policyTypes: ['Ingress'] })(n); return reach3(n) }, /^nnnn$/],
  ['np: empty ingress rule allows all', n => { onWeb({ ingress: [{}] })(n); return reach3(n) }, /^yyyy$/],
  ['np: podSelector own ns only', n => { onWeb({ ingress: [{ from: [{ podSelector: {} }] }] })(n); return reach3(n) }, /^yynn$/],
  ['np: namespaceSelector empty all ns', n => { onWeb({ ingress: [{ from: [{ namespaceSelector: {} }] }] })(n); return reach3(n) }, /^yyyy$/],
  [
    'np: AND',
    n => {
      onWeb({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: { matchLabels: { role: 'front' } } }] }] })(n)
      return reach3(n)
    },
    /^nnyn$/,
  ],
  [
    'np: OR',
    n => {
      onWeb({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'shop' } } }, { podSelector: { matchLabels: { role: 'batch' } } }] }] })(n)
      return reach3(n)
    },
    /^nyyn$/,
  ],
  ['np: service port instead of target port blocks', n => { onWeb({ ingress: [{ ports: [{ port: 80 }] }] })(n); return reach3(n) }, /^nnnn$/],
  ['np: target port allows', n => { onWeb({ ingress: [{ ports: [{ port: 8080 }] }] })(n); return reach3(n) }, /^yyyy$/],
  ['np: named port', n => { onWeb({ ingress: [{ ports: [{ port: 'http' }] }] })(n); return reach3(n) }, /^yyyy$/],
  ['np: endPort', n => { onWeb({ ingress: [{ ports: [{ port: 8000, endPort: 8100 }] }] })(n); return reach3(n) }, /^yyyy$/],
  ['np: endPort below', n => { onWeb({ ingress: [{ ports: [{ port: 8000, endPort: 8079 }] }] })(n); return reach3(n) }, /^nnnn$/],
  ['np: UDP only', n => { onWeb({ ingress: [{ ports: [{ port: 8080, protocol: 'UDP' }] }] })(n); return reach3(n) }, /^nnnn$/],
  [
    'np: ipBlock with except',
    n => { onWeb({ ingress: [{ from: [{ ipBlock: { cidr: '10.244.0.0/16', except: [`${ip(n, 'other')}/32`] } }] }] })(n); return reach3(n) }, /^ynyy$/,
  ],
  [
    'np: matchExpressions NotIn',
    n => {
      onWeb({
        ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['ops'] }] } }] }],
      })(n)
      return reach3(n)
    },
    /^nnny$/,
  ],
  ['np: egress deny on client', n => { onClient(n, {}); return reach3(n) }, /^nyyy$/],
  ['np: egress clusterIP ipBlock useless', n => { onClient(n, { egress: [{ to: [{ ipBlock: { cidr: '10.96.0.0/12' } }] }] }); return reach3(n) }, /^nyyy$/],
  [
    'np: policyTypes default: ingress only when no egress',
    n => { n.apply(policy({ podSelector: {} })); n.pass(1500); return reach3(n) + '|' + n.reach('client', { pod: 'ops/client' }) }, /^nnnn\|client$/,
  ],
  [
    'np: egress rules present w/o policyTypes: both',
    n => {
      n.apply(policy({ podSelector: { matchLabels: { app: 'client' } }, egress: [{}] }))
      n.pass(1500)
      return n.reach('client', { service: 'web' }) + '|' + n.reach('other', { pod: 'client' })
    },
    /^web-\d\|.*polic/,
  ],
  [
    'np: hostNetwork target is not selected',
    n => { n.apply(policy({ podSelector: {}, policyTypes: ['Ingress'] })); n.pass(1500); return n.reach('client', { pod: 'hostnet', port: 9999 }) }, /hostnet/,
  ],
  [
    'np: hostNetwork sender not matched by podSelector',
    n => { onWeb({ ingress: [{ from: [{ podSelector: {} }] }] })(n); return n.reach('hostnet', { pod: 'web-1', port: 8080 }) }, /polic/,
  ],
  ['np: hostNetwork sender on own node reaches', n => { onWeb({ policyTypes: ['Ingress'] })(n); return n.reach('hostnet', { pod: 'web-2', port: 8080 }) }, Y],
  ['np: pod itself through own service', n => { onWeb({ policyTypes: ['Ingress', 'Egress'] })(n); return n.reach('web-1', { pod: 'web-1', port: 8080 }) }, Y],
  ['np: egress to kube api blocked', n => { onClient(n, {}); return n.reach('client', { service: 'kubernetes' }) }, /polic/],
  ['np: dns TCP only rule blocks UDP', n => { onClient(n, { egress: [{ ports: [{ port: 53 }] }] }); return n.resolve('client', 'web') }, /polic/],
  [
    'np: policy of another namespace does nothing',
    n => { n.apply(policy({ podSelector: {} , policyTypes: ['Ingress'] }, 'ops')); n.pass(1500); return reach3(n) }, /^yyyy$/,
  ],
  [
    'np: policies add up',
    n => {
      onWeb({ policyTypes: ['Ingress'] })(n)
      n.apply(policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { role: 'batch' } } }] }] }, 'default', 'q'))
      n.pass(1500)
      return reach3(n)
    },
    /^nynn$/,
  ],
  ['np: nodes port from outside node', n => { onWeb({ policyTypes: ['Ingress'] })(n); return n.reach({ node: 'worker-3' }, { service: 'web' }) }, /polic/],
  [
    'np: sidecar named port',
    n => {
      n.pod('side', 'worker-1', {
        spec: { initContainers: [{ name: 's', image: 's', restartPolicy: 'Always', ports: [{ name: 'sp', containerPort: 7000 }] }] },
      })
      n.pass(5000)
      n.apply(policy({ podSelector: { matchLabels: { app: 'side' } }, ingress: [{ ports: [{ port: 'sp' }] }] }))
      n.pass(1500)
      return n.reach('client', { pod: 'side', port: 7000 })
    },
    /side/,
  ],
  ['dns: short', n => n.resolve('client', 'web'), /^10\.1|^10\.9/],
  ['dns: other ns short fails', n => n.resolve('shop/client', 'web'), /no such host/],
  ['dns: web.default', n => n.resolve('shop/client', 'web.default'), /^10\.1|^10\.9/],
  ['dns: web.default.svc', n => n.resolve('shop/client', 'web.default.svc'), /^10\.1|^10\.9/],
  ['dns: fqdn dot', n => n.resolve('shop/client', 'web.default.svc.cluster.local.'), /^10\.1|^10\.9/],
  ['dns: web.default. absolute fails', n => n.resolve('shop/client', 'web.default.'), /no such host/],
  ['dns: pod name is no name', n => n.resolve('client', 'web-1'), /no such host/],
  ['dns: pod record', n => n.resolve('client', `${ip(n, 'web-1').replaceAll('.', '-')}.default.pod.cluster.local`), /^10\.244/],
  ['dns: external name example.com', n => n.resolve('client', 'example.com'), /not modelled|^\d/],
  ['dns: kubernetes', n => n.resolve('client', 'kubernetes.default'), /10\.96\.0\.1/],
  [
    'dns: ndots 1 kills web.default',
    n => {
      n.pod('nd', 'worker-1', { spec: { dnsConfig: { options: [{ name: 'ndots', value: '1' }] } } })
      n.pass(5000)
      return n.resolve('nd', 'web.default')
    },
    /^10\.1|^10\.9/,
  ],
  [
    'dns: dnsPolicy Default',
    n => { n.pod('nd', 'worker-1', { spec: { dnsPolicy: 'Default' } }); n.pass(5000); return n.resolve('nd', 'web.default.svc.cluster.local') }, /no such host/,
  ],
  ['dns: hostNetwork ClusterFirst', n => n.resolve('hostnet', 'web.default.svc.cluster.local'), /no such host/],
  ['dns: uppercase', n => n.resolve('client', 'WEB'), /^10\.1|^10\.9/],
  [
    'dns: kube-dns scaled to 0',
    n => { n.merge('deployments.apps', 'kube-system/coredns', { spec: { replicas: 0 } }); n.pass(40_000); return n.resolve('client', 'web') },
    /no ready endpoints/,
  ],
  [
    'dns: deleted configmap',
    n => {
      n.delete('configmaps', 'kube-system/coredns')
      n.merge('deployments.apps', 'kube-system/coredns', { spec: { template: { metadata: { annotations: { a: 'b' } } } } })
      n.pass(200_000)
      return n.resolve('client', 'web') + n.driver.storedList('pods', 'kube-system').filter(p => p.metadata.name.startsWith('coredns')).map(p => p.status.phase)
    },
    /Pending/,
  ],
  [
    'out: declared name resolves', n => { n.driver.operate('host-outside', { name: 'api.example.com' }); return n.resolve('client', 'api.example.com') },
    /^198\.51\.100\.101$/,
  ],
  [
    'out: declared address reached',
    n => {
      n.driver.operate('host-outside', { name: 'api.example.com' })
      return at(n, 'client', '198.51.100.101:443')
    },
    /^api.example.com$/,
  ],
  ['out: undeclared address', n => at(n, 'client', '198.51.100.1:443'), /not modelled/],
  [
    'out: egress to 10/8 only blocks',
    n => {
      n.driver.operate('host-outside', { name: 'api.example.com' })
      n.apply(policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }))
      n.pass(1500)
      return at(n, 'client', '198.51.100.101:443') + n.reach('client', { service: 'web' })
    },
    /polic.*web-/,
  ],
  [
    'out: egress to everything but',
    n => {
      n.driver.operate('host-outside', { name: 'api.example.com' })
      n.apply(policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }] }))
      n.pass(1500)
      return at(n, 'client', '198.51.100.101:443') + n.reach('client', { service: 'web' })
    },
    /^api.*polic/,
  ],
  [
    'out: ExternalName',
    n => {
      n.driver.operate('host-outside', { name: 'db.example.com' })
      n.service('alias', alias('db.example.com'))
      n.pass(3000)
      return n.reach('client', { service: 'alias' }) + n.resolve('client', 'alias')
    },
    /^db.example.com198/,
  ],
  [
    'out: ExternalName undeclared',
    n => { n.service('alias', alias('db.example.com')); n.pass(3000); return n.reach('client', { service: 'alias' }) + n.resolve('client', 'alias') },
    /not modelled.*db.example.com/,
  ],
  [
    'out: manual endpoints',
    n => {
      n.driver.operate('host-outside', { name: 'db.example.com', address: '198.51.100.7' })
      n.service('db', { selector: null, ports: [{ port: 5432 }] })
      n.apply(
        '{ apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: { name: db-1, labels: { kubernetes.io/service-name: db } }, addressType: IPv4, ports: [{ port: 5432 }], endpoints: [{ addresses: [198.51.100.7] }] }'
      )
      n.pass(3000)
      return n.reach('client', { service: 'db' })
    },
    /^db.example/,
  ],
  [
    'out: manual endpoints undeclared',
    n => {
      n.service('db', { selector: null, ports: [{ port: 5432 }] })
      n.apply(
        '{ apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: { name: db-1, labels: { kubernetes.io/service-name: db } }, addressType: IPv4, ports: [{ port: 5432 }], endpoints: [{ addresses: [198.51.100.7] }] }'
      )
      n.pass(3000)
      return n.reach('client', { service: 'db' })
    },
    /not modelled/,
  ],
  [
    'dns: not-ready hidden in headless',
    n => { n.service('db', { clusterIP: 'None', selector: { app: 'nobody' }, ports: [{ port: 80 }] }); n.pass(3000); return n.resolve('client', 'db') },
    /no such host/,
  ],
]
test.each(claims)('%s', (_t, ask, expected) => { expect(String(ask(world()))).toMatch(expected) })
test('traffic to a headless service follows its endpoints', () => {
  const n = world(); n.service('db', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 8080 }] }); n.pass(3000)
  n.traffic('t', 'db', 10, { pod: 'client' }); n.pass(5000)
  expect(n.counts('t')).toMatchObject({ lost: 0, served: expect.closeTo(50, -1) })
  n.merge('pods', 'web-1', { metadata: { labels: { app: 'x' } } }); n.pass(1000); const before = n.counts('t').servedBy['web-1']; n.pass(5000)
  expect(n.counts('t').servedBy['web-1']).toBe(before)
})
