import { PersistentMap } from '../../../base/persistent-map.ts'
import { addQuantities, subtractQuantities } from '../../api/quantity.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { customResourceOf, definitionsResource, registry, type KindDefinition } from '../../kinds/index.ts'
import { matchingResources, quotaMatches, quotaUsage } from '../../kinds/quota/index.ts'
import { update } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, DONE, keyOf, NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { namespacedResources } from '../namespaced-resources.ts'

const resource = 'resourcequotas'
const resyncMs = 300_000, discoveryMs = 30_000
type Amounts = Readonly<Record<string, string>>

const counted: readonly string[] = namespacedResources().map(r => r.resource).filter(r => r !== 'events' && r !== 'events.events.k8s.io')
const quotasByNamespace: Index = { name: 'resourcequotas by namespace', resource, keysOf: quota => [quota.metadata.namespace!] }

/**
 * Keeps status.hard and status.used of ResourceQuotas right: after a change of the quota, when something that counts goes, and in a full pass every five
 * minutes after a change. What a quota's namespace uses is counted once, from then on kept up with each change (`used` in the memory). Objects of a custom kind
 * count from the round of discovery on that has found it, but a quota learns of that only when it is looked at.
 */
export const resourceQuota = defineController({
  name: 'resourcequota',
  watches: [
    { resource, toKeys: keysOfQuota },
    ...counted.filter(r => r !== resource).map(r => ({ resource: r, toKeys: (delta: Delta, view: View) => keysOfCounted(r, delta, view) })),
  ],
  indexes: [quotasByNamespace],
  custom: { toKeys: keysOfCounted },
  initialMemory: () => ({ forkable: true, used: new PersistentMap<Amounts>() }),
  reconcile,
  source: 'pkg/controller/resourcequota/{resource_quota_controller.go,resource_quota_monitor.go,replenishment}',
})

function keysOfQuota({ new: quota, stored, name }: Delta, view: View): Keys {
  const used: PersistentMap<Amounts> = view.memory.used
  if (!quota) { used.delete(name); return NO_KEYS }
  if (stored && stored.metadata.uid === quota.metadata.uid && deepEqual(stored.spec, quota.spec)) {
    return stored.status === quota.status ? NO_KEYS : [{ key: name, afterMs: view.untilTick(resyncMs), background: true }]
  }
  used.delete(name)
  return [name]
}

/** Counters follow every change; a quota is looked at when something stops to count. */
function keysOfCounted(changed: string, delta: Delta, view: View): Keys {
  const { namespace } = objectOf(delta).metadata
  if (namespace === undefined || view.count(quotasByNamespace, namespace) === 0) return NO_KEYS
  const kind = kindOf(changed), used: PersistentMap<Amounts> = view.memory.used
  const keys: string[] = []
  for (const quota of view.by(quotasByNamespace, namespace)) {
    const key = keyOf(quota), sum = used.get(key)
    const usage = (object: KubeObject | undefined): Amounts => object && counts(quota, changed, object) ? quotaUsage(kind, object, view.wallMs) : none
    const before = usage(delta.stored), now = usage(delta.new)
    if (!registry.byResource(changed) && !isFound(changed, view)) continue
    if (sum) used.set(key, adjusted(sum, before, now, quota.spec.hard ?? none))
    if (Object.keys(before).some(name => quota.spec.hard?.[name] !== undefined && before[name] !== now[name])) keys.push(key)
  }
  return keys
}
/** Whether discovery has told of a custom kind, which is asked every thirty seconds. Source: resource_quota_controller.go (Sync) */
function isFound(resource: string, view: View): boolean {
  const definition = view.list(definitionsResource).find(d => customResourceOf(d) === resource)
  const since = definition?.status?.conditions?.find((c: any) => c.type === 'Established' && c.status === 'True')?.lastTransitionTime
  return since !== undefined && parseTime(since) <= view.wallMs - (discoveryMs - view.untilTick(discoveryMs))
}
/** Of custom resources quotas only know how many there are. */
const kindOf = (resource: string): Pick<KindDefinition, 'group' | 'resource' | 'kind'> =>
  registry.byResource(resource) ?? { group: resource.slice(resource.indexOf('.') + 1), resource: resource.slice(0, resource.indexOf('.')), kind: '' }
const none: Amounts = Object.freeze({})
/** by its spec: the status may lag behind */
const counts = (quota: KubeObject, changed: string, object: KubeObject): boolean =>
  quotaMatches({ ...quota, status: { hard: quota.spec.hard } }, changed, object)

function adjusted(sum: Amounts, before: Amounts, now: Amounts, hard: Amounts): Amounts {
  const next: Record<string, string> = { ...sum }
  for (const name in hard) {
    // what was never counted is counted as a whole
    if (sum[name] === undefined) continue
    if (now[name] !== undefined) next[name] = addQuantities(next[name], now[name])
    if (before[name] !== undefined) next[name] = subtractQuantities(next[name], before[name])
  }
  return next
}

function reconcile(key: string, view: View) {
  const { namespace, name } = splitKey(key), quota = view.get(resource, namespace, name)
  if (!quota || quota.metadata.deletionTimestamp !== undefined) return DONE
  const kept: Amounts | undefined = view.memory.used.get(key), hard: Amounts = quota.spec.hard ?? none
  const lacks = kept && found(view).some(r => matchingResources(r, Object.keys(hard)).some(name => kept[name] === undefined))
  const used = kept && !lacks ? kept : recount(quota, view), remember = used === kept ? [] : [{ do: 'remember' as const, in: 'used', key, value: used }]
  const status = { hard, used }
  if (quota.status?.hard && quota.status.used && deepEqual(hard, quota.status.hard) && deepEqual(used, quota.status.used)) return { effects: remember }
  return {
    effects: [
      ...remember, { do: 'request' as const, request: update(view.identity, { resource, namespace, name, subresource: 'status' }, { ...quota, status }) },
    ],
  }
}

const found = (view: View): readonly string[] => view.custom.map(c => c.resource).filter(r => isFound(r, view))

/** What no kind of this cluster answers for has no number, not even 0. Source: k8s.io/apiserver pkg/quota/v1/resources.go (CalculateUsage) */
function recount(quota: KubeObject, view: View): Amounts {
  const names = Object.keys(quota.spec.hard ?? {}), used: Record<string, string> = {}
  for (const r of [...counted, ...found(view)]) {
    const relevant = matchingResources(r, names)
    if (relevant.length === 0) continue
    for (const name of relevant) used[name] ??= '0'
    const kind = kindOf(r)
    for (const object of view.list(r, quota.metadata.namespace)) {
      if (!counts(quota, r, object)) continue
      const usage = quotaUsage(kind, object, view.wallMs)
      for (const name of relevant) if (usage[name] !== undefined) used[name] = addQuantities(used[name], usage[name])
    }
  }
  return used
}
