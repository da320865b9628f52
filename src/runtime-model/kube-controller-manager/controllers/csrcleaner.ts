import { readCertificate } from '../../api/certificate.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { remove } from '../../network/client.ts'
import { certificateController, conditionOf, requestAt, requests } from '../certificates/requests.ts'
import { DONE } from '../controller.ts'

const hourMs = 3_600_000, decidedMs = hourMs, pendingMs = 24 * hourMs

/** Deletes requests once nobody needs them any more: it looks every hour. An approved one that nobody issues stays. */
export const csrCleaner = certificateController({
  name: 'csrcleaner',
  reconcile(key, view) {
    const request = requestAt(key, view), dueAt = request && uselessFrom(request)
    if (!request || dueAt === undefined) return DONE
    const nextMs = view.untilTick(hourMs), lastAt = view.wallMs + nextMs - hourMs
    if (dueAt < lastAt) {
      return { effects: [{ do: 'request', request: remove(view.identity, { resource: requests, name: request.metadata.name }), accept: [404] }] }
    }
    const ticks = Math.max(0, Math.ceil((dueAt + 1 - view.wallMs - nextMs) / hourMs))
    return { effects: [{ do: 'requeueAfter', ms: nextMs + ticks * hourMs }] }
  },
  source: 'pkg/controller/certificates/cleaner/cleaner.go',
})

/** calendar ms; undefined: it stays */
function uselessFrom(request: KubeObject): number | undefined {
  const { certificate, conditions = [] } = request.status ?? {}, ends: number[] = []
  const decided = (type: string): void => { const c = conditionOf(request, type); if (c) ends.push(parseTime(c.lastUpdateTime) + decidedMs) }
  if (certificate) { decided('Approved'); ends.push(readCertificate(certificate)?.notAfterMs ?? Infinity) }
  decided('Denied')
  decided('Failed')
  if (conditions.length === 0) ends.push(parseTime(request.metadata.creationTimestamp) + pendingMs)
  const first = Math.min(...ends)
  return Number.isFinite(first) ? first : undefined
}
