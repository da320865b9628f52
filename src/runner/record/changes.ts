import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { ObjectChange } from '../events.ts'
import type { Boundary } from './recorder.ts'

/** what changes by itself, or says nothing that another object does not say */
const unseen = new Set(['events', 'leases.coordination.k8s.io', 'endpoints', 'ipaddresses.networking.k8s.io', 'controllerrevisions.apps'])
/** a step that touches more objects than this is told by the first of them */
const mostPerStep = 24

/** Every object that a step changed, as it was before and after. Objects are immutable, so this copies nothing. */
export function changesOf(
  observations: readonly Observation[], boundaries: readonly Boundary[]
): { readonly changes: readonly ObjectChange[]; readonly left: number } {
  const changes: ObjectChange[] = []
  let left = 0
  for (const [n, { step, index }] of boundaries.entries()) {
    const touched = new Map<string, { -readonly [K in keyof ObjectChange]: ObjectChange[K] }>()
    for (let i = index; i < (boundaries[n + 1]?.index ?? observations.length); i++) {
      const o = observations[i]
      if (o.type !== 'object' || unseen.has(o.resource)) continue
      const key = `${o.resource}/${o.namespace}/${o.name}`
      const after = o.change === 'DELETED' ? undefined : o.new
      const found = touched.get(key)
      if (found) found.after = after
      else touched.set(key, { step, kind: o.kind, namespace: o.namespace, name: o.name, before: o.change === 'ADDED' ? undefined : o.old, after })
    }
    const real = [...touched.values()].filter(c => c.before !== undefined || c.after !== undefined)
    changes.push(...real.slice(0, mostPerStep))
    left += Math.max(0, real.length - mostPerStep)
  }
  return { changes, left }
}
