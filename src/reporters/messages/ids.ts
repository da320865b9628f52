/** One counter for a run. The ids of a document, and those of its pickles, each counted from 0, become blocks of it. */
export function createIds() {
  let next = 0
  const newId = (): string => String(next++)
  return {
    newId,
    /** maps the ids of one file, in the order they are met, to ids of the run */
    block(): (id: string) => string {
      const own = new Map<string, string>()
      return id => own.get(id) ?? own.set(id, newId()).get(id)!
    },
  }
}

/** The value with every id in it replaced: its own, and those of the nodes of the document that it refers to. */
export function renumbered<T>(value: T, own: (id: string) => string, nodes = own, key = ''): T {
  if (typeof value === 'string') return (key === 'id' ? own(value) : key === 'astNodeId' || key === 'astNodeIds' ? nodes(value) : value) as T
  if (Array.isArray(value)) return value.map(v => renumbered(v, own, nodes, key === 'astNodeIds' ? key : '')) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, renumbered(v, own, nodes, k)])) as T
}
