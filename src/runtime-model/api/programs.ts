import type { Behaviour } from './behaviour.ts'
import { clusterDnsAddress } from './cluster-dns.ts'
import { loopIn, readCorefile } from './corefile.ts'

/**
 * Programs whose end the model knows: CoreDNS, by the file that it reads when it starts, and what empties a volume that is to be used again. What another image
 * makes of its files is said by its behaviour. Source: coredns/coredns coremain/run.go, plugin/loop
 */
export interface Program {
  /** where its configuration lies in the container; absent: it has none */
  readonly path?: string
  /** How it ends by what it reads there (undefined: nothing lies there); undefined: it runs. */
  ends(text: string | undefined): Pick<Behaviour, 'exit' | 'prints'> | undefined
  /** Does one that runs by the first text go over to the second, once that is there? */
  takesUp(before: string | undefined, text: string): boolean
}

const coredns = (path: string): Program => ({
  path,
  ends(text) {
    if (text === undefined) return fails(0, `loading Caddyfile via flag: open ${path}: no such file or directory`)
    const read = readCorefile(text, path)
    if (read.complaint !== undefined) return fails(0, read.complaint)
    const zone = read.odd === undefined ? loopIn(read, ownAddresses) : undefined
    return zone === undefined ? undefined : fails(
      loopMs,
      `[FATAL] plugin/loop: Loop (127.0.0.1:40053 -> :53) detected for zone "${zone}", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."`
    )
  },
  takesUp(before, text) {
    const now = before === undefined ? undefined : readCorefile(before, path)
    const reloads = now === undefined
      || now.complaint === undefined && (now.odd !== undefined || now.blocks.some(b => b.plugins.some(p => p.name === 'reload')))
    return reloads && readCorefile(text, path).complaint === undefined
  },
})
const fails = (afterMs: number, line: string): Pick<Behaviour, 'exit' | 'prints'> =>
  ({ exit: { afterMs, code: 1, oom: false }, prints: line.split('\n').map(l => ({ afterMs, line: l })) })
/** until its own question has come back three times */
const loopMs = 100
const ownAddresses = ['127.0.0.1', '::1', clusterDnsAddress]

/** Source: pkg/volume/plugins.go (NewPersistentVolumeRecyclerPodTemplate) */
const recycler: Program = { ends: () => ({ exit: { afterMs: 100, code: 0, oom: false }, prints: [] }), takesUp: () => false }

/** The program of a container of a pod; undefined: one whose files are its own business. */
export function programOf({ image = '', args = [] }: { readonly image?: string; readonly args?: readonly string[] }): Program | undefined {
  if (args[1]?.startsWith('test -e /scrub && ')) return recycler
  if (!/(^|\/)coredns(:|@|$)/.test(image)) return undefined
  const at = args.indexOf('-conf')
  return at < 0 || args[at + 1] === undefined ? undefined : coredns(args[at + 1])
}
