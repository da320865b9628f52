import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { labelName, dns1123Label } from '../api/names.ts'
import { labelsMatch } from '../api/selectors.ts'
import { age, containersCells } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, forbidden, invalid, nonNegative, notSupported, required } from './meta/errors.ts'
import { change, changeAll, fill } from './meta/fill.ts'
import { isZero, notAbove100Percent, validateAmount } from './meta/int-or-percent.ts'
import { validateAnnotations, validateLabels } from './meta/object-meta.ts'
import { validateSelector } from './meta/selector.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { specWarningsOf } from './pod-spec/warnings.ts'
import { claimWarnings, defaultClaim, validateClaimSpec } from './storage.ts'
import { notDecremented, validateCounts, validatePodTemplate, validateReplicaStatus } from './workload.ts'

/**
 * Source: pkg/apis/apps/v1/{defaults,conversion}.go, pkg/apis/apps/validation/validation.go (ValidateStatefulSet*), pkg/registry/apps/statefulset/strategy.go.
 */
export const statefulSet: KindRules = {
  resource: 'statefulsets.apps',
  nameRule: labelName,
  generation: true,
  defaults: s => change(s, 'spec', defaultSpec),
  beforeCreate: s => change(s, 'spec', withoutMaxUnavailable),
  beforeUpdate: (s, old) => old.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined ? change(s, 'spec', withoutMaxUnavailable) : s,
  validate: s => validateSpec(s.spec ?? {}, { serviceName: true, claims: true }),
  validateUpdate: (s, old) => s.spec === old.spec ? [] : [...validateSpec(s.spec, { serviceName: false, claims: false }), ...validateChange(s.spec, old.spec)],
  validateStatusUpdate: (s, old) => [
    ...validateReplicaStatus(
      s.status ?? {}, ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount'],
      ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'status.readyReplicas'
    ),
    ...notDecremented(s, old),
  ],
  warnings: (s, old) => [
    ...specWarningsOf(s, old, s.spec?.template, 'spec.template'),
    ...(s.spec?.volumeClaimTemplates ?? []).flatMap((c: any, i: number) => claimWarnings(c.spec, `spec.volumeClaimTemplates[${i}]${old ? '.Spec' : ''}`)),
    ...s.spec?.revisionHistoryLimit < 0 ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'] : [],
  ],
  cells: (s, nowMs) => [s.metadata.name, `${s.status?.readyReplicas ?? 0}/${s.spec?.replicas ?? 0}`, age(s, nowMs), ...containersCells(s.spec?.template)],
}

const specDefaults = { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 }
const rollingDefaults = { partition: 0 }, retentionDefaults = { whenDeleted: 'Retain', whenScaled: 'Retain' }
const claimType = { kind: 'PersistentVolumeClaim', apiVersion: 'v1' }
function defaultSpec(spec: any): any {
  let s = change(fill(spec, specDefaults), 'template', defaultTemplate)
  s = change(s, 'volumeClaimTemplates', list =>
    changeAll(list, claim => defaultClaim(claim.kind === claimType.kind && claim.apiVersion === claimType.apiVersion ? claim : { ...claim, ...claimType })))
  const given = s.updateStrategy ?? {}
  let strategy = given.type ? given : { ...given, type: 'RollingUpdate', rollingUpdate: given.rollingUpdate ?? {} }
  if (strategy.type === 'RollingUpdate') strategy = change(strategy, 'rollingUpdate', rolling => fill(rolling, rollingDefaults))
  if (strategy !== s.updateStrategy) s = { ...s, updateStrategy: strategy }
  const retention = fill(s.persistentVolumeClaimRetentionPolicy ?? {}, retentionDefaults)
  return retention === s.persistentVolumeClaimRetentionPolicy ? s : { ...s, persistentVolumeClaimRetentionPolicy: retention }
}
/** A field of a feature that is off by default is dropped unless it is there already. */
const withoutMaxUnavailable = (spec: any): any => change(spec, 'updateStrategy', u => change(u, 'rollingUpdate', r => {
  if (r.maxUnavailable === undefined) return r
  const { maxUnavailable: _, ...rest } = r
  return rest
}))

const policies = ['Retain', 'Delete']
function validateSpec(spec: any, check: { readonly serviceName: boolean; readonly claims: boolean }): FieldError[] {
  const errors: FieldError[] = [], { podManagementPolicy: management, persistentVolumeClaimRetentionPolicy: retention = {} } = spec
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    errors.push(invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"))
  }
  validateStrategy(spec.updateStrategy ?? {}, errors)
  for (const when of ['whenDeleted', 'whenScaled']) {
    if (!policies.includes(retention[when])) errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, retention[when] ?? '', policies))
  }
  if (check.claims) {
    (spec.volumeClaimTemplates ?? []).forEach((c: any, i: number) => errors.push(...validateClaimSpec(c.spec ?? {}, `spec.volumeClaimTemplates[${i}].spec`)))
  }
  errors.push(...validateCounts(spec, ['replicas', 'minReadySeconds']), ...nonNegative(spec.ordinals?.start, 'spec.ordinals.start'))
  if (check.serviceName && spec.serviceName) for (const text of dns1123Label(spec.serviceName)) errors.push(invalid('spec.serviceName', spec.serviceName, text))
  validateSelection(spec, errors)
  const { restartPolicy, activeDeadlineSeconds } = spec.template?.spec ?? {}
  if (restartPolicy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in StatefulSet is not Supported'))
  }
  return errors
}

function validateStrategy({ type, rollingUpdate: rolling, ...rest }: any, errors: FieldError[]): void {
  const path = 'spec.updateStrategy', shown = (value: any): any => internalJson('apps.v1.RollingUpdateStatefulSetStrategy', { partition: 0, ...value })
  if (type === 'OnDelete') { if (rolling) errors.push(invalid(`${path}.rollingUpdate`, shown(rolling), "only allowed for updateStrategy 'RollingUpdate'")) }
  else if (type !== 'RollingUpdate') errors.push(invalid(
    path, { Type: type, RollingUpdate: rolling ? shown(rolling) : null, ...rest }, "must be 'RollingUpdate' or 'OnDelete'"
  ))
  else if (rolling) {
    const { partition, maxUnavailable } = rolling, at = `${path}.rollingUpdate.maxUnavailable`
    errors.push(...nonNegative(partition, `${path}.rollingUpdate.partition`))
    if (maxUnavailable === undefined) return
    errors.push(
      ...validateAmount(maxUnavailable, at), ...isZero(maxUnavailable) ? [invalid(at, maxUnavailable, 'cannot be 0')] : [],
      ...notAbove100Percent(maxUnavailable, at)
    )
  }
}

function validateSelection(spec: any, errors: FieldError[]): void {
  const { selector } = spec, wrong = selector ? validateSelector(selector, 'spec.selector') : [required('spec.selector')]
  errors.push(...wrong)
  const empty = selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
  if (empty) errors.push(invalid('spec.selector', selector, 'empty selector is invalid for statefulset'))
  if (selector && wrong.length > 0) errors.push(invalid('spec.selector', selector, ''))
  else validateTemplate(spec, empty, errors)
}
/** Claims of the templates are volumes of the pods; subdomain and hostname come from the controller. */
function validateTemplate(spec: any, anyLabels: boolean, errors: FieldError[]): void {
  const template = spec.template ?? {}, labels = template.metadata?.labels
  if (!anyLabels && !labelsMatch(spec.selector, labels ?? {})) {
    errors.push(invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'))
  }
  const claims: readonly any[] = (spec.volumeClaimTemplates ?? []).map((c: any) =>
    ({ name: c.metadata?.name, persistentVolumeClaim: { claimName: c.metadata?.name } }))
  const names = new Set(claims.map(c => c.name))
  const { subdomain: _s, hostname: _h, ...podSpec } = template.spec ?? {}
  const volumes = claims.length
    ? [...claims.filter((c, i) => claims.findIndex(other => other.name === c.name) === i), ...(podSpec.volumes ?? []).filter((v: any) => !names.has(v.name))]
    : podSpec.volumes
  errors.push(...validatePodTemplate({ ...template, spec: { ...podSpec, volumes } }, 'spec.template'))
  // said twice, once for the pods and once for itself
  errors.push(
    ...validateLabels(labels ?? {}, 'spec.template.labels'), ...validateAnnotations(template.metadata?.annotations ?? {}, 'spec.template.annotations')
  )
}

const changeable = ['replicas', 'template', 'updateStrategy', 'minReadySeconds', 'ordinals', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy']
function validateChange(now: any, before: any): FieldError[] {
  const fixed = (spec: any): any => Object.fromEntries(Object.entries(spec).filter(([field]) => !changeable.includes(field)))
  return deepEqual(fixed(now), fixed(before)) ? []
    : [forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
    )]
}
