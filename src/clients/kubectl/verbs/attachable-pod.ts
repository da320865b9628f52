import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { failure } from '../errors.ts'
import { kindOf } from '../kinds.ts'
import { selectorText } from '../selector.ts'
import type { Session } from '../session.ts'

/**
 * The pod that is meant by an object: itself, or the one of a controller's or Service's that has been ready longest; where there is none yet, one is waited
 * for `ms`. Source: kubectl pkg/polymorphichelpers/{attachablepodforobject,helpers}.go.
 */
export async function attachablePod(session: Session, kind: KindDefinition, object: any, ms: number): Promise<any> {
  if (kind.kind === 'Pod') return object
  const type = `*${kind.version}.${kind.kind}`, selector = object.spec?.selector
  if (kind.kind === 'Service' && !selector) {
    throw failure(`cannot attach to ${type}: invalid service '${object.metadata.name}': Service is defined without a selector`)
  }
  if (!selector) throw failure(`cannot attach to ${type}: selector for ${type} not implemented`)
  const pods = kindOf('pods'), by = kind.kind === 'Service' || kind.kind === 'ReplicationController' ? { matchLabels: selector } : selector
  const find = (): Promise<any[]> => session.list(pods, { namespace: session.namespace, labelSelector: selectorText(by, '') })
  let found = await find()
  if (found.length === 0 && ms > 0) {
    let made = false
    const stop = session.driver.observe(o => {
      made ||= o.type === 'object' && o.resource === 'pods' && o.change === 'ADDED' && o.namespace === session.namespace
    })
    const deadline = session.now + ms
    while (found.length === 0 && session.now < deadline) {
      made = false
      await session.driver.runUntil(() => made, deadline, { toDeadline: true })
      found = await find()
    }
    stop()
  }
  const ready = (p: any): any => p.status?.conditions?.find((c: any) => c.type === 'Ready' && c.status === 'True')
  const since = (p: any): string => ready(p)?.lastTransitionTime ?? '~', running = (p: any): number => p.status?.phase === 'Running' ? 0 : 1
  const [best] = found.sort((a, b) => running(a) - running(b) || (since(a) < since(b) ? -1 : since(a) > since(b) ? 1 : 0))
  if (!best) throw failure('timed out waiting for the condition')
  return best
}
