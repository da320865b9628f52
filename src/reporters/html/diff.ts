import { sameValue } from '../../base/equal.ts'

type Value = unknown
type Fields = Readonly<Record<string, Value>>
/** what changes with every write, or says nothing to a reader */
const unseen = new Set(['managedFields', 'resourceVersion', 'generation', 'selfLink'])
const applied = 'kubectl.kubernetes.io/last-applied-configuration'
/** what tells the items of a list apart, in the order of preference */
const identities = ['name', 'type', 'ip', 'key', 'containerPort', 'port', 'uid', 'topologyKey']
const longest = 300

const isFields = (value: Value): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object before and after as YAML: only what changed, under the keys that lead to it. Each line begins with `+`, `-` or a blank. */
export function difference(before: Value, after: Value): readonly string[] {
  const lines: string[] = []
  if (before === undefined) emit(lines, seen(after), '+')
  else if (after !== undefined) between(lines, seen(before), seen(after), ' ')
  return lines
}

/** Without what no reader looks at. */
function seen(object: Value): Value {
  if (!isFields(object) || !isFields(object.metadata)) return object
  const { apiVersion, kind, metadata, ...rest } = object, kept = Object.entries(metadata as Fields).filter(([key]) => !unseen.has(key))
  return {
    apiVersion, kind,
    metadata: Object.fromEntries(kept.map(([key, value]) => [key, key === 'annotations' && isFields(value) && applied in value ? without(value) : value])),
    ...rest,
  }
}

function without({ [applied]: _, ...annotations }: Fields): Value { return Object.keys(annotations).length ? annotations : undefined }

/** `lead`: a sign and the indentation; what is equal is passed over. */
function between(lines: string[], before: Value, after: Value, lead: string): void {
  if (Array.isArray(before) && Array.isArray(after)) return items(lines, before, after, lead)
  if (!isFields(before) || !isFields(after)) { emit(lines, before, signed('-', lead)); emit(lines, after, signed('+', lead)); return }
  for (const key of [...Object.keys(after), ...Object.keys(before).filter(k => !(k in after))]) {
    const old = before[key], now = after[key]
    if (sameValue(old, now)) continue
    if ((isFields(old) && isFields(now)) || (Array.isArray(old) && Array.isArray(now))) {
      lines.push(`${lead}${key}:`)
      between(lines, old, now, `${lead}  `)
      continue
    }
    if (old !== undefined) field(lines, key, old, signed('-', lead))
    if (now !== undefined) field(lines, key, now, signed('+', lead))
  }
}
const signed = (sign: string, lead: string): string => sign + lead.slice(1)

function items(lines: string[], before: readonly Value[], after: readonly Value[], lead: string): void {
  const id = identities.find(key => [...before, ...after].every(i => isFields(i) && i[key] !== undefined))
  const of = (list: readonly Value[], value: Value): Value =>
    list.find(i => id === undefined ? sameValue(i, value) : sameValue((i as Fields)[id], (value as Fields)[id]))
  for (const now of after) {
    const old = of(before, now)
    if (old === undefined) item(lines, now, signed('+', lead))
    else if (id !== undefined && !sameValue(old, now)) { lines.push(`${lead}- ${id}: ${scalar((now as Fields)[id])}`); between(lines, old, now, `${lead}  `) }
  }
  for (const old of before) if (of(after, old) === undefined) item(lines, old, signed('-', lead))
}

// ---- YAML, as kubectl prints it
function emit(lines: string[], value: Value, lead: string): void {
  if (Array.isArray(value)) for (const v of value) item(lines, v, lead)
  else if (!isFields(value)) lines.push(lead + scalar(value))
  else for (const key in value) if (value[key] !== undefined) field(lines, key, value[key], lead)
}
function field(lines: string[], key: string, value: Value, lead: string): void {
  if (typeof value !== 'object' || value === null) { lines.push(`${lead}${key}: ${scalar(value)}`); return }
  if (Object.keys(value).length === 0) { lines.push(`${lead}${key}: ${Array.isArray(value) ? '[]' : '{}'}`); return }
  lines.push(`${lead}${key}:`)
  emit(lines, value, `${lead}  `)
}
function item(lines: string[], value: Value, lead: string): void {
  const first = lines.length
  emit(lines, value, `${lead}  `)
  if (lines.length === first) lines.push(`${lead}- {}`)
  else lines[first] = `${lead}- ${lines[first].slice(lead.length + 2)}`
}

/** the same few words come again and again */
const known = new Map<string, string>()
function scalar(value: Value): string {
  if (typeof value !== 'string') return String(value)
  let text = known.get(value)
  if (text === undefined) { text = quoted(value); if (known.size > 20_000) known.clear(); known.set(value, text) }
  return text
}
function quoted(value: string): string {
  const plain = /^[\w/.][\w/.@%+ :-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|~)$|: | $|:$| #/i.test(value)
    && !/^[-+.\d][\d._]*(e[-+]?\d+)?$|^0[xo]|^\d{4}-\d\d-\d\d/i.test(value)
  const text = value.length > longest ? `${value.slice(0, longest)}…` : value
  return plain ? text : JSON.stringify(text)
}
