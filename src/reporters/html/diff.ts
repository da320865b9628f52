import { sameValue } from '../../base/equal.ts'

type Value = unknown
type Fields = Readonly<Record<string, Value>>
/** what changes with every write, or says nothing to a reader */
const unseen = new Set(['managedFields', 'resourceVersion', 'generation', 'selfLink'])
/** what tells the items of a list apart, in the order of preference */
const identities = ['name', 'type', 'ip', 'key', 'containerPort', 'port', 'uid', 'topologyKey']
const longest = 300

const isFields = (value: Value): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const pad = (depth: number): string => '  '.repeat(depth)

/** An object before and after as YAML: only what changed, under the keys that lead to it. Each line begins with `+`, `-` or a blank. */
export function difference(before: Value, after: Value): string[] {
  if (before === undefined) return emit(seen(after), 0, '+')
  if (after === undefined) return []
  return between(seen(before), seen(after), 0)
}

/** Without what no reader looks at. */
function seen(object: Value): Value {
  if (!isFields(object) || !isFields(object.metadata)) return object
  return { ...object, metadata: Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !unseen.has(key))) }
}

function between(before: Value, after: Value, depth: number): string[] {
  if (Array.isArray(before) && Array.isArray(after)) return items(before, after, depth)
  if (!isFields(before) || !isFields(after)) return [...emit(before, depth, '-'), ...emit(after, depth, '+')]
  const lines: string[] = []
  for (const key of [...Object.keys(after), ...Object.keys(before).filter(k => !(k in after))]) {
    const old = before[key], now = after[key]
    if (sameValue(old, now)) continue
    if ((isFields(old) && isFields(now)) || (Array.isArray(old) && Array.isArray(now))) lines.push(` ${pad(depth)}${key}:`, ...between(old, now, depth + 1))
    else lines.push(...(old === undefined ? [] : field(key, old, depth, '-')), ...(now === undefined ? [] : field(key, now, depth, '+')))
  }
  return lines
}

function items(before: readonly Value[], after: readonly Value[], depth: number): string[] {
  const id = identities.find(key => [...before, ...after].every(i => isFields(i) && i[key] !== undefined))
  if (id === undefined) {
    const same = (a: Value) => (b: Value): boolean => sameValue(a, b)
    return [...before.filter(b => !after.some(same(b))).flatMap(b => item(b, depth, '-')), ...after.filter(a => !before.some(same(a))).flatMap(a => item(a, depth, '+'))]
  }
  const of = (list: readonly Value[], value: Value): Value => list.find(i => sameValue((i as Fields)[id], value))
  return [
    ...after.flatMap(now => {
      const key = (now as Fields)[id], old = of(before, key)
      if (old === undefined) return item(now, depth, '+')
      return sameValue(old, now) ? [] : [` ${pad(depth)}- ${id}: ${scalar(key)}`, ...between(old, now, depth + 1)]
    }),
    ...before.filter(old => of(after, (old as Fields)[id]) === undefined).flatMap(old => item(old, depth, '-')),
  ]
}

// ---- YAML, as kubectl prints it
function emit(value: Value, depth: number, sign: string): string[] {
  if (Array.isArray(value)) return value.flatMap(v => item(v, depth, sign))
  if (!isFields(value)) return [`${sign}${pad(depth)}${scalar(value)}`]
  return Object.entries(value).flatMap(([key, v]) => v === undefined ? [] : field(key, v, depth, sign))
}
function field(key: string, value: Value, depth: number, sign: string): string[] {
  const empty = Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0
  if (typeof value !== 'object' || value === null || empty) return [`${sign}${pad(depth)}${key}: ${empty ? (Array.isArray(value) ? '[]' : '{}') : scalar(value)}`]
  return [`${sign}${pad(depth)}${key}:`, ...emit(value, depth + 1, sign)]
}
function item(value: Value, depth: number, sign: string): string[] {
  const [first = `${sign}{}`, ...rest] = emit(value, depth + 1, sign)
  return [`${sign}${pad(depth)}- ${first.slice(1 + 2 * (depth + 1))}`, ...rest]
}
function scalar(value: Value): string {
  if (typeof value !== 'string') return String(value)
  const plain = /^[A-Za-z/._][\w/.@%+ :-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|~)$|: | $|:$| #/i.test(value)
  const text = value.length > longest ? `${value.slice(0, longest)}…` : value
  return plain ? text : JSON.stringify(text)
}
