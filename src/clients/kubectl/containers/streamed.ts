import { NotModelled } from '../../errors.ts'
import type { Session } from '../session.ts'

/** longer nobody waits for a container to end */
const patienceMs = 600_000

/** What a container prints from now on until it ends, as one who is attached to it sees it; `command`: who asks, for what cannot be told. */
export async function streamed(session: Session, command: string, pod: any, name: string): Promise<string> {
  const { driver } = session, { uid } = pod.metadata, from = session.calendarMs
  let over = false
  const stop = driver.observe(o => { over ||= o.type === 'container' && o.uid === uid && o.container === name && o.state !== 'running' }, ['container'])
  try { await driver.runUntil(() => over, session.now + patienceMs, { toDeadline: true }) } finally { stop() }
  if (!over) throw new NotModelled(`${command} of a container that goes on running: it never ends`)
  const printed = driver.nodeTruth.printed(uid, name, 'ended')
  if (!printed) {
    throw new NotModelled(`what container ${name} of pod ${pod.metadata.name} prints; a behaviour says it: \`prints: [{ after: 1s, line: ready }]\``)
  }
  return printed.filter(p => p.wallMs >= from).map(p => `${p.line}\n`).join('')
}
