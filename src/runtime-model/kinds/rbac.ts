import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { deepEqual, invalid, notSupported, required } from './meta/errors.ts'
import { changeAll, change, fill } from './meta/fill.ts'
import { validateSelector } from './meta/selector.ts'
import { pathSegmentName, subdomainName } from '../api/names.ts'

/** Source: pkg/apis/rbac/v1/defaults.go, pkg/apis/rbac/validation/validation.go, printers.go (printRole …). */
const rbacGroup = 'rbac.authorization.k8s.io'

function role(resource: string, clusterWide: boolean): KindRules {
  return {
    resource, nameRule: pathSegmentName, metaOfUpdate: 'VU',
    validate: r => [
      ...(r.rules ?? []).flatMap((rule: any, i: number) => validateRule(rule, `rules[${i}]`, clusterWide)),
      ...r.aggregationRule ? validateAggregation(r.aggregationRule.clusterRoleSelectors ?? []) : [],
    ],
    cells: r => [r.metadata.name, r.metadata.creationTimestamp ?? ''],
  }
}
export const clusterRole = role(`clusterroles.${rbacGroup}`, true)
export const roleKind = role(`roles.${rbacGroup}`, false)

function validateAggregation(selectors: readonly any[]): FieldError[] {
  const path = 'aggregationRule.clusterRoleSelectors'
  if (selectors.length === 0) return [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  return selectors.flatMap((selector, i) => {
    const wrong = validateSelector(selector, `${path}[${i}]`)
    return wrong.length > 0 ? [...wrong, invalid(`${path}[${i}]`, null, 'invalid label selector.')] : wrong
  })
}
function validateRule(rule: any, at: string, clusterWide: boolean): FieldError[] {
  const errors: FieldError[] = []
  if (!rule.verbs?.length) errors.push(required(`${at}.verbs`, 'verbs must contain at least one value'))
  if (rule.nonResourceURLs?.length) {
    if (!clusterWide) errors.push(invalid(`${at}.nonResourceURLs`, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length) {
      errors.push(invalid(`${at}.nonResourceURLs`, rule.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'))
    }
    return errors
  }
  if (!rule.apiGroups?.length) errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'))
  if (!rule.resources?.length) errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'))
  return errors
}

function binding(resource: string, refKinds: readonly string[]): KindRules {
  return {
    resource, nameRule: pathSegmentName, metaOfUpdate: 'VU',
    defaults: b => change(change(b, 'roleRef', ref => fill(ref, { apiGroup: rbacGroup })), 'subjects', list => changeAll(list, defaultSubject)),
    validate: b => validateBinding(b, refKinds),
    validateUpdate: (b, old) =>
      [...validateBinding(b, refKinds), ...deepEqual(b.roleRef, old.roleRef) ? [] : [invalid('roleRef', refText(b.roleRef), 'cannot change roleRef')]],
    cells: (b, nowMs) => {
      const names = (kind: string): string =>
        (b.subjects ?? []).filter((s: any) => s.kind === kind).map((s: any) => kind === 'ServiceAccount' ? `${s.namespace ?? ''}/${s.name}` : s.name).join(', ')
      return [b.metadata.name, `${b.roleRef?.kind}/${b.roleRef?.name}`, age(b, nowMs), names('User'), names('Group'), names('ServiceAccount')]
    },
  }
}
export const roleBinding = binding(`rolebindings.${rbacGroup}`, ['Role', 'ClusterRole'])
export const clusterRoleBinding = binding(`clusterrolebindings.${rbacGroup}`, ['ClusterRole'])

const defaultSubject = (s: any): any =>
  s.apiGroup || s.kind === 'ServiceAccount' || (s.kind !== 'User' && s.kind !== 'Group') ? s : { ...s, apiGroup: rbacGroup }
const refText = (ref: any): any => ({ APIGroup: ref?.apiGroup ?? '', Kind: ref?.kind ?? '', Name: ref?.name ?? '' })

function validateBinding(b: any, refKinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [], ref = b.roleRef ?? {}
  if (ref.apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', ref.apiGroup ?? '', [rbacGroup]))
  if (!refKinds.includes(ref.kind)) errors.push(notSupported('roleRef.kind', ref.kind ?? '', refKinds))
  if (!ref.name) errors.push(required('roleRef.name'))
  else for (const text of pathSegmentName(ref.name)) errors.push(invalid('roleRef.name', ref.name, text))
  ;(b.subjects ?? []).forEach((s: any, i: number) => {
    const at = `subjects[${i}]`
    if (!s.name) errors.push(required(`${at}.name`))
    if (s.kind === 'ServiceAccount') {
      if (s.name) for (const text of subdomainName(s.name)) errors.push(invalid(`${at}.name`, s.name, text))
      if (s.apiGroup) errors.push(notSupported(`${at}.apiGroup`, s.apiGroup, ['']))
      if (!s.namespace && !refKinds.includes('Role')) errors.push(required(`${at}.namespace`))
    } else if (s.kind === 'User' || s.kind === 'Group') {
      if (s.apiGroup !== rbacGroup) errors.push(notSupported(`${at}.apiGroup`, s.apiGroup ?? '', [rbacGroup]))
    } else errors.push(notSupported(`${at}.kind`, s.kind ?? '', ['ServiceAccount', 'User', 'Group']))
  })
  return errors
}
