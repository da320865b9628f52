import { sameValue } from '../../base/equal.ts'

/** One step of a JSON patch, as it was sent: what is missing or of another type is found when it is applied. */
export type Operation = Readonly<Record<string, any>>
export type Patched = { readonly document: any } | { readonly error: string }

/**
 * The patched document, or what the library that both the API server and kubectl use says of the first operation that does not fit. Sources: RFC 6902;
 * gopkg.in/evanphx/json-patch.v4 (patch.go): what an object lacks can be replaced, copied and asked for as null, and lists are counted from their end too.
 */
export function applyJsonPatch(current: any, operations: readonly Operation[]): Patched {
  let document = structuredClone(current)
  try {
    for (const operation of operations) {
      const apply = kinds[operation.op]
      if (!apply) return { error: `Unexpected kind: ${typeof operation.op === 'string' ? operation.op : 'unknown'}` }
      document = apply(document, operation)
    }
    return { document }
  } catch (error) {
    if (error instanceof Misfit) return { error: error.message }
    throw error
  }
}

class Misfit extends Error {}
const misfit = (message: string): never => { throw new Misfit(message) }
const missing = (message: string): never => misfit(`${message}: missing value`)

const kinds: Readonly<Record<string, (document: any, operation: Operation) => any>> = {
  add(document, operation) {
    const path = pointer(operation, 'path', 'add')
    const { parent, key } = found(document, path) ?? missing(`add operation does not apply: doc is missing path: "${path}"`)
    because(`error in add for path: '${path}'`, () => add(parent, key, valueOf(operation)))
    return document
  },
  remove(document, operation) {
    const path = pointer(operation, 'path', 'remove')
    const { parent, key } = found(document, path) ?? missing(`remove operation does not apply: doc is missing path: "${path}"`)
    because(`error in remove for path: '${path}'`, () => remove(parent, key))
    return document
  },
  replace(document, operation) {
    const path = pointer(operation, 'path', 'replace'), value = valueOf(operation)
    if (path === '') return typeof value === 'object' && value !== null ? value : misfit('replace operation value must be object or array')
    const { parent, key } = found(document, path) ?? missing(`replace operation does not apply: doc is missing path: ${path}`)
    if (Array.isArray(parent) && itemAt(parent, key) === undefined) missing(`replace operation does not apply: doc is missing key: ${path}`)
    if (Array.isArray(parent)) parent[itemAt(parent, key)!] = value
    else parent[key] = value
    return document
  },
  move(document, operation) {
    const from = pointer(operation, 'from', 'move')
    const source = found(document, from) ?? missing(`move operation does not apply: doc is missing from path: ${from}`)
    const value = because(`error in move for path: '${source.key}'`, () => {
      const moved = get(source.parent, source.key)
      remove(source.parent, source.key)
      return moved
    })
    const path = pointer(operation, 'path', 'move')
    const { parent, key } = found(document, path) ?? missing(`move operation does not apply: doc is missing destination path: ${path}`)
    because(`error in move for path: '${path}'`, () => add(parent, key, value))
    return document
  },
  copy(document, operation) {
    const from = pointer(operation, 'from', 'copy')
    const source = found(document, from) ?? missing(`copy operation does not apply: doc is missing from path: ${from}`)
    const value = because(`error in copy for from: '${from}'`, () => get(source.parent, source.key)), path = pointer(operation, 'path', 'copy')
    const { parent, key } = found(document, path) ?? missing(`copy operation does not apply: doc is missing destination path: ${path}`)
    because('error while adding value during copy', () => add(parent, key, structuredClone(value)))
    return document
  },
  test(document, operation) {
    const path = pointer(operation, 'path', 'test')
    const at = path === '' ? undefined : found(document, path) ?? missing(`test operation does not apply: is missing path: ${path}`)
    const value = at ? because(`error in test for path: '${path}'`, () => get(at.parent, at.key)) : document
    return sameValue(value, valueOf(operation)) ? document : misfit(`testing value ${path} failed: test failed`)
  },
}

const valueOf = ({ value }: Operation): any => value === undefined ? null : structuredClone(value)
const pointer = (operation: Operation, field: 'path' | 'from', op: string): string =>
  typeof operation[field] === 'string' ? operation[field] : missing(`${op} operation failed to decode ${field}`)

/** Where a pointer leads: an object or a list that is there, and what in it. What comes before the first slash is not looked at. */
function found(document: any, path: string): { readonly parent: any; readonly key: string } | undefined {
  const steps = path.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~')), key = steps.pop()
  let parent = document
  for (const step of steps) {
    parent = Array.isArray(parent) ? parent[itemAt(parent, step) ?? -1] : Object.hasOwn(parent, step) ? parent[step] : undefined
    if (typeof parent !== 'object' || parent === null) return undefined
  }
  return key === undefined ? undefined : { parent, key }
}

/** with the reason for it in front, if it fails */
function because<T>(what: string, attempt: () => T): T {
  try { return attempt() } catch (error) { throw error instanceof Misfit ? new Misfit(`${what}: ${error.message}`) : error }
}
const isIndex = (key: string): boolean => /^[+-]?\d+$/.test(key)
/** the item that a key names, counted from the end if it is negative; undefined: there is none */
function itemAt(list: readonly any[], key: string, room = 0): number | undefined {
  const length = list.length + room, index = Number(key) < 0 ? Number(key) + length : Number(key)
  return isIndex(key) && index >= 0 && index < length ? index : undefined
}
const outside = (key: string): never => misfit(isIndex(key)
  ? `Unable to access invalid index: ${Number(key)}: invalid index referenced`
  : `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`)

function get(parent: any, key: string): any {
  if (!Array.isArray(parent)) return Object.hasOwn(parent, key) ? parent[key] : null
  return parent[itemAt(parent, key) ?? outside(key)]
}
function add(parent: any, key: string, value: any): void {
  if (!Array.isArray(parent)) { Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true }); return }
  if (key !== '-' && !isIndex(key)) misfit(`value was not a proper array index: '${key}': strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`)
  parent.splice(key === '-' ? parent.length : itemAt(parent, key, 1) ?? outside(key), 0, value)
}
function remove(parent: any, key: string): void {
  if (Array.isArray(parent)) { parent.splice(itemAt(parent, key) ?? outside(key), 1); return }
  if (!Object.hasOwn(parent, key)) missing(`Unable to remove nonexistent key: ${key}`)
  delete parent[key]
}
