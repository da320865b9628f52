import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import { bool, duration, inert, int, situational, text, type Flags } from '../flags.ts'
import { freePort, listeners } from '../forwards.ts'
import { keepProxy, type ProxyFilter } from '../proxies.ts'
import { logLine } from '../discovery.ts'
import type { Verb } from '../verb.ts'

const defaultPort = 8001
/**
 * Listens on a port of one's own machine and hands what comes there to the API server. It goes on behind its step, as in another terminal; `curl
 * http://localhost:8001/api/v1/pods` asks through it. Sources: kubectl pkg/cmd/proxy/proxy.go, pkg/proxy/proxy_server.go.
 */
export const proxy: Verb = {
  discovers: false,
  flags: {
    port: { ...int(String(defaultPort)), short: 'p' }, address: text(undefined, '127.0.0.1'), 'api-prefix': text(undefined, '/'), 'disable-filter': bool(),
    'accept-hosts': situational(text(undefined, '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$')), 'accept-paths': situational(text(undefined, '^.*')),
    'reject-methods': situational(text(undefined, '^$')), 'reject-paths': situational(text(undefined, '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach')),
    keepalive: inert(duration('0s')), 'append-server-path': inert(bool()), 'unix-socket': text('u'), www: text('w'),
    'www-prefix': inert(text('P', '/static/')),
  },
  async run(session, flags, command) {
    // whoever is asked for is known when it starts
    const { credentials } = session.wholeOf({ verb: 'get', path: '/' }), prefix = flags.text('api-prefix').replace(/\/?$/, '/')
    const filter = flags.on('disable-filter') ? undefined : filterOf(flags)
    if (!filter) session.complain(logLine(session, 'W', 'proxy.go:177', 'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious'))
    if (flags.int('port') !== defaultPort && flags.text('unix-socket') !== '') throw failure('cannot set --unix-socket and --port at the same time')
    if (flags.text('unix-socket') !== '') throw new NotModelled(`${command} --unix-socket`)
    if (flags.text('www') !== '') throw new NotModelled(`${command} --www: files that it serves`)
    const { addresses, shown } = listening(flags, command), local = flags.int('port') || freePort(session.driver)
    const taken = listeners(session.driver).some(f => f.local === local && f.addresses.some(a => addresses.includes(a)))
    if (taken) throw failure(`listen tcp ${flags.text('address') || shown}:${local}: bind: address already in use`)
    keepProxy(session.driver, { addresses, local, prefix, filter, credentials })
    session.print(`Starting to serve on ${shown}:${local}`)
  },
}
function filterOf(flags: Flags): ProxyFilter {
  const patterns = (name: string): readonly string[] => flags.text(name).split(',').map(pattern => {
    try { new RegExp(pattern) } catch { throw new NotModelled(`kubectl proxy --${name}: the expression ${pattern}`) }
    return pattern
  })
  return {
    acceptPaths: patterns('accept-paths'), rejectPaths: patterns('reject-paths'), acceptHosts: patterns('accept-hosts'),
    rejectMethods: patterns('reject-methods'),
  }
}
/** All of a family is both of them. Source: net.Listen */
function listening(flags: Flags, command: string): { readonly addresses: readonly string[]; readonly shown: string } {
  const address = flags.text('address')
  if (['', '0.0.0.0', '::'].includes(address)) return { addresses: ['0.0.0.0', '127.0.0.1', '::', '::1'], shown: '[::]' }
  if (address === '127.0.0.1' || address === 'localhost') return { addresses: ['127.0.0.1'], shown: '127.0.0.1' }
  throw new NotModelled(`${command} --address=${address}: which addresses one's own machine has`)
}
