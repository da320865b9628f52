import type { ApiResponse } from '../../runtime-model/api/request.ts'
import type { Session } from './session.ts'
import { SERVER } from './errors.ts'

/**
 * kubectl keeps the list of kinds for six hours. Where it has none yet and no API server answers, it tries five times and logs each.
 * The requests themselves are left out: they carry nothing that a scenario could see. Source: client-go discovery/cached/memory/memcache.go.
 */
const discovered = 'kubectl has discovered'
const attempts = 5

export function noteAnswer(session: Session): void { if (session.discovers) session.driver.kept.set(discovered, true) }

export function noteRefusal(session: Session, answer: ApiResponse): void {
  if (!session.discovers || answer.failure !== 'refused' || session.driver.kept.has(discovered) || session.stderr.includes('memcache.go')) return
  logRefusals(session, `https://${SERVER}`, SERVER)
}
/** what is logged of a server at `url` that refuses at `address` */
export function logRefusals(session: Session, url: string, address: string): void {
  const why = `Get \\"${url}/api?timeout=32s\\": dial tcp ${address}: connect: connection refused`
  const log = logLine(session, 'E', 'memcache.go:265', `"Unhandled Error" err="couldn't get current server API group list: ${why}"`)
  for (let i = 0; i < attempts; i++) session.complain(log)
}

/** A line that client-go or kubectl logs. Source: k8s.io/klog/v2. */
export const logLine = ({ calendarMs }: Session, level: 'I' | 'W' | 'E' | 'F', at: string, message: string): string =>
  `${level}${stamp(calendarMs)}       1 ${at}] ${message}`

/** klog's `0102 15:04:05.000000` */
function stamp(ms: number): string {
  const iso = new Date(ms).toISOString()
  return `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000`
}
