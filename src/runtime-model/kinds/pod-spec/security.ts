import type { FieldError } from '../kind.ts'
import { internalJson } from '../meta/diff.ts'
import { duplicate, invalid, notSupported, required } from '../meta/errors.ts'
import { descendingPath } from './paths.ts'
import { validateWindowsOptions } from './windows.ts'

/** Source: pkg/apis/core/validation/validation.go (ValidateSecurityContext, validatePodSpecSecurityContext, validateSysctls). */
const id = (value: number | undefined, at: string): FieldError[] =>
  value !== undefined && (value < 0 || value > 2_147_483_647) ? [invalid(at, value, 'must be between 0 and 2147483647, inclusive')] : []
const procMounts = ['Default', 'Unmasked'], seccompTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'], groupChanges = ['Always', 'OnRootMismatch']
const labelChanges = ['Recursive'], groupPolicies = ['Merge', 'Strict']

/** `ownUsers`: the pod has a user namespace of its own, in which a container may see all of /proc */
export function validateSecurityContext(context: any, at: string, errors: FieldError[], ownUsers: boolean): void {
  const { privileged, allowPrivilegeEscalation, capabilities, procMount } = context, shown = (): any => internalJson('core.v1.SecurityContext', context)
  errors.push(...id(context.runAsUser, `${at}.runAsUser`), ...id(context.runAsGroup, `${at}.runAsGroup`))
  if (procMount !== undefined && !procMounts.includes(procMount)) errors.push(notSupported(`${at}.procMount`, procMount, procMounts))
  else if (procMount === 'Unmasked' && !ownUsers) errors.push(invalid(`${at}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'))
  validateSeccomp(context.seccompProfile, `${at}.seccompProfile`, errors)
  validateWindowsOptions(context.windowsOptions, `${at}.windowsOptions`, errors)
  validateAppArmor(context.appArmorProfile, `${at}.appArmorProfile`, errors)
  if (allowPrivilegeEscalation !== false) return
  if (privileged) errors.push(invalid(at, shown(), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
  if (capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    errors.push(invalid(at, shown(), 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'))
  }
}

/** host namespaces belong to it, though they stand in the spec */
export function validatePodSecurity(spec: any, at: string, errors: FieldError[]): void {
  const context = spec.securityContext ?? {}, { sysctls = [], fsGroupChangePolicy, supplementalGroupsPolicy } = context
  for (const field of ['fsGroup', 'runAsUser', 'runAsGroup']) errors.push(...id(context[field], `${at}.${field}`))
  ;(context.supplementalGroups ?? []).forEach((group: number, i: number) => errors.push(...id(group, `${at}.supplementalGroups[${i}]`)))
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'))
  }
  validateSysctls(sysctls, spec, `${at}.sysctls`, errors)
  if (fsGroupChangePolicy !== undefined && !groupChanges.includes(fsGroupChangePolicy)) {
    errors.push(notSupported(`${at}.fsGroupChangePolicy`, fsGroupChangePolicy, groupChanges))
  }
  validateSeccomp(context.seccompProfile, `${at}.seccompProfile`, errors)
  validateWindowsOptions(context.windowsOptions, `${at}.windowsOptions`, errors)
  validateAppArmor(context.appArmorProfile, `${at}.appArmorProfile`, errors)
  if (context.seLinuxChangePolicy !== undefined && !labelChanges.includes(context.seLinuxChangePolicy)) {
    errors.push(notSupported(`${at}.seLinuxChangePolicy`, context.seLinuxChangePolicy, labelChanges))
  }
  if (supplementalGroupsPolicy !== undefined && !groupPolicies.includes(supplementalGroupsPolicy)) {
    errors.push(notSupported(`${at}.supplementalGroupsPolicy`, supplementalGroupsPolicy, groupPolicies))
  }
}

const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$', sysctlName = new RegExp(sysctlPattern)
function validateSysctls(sysctls: readonly any[], spec: any, at: string, errors: FieldError[]): void {
  sysctls.forEach(({ name = '' }, i) => {
    if (name === '') errors.push(required(`${at}[${i}].name`))
    else if (name.length > 253
      || !sysctlName.test(name)) errors.push(invalid(`${at}[${i}].name`, name, `must have at most 253 characters and match regex ${sysctlPattern}`))
    else if (sysctls.findIndex(s => s.name === name) < i) errors.push(duplicate(`${at}[${i}].name`, name))
    for (const [field, names] of [['hostNetwork', /^net[./]/], ['hostIPC', /^(kernel\.(sem$|shm|msg)|fs\.mqueue\.)/]] as const) {
      if (spec[field] && names.test(name)) errors.push(invalid(`${at}[${i}].name`, name, `may not be specified when '${field}' is true`))
    }
  })
}
function validateAppArmor(profile: any, at: string, errors: FieldError[]): void {
  if (!profile) return
  const { type = '', localhostProfile } = profile
  if (type === '') errors.push(required(`${at}.type`, 'type is required when appArmorProfile is set'))
  else if (!seccompTypes.includes(type)) errors.push(notSupported(`${at}.type`, type, seccompTypes))
  else if (type !== 'Localhost') {
    if (localhostProfile !== undefined) errors.push(invalid(`${at}.localhostProfile`, localhostProfile, 'can only be set when AppArmor type is Localhost'))
  }
  else if (!localhostProfile?.trim()) errors.push(required(`${at}.localhostProfile`, 'must be set when AppArmor type is Localhost'))
}
function validateSeccomp(profile: any, at: string, errors: FieldError[]): void {
  if (!profile) return
  const { type = '', localhostProfile } = profile
  if (type === '') errors.push(required(`${at}.type`, 'type is required when seccompProfile is set'))
  else if (!seccompTypes.includes(type)) errors.push(notSupported(`${at}.type`, type, seccompTypes))
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined) {
      errors.push(invalid(`${at}.localhostProfile`, internalJson('core.v1.SeccompProfile', profile), 'can only be set when seccomp type is Localhost'))
    }
  }
  else if (localhostProfile === undefined) errors.push(required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'))
  else errors.push(...descendingPath(localhostProfile, `${at}.localhostProfile`))
}
