import type { Corefile, Plugin, ServerBlock } from '../api/corefile.ts'

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
