import { addQuantities, compareQuantities, nanoOf, subtractQuantities } from '../../api/quantity.ts'
import { computeUsage, matchingResources, quotaMatches, quotaUsage } from '../../kinds/quota/index.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, FirstWrite } from './plugin.ts'
import { refuse, storageNameOf } from './refuse.ts'

type Amounts = Readonly<Record<string, string>>
/** resources whose use may grow with an update; all others are charged on create only */
const chargedOnUpdate: readonly string[] = ['services', 'persistentvolumeclaims']

/**
 * Charges what an object uses to the quotas of its namespace before it is stored, and refuses what goes beyond them. Never gives anything back: the controller
 * does.
 */
export const resourceQuotaPlugin: AdmissionPlugin = {
  name: 'ResourceQuota',
  operations: ['CREATE', 'UPDATE'],
  reads: ['resourcequotas'],
  validate(a, view) {
    if (a.namespace === '' || a.kind.kind === 'Namespace' || a.subresource && !(a.subresource === 'resize' && a.kind.kind === 'Pod')) return undefined
    const resource = storageNameOf(a), resize = a.subresource === 'resize'
    if (a.operation === 'UPDATE' && !resize && !chargedOnUpdate.includes(resource)) return undefined
    const quotas = view.list('resourcequotas', a.namespace).filter(q => quotaMatches(q, resource, a.object))
    if (quotas.length === 0) return undefined
    const usage = quotaUsage(a.kind, a.object, view.wallMs)
    const delta = a.operation === 'CREATE' ? usage : increase(usage, quotaUsage(a.kind, a.oldObject, view.wallMs))
    const writes: FirstWrite[] = []
    for (const quota of quotas) {
      const charged = charge(a, quota, resource, delta)
      if (charged === undefined) continue
      if ('status' in charged) return charged
      writes.push({
        resource: 'resourcequotas', namespace: a.namespace, name: quota.metadata.name, object: { ...quota, status: { ...quota.status, used: charged.used } },
        resourceVersion: quota.metadata.resourceVersion,
      })
    }
    return writes.length > 0 && !a.dryRun ? { writesFirst: writes } : undefined
  },
  source: 'k8s.io/apiserver pkg/admission/plugin/resourcequota/controller.go (CheckRequest)',
}

/** What is used in addition; what is used less does not count. */
function increase(now: Amounts, before: Amounts): Amounts {
  const more: Record<string, string> = {}
  for (const name in now) if (compareQuantities(now[name], before[name] ?? '0') > 0) more[name] = subtractQuantities(now[name], before[name] ?? '0')
  return more
}

/** The quota's use with `delta`; undefined: it is not concerned. */
function charge(a: AdmissionAttributes, quota: any, resource: string, delta: Amounts): { readonly used: Amounts } | AdmissionRefusal | undefined {
  const hard: Amounts = quota.status?.hard ?? {}, used: Amounts = quota.status?.used ?? {}
  // what no controller has looked at yet limits nothing
  const limited = matchingResources(resource, Object.keys(hard)).sort()
  const missing = a.operation === 'CREATE' && a.kind.kind === 'Pod' ? missingAmounts(a.object.spec, limited) : ''
  if (missing) return refuse(a, `failed quota: ${quota.metadata.name}: must specify ${missing}`)
  if (limited.some(name => used[name] === undefined)) return refuse(a, `status unknown for quota: ${quota.metadata.name}, resources: ${limited.join(',')}`)
  const names = Object.keys(delta).filter(name => hard[name] !== undefined && nanoOf(delta[name]) > 0n).sort()
  if (names.length === 0) return undefined
  const next: Record<string, string> = { ...used }
  for (const name of names) next[name] = addQuantities(used[name], delta[name])
  const exceeded = names.filter(name => compareQuantities(next[name], hard[name]) > 0)
  if (exceeded.length === 0) return { used: next }
  const text = (amounts: Amounts): string => exceeded.map(name => `${name}=${amounts[name]}`).join(',')
  return refuse(a, `exceeded quota: ${quota.metadata.name}, requested: ${text(delta)}, used: ${text(used)}, limited: ${text(hard)}`)
}

const mustBeGiven: readonly string[] = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']
/**
 * `limits.cpu for: a,b; requests.memory for: a`: a quota for cpu or memory wants every container to say what it needs, unless the pod says something as a
 * whole. Source: pkg/quota/v1/evaluator/core/pods.go (Constraints)
 */
function missingAmounts(spec: any, limited: readonly string[]): string {
  if (Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0) return ''
  const wanted = limited.filter(name => mustBeGiven.includes(name))
  return wanted.flatMap(name => {
    const without = [...spec.containers, ...spec.initContainers ?? []].filter(c =>
      computeUsage(c.resources?.requests ?? {}, c.resources?.limits ?? {})[name] === undefined).map(c =>
      c.name)
    return without.length > 0 ? [`${name} for: ${without.sort().join(',')}`] : []
  }).join('; ')
}
