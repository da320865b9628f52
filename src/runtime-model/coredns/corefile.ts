/**
 * The Corefile as CoreDNS reads it: server blocks with their zones, and the plugins of each that say what a name means. Plugins act in an order of
 * CoreDNS's own, whatever their order in the file. Source: https://coredns.io/manual/configuration/, coredns/coredns plugin.cfg
 */
export interface Corefile { readonly blocks: readonly ServerBlock[] }
export interface ServerBlock { readonly zones: readonly string[]; readonly plugins: readonly Plugin[] }
export interface Plugin { readonly name: string; readonly args: readonly string[]; readonly lines: readonly (readonly string[])[] }

const cache = new Map<string, Corefile | string>()
/** A text: why it cannot be read. Pure, so that what was read once is remembered. */
export function parseCorefile(text: string): Corefile | string {
  const before = cache.get(text)
  if (before !== undefined) return before
  if (cache.size > 200) cache.clear()
  const made = read(text)
  cache.set(text, made)
  return made
}
function read(text: string): Corefile | string {
  const blocks: ServerBlock[] = []
  let block: { zones: string[]; plugins: Plugin[] } | undefined, plugin: { name: string; args: string[]; lines: string[][] } | undefined
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.replace(/(^|\s)#.*$/, '').split(/[\s,]+/).filter(Boolean), opens = words.at(-1) === '{', said = opens ? words.slice(0, -1) : words
    if (words.length === 0) continue
    if (words[0] === '}') {
      if (plugin) plugin = undefined
      else if (block) { blocks.push(block); block = undefined } else return `line ${i + 1}: nothing is open here that } could close`
    } else if (!block) {
      if (!opens) return `line ${i + 1}: a server block begins with its zones and {`
      const zones = said.filter(z => portOf(z) === 53).map(zoneOf)
      block = { zones, plugins: [] }
    } else if (plugin) plugin.lines.push(words)
    else {
      const made = { name: said[0], args: said.slice(1), lines: [] }
      block.plugins.push(made)
      if (opens) plugin = made
    }
  }
  return block ? 'a server block is not closed' : { blocks: blocks.filter(b => b.zones.length > 0) }
}
const portOf = (zone: string): number => Number(/:(\d+)$/.exec(zone)?.[1] ?? 53)
const zoneOf = (zone: string): string => zone.replace(/^dns:\/\//, '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
/** Is a name in a zone? The root is ``. */
export const inZone = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`)

/** The block that answers for a name: that of the longest zone. */
export function blockFor({ blocks }: Corefile, name: string): ServerBlock | undefined {
  let best: ServerBlock | undefined, length = -1
  for (const block of blocks) for (const zone of block.zones) if (inZone(name, zone) && zone.length > length) { best = block; length = zone.length }
  return best
}

/** They change no answer that anybody gets. */
const harmless = [
  'errors', 'health', 'ready', 'prometheus', 'cache', 'loop', 'reload', 'loadbalance', 'log', 'debug', 'autopath', 'bufsize', 'nsid', 'minimal', 'any', 'trace',
]
const order = ['rewrite', 'hosts', 'kubernetes', 'forward']
/** Plugins that say what names mean, in the order in which they are asked; a text: one of them is not modelled. */
export function answering({ plugins }: ServerBlock): readonly Plugin[] | string {
  const odd = plugins.find(p => !harmless.includes(p.name) && !order.includes(p.name))
  return odd ? `not modelled: plugin ${odd.name} of the Corefile` : order.flatMap(name => plugins.filter(p => p.name === name))
}

/**
 * A name after the rules of `rewrite`, of which the first that fits counts; a text in `odd`: a rule that is not modelled.
 * Source: https://coredns.io/plugins/rewrite/
 */
export function rewritten(rules: readonly Plugin[], name: string): { readonly name: string } | { readonly odd: string } {
  for (const { args } of rules) {
    const [field, ...rest] = ['continue', 'stop'].includes(args[0]) ? args.slice(1) : args
    if (field !== 'name') return { odd: `not modelled: rewrite of ${field ?? 'nothing'} in the Corefile` }
    const kinds = ['exact', 'prefix', 'suffix', 'substring', 'regex'], [kind, from = '', to = ''] = kinds.includes(rest[0]) ? rest : ['exact', ...rest]
    const next = changed(kind, from.replace(/\.$/, '').toLowerCase(), to.replace(/\.$/, '').toLowerCase(), name)
    if (next !== undefined) return { name: next }
  }
  return { name }
}
function changed(kind: string, from: string, to: string, name: string): string | undefined {
  switch (kind) {
    case 'exact': return name === from ? to : undefined
    case 'prefix': return name.startsWith(from) ? to + name.slice(from.length) : undefined
    case 'suffix': return name.endsWith(from) ? name.slice(0, name.length - from.length) + to : undefined
    case 'substring': return name.includes(from) ? name.replaceAll(from, to) : undefined
    default: {
      const match = new RegExp(from.replaceAll('\\.', '\\.')).exec(`${name}.`) ?? new RegExp(from).exec(name)
      return match ? to.replace(/\{(\d)\}/g, (_, n) => match[Number(n)] ?? '').replace(/\.$/, '') : undefined
    }
  }
}
