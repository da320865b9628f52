/** Stable marks for what differs from run to run, numbered by first appearance: `<uid-1>`, `<r1>`, `<hash1>`, `<nodePort1>`. */
export class Marks {
  readonly #marks = new Map<string, string>()
  readonly #counters: Record<string, number> = {}
  of(text: string, prefix: string, separator = ''): string {
    const known = this.#marks.get(text)
    if (known) return known
    this.#counters[prefix] = (this.#counters[prefix] ?? 0) + 1
    const made = `<${prefix}${separator}${this.#counters[prefix]}>`
    this.#marks.set(text, made)
    return made
  }
  get(text: string): string | undefined { return this.#marks.get(text) }
  texts(wanted: RegExp): string[] { return [...this.#marks].filter(([, mark]) => wanted.test(mark)).map(([text]) => text) }
}

const escape = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** Any of the texts as a whole word; undefined if there is none. */
const anyOf = (texts: readonly string[]): RegExp | undefined =>
  texts.length ? new RegExp('(?<![a-z0-9])(?:' + texts.map(escape).join('|') + ')(?![a-z0-9])', 'g') : undefined

/** what the API server appends to generateName (k8s.io/apimachinery/pkg/util/rand) */
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/

/** Random names, hashes and node ports, found in the objects themselves. */
export interface Known {
  readonly marks: Marks
  /** whole random name → its fixed part and its suffix */
  readonly names: ReadonlyMap<string, readonly [string, string]>
  readonly ports: ReadonlyMap<number, string>
  readonly nameRe?: RegExp
  readonly hashRe?: RegExp
  readonly portRe?: RegExp
}

/** `given`: the text of the scenario; what an author wrote is not random. */
export function findKnown(objects: readonly any[], given: string): Known {
  const marks = new Marks(), names = new Map<string, readonly [string, string]>(), ports = new Map<number, string>()
  for (const o of objects) {
    markHashes(o, marks, given)
    const { generateName, name } = o.metadata
    if (generateName && name?.startsWith(generateName) && SUFFIX.test(name.slice(generateName.length)) && !names.has(name)) {
      names.set(name, [generateName, name.slice(generateName.length)])
    }
    if (o.kind === 'Service') {
      for (const p of [...(o.spec?.ports ?? []).map((x: any) => x.nodePort), o.spec?.healthCheckNodePort]) {
        if (p && !given.includes(String(p)) && !ports.has(p)) ports.set(p, `<nodePort${ports.size + 1}>`)
      }
    }
  }
  for (const [, [, suffix]] of names) marks.of(suffix, 'r')
  return {
    marks, names, ports,
    nameRe: anyOf([...names.keys()].sort((a, b) => b.length - a.length)),
    hashRe: anyOf(marks.texts(/^<(hash|minute)/)),
    portRe: ports.size ? new RegExp('\\b(?:' + [...ports.keys()].join('|') + ')\\b', 'g') : undefined,
  }
}

function markHashes(o: any, marks: Marks, given: string): void {
  const { name, labels = {}, ownerReferences } = o.metadata
  const owner = ownerReferences?.find((r: any) => r.controller)
  const behindOwner = (text: string): string => owner && text.startsWith(owner.name + '-') ? text.slice(owner.name.length + 1) : text
  if (labels['pod-template-hash'] && !given.includes(labels['pod-template-hash'])) marks.of(labels['pod-template-hash'], 'hash')
  const revision = labels['controller-revision-hash']
  if (revision) marks.of(owner?.kind === 'StatefulSet' ? behindOwner(revision) : revision, 'hash')
  if (o.kind === 'ControllerRevision' && owner && behindOwner(name) !== name) marks.of(behindOwner(name), 'hash')
  if (o.kind === 'Job' && owner?.kind === 'CronJob' && behindOwner(name) !== name) marks.of(behindOwner(name), 'minute')
}
