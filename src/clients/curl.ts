import type { Driver } from '../drivers/driver.ts'
import { NotModelled } from './errors.ts'
import { ask, curlBy, type Answer, type Url } from './kubectl/containers/http.ts'
import { dropForward, forwardsOf } from './kubectl/forwards.ts'
import { proxied } from './kubectl/proxied.ts'
import { proxiesOf } from './kubectl/proxies.ts'
import type { CommandEnvironment, CommandOutcome } from './outcome.ts'

/**
 * `curl` on one's own machine: there it reaches the ports that `kubectl port-forward` and `kubectl proxy` listen on. Source:
 * https://curl.se/docs/manpage.html
 */
export async function runCurl(words: readonly string[], { driver }: CommandEnvironment): Promise<Omit<CommandOutcome, 'command' | 'atMs'>> {
  const { stdout = '', stderr = '', code = 0 } = await curlBy((url, patienceMs, method) => through(driver, url, patienceMs, method), words, "on one's own machine")
  return { stdout, stderr, code, requests: [] }
}

/**
 * A connection to the forwarded port is one to `localhost` within the pod, so nobody's rules or policies stand between. Where nobody listens there, kubectl
 * closes the connection that it has taken, and ends. Source: client-go tools/portforward/portforward.go (handleConnection).
 */
async function through(driver: Driver, url: Url, patienceMs: number, method: string): Promise<Answer> {
  const { host, port, path } = url
  const addresses: Readonly<Record<string, readonly string[]>> = { localhost: ['127.0.0.1', '0.0.0.0', '::1', '::'], '127.0.0.1': ['127.0.0.1', '0.0.0.0'] }
  if (!Object.hasOwn(addresses, host)) {
    throw new NotModelled(`what answers at ${host} from one's own machine; \`kubectl port-forward\` brings a pod or Service to localhost`)
  }
  const proxy = proxiesOf(driver).find(p => p.local === port && p.addresses.some(a => addresses[host].includes(a)))
  if (proxy) return proxied(driver, proxy, url, method)
  const forward = forwardsOf(driver).find(f => f.local === port && f.addresses.some(a => addresses[host].includes(a)))
  if (!forward) return { failed: 'refused', address: '127.0.0.1' }
  const { namespace, pod: name, uid } = forward, place = { driver, pod: { metadata: { namespace, name, uid } }, container: {}, startedAt: forward.since }
  // kubectl listens on after its pod has gone, and ends with the first connection
  const there = driver.nodeTruth.pod(uid, forward.node) !== undefined
  const answer = there ? await ask(place, { host: 'localhost', port: forward.remote, path }, patienceMs) : { failed: 'refused', address: '' } as const
  if (!('failed' in answer) || answer.failed !== 'refused') return answer
  dropForward(driver, forward)
  return { failed: 'empty', address: '127.0.0.1' }
}
