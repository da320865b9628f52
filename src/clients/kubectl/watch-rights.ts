import type { KindDefinition } from '../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../errors.ts'
import { logLine } from './discovery.ts'
import { ApiError } from './errors.ts'
import type { Request, Session } from './session.ts'
import { FOREVER_MS } from './waiting.ts'

/** What is watched: one object, or with no name those of a namespace (undefined: of all). */
export interface Sight { readonly kind: KindDefinition; readonly namespace: string | undefined; readonly name?: string }

async function refusal(session: Session, request: Request): Promise<ApiError | undefined> {
  const answer = await session.quietly(request)
  return answer.code === 403 ? new ApiError(session.wholeOf(request), answer) : undefined
}
const at = (session: Session, { kind, namespace, name }: Sight): Request =>
  ({ verb: 'list', ...session.of(kind, namespace), ...name === undefined ? {} : { name, fieldSelector: `metadata.name=${name}` } })

/** Why this user may not watch it; undefined: he may. A revision that cannot be read is refused too, but rights are looked at first, and nothing is opened. */
export async function watchRefusal(session: Session, sight: Sight): Promise<ApiError | undefined> {
  return session.isSuperuser ? undefined : refusal(session, { ...at(session, sight), verb: 'watch', resourceVersion: 'none' })
}

/** how long a reflector pauses before it tries again, ms: its first and last, each half as long again on average by its jitter */
const pause = { firstMs: 1200, mostMs: 45_000 }

/**
 * Whether a command that waits for an object sees it: its informer watches from the beginning, or else lists; with neither right `ms` pass in vain, each
 * attempt logged. Who may only list is told once, not how often it lists again. Sources: client-go tools/watch/until.go (UntilWithSync),
 * tools/cache/reflector.go
 */
export async function informed(session: Session, sight: Sight, ms: number): Promise<boolean> {
  const unwatched = await watchRefusal(session, sight)
  if (!unwatched) return true
  const unlisted = await refusal(session, at(session, sight))
  const log = (why: string): void => session.complain(logLine(session, 'E', 'reflector.go:204',
    `"Failed to watch" err=${JSON.stringify(why)} reflector="k8s.io/client-go/tools/watch/informerwatcher.go:162" type="*unstructured.Unstructured"`))
  if (!unlisted) { log(unwatched.message); return true }
  if (ms >= FOREVER_MS) throw new NotModelled(`a wait for what may be neither listed nor watched: it never ends (${unlisted.message})`)
  const deadline = session.now + ms
  for (let pauseMs = pause.firstMs; session.now < deadline; pauseMs = Math.min(2 * pauseMs, pause.mostMs)) {
    log(`failed to list *unstructured.Unstructured: ${unlisted.message}`)
    await session.driver.runUntil(() => false, Math.min(session.now + pauseMs, deadline), { toDeadline: true })
  }
  return false
}
