import type { ApiResponse } from '../../runtime-model/api/request.ts'

/**
 * What two servers answer, brought to a form in which they can differ in substance only: ids, times, addresses and whatever else is drawn are alike,
 * maps are in order, and so are several complaints, which a server of Go tells in the order of its maps.
 */
export function comparable({ code, body, warnings = [] }: ApiResponse, generateName: unknown): string {
  const told = code < 300 ? JSON.stringify(ordered(body)) : `${code} ${body?.reason ?? ''} ${inOrder(body?.message ?? JSON.stringify(body))}`
  return [plain(told, generateName), ...warnings.map(w => `warning: ${w}`)].join('\n')
}

// `extra`: by which certificate somebody is known
const drawn: ReadonlySet<string> = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'extra'])
const times: ReadonlySet<string> = new Set(['lastTransitionTime', 'lastPhaseTransitionTime', 'time'])
const allotted: ReadonlySet<string> = new Set(['clusterIP', 'clusterIPs', 'nodePort', 'healthCheckNodePort'])
function ordered(value: any, key = ''): any {
  if (allotted.has(key) || times.has(key)) return '…'
  if (Array.isArray(value)) return value.map(item => ordered(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.keys(value).filter(k => !drawn.has(k)).sort().map(k => [k, ordered(value[k], k)]))
}

/** `Pod "a" is invalid: [first, second]` */
function inOrder(message: string): string {
  const found = /^(.*? is invalid: )\[([\s\S]*)\]$/.exec(message)
  return found ? found[1] + found[2].split(/, (?=[a-zA-Z]+[.[:])/).sort().join(', ') : message
}

const uid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
function plain(text: string, generateName: unknown): string {
  const ids = text.replace(uid, 'UID').replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-…')
  if (typeof generateName !== 'string' || generateName === '') return ids
  const prefix = JSON.stringify(generateName.slice(0, 58)).slice(1, -1)
  return ids.split(prefix).map((rest, i) => i === 0 ? rest : rest.replace(/^[a-z0-9]{5}(?=["\\])/, '…')).join(prefix)
}

/** Both from a little before the place where they part. */
export function apart(a: string, b: string, width = 160): readonly [string, string] {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const from = Math.max(0, at - 60), part = (text: string): string => text.slice(from, at + width).replaceAll('\n', '⏎')
  return [part(a), part(b)]
}
