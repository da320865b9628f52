import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { qualifiedName } from '../api/names.ts'
import { age, or } from './meta/cells.ts'
import { deepEqual, forbidden, invalid } from './meta/errors.ts'
import { specDiff } from './meta/diff.ts'
import { annotationChangeErrors, annotationErrors, profileMismatches, withAnnotatedProfiles } from './pod-spec/annotations.ts'
import { defaultPod } from './pod-spec/defaults.ts'
import { withOwnLabels } from './pod-spec/label-keys.ts'
import { qosClass } from './pod-spec/qos.ts'
import { podSummary, restartsText } from './pod-spec/status-word.ts'
import { ephemeralContainers, resize } from './pod-spec/subresources.ts'
import { steeringErrors, withNodeAffinity } from './pod-spec/steering.ts'
import { validatePodSpec } from './pod-spec/validate.ts'
import { podWarnings } from './pod-spec/warnings.ts'

/** Source: pkg/registry/core/pod/strategy.go, pkg/apis/core/validation/validation.go (ValidatePod*), printers.go (printPod). */
export const pod: KindRules = {
  resource: 'pods', metaOfUpdate: 'UV',
  generation: true,
  defaults: defaultPod,
  fieldSelectors: {
    'spec.nodeName': p => p.spec?.nodeName ?? '', 'spec.restartPolicy': p => p.spec?.restartPolicy ?? '',
    'spec.schedulerName': p => p.spec?.schedulerName ?? '',
    'spec.serviceAccountName': p => p.spec?.serviceAccountName ?? '', 'spec.hostNetwork': p => String(p.spec?.hostNetwork === true),
    'status.phase': p => p.status?.phase ?? '',
    'status.podIP': p => p.status?.podIP ?? '', 'status.podIPs': p => p.status?.podIP ?? '', 'status.nominatedNodeName': p => p.status?.nominatedNodeName ?? '',
    'spec.host': p => p.spec?.nodeName ?? '',
  },
  beforeCreate: p => {
    let spec = withAnnotatedProfiles(withOwnLabels(p.spec, p.metadata?.labels), p.metadata?.annotations)
    if (spec.serviceAccountName && spec.serviceAccount !== spec.serviceAccountName) spec = { ...spec, serviceAccount: spec.serviceAccountName }
    if (spec.terminationGracePeriodSeconds < 0) spec = { ...spec, terminationGracePeriodSeconds: 1 }
    const status = {
      phase: 'Pending', ...spec.schedulingGates?.length ? { conditions: [{ ...gated, lastTransitionTime: p.metadata?.creationTimestamp ?? null }] } : undefined,
      qosClass: qosClass(spec),
    }
    return { ...p, spec, status }
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: (p, old) => [
    ...p.spec?.nodeName === old.spec?.nodeName ? [] : [invalid('spec.nodeName', p.spec?.nodeName, 'may not be changed directly')],
    ...(p.status?.conditions ?? []).flatMap((c: any, i: number) =>
      plainType.test(c.type) ? noErrors : qualifiedName(c.type ?? '').map(text => invalid(`status.conditions[${i}].Type`, c.type ?? '', text))),
    ...p.status?.hostIPs?.length && p.status.hostIPs[0].ip !== (p.status.hostIP ?? '')
      ? [invalid('status.hostIPs[0].ip', p.status.hostIPs[0].ip, 'must be equal to `hostIP`')]
      : noErrors,
    ...old.status?.qosClass && p.status?.qosClass !== old.status.qosClass ? [invalid('status.qosClass', p.status?.qosClass ?? '', 'field is immutable')] : [],
  ],
  beforeStatusUpdate: (p, old) =>
    p.metadata.ownerReferences === old.metadata.ownerReferences ? p : { ...p, metadata: { ...p.metadata, ownerReferences: old.metadata.ownerReferences } },
  subresourceStrategies: { ephemeralcontainers: ephemeralContainers, resize },
  gracePeriodSeconds: (p, asked) => {
    if (!p.spec?.nodeName || p.status?.phase === 'Succeeded' || p.status?.phase === 'Failed') return 0
    const seconds = asked ?? p.spec.terminationGracePeriodSeconds ?? 30
    return seconds < 0 ? 1 : seconds
  },
  statusWord: p => podSummary(p).word,
  warnings: podWarnings,
  cells: (p, nowMs) => {
    const s = podSummary(p)
    return [p.metadata.name, `${s.ready}/${s.total}`, s.word, restartsText(s, nowMs), age(p, nowMs),
      or(p.status?.podIPs?.[0]?.ip ?? p.status?.podIP), or(p.spec?.nodeName), or(p.status?.nominatedNodeName), readinessGates(p)]
  },
}
const noErrors: readonly FieldError[] = [], plainType = /^[A-Za-z]{1,63}$/
const gated = {
  type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime: null as string | null, reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
}

function readinessGates(p: any): string {
  const gates: readonly any[] = p.spec?.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const met = gates.filter(g => p.status?.conditions?.some((c: any) => c.type === g.conditionType && c.status === 'True')).length
  return `${met}/${gates.length}`
}

function validatePod(p: any): FieldError[] {
  const errors = [...annotationErrors(p.metadata?.annotations, p.spec, 'metadata.annotations'), ...validatePodSpec(p.spec ?? {}, 'spec')]
  if (p.spec?.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (p.spec?.nodeName && p.spec.schedulingGates?.length) errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  errors.push(...profileMismatches(p))
  return errors
}

const updateText = 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,'
  + '`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function validatePodUpdate(p: any, old: any): FieldError[] {
  const changes = annotationChangeErrors(p, old)
  if (p.spec === old.spec) return changes
  const errors = [...changes, ...validatePodSpec(p.spec, 'spec')]
  if ((p.spec.containers ?? []).length !== old.spec.containers.length) {
    return [...errors, forbidden('spec.containers', 'pod updates may not add or remove containers')]
  }
  if ((p.spec.initContainers ?? []).length !== (old.spec.initContainers ?? []).length) {
    return [...errors, forbidden('spec.initContainers', 'pod updates may not add or remove containers')]
  }
  errors.push(
    ...validateDeadline(p.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds),
    ...validateTolerationChange(p.spec.tolerations ?? [], old.spec.tolerations ?? [])
  )
  const gates = validateGateChange(p.spec.schedulingGates ?? [], old.spec.schedulingGates ?? [])
  if (gates.length > 0) return [...errors, ...gates]
  if (old.spec.schedulingGates?.length) errors.push(...steeringErrors(p.spec, old.spec))
  const allowed = withAllowedChanges(p.spec, old.spec)
  if (!deepEqual(allowed, old.spec)) errors.push(forbidden('spec', `${updateText}\n${specDiff('core.v1.PodSpec', old.spec, allowed)}`))
  return errors
}

function validateDeadline(now: number | undefined, before: number | undefined): FieldError[] {
  if (before === undefined) return []
  if (now === undefined) return [invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')]
  return now > before ? [invalid('spec.activeDeadlineSeconds', now, 'must be less than or equal to previous value')] : []
}
function validateTolerationChange(now: readonly any[], before: readonly any[]): FieldError[] {
  const kept = before.every(t => now.some(n => n.key === t.key && n.operator === t.operator && n.value === t.value && n.effect === t.effect))
  return kept ? [] : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

function validateGateChange(now: readonly any[], before: readonly any[]): FieldError[] {
  return now.flatMap((g, i) => before.some(o => o.name === g.name)
    ? []
    : [forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${g.name}'`)])
}

/** The new spec with everything that may change put back to what it was: equal to the old spec if nothing else changed. */
function withAllowedChanges(now: any, old: any): any {
  const images = (list: readonly any[] | undefined, before: readonly any[] | undefined): any =>
    list?.map((c, i) => before?.[i] ? { ...c, image: before[i].image } : c)
  const spec = { ...now, containers: images(now.containers, old.containers), tolerations: old.tolerations, activeDeadlineSeconds: old.activeDeadlineSeconds }
  if (now.initContainers) spec.initContainers = images(now.initContainers, old.initContainers)
  if (old.terminationGracePeriodSeconds < 0 && now.terminationGracePeriodSeconds === 1) spec.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds
  if (old.schedulingGates?.length && gatesOnlyRemoved(now.schedulingGates ?? [], old.schedulingGates)) {
    spec.schedulingGates = old.schedulingGates
    // where it may go has been judged by itself
    spec.nodeSelector = old.nodeSelector
    spec.affinity = withNodeAffinity(now.affinity, old.affinity)
  }
  return spec
}
const gatesOnlyRemoved = (now: readonly any[], old: readonly any[]): boolean => now.every(g => old.some(o => o.name === g.name))
