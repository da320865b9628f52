import { invalid } from '../../api/status.ts'
import type { FieldProblem } from '../../api/status.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { violationsOf } from './pod-security-checks.ts'
import type { Violation } from './pod-security-checks.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionView, ValidationResult } from './plugin.ts'
import { refuse, storageNameOf } from './refuse.ts'

/** kinds whose pod template is looked at for warnings; only pods themselves are refused */
const controllers: readonly string[] = [
  'replicationcontrollers', 'podtemplates', 'replicasets.apps', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch', 'cronjobs.batch',
]
const levels = ['privileged', 'baseline', 'restricted'], prefix = 'pod-security.kubernetes.io/'
/** pods of a namespace that a change of its level looks at. Source: admission.go defaultNamespaceMaxPodsToCheck */
const podsLimit = 3000

/**
 * Pod Security Standards by labels of the namespace: `enforce` refuses pods, `warn` warns of pods and of templates; `audit` writes to an audit log, which is
 * not modelled. Each version of the policy asks what it asked; of seccomp before v1.19 (annotations) nothing is.
 */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'namespaces', ...controllers],
  reads: ['namespaces', 'pods'],
  validate(a, view) {
    if (a.kind.kind === 'Namespace') return a.subresource ? undefined : checkNamespace(a, view)
    if (a.subresource && a.subresource !== 'ephemeralcontainers') return undefined
    const labels = view.get('namespaces', '', a.namespace)?.metadata.labels
    if (labels === undefined || labels[`${prefix}enforce`] === undefined && labels[`${prefix}warn`] === undefined) return undefined
    return a.kind.kind === 'Pod' ? checkPod(a, policyOf(labels)) : checkTemplate(a, policyOf(labels))
  },
  source: 'k8s.io/pod-security-admission admission/admission.go',
}

interface Policy { readonly enforce: string; readonly warn: string; readonly enforceVersion: string; readonly warnVersion: string }
/**
 * A level to enforce that is none counts as the strictest, one to warn of as none at all. What is enforced is warned of too, unless the labels say of what to
 * warn. Source: k8s.io/pod-security-admission api/helpers.go (PolicyToEvaluate)
 */
function policyOf(labels: Readonly<Record<string, string>>): Policy {
  const labelled = (mode: string): string | undefined => labels[prefix + mode]
  const level = (mode: string, otherwise: string): string => {
    const given = labelled(mode) ?? 'privileged'
    return levels.includes(given) ? given : otherwise
  }
  const enforce = level('enforce', 'restricted'), enforceVersion = labelled('enforce-version') ?? 'latest', warnVersion = labelled('warn-version')
  if (labelled('warn') === undefined && levels.includes(labelled('enforce') ?? '')) {
    return { enforce, enforceVersion, warn: enforce, warnVersion: warnVersion ?? enforceVersion }
  }
  return { enforce, enforceVersion, warn: level('warn', 'privileged'), warnVersion: warnVersion ?? 'latest' }
}
const textOf = (violations: readonly Violation[]): string => violations.map(v => `${v.reason} (${v.detail})`).join(', ')
const warningOf = (policy: Policy, violations: readonly Violation[]): ValidationResult =>
  violations.length > 0 ? { warnings: [`would violate PodSecurity "${policy.warn}:${policy.warnVersion}": ${textOf(violations)}`] } : undefined

function checkPod(a: AdmissionAttributes, policy: Policy): ValidationResult {
  const { spec, metadata } = a.object
  if (a.operation === 'UPDATE' && !a.subresource && !isSignificant(a.object, a.oldObject)) return undefined
  const refused = violationsOf(policy.enforce, policy.enforceVersion, spec, metadata)
  if (refused.length > 0) return refuse(a, `violates PodSecurity "${policy.enforce}:${policy.enforceVersion}": ${textOf(refused)}`)
  return warningOf(policy, violationsOf(policy.warn, policy.warnVersion, spec, metadata))
}
function isSignificant(pod: any, old: any): boolean {
  return pod.spec !== old.spec
    && !deepEqual(
      { ...pod.spec, tolerations: undefined, activeDeadlineSeconds: undefined, schedulingGates: undefined },
      { ...old.spec, tolerations: undefined, activeDeadlineSeconds: undefined, schedulingGates: undefined }
    )
}

function checkTemplate(a: AdmissionAttributes, policy: Policy): ValidationResult {
  const template = storageNameOf(a) === 'podtemplates' ? a.object.template
    : storageNameOf(a) === 'cronjobs.batch' ? a.object.spec?.jobTemplate?.spec?.template
    : a.object.spec?.template
  return template?.spec ? warningOf(policy, violationsOf(policy.warn, policy.warnVersion, template.spec, template.metadata ?? {})) : undefined
}

/** Labels must name levels; pods that a stricter level would refuse are named in warnings. */
function checkNamespace(a: AdmissionAttributes, view: AdmissionView): ValidationResult {
  const labels = a.object.metadata.labels ?? {}, problems = labelProblems(labels)
  if (problems.length > 0 && (a.operation === 'CREATE' || labelProblems(a.oldObject.metadata.labels ?? {}).length === 0)) {
    return { status: invalid({ group: '', kind: 'Namespace' }, a.name, problems) }
  }
  if (a.operation === 'CREATE') return undefined
  const policy = policyOf(labels), before = policyOf(a.oldObject.metadata.labels ?? {})
  const sameVersion = policy.enforceVersion === before.enforceVersion
  if (policy.enforce === 'privileged' || sameVersion && levels.indexOf(policy.enforce) <= levels.indexOf(before.enforce)) return undefined
  const groups = new Map<string, string[]>()
  for (const pod of view.list('pods', a.name).slice(0, podsLimit)) {
    const reasons = violationsOf(policy.enforce, policy.enforceVersion, pod.spec, pod.metadata).map(v => v.reason).join(', ')
    if (reasons) groups.set(reasons, [...groups.get(reasons) ?? [], pod.metadata.name])
  }
  if (groups.size === 0) return undefined
  const lines = [...groups].map(([reasons, names]) =>
    `${names[0]}${names.length === 1 ? '' : names.length === 2 ? ' (and 1 other pod)' : ` (and ${names.length - 1} other pods)`}: ${reasons}`).sort()
  return {
    warnings: [`existing pods in namespace "${a.name}" violate the new PodSecurity enforce level "${policy.enforce}:${policy.enforceVersion}"`, ...lines],
  }
}
function labelProblems(labels: Readonly<Record<string, string>>): FieldProblem[] {
  return ['enforce', 'audit', 'warn'].flatMap(mode => {
    const level = labels[prefix + mode], version = labels[`${prefix}${mode}-version`], problems: FieldProblem[] = []
    if (level !== undefined && !levels.includes(level)) {
      problems.push({
        type: 'FieldValueInvalid', field: `metadata.labels[${prefix}${mode}]`,
        body: `Invalid value: ${JSON.stringify(level)}: must be one of ${levels.join(', ')}`,
      })
    }
    if (version !== undefined && !/^(latest|v1\.\d+)$/.test(version)) {
      problems.push({
        type: 'FieldValueInvalid', field: `metadata.labels[${prefix}${mode}-version]`,
        body: `Invalid value: ${JSON.stringify(version)}: must be "latest" or "v1.x"`,
      })
    }
    return problems
  })
}
