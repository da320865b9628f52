import { findKnown } from './marks.ts'
import type { Known } from './marks.ts'
import { tidyOutput } from './output.ts'
import type { Golden } from './recording.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const STAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g
const DESCRIBED = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g
const ADDRESS = /(?<![\d.])(?:10|127|172\.1[6-9]|192\.168)(?:\.\d{1,3}){2,3}(?![\d.])/g
const FIXED_ADDRESSES = ['127.0.0.1', '10.96.0.1', '10.96.0.10', '10.96.0.0', '10.244.0.0']

/**
 * Replaces what differs from run to run (uids, random names, hashes, addresses, times, ages) by stable marks, the same everywhere in
 * one scenario: objects, events and what commands printed.
 */
export function normaliser({ t0, given, objects }: { readonly t0: number; readonly given: string; readonly objects: readonly any[] }): (golden: any) => Golden {
  const known = findKnown(objects, given)
  const string = (text: string): string => normaliseText(text, known, t0, given)
  const walk = (value: any, key: string): any => {
    if (typeof value === 'string') return key === 'stdout' ? tidyOutput(value, string) : string(value)
    if (typeof value === 'number') return key === 'nodePort' || key === 'healthCheckNodePort' ? known.ports.get(value) ?? value : value
    if (Array.isArray(value)) return value.map(x => walk(x, key))
    if (!value || typeof value !== 'object') return value
    const token = value.kind === 'Secret' && value.type === 'kubernetes.io/service-account-token'
    return Object.fromEntries(Object.entries(value).map(([k, x]: [string, any]) => [string(k),
      token && k === 'data' ? Object.fromEntries(Object.keys(x).map(n => [n, '<data>'])) : walk(x, /nodePort\]?$/.test(k) ? 'nodePort' : k)]))
  }
  return ({ steps, timeline, events, objects: last, ...rest }) => {
    // by first appearance: what the steps printed and what the watches saw, in order of time
    const order: [number, any][] = [
      ...steps.map((x: any) => [x.tMs + (x.durationMs ?? 0), x]), ...timeline.map((x: any) => [x.tMs, x]), ...events.map((x: any) => [x.tMs, x]),
    ]
    const done = new Map(order.sort((a, b) => a[0] - b[0]).map(([, x]) => [x, walk(x, '')]))
    return {
      ...rest, steps: steps.map((x: any) => ({ ...done.get(x), text: x.text })), timeline: timeline.map((x: any) => done.get(x)),
      events: events.map((x: any) => done.get(x)), objects: last.map((x: any) => walk(x, '')),
    }
  }
}

function normaliseText(text: string, known: Known, t0: number, given: string): string {
  const { marks, names, nameRe, hashRe, portRe, ports } = known
  const when = (ms: number): string => ms < t0 ? `<${ms - t0}ms>` : `<+${ms - t0}ms>`
  let s = text.includes('-----BEGIN') ? text.replace(/-----BEGIN[\s\S]*?-----END [A-Z ]+-----\n?/g, '<data>') : text
  s = s.replace(/eyJ[\w-]{10,}\.[\w-]+(\.[\w-]+)?/g, '<data>').replace(/LS0tLS1CRUdJTi[\w+/=]+/g, '<data>')
  s = s.replace(/fakeRuntime:\/\/[\w.-]+_[\w.-]+|containerd:\/\/[0-9a-f]{64}/g, id => marks.of(id, 'container', '-'))
  s = s.replace(/X509SHA256=[0-9a-f]{64}/g, 'X509SHA256=<data>').replaceAll('127.0.0.1:6443', '127.0.0.1:<port>')
  s = s.replace(UUID, u => marks.of(u, 'uid', '-')).replace(/\b[0-9a-f]{32}\b/g, h => marks.of(h, 'hash')) // of a manifest file
  if (nameRe) s = s.replace(nameRe, n => names.get(n)![0] + marks.get(names.get(n)![1]))
  if (hashRe) s = s.replace(hashRe, h => marks.get(h)!)
  s = s.replace(/(pods "[\w.<>-]+-)([bcdfghjklmnpqrstvwxz2456789]{5})(" is forbidden)/g, (_, a, r, b) => a + marks.of(r, 'r') + b) // a pod that was refused
  s = s.replace(/kube-api-access-([a-z0-9]{5})\b/g, (_, r) => 'kube-api-access-' + marks.of(r, 'r'))
  s = s.replace(STAMP, t => when(Date.parse(t))).replace(DESCRIBED, t => when(Date.parse(t)))
  s = s.replace(ADDRESS, ip => given.includes(ip) || FIXED_ADDRESSES.includes(ip) || ip.split('.').length !== 4 ? ip : marks.of(ip, 'ip'))
  if (portRe) s = s.replace(portRe, p => ports.get(Number(p))!)
  s = s.replace(/^([EWIF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /gm, '$1<log> ') // a log line of client-go within kubectl
  s = s.replace(/\.1[0-9a-f]{15}\b/g, '.<event>') // an event's name ends in hexadecimal nanoseconds
  return s.replace(/\b(LIVE|MERGED)-\d+/g, '$1-<n>')
    .replace(/(resourceVersion: )"?\d+"?/g, '$1"<version>"')
    .replace(/("resourceVersion": )"\d+"/g, '$1"<version>"')
    .replace(/(Resource Version: +)\d+/g, '$1<version>')
}
