import { describe, expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * What courses say about Ingresses, one question each: web (2 pods), api (knows /v2/users only), next and bad (answers 500), each behind a Service of its name
 * on 80; empty: nobody.
 */
let base: Network | undefined
function world(): Network {
  if (!base) {
    base = new Network()
    expect(base.driver.operate('install-ingress-nginx', {})).toBeUndefined()
    base.driver.image('bad:1', { http: [{ status: 500 }] })
    base.driver.image('api:1', { http: [{ status: 500 }, { path: '/v2/users', status: 200 }] })
    base.deployment('web', 2)
    for (const name of ['api', 'next', 'bad']) base.deployment(name, 1)
    for (const name of ['web', 'api', 'next', 'bad']) base.service(name)
    base.service('empty', { selector: { app: 'nobody' } })
    base.pass(40_000)
  }
  return base.fork()
}
type Path = readonly [path: string, type: string, service?: string]
const rule = (host: string | undefined, paths: readonly Path[]): any => ({
  host, http: { paths: paths.map(([path, pathType, name = 'web']) => ({ path, pathType, backend: { service: { name, port: { number: 80 } } } })) },
})
const ingress = (n: Network, name: string, spec: any, annotations: any = {}): void => n.apply(JSON.stringify({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { ingressClassName: 'nginx', ...spec },
  metadata: { name, annotations: Object.fromEntries(Object.entries(annotations).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v])) },
}))
const shop = (n: Network, paths: readonly Path[], more: any = {}, annotations: any = {}): void =>
  ingress(n, 'shop', { rules: [rule('shop.example.com', paths)], ...more }, annotations)
/** Who answers a URL: Deployments, or why nobody does. */
function asked(n: Network, url: string, headers?: any, perSecond = 20): string {
  n.pass(6000)
  const why = n.driver.operate('url-source', { name: url, url, perSecond, headers })
  if (why) throw new Error(why)
  n.pass(5000)
  const { servedBy, why: lost } = n.counts(url)
  return [...new Set([...Object.keys(servedBy).map(p => p.split('-')[0]), ...Object.keys(lost).map(w => w.replace(/^ingress-nginx /, ''))])].sort().join(' + ')
}
const at = (path: string, scheme = 'http'): string => `${scheme}://shop.example.com${path}`

describe('paths', () => {
  test.each<[string, readonly Path[], string, RegExp]>([
    ['Exact', [['/cart', 'Exact']], '/cart', /^web$/],
    ['Exact, with a slash more', [['/cart', 'Exact']], '/cart/', /404/],
    ['Exact looks at case', [['/cart', 'Exact']], '/Cart', /404/],
    ['Prefix, itself', [['/cart', 'Prefix']], '/cart', /^web$/],
    ['Prefix, with a slash', [['/cart', 'Prefix']], '/cart/', /^web$/],
    ['Prefix, below', [['/cart', 'Prefix']], '/cart/1', /^web$/],
    ['Prefix is whole elements', [['/cart', 'Prefix']], '/carts', /404/],
    ['Prefix with a slash, asked without', [['/', 'Prefix', 'bad'], ['/cart/', 'Prefix']], '/cart', /^web$/],
    ['Prefix with a slash, not beside it', [['/cart/', 'Prefix']], '/carts', /404/],
    ['Prefix with a slash, where Exact has it without', [['/cart/', 'Prefix'], ['/cart', 'Exact', 'next']], '/cart', /^next$/],
    ['ImplementationSpecific is a plain prefix', [['/cart', 'ImplementationSpecific']], '/carts', /^web$/],
    ['the longest prefix wins', [['/', 'Prefix'], ['/cart', 'Prefix', 'next']], '/cart/1', /^next$/],
    ['Exact wins over Prefix', [['/cart', 'Prefix'], ['/cart', 'Exact', 'next']], '/cart', /^next$/],
    ['nobody behind it', [['/', 'Prefix', 'empty']], '/', /503: service empty has no ready endpoints/],
    ['no such Service', [['/', 'Prefix', 'gone']], '/', /503: there is no service gone/],
    ['what a pod answers is handed on', [['/', 'Prefix', 'bad']], '/', /answered 500/],
  ])('%s', (_, paths, path, expected) => { const n = world(); shop(n, paths); expect(asked(n, at(path))).toMatch(expected) })
})

describe('hosts', () => {
  test.each<[string, string | undefined, string, RegExp]>([
    ['another', 'shop.example.com', 'http://other.example.com/', /404/],
    ['a wildcard is one label', '*.example.com', 'http://shop.example.com/', /^web$/],
    ['not two', '*.example.com', 'http://a.shop.example.com/', /404/],
    ['not none', '*.example.com', 'http://example.com/', /404/],
    ['no host is every host', undefined, 'http://anything.example.org/', /^web$/],
    ['case does not matter', 'shop.example.com', 'http://SHOP.example.com/', /^web$/],
  ])('%s', (_, host, url, expected) => {
    const n = world()
    ingress(n, 'i', { rules: [rule(host, [['/', 'Prefix']])] })
    expect(asked(n, url)).toMatch(expected)
  })
  test('an exact host wins over a wildcard', () => {
    const n = world()
    ingress(n, 'wild', { rules: [rule('*.example.com', [['/', 'Prefix']])] })
    ingress(n, 'own', { rules: [rule('shop.example.com', [['/', 'Prefix', 'next']])] })
    expect(asked(n, at('/'))).toBe('next')
  })
  test('a default backend takes what no path fits, and, without rules, every host', () => {
    const n = world(), defaultBackend = { service: { name: 'next', port: { number: 80 } } }
    shop(n, [['/cart', 'Prefix']], { defaultBackend })
    expect([asked(n, at('/other')), asked(n, at('/cart'))]).toEqual(['next', 'web'])
    ingress(n, 'all', { defaultBackend })
    expect(asked(n, 'http://other.example.org/')).toBe('next')
  })
  test('no class, no controller; a Service of another namespace is none', () => {
    const n = world()
    ingress(n, 'i', { rules: [rule('shop.example.com', [['/', 'Prefix']])], ingressClassName: undefined })
    expect(asked(n, at('/'))).toMatch(/404/)
  })
  test('a port that the Service does not have', () => {
    const n = world()
    ingress(n, 'i', {
      rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 81 } } } }] } }],
    })
    expect(asked(n, at('/'))).toMatch(/503: service web has no port 81/)
  })
})

describe('tls', () => {
  const tls = { tls: [{ hosts: ['shop.example.com'], secretName: 'cert' }] }
  const cert = '{ apiVersion: v1, kind: Secret, metadata: { name: cert }, type: kubernetes.io/tls, data: { tls.crt: YQ==, tls.key: YQ== } }'
  test('who comes by http is sent to https, where a certificate must be', () => {
    const n = world()
    shop(n, [['/', 'Prefix']], tls)
    expect(asked(n.fork(), at('/'))).toMatch(/Secret default\/cert is missing/)
    n.apply(cert)
    expect([asked(n, at('/')), asked(n, at('/', 'https'))]).toEqual(['web', 'web'])
  })
  test('ssl-redirect "false" leaves http alone; without tls force-ssl-redirect leads to no certificate', () => {
    const n = world()
    shop(n, [['/', 'Prefix']], tls, { 'ssl-redirect': 'false' })
    expect(asked(n, at('/'))).toBe('web')
    const other = world()
    shop(other, [['/', 'Prefix']], {}, { 'force-ssl-redirect': 'true' })
    expect(asked(other, at('/'))).toMatch(/no tls names that host/)
  })
})

describe('annotations', () => {
  test('a rewrite changes what pods are asked for: without it the API knows no such path', () => {
    const n = world()
    shop(n, [['/api(/|$)(.*)', 'ImplementationSpecific', 'api']], {}, { 'rewrite-target': '/v2/$2', 'use-regex': 'true' })
    expect([asked(n, at('/api/users')), asked(n, at('/API/users'))]).toEqual(['api', 'api'])
    const plain = world()
    shop(plain, [['/api', 'Prefix', 'api']])
    expect(asked(plain, at('/api/users'))).toMatch(/answered 500/)
  })
  test('once a host has an expression all its paths are: a Prefix fits what only begins alike', () => {
    const n = world()
    shop(n, [['/cart', 'ImplementationSpecific']], {}, { 'use-regex': 'true' })
    ingress(n, 'other', { rules: [rule('shop.example.com', [['/next', 'Exact', 'next']])] })
    expect([asked(n, at('/next/anything')), asked(n, at('/carts'))]).toEqual(['next', 'web'])
  })
  const canary = (n: Network, annotations: any): void => {
    shop(n, [['/', 'Prefix']])
    ingress(n, 'canary', { rules: [rule('shop.example.com', [['/', 'Prefix', 'next']])] }, { canary: 'true', ...annotations })
  }
  test('a canary takes its weight', () => {
    const n = world()
    canary(n, { 'canary-weight': '20' })
    asked(n, at('/'), undefined, 200)
    const { servedBy, served } = n.counts(at('/')), next = Object.entries(servedBy).filter(([pod]) => pod.startsWith('next')).reduce((sum, [, c]) => sum + c, 0)
    expect(next / served).toBeCloseTo(0.2, 1)
  })
  test.each<[string, any, any, string]>([
    ['always', { 'canary-by-header': 'X-Next' }, { 'x-next': 'always' }, 'next'],
    ['never', { 'canary-by-header': 'X-Next', 'canary-weight': '100' }, { 'x-next': 'never' }, 'web'],
    ['anything else', { 'canary-by-header': 'X-Next' }, { 'x-next': 'yes' }, 'web'], ['no header', { 'canary-by-header': 'X-Next' }, undefined, 'web'],
    ['its value', { 'canary-by-header': 'X-Next', 'canary-by-header-value': 'eu' }, { 'x-next': 'eu' }, 'next'],
    ['another value', { 'canary-by-header': 'X-Next', 'canary-by-header-value': 'eu' }, { 'x-next': 'always' }, 'web'],
  ])('a canary by header: %s', (_, annotations, headers, expected) => {
    const n = world()
    canary(n, annotations)
    expect(asked(n, at('/'), headers)).toBe(expected)
  })
  test('a canary without its Ingress is nothing', () => {
    const n = world()
    ingress(n, 'canary', { rules: [rule('shop.example.com', [['/', 'Prefix', 'next']])] }, { canary: 'true', 'canary-weight': '100' })
    expect(asked(n, at('/'))).toMatch(/404/)
  })
  test('of others nothing is known', () => {
    const n = world()
    shop(n, [['/', 'Prefix']], {}, { 'custom-http-errors': '503' })
    expect(asked(n, at('/'))).toMatch(/^not modelled: annotation nginx.ingress.kubernetes.io\/custom-http-errors/)
  })
})
