import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharesOf } from '../src/runtime-model/api/gateway-proxy.ts'
import { decide, type ProxyLocation, type ProxyTarget } from '../src/runtime-model/api/http-proxy.ts'
import { ownTargets } from '../src/runtime-model/traffic/own-targets.ts'

/**
 * A client of a location with a canary and `affinity: cookie`, while both come and go and the weight changes, compared with what ingress-nginx's balancer does
 * with its cookie, request by request (rootfs/etc/nginx/lua/{balancer,balancer/sticky,balancer/sticky_persistent}.lua).
 */
const phase = fc.record({ weight: fc.constantFrom(0, 30, 100), canary: fc.boolean(), primary: fc.constantFrom(true, true, true, false) })
const target = (service: string, there: boolean): ProxyTarget =>
  there ? { service, endpoints: [{ address: `${service}-1`, port: 80 }, { address: `${service}-2`, port: 80 }] } : { status: 503, why: 'nobody' }

/** the services that requests may come to, and whether some are lost */
function given(client: string, location: ProxyLocation, headers: any, cookies: any): readonly string[] {
  const config = { name: 'ingress-nginx', servers: [{ host: '_', locations: [location] }] }
  const exits: any[] = sharesOf(decide(config, { scheme: 'http', host: 'shop', path: '/', headers })).map(w => 'service' in w.to
    ? { ...w, upstream: w.to.endpoints.map(to => ({ to })), service: w.to.service }
    : { lost: '503' })
  return [...new Set(ownTargets(client, exits, cookies).map((e: any) => e.service ?? '503'))].sort()
}

test.each(['balanced', 'persistent'] as const)('affinity-mode %s', mode => {
  let changed = 0, both = 0
  fc.assert(fc.property(
    fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom(undefined, 'always', 'never', 'other'), fc.array(phase, { minLength: 1, maxLength: 8 }),
    (client, header, phases) => {
      const cookies = {}, headers = header === undefined ? undefined : { 'x-next': header }
      let cookie: string | undefined
      for (const { weight, canary, primary } of phases) {
        const got = given(client, {
          path: '/', match: 'prefix', to: target('web', primary), sticky: { mode, changesOnFailure: false },
          canary: { to: target('next', canary), header: 'x-next', weight, total: 100 },
        }, headers, cookies)
        const fresh = !canary || header === 'never' ? ['web'] : header === 'always' || weight === 100 ? ['next'] : weight === 0 ? ['web'] : ['next', 'web']
        const story = JSON.stringify({ client, header, phases, cookie })
        if (!primary) { expect(got, story).toEqual(['503']); continue }
        if (cookie === 'web' || cookie === 'next' && canary) { expect(got, story).toEqual([cookie]); continue }
        // who has no cookie is given one; a cookie that names a canary which is gone is only replaced where it names an endpoint
        if (cookie === undefined || mode === 'persistent') {
          expect([got.length, fresh.includes(got[0])], story).toEqual([1, true])
          if (cookie !== undefined) changed++
          cookie = got[0]
        } else expect(got, story).toEqual(fresh)
        if (fresh.length > 1) both++
      }
    }
  ), { numRuns: 3000, seed: 4 })
  expect([both > 150, mode === 'balanced' || changed > 100], `${both} ${changed}`).toEqual([true, true])
})
