import { beforeAll, describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/** ingress-nginx in front of two pods of web, and an Ingress for them. */
let base: Network
beforeAll(() => {
  base = new Network()
  expect(base.driver.operate('install-ingress-nginx', {})).toBeUndefined()
  base.deployment('web', 2); base.service('web')
  base.pass(40_000)
})
const backend = { service: { name: 'web', port: { number: 80 } } }
function world(data: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}): Network {
  const network = base.fork(), named = Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v]))
  network.apply(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop', annotations: named },
    spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  }))
  return set(network, data).pass(10_000)
}
function set(network: Network, data: Readonly<Record<string, string>>): Network {
  network.merge('configmaps', 'ingress-nginx/ingress-nginx-controller', { data })
  return network
}
let clients = 0
/** what becomes of requests for the shop: `served`, or why they are lost */
function asked(network: Network, more: any = {}): string {
  const name = `clients-${++clients}`
  expect(network.driver.operate('url-source', { name, url: 'http://shop.example.com/', perSecond: 10, ...more })).toBeUndefined()
  network.pass(2000)
  const { served, lost, why } = network.counts(name)
  return [...served ? ['served'] : [], ...lost ? Object.keys(why).sort() : []].join('; ')
}
const big = { headers: { 'content-length': '2000' } }
const tooBig = 'ingress-nginx answered 413: a request carries 2000 bytes, and 1024 may be'

describe('the ConfigMap of ingress-nginx', () => {
  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, any, string]>([
    ['what changes no answer', { 'use-gzip': 'true', 'worker-processes': '4' }, {}, {}, 'served'],
    ['proxy-body-size for every Ingress', { 'proxy-body-size': '1k' }, {}, big, tooBig],
    ['an annotation wins', { 'proxy-body-size': '1k' }, { 'proxy-body-size': '4k' }, big, 'served'],
    [
      'a key that is not modelled', { 'custom-http-errors': '503' }, {}, {},
      'ingress-nginx not modelled: custom-http-errors: "503" in configmap ingress-nginx/ingress-nginx-controller',
    ],
    [
      'snippets that are allowed', { 'allow-snippet-annotations': 'true' }, {}, {},
      'ingress-nginx not modelled: allow-snippet-annotations: "true" in configmap ingress-nginx/ingress-nginx-controller',
    ],
    [
      'a flag that is none', { 'ssl-redirect': 'no' }, {}, {},
      'ingress-nginx not modelled: ssl-redirect: "no" in configmap ingress-nginx/ingress-nginx-controller',
    ],
  ])('%s', (_, data, annotations, more, wanted) => expect(asked(world(data, annotations), more)).toBe(wanted))

  test('a change is in force within seconds, and told of', () => {
    const network = world({})
    expect(asked(network, big)).toBe('served')
    set(network, { 'proxy-body-size': '1k' }).pass(5000)
    expect(asked(network, big)).toBe(tooBig)
    expect(network.driver.cluster.storedList('events').filter((e: any) => e.involvedObject?.kind === 'ConfigMap').map((e: any) =>
      `${e.reason} ${e.message}`)).toEqual([
      'CREATE ConfigMap ingress-nginx/ingress-nginx-controller', 'UPDATE ConfigMap ingress-nginx/ingress-nginx-controller',
    ])
  })
  test('one that is deleted stays in force', () => {
    const network = world({ 'proxy-body-size': '1k' })
    network.delete('configmaps', 'ingress-nginx/ingress-nginx-controller'); network.pass(10_000)
    expect(asked(network, big)).toBe(tooBig)
  })
})
