/** What watches and final objects leave out: bookkeeping, and what a node repeats without saying anything new. */
export function clean(object: any): any {
  const { managedFields, resourceVersion, selfLink, ...metadata } = object.metadata
  if (object.kind !== 'Node' || !object.status) return { ...object, metadata }
  const { images, conditions, ...status } = object.status
  return {
    ...object, metadata, status: { ...status, ...(conditions ? { conditions: conditions.map(({ lastHeartbeatTime, ...condition }: any) => condition) } : {}) },
  }
}

const KEYS = ['type', 'name', 'ip', 'uid', 'key', 'port', 'containerPort', 'mountPath']
const isPlain = (value: any): boolean => value !== null && typeof value === 'object' && !Array.isArray(value)

/** The field that tells the members of a list apart, if one does. */
const keyOf = (list: readonly any[]): string | undefined =>
  KEYS.find(k => list.every(x => x && typeof x === 'object' && x[k] !== undefined) && new Set(list.map(x => x[k])).size === list.length)

export type Changes = Record<string, readonly [old: any, now: any]>

/** The paths whose values differ: `{ 'status.conditions[Ready].status': [old, new] }`; null is absence. */
export function difference(old: any, now: any, path = '', out: Changes = {}): Changes {
  if (JSON.stringify(old) === JSON.stringify(now)) return out
  if (isPlain(old) && isPlain(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      difference(old[key], now[key], path + (/^[\w-]+$/.test(key) ? (path ? '.' : '') + key : `['${key}']`), out)
    }
    return out
  }
  const key = Array.isArray(old) && Array.isArray(now) && old.length && now.length ? keyOf(old) : undefined
  if (key !== undefined && key === keyOf(now)) {
    for (const value of new Set([...old, ...now].map((x: any) => x[key]))) {
      difference(old.find((x: any) => x[key] === value), now.find((x: any) => x[key] === value), `${path}[${value}]`, out)
    }
  } else out[path] = [old ?? null, now ?? null]
  return out
}
