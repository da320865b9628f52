import { parseIP } from './cidr.ts'

/**
 * The Corefile as CoreDNS reads it: server blocks with their zones, and their plugins. Plugins act in an order of CoreDNS's own, whatever their order in
 * the file. Source: https://coredns.io/manual/configuration/, coredns/coredns plugin.cfg (1.13), coredns/caddy caddyfile/parse.go
 */
export interface Corefile { readonly blocks: readonly ServerBlock[] }
export interface ServerBlock { readonly zones: readonly string[]; readonly plugins: readonly Plugin[] }
export interface Plugin { readonly name: string; readonly args: readonly string[]; readonly lines: readonly (readonly string[])[] }
/** `complaint`: with these words CoreDNS ends instead of starting. `odd`: the model does not know what it makes of this. */
export type Read = Corefile & { readonly complaint?: undefined; readonly odd?: undefined } | { readonly complaint: string; readonly odd?: undefined }
  | { readonly odd: string; readonly complaint?: undefined }

const known = (
  'root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl '
  + 'any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto '
  + 'secondary etcd loop forward grpc erratic whoami on sign view nomad'
).split(' ')

const cache = new Map<string, Read>()
/** Pure, so that what was read once is remembered. `path`: where it lies, as complaints name it. */
export function readCorefile(text: string, path = '/etc/coredns/Corefile'): Read {
  const key = `${path}\n${text}`, before = cache.get(key)
  if (before !== undefined) return before
  if (cache.size > 200) cache.clear()
  let made: Read
  try { made = new Parser(text, path).corefile() } catch (error) {
    if (!(error instanceof Refused)) throw error
    made = error.read
  }
  cache.set(key, made)
  return made
}

/** Says no to the whole file. */
class Refused extends Error {
  constructor(readonly read: Exclude<Read, Corefile>) { super() }
}
const odd = (why: string): never => { throw new Refused({ odd: `not modelled: ${why} in the Corefile` }) }

interface Token { readonly text: string; readonly line: number }
function tokensOf(text: string): readonly Token[] {
  return text.split('\n').flatMap((line, i) =>
    [...line.replace(/(^|\s)#.*$/, '').matchAll(/"((?:[^"\\]|\\.)*)"|[^\s"]\S*/g)].map(([word, quoted]) => ({ text: quoted ?? word, line: i + 1 })))
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  constructor(text: string, readonly path: string) { this.#tokens = tokensOf(text) }

  corefile(): Corefile {
    const blocks: ServerBlock[] = [], served = new Set<string>()
    while (this.#at < this.#tokens.length) blocks.push(this.#block(served))
    for (const { plugins } of blocks) for (const plugin of plugins) this.#check(plugin as Placed)
    return { blocks: blocks.filter(b => b.zones.length > 0).map(b => ({ ...b, plugins: b.plugins.map(plain) })) }
  }
  #block(served: Set<string>): ServerBlock {
    const keys: string[] = []
    let open = false
    for (let first = true; this.#at < this.#tokens.length && !open; first = false) {
      const { text, line } = this.#tokens[this.#at]
      if (text === '{') { open = true; this.#at++; break }
      if (!first && line !== this.#tokens[this.#at - 1].line && !this.#tokens[this.#at - 1].text.endsWith(',')) break
      if (text === '}' || text === 'import' || text.startsWith('(')) odd(text === '}' ? 'a } that closes nothing' : `${text}`)
      keys.push(text.replace(/,$/, ''))
      this.#at++
    }
    for (const key of keys) {
      const name = `dns://${key.replace(/^dns:\/\//, '').replace(/:\d+$/, '').replace(/\.?$/, '.').toLowerCase()}:${portOf(key)}`
      if (/^(tls|grpc|https|quic):\/\//.test(key)) odd(`a server for ${key}`)
      if (served.has(name)) throw new Refused({ complaint: `cannot serve ${name} - it is already defined` })
      served.add(name)
    }
    return { zones: keys.filter(z => portOf(z) === 53).map(zoneOf), plugins: this.#plugins(open) }
  }
  #plugins(open: boolean): readonly Placed[] {
    const plugins: Placed[] = []
    for (; this.#at < this.#tokens.length; this.#at++) {
      const { text, line } = this.#tokens[this.#at]
      if (open && text === '}') { this.#at++; return plugins }
      if (text === 'import') odd('import')
      if (!known.includes(text)) this.#refuse(line, `Unknown directive '${text}'`)
      plugins.push(this.#plugin(text, line))
    }
    const last = this.#tokens.at(-1)
    if (open) throw new Refused({ complaint: `${this.path}:${last?.line ?? 0} - Syntax error: Unexpected token '${last?.text ?? ''}', expecting '}'` })
    return plugins
  }
  /** Ends at its last token. */
  #plugin(name: string, line: number): Placed {
    const args: string[] = [], lines: string[][] = [], numbers: number[] = []
    let depth = 0
    for (; this.#at + 1 < this.#tokens.length; this.#at++) {
      const before = this.#tokens[this.#at], next = this.#tokens[this.#at + 1]
      if (depth === 0 && next.line !== before.line) break
      if (next.text === '{') { depth++; continue }
      if (next.text === '}') {
        if (depth === 0) this.#refuse(next.line, "Unexpected '}' because no matching opening brace")
        depth--
        continue
      }
      if (depth === 0) args.push(next.text)
      else if (next.line === before.line && before.text !== '{' && lines.length > 0) lines.at(-1)!.push(next.text)
      else { lines.push([next.text]); numbers.push(next.line) }
    }
    if (depth > 0) this.#refuse(this.#tokens.at(-1)!.line, 'Unexpected EOF')
    return { name, args, lines, line, numbers }
  }
  #refuse(line: number, why: string, plugin?: string): never {
    throw new Refused({ complaint: `${plugin === undefined ? '' : `plugin/${plugin}: `}${this.path}:${line} - Error during parsing: ${why}` })
  }

  /** What plugins that the model knows make of their own lines. Source: coredns/coredns plugin/{kubernetes,forward}/setup.go */
  #check({ name, args, lines, line, numbers }: Placed): void {
    if (name === 'kubernetes') {
      const unknown = lines.findIndex(([option]) => !options.includes(option)), pods = lines.find(([option]) => option === 'pods')
      if (unknown >= 0) this.#refuse(numbers[unknown], `unknown property '${lines[unknown][0]}'`, name)
      if (pods?.length === 2 && !['disabled', 'insecure', 'verified'].includes(pods[1])) {
        throw new Refused({ complaint: `plugin/kubernetes: wrong value for pods: ${pods[1]},  must be one of: disabled, verified, insecure` })
      }
    }
    if (name === 'forward') {
      if (args.length < 2) this.#refuse(line, `Wrong argument count or unexpected line ending after '${args.at(-1) ?? name}'`, name)
      const wrong = args.slice(1).find(to => parseIP(hostOf(to)) === undefined && !to.startsWith('/'))
      if (wrong !== undefined) throw new Refused({ complaint: `plugin/forward: not an IP address or file: ${JSON.stringify(wrong)}` })
    }
  }
}
interface Placed extends Plugin { readonly line: number; readonly numbers: readonly number[] }
const plain = ({ name, args, lines }: Plugin): Plugin => ({ name, args, lines })
const options = [
  'endpoint', 'tls', 'kubeconfig', 'apiserver_qps', 'apiserver_burst', 'apiserver_max_inflight', 'namespaces', 'labels', 'pods', 'endpoint_pod_names', 'ttl',
  'noendpoints', 'fallthrough', 'ignore', 'namespace_labels', 'startup_timeout', 'multicluster', 'lameduck', 'upstream',
]
const portOf = (zone: string): number => Number(/:(\d+)$/.exec(zone)?.[1] ?? 53)
const zoneOf = (zone: string): string => zone.replace(/^dns:\/\//, '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
/** The address of a server that questions are forwarded to. */
export const hostOf = (server: string): string =>
  server.replace(/^(dns|tls):\/\//, '').replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]+):\d+$/, '$1').replace(/%.*$/, '')

/**
 * The zone in which CoreDNS would ask itself for ever, which its plugin `loop` finds out right after the start; undefined: there is none, or nobody looks.
 * `itself`: the addresses at which it is asked. Source: https://coredns.io/plugins/loop/
 */
export function loopIn({ blocks }: Corefile, itself: readonly string[]): string | undefined {
  const found = blocks.find(({ plugins }) =>
    plugins.some(p => p.name === 'loop') && plugins.some(p => p.name === 'forward' && p.args.slice(1).some(to => itself.includes(hostOf(to)))))
  return found && (found.zones[0] === '' ? '.' : `${found.zones[0]}.`)
}
