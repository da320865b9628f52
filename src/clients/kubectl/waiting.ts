import type { KindDefinition } from '../../runtime-model/kinds/kind.ts'
import { qualifiedResource } from './kinds.ts'
import type { Session } from './session.ts'

/** kubectl's way to say "for ever". Source: pkg/cmd/delete/delete.go and wait.go: a week. */
export const FOREVER_MS = 168 * 3_600_000

/** The last word on one object: its new state, or undefined once it is gone. */
export type OnChange = (object: any) => boolean

/**
 * Follows one object from what was `seen` of it until `onChange` is true for a change of it, as a watch does; time runs meanwhile. 'timeout':
 * `ms` passed, or nothing is left that could change anything and no end was asked for. The stream of stored changes stands for the watch, which
 * begins with what has changed since the answer in which it was seen.
 */
export async function follow(
  session: Session, kind: KindDefinition, namespace: string | undefined, name: string, seen: any, ms: number, onChange: OnChange
): Promise<'done' | 'timeout'> {
  const resource = qualifiedResource(kind), stored = session.driver.stored(resource, namespace ?? '', name)
  let done = (seen === undefined || stored?.metadata.resourceVersion !== seen.metadata.resourceVersion) && onChange(stored)
  const stop = session.driver.observe(o => {
    if (!done && o.type === 'object' && o.resource === resource && o.name === name && (!kind.namespaced || o.namespace === namespace)) {
      done = onChange(o.change === 'DELETED' ? undefined : o.new)
    }
  })
  const outcome = await session.driver.runUntil(() => done, session.now + ms, { toDeadline: ms < FOREVER_MS })
  stop()
  return outcome === 'done' ? 'done' : 'timeout'
}

/** Waits until an object is gone (or another has its name). */
export async function untilGone(
  session: Session, kind: KindDefinition, namespace: string | undefined, name: string, uid: string | undefined, ms: number
): Promise<'done' | 'timeout'> {
  return follow(session, kind, namespace, name, undefined, ms, object => object === undefined || (uid !== undefined && object.metadata.uid !== uid))
}
