import { distance } from '../../base/suggest.ts'

/**
 * Why requests are lost, in the words in which traffic counts them: each a text with holes. So that `loses no request because "…"` cannot hold for words that
 * no loss ever has.
 */
const reasons: readonly string[] = [
  'every node is down', 'node {node} is down', 'node {node} is down (no answer from {pod})', 'nothing passes between {node} and {node} (no answer from {pod})',
  'no rules for service {service} on {node}', 'no rules for service {service} on {node} yet',
  'no rules for service {service} on {node}, as kube-proxy does not run there', 'service {service} has no endpoints in the rules on {node} yet (connection refused)',
  'service {service} has no endpoints in the rules on {node}, as kube-proxy does not run there (connection refused)', 'service {service} has no port {n} (connection refused)',
  'service {service} lets only clients of {text} in, which {n} is none of (dropped)', 'no endpoint of service {service} on {node} (dropped)',
  'no endpoint of service {service} on {node} (connection refused)', 'service {service} has no ready endpoints (connection refused)',
  'whoever had {n} has ended: no answer from {n}; the rules still name it, as kube-proxy on {node} does not run',
  'pod {pod} has ended: no answer from {n}; kube-proxy has not taken it out of the rules yet', 'pod {pod} listens on {text} only: {n} refuses connections',
  'pod {pod} has not started yet: {n} refuses connections; kube-proxy has not taken it out of the rules yet',
  'container {n} of pod {pod} has ended with exit code {n}: {n} refuses connections; kube-proxy has not taken it out of the rules yet',
  'pod {pod} has no connection, as the agent of the network plugin does not run on {node} (no answer)', 'nobody has the address {n} (no answer)',
  'nothing listens on {n} (connection refused)', 'nothing listens on port {n} of {node} (connection refused)', '{n} does not answer',
  '{n} on {node} does not run: {n} refuses connections', 'kube-proxy on {node} answered 503: service {service} has no endpoint there',
  'pod {pod} does not answer', 'pod {pod} answered {n}', 'pod {pod} ended before it had answered (requests take {n})',
  'pod {pod} of {n} ended before it had answered (requests take {n})',
  'node {node}, by which they had come, was gone before they were answered (requests take {n})',
  'the load balancer let go of node {node} before they were answered (requests take {n})',
  'network policy {n} lets no such traffic into pod {pod} ({n} {n}, no answer)',
  'network policy {n} lets no such traffic out of pod {pod} ({n} {n}, no answer)',
  'network policies {text} let no such traffic into pod {pod} ({n} {n}, no answer)',
  'network policies {text} let no such traffic out of pod {pod} ({n} {n}, no answer)',
  'lookup {n}: {text}', 'lookup {n}: i/o timeout (CoreDNS is {n})', 'lookup {service}: no such host (the Service has no ready endpoints)',
  'lookup {n}: too many aliases',
  'lookup {n}: no such host (service {service} is an alias of it)',
  // a proxy in front
  '{n} answered {n}: {text}', '{n} has nobody to ask', 'no rule has host {n}', 'no rule of host {n} has path {n}', 'there is no service {n}',
  'service {service} has no port {n}', 'service {service} has no ready endpoints', '{n} shows a certificate that is not for {n}, as no tls names that host',
  '{n} shows a certificate that is not for {n}, as Secret {n} is missing', '{n} shows a certificate that is not for {n}, as its tls names no Secret',
  '{n} shows a certificate that is not for {n}, as Secret {n} has no tls.crt and tls.key', '{n} is none of {text}', '{n} is one of {text}',
  'its address {n} is none of {text}',
  'requests take {n}, and nginx waits for {n}', 'it asks for a name and a password', 'a request carries {n} bytes, and {n} may be',
  'more than {n} requests per second from one address', 'more than {n} requests per minute from one address', 'more than {n} connections from one address',
  'its auth-url answered {n}, and clients have to sign in', 'its auth-url says so', 'its auth-url answered {n}', 'its auth-url does not answer: {text}',
  // a gateway
  'gateway {n} has no listener that is in force on port {n}', 'port {n} speaks HTTPS only', 'gateway {n} speaks no TLS on port {n}',
  'gateway {n} shows no certificate for {n}, as {text}', 'no listener has host {n}', 'no route has host {n}', 'no route of host {n} has a rule for {n}',
  'sends whoever asks for {n} round in a circle', '{n} names no backend', 'BackendNotFound: {n} Not found: {n}', 'InvalidKind: {n} Unsupported value: {text}',
  'RefNotPermitted: Backend ref to Service {n} not permitted by any ReferenceGrant', 'UnsupportedValue: {text}',
]

type Hole = 'node' | 'service' | 'pod' | 'n' | 'text'
type Part = { readonly literal: string; readonly hole?: undefined } | { readonly hole: Hole; readonly literal?: undefined }
const partsOf = (reason: string): readonly Part[] => reason.split(/(\{\w+\})/).filter(t => t !== '').map(t =>
  t.startsWith('{') ? { hole: t.slice(1, -1) as Hole } : { literal: t })
let parted: readonly (readonly Part[])[] | undefined

/** What words of a reason put into its holes. `whole`: the name has its beginning and its end there. */
export interface Said { readonly hole: Hole; readonly text: string; readonly whole: boolean }
/** The ways in which words may be part of some reason; none: they are of no reason. */
export function readingsOf(words: string): readonly (readonly Said[])[] {
  parted ??= reasons.map(partsOf)
  return parted.flatMap(parts => parts.flatMap((part, i) => {
    if (part.literal === undefined) return after(words, parts, i, true, 0)
    return Array.from(part.literal, (_, from) => from).flatMap(from => literally(words, part.literal.slice(from), parts, i, 0))
  })).slice(0, 50)
}
const leastLetters = 3
const enough = (letters: number): readonly (readonly Said[])[] => letters >= leastLetters ? [[]] : []
function literally(words: string, literal: string, parts: readonly Part[], i: number, letters: number): readonly (readonly Said[])[] {
  if (literal.startsWith(words)) return enough(letters + words.replace(/\W/g, '').length)
  return words.startsWith(literal) ? after(words.slice(literal.length), parts, i + 1, false, letters + literal.replace(/\W/g, '').length) : []
}
function after(words: string, parts: readonly Part[], i: number, first: boolean, letters: number): readonly (readonly Said[])[] {
  const part = parts[i]
  if (words === '') return enough(letters)
  if (part === undefined) return []
  if (part.literal !== undefined) return literally(words, part.literal, parts, i, letters)
  const { hole } = part, found: (readonly Said[])[] = [], next = parts[i + 1]?.literal
  for (let end = first ? 0 : 1; end <= words.length; end++) {
    const text = words.slice(0, end)
    if (hole !== 'text' && /[\s,;]/.test(text)) break
    if (end === words.length) { found.push(...enough(letters).map(said => [{ hole, text, whole: false }, ...said])); break }
    if (next !== undefined && (words.startsWith(next, end) || next.startsWith(words.slice(end)))) {
      found.push(...after(words.slice(end), parts, i + 1, false, letters).map(said => [{ hole, text, whole: !first }, ...said]))
    }
  }
  return found
}

/** The reasons nearest to words: those that share most of their words with them, then those that are spelt most alike. */
export function nearestReasons(words: string, limit = 3): readonly string[] {
  const wanted = words.toLowerCase().split(/\W+/).filter(Boolean)
  const near = (a: string, b: string): boolean => a === b || distance(a, b) * 3 <= Math.max(a.length, b.length)
  const ranked = reasons.map(reason => {
    const has = reason.toLowerCase().replace(/\{\w+\}/g, ' ').split(/\W+/).filter(Boolean)
    return { reason, shared: wanted.filter(w => has.some(h => near(w, h))).length }
  })
  return ranked.filter(r => r.shared > 0).sort((a, b) => b.shared - a.shared || distance(words, a.reason) - distance(words, b.reason)).slice(0, limit)
    .map(r => r.reason.replace(/\{\w+\}/g, '…'))
}
