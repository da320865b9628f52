import type { FieldError } from '../kind.ts'
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../meta/errors.ts'
import { dns1123Label, dns1123Subdomain, qualifiedName, validLabelValue } from '../../api/names.ts'
import { containerLists } from './annotations.ts'
import { validateLabels } from '../meta/object-meta.ts'
import { validateFileRefs } from './env.ts'
import { validatePodClaims } from './claims.ts'
import { validateContainers, validateEphemeralContainers, validateInitContainers, validateResources } from './containers.ts'
import { validateAffinity, validateSpread } from './placement.ts'
import { validateDns, validateHostAliases } from './host.ts'
import { validatePodResources } from './pod-resources.ts'
import { validatePodSecurity } from './security.ts'
import { validateVolumes } from './volumes.ts'

/**
 * Rules of a PodSpec, in the API server's order; `template` when it stands in a workload.
 * Source: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidateVolumes, ValidateTolerations).
 */
export function validatePodSpec(spec: any, path: string, template = false): FieldError[] {
  const volumes: any[] = [], errors = validateVolumes(spec.volumes ?? [], `${path}.volumes`, volumes)
  const grace = spec.terminationGracePeriodSeconds ?? 30
  if (spec.resourceClaims) validatePodClaims(spec.resourceClaims, `${path}.resourceClaims`, errors)
  errors.push(...validateContainers(spec.containers, volumes, `${path}.containers`, grace, spec))
  if (spec.initContainers) {
    errors.push(...validateInitContainers(spec.initContainers, spec.containers ?? [], volumes, `${path}.initContainers`, grace, spec))
  }
  if (spec.ephemeralContainers?.length) {
    errors.push(...validateEphemeralContainers(spec.ephemeralContainers, { ...spec, volumes }, `${path}.ephemeralContainers`))
  }
  if (template && spec.ephemeralContainers?.length) errors.push(forbidden(`${path}.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  if (spec.hostNetwork) validateHostNetwork(spec.containers ?? [], `${path}.containers`, errors)
  if (spec.resources) validatePodResources(spec, `${path}.resources`, errors)
  validateWord(spec.restartPolicy, restartPolicies, `${path}.restartPolicy`, errors)
  validateWord(spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`, errors)
  if (spec.nodeSelector) errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`))
  validatePodSecurity(spec, `${path}.securityContext`, errors)
  if (spec.affinity) validateAffinity(spec.affinity, `${path}.affinity`, errors)
  validateDns(spec, `${path}.dnsConfig`, errors)
  ;(spec.readinessGates ?? []).forEach((gate: any, i: number) => {
    for (const text of qualifiedName(gate.conditionType ?? '')) {
      errors.push(invalid(`${path}.readinessGates[${i}].conditionType`, gate.conditionType ?? '', text))
    }
  })
  validateGates(spec, path, errors)
  if (spec.topologySpreadConstraints) validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errors)
  validateHostProcess(spec, path, errors)
  if (spec.hostUsers === false) {
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
      if (spec[field]) errors.push(forbidden(`${path}.${field === 'hostNetwork' ? field : field.replace('host', 'Host')}`, 'when `hostUsers` is false'))
    }
  }
  if (spec.serviceAccountName) {
    for (const text of dns1123Subdomain(spec.serviceAccountName)) errors.push(invalid(`${path}.serviceAccountName`, spec.serviceAccountName, text))
  }
  if (spec.nodeName) for (const text of dns1123Subdomain(spec.nodeName)) errors.push(invalid(`${path}.nodeName`, spec.nodeName, text))
  const deadline = spec.activeDeadlineSeconds
  if (typeof deadline === 'number' && (deadline < 1 || deadline > 2_147_483_647)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'))
  }
  if (spec.hostnameOverride !== undefined) validateHostnameOverride(spec, `${path}.hostnameOverride`, errors)
  for (const field of ['hostname', 'subdomain']) {
    if (spec[field]) for (const text of dns1123Label(spec[field])) errors.push(invalid(`${path}.${field}`, spec[field], text))
  }
  if (spec.tolerations) validateTolerations(spec.tolerations, `${path}.tolerations`, errors)
  if (spec.hostAliases) validateHostAliases(spec.hostAliases, `${path}.hostAliases`, errors)
  if (spec.priorityClassName) {
    for (const text of dns1123Subdomain(spec.priorityClassName)) errors.push(invalid(`${path}.priorityClassName`, spec.priorityClassName, text))
  }
  if (spec.runtimeClassName !== undefined) {
    for (const text of dns1123Subdomain(spec.runtimeClassName)) errors.push(invalid(`${path}.runtimeClassName`, spec.runtimeClassName, text))
  }
  if (spec.preemptionPolicy !== undefined) validateWord(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], `${path}.preemptionPolicy`, errors)
  if (spec.overhead) validateResources({ limits: spec.overhead }, `${path}.overhead`, errors)
  if (spec.os) validateSystem(spec, path, errors)
  validateFileRefs(spec, path, errors)
  if (!template) validateImages(spec, path, errors)
  return errors
}
/** Of Windows: all containers are processes of the host, or none. Source: validateWindowsHostProcessPod */
function validateHostProcess(spec: any, path: string, errors: FieldError[]): void {
  const ofPod: boolean | undefined = spec.securityContext?.windowsOptions?.hostProcess
  let all = 0, some = 0
  for (const list of containerLists) (spec[list] ?? []).forEach((c: any, i: number) => {
    const own: boolean | undefined = c.securityContext?.windowsOptions?.hostProcess
    all++
    if (own ?? ofPod) some++
    if (own !== undefined && ofPod !== undefined && own !== ofPod) {
      const at = `${path}.${list}[${i}].securityContext.windowsOptions.hostProcess`
      errors.push(invalid(at, own, `pod hostProcess value must be identical if both are specified, was ${ofPod}`))
    }
  })
  if (some === 0) return
  if (some < all) errors.push(invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'))
  if (!spec.hostNetwork) errors.push(invalid(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'))
}
function validateHostnameOverride({ hostnameOverride: name, hostNetwork, setHostnameAsFQDN }: any, at: string, errors: FieldError[]): void {
  if (hostNetwork) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'))
  if (setHostnameAsFQDN) errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (name.length > 64) errors.push(tooLong(at, 64))
  for (const text of dns1123Subdomain(name)) errors.push(invalid(at, name, text))
}
const systems = ['linux', 'windows']
const notOfWindows = {
  pod: ['hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'],
  context: [
    'appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'runAsUser', 'runAsGroup', 'supplementalGroups',
    'supplementalGroupsPolicy',
  ],
  container: [
    'appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged', 'allowPrivilegeEscalation', 'procMount',
    'runAsUser', 'runAsGroup',
  ],
}
/** What the pod's operating system does not have. Source: validateOS, validateWindows, validateLinux */
function validateSystem(spec: any, path: string, errors: FieldError[]): void {
  const { os: { name } } = spec
  if (!systems.includes(name)) { errors.push(name ? notSupported(`${path}.os`, name, systems) : required(`${path}.os.name`)); return }
  const context = spec.securityContext ?? {}, windows = name === 'windows'
  const refuse = (at: string): number =>
    errors.push(forbidden(at, windows ? 'cannot be set for a windows pod' : 'windows options cannot be set for a linux pod'))
  if (!windows && context.windowsOptions) refuse(`${path}.securityContext.windowsOptions`)
  if (windows) {
    for (const field of notOfWindows.context) if (context[field] !== undefined && context[field].length !== 0) refuse(`${path}.securityContext.${field}`)
    for (const field of notOfWindows.pod) if (spec[field] !== undefined) refuse(`${path}.${field}`)
  }
  for (const list of containerLists) (spec[list] ?? []).forEach((c: any, i: number) => {
    const own = c.securityContext ?? {}, at = `${path}.${list}[${i}].securityContext`
    if (!windows && own.windowsOptions) refuse(`${at}.windowsOptions`)
    if (windows) for (const field of notOfWindows.container) if (own[field] !== undefined) refuse(`${at}.${field}`)
  })
}
/** Templates may have what pods may not. Source: validateContainersOnlyForPod */
function validateImages(spec: any, path: string, errors: FieldError[]): void {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) (spec[list] ?? []).forEach((c: any, i: number) => {
    if (c.image && c.image.trim() !== c.image) errors.push(invalid(`${path}.${list}[${i}].image`, c.image, 'must not have leading or trailing whitespace'))
  })
}
const restartPolicies = ['Always', 'OnFailure', 'Never'], dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

function validateWord(value: string | undefined, allowed: readonly string[], at: string, errors: FieldError[]): void {
  if (value === undefined || allowed.includes(value)) return
  errors.push(value === '' ? required(at) : notSupported(at, value, allowed))
}

function validateHostNetwork(containers: readonly any[], path: string, errors: FieldError[]): void {
  containers.forEach((c, i) => (c.ports ?? []).forEach((port: any, j: number) => {
    if (port.hostPort && port.hostPort !== port.containerPort) {
      errors.push(invalid(`${path}[${i}].ports[${j}].hostPort`, port.hostPort ?? 0, 'must match `containerPort` when `hostNetwork` is true'))
    }
  }))
}

// what compares numbers is not enabled, and refused in other words than what nobody knows
const operators = ['Equal', 'Exists'], comparisons = ['Lt', 'Gt'], effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
export function validateTolerations(tolerations: readonly any[], path: string, errors: FieldError[]): void {
  tolerations.forEach((t, i) => {
    const at = `${path}[${i}]`, operator = t.operator ?? ''
    if (t.key) for (const text of qualifiedName(t.key)) errors.push(invalid(`${at}.key`, t.key, text))
    else if (operator !== 'Exists') errors.push(invalid(
      `${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    ))
    if (t.tolerationSeconds !== undefined && t.effect !== 'NoExecute') {
      errors.push(invalid(`${at}.effect`, t.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    if (operator === 'Exists' && t.value) errors.push(invalid(`${at}.operator`, t.value, 'value must be empty when `operator` is \'Exists\''))
    else if (operator === '' || operator === 'Equal') {
      for (const text of t.value ? validLabelValue(t.value) : []) errors.push(invalid(`${at}.operator`, t.value, text))
    }
    else if (operator !== 'Exists') errors.push(notSupported(
      `${at}.operator`, operator, comparisons.includes(operator) ? [...operators, ...comparisons] : operators
    ))
    if (t.effect && !effects.includes(t.effect)) errors.push(notSupported(`${at}.effect`, t.effect, effects))
  })
}

function validateGates(spec: any, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  ;(spec.schedulingGates ?? []).forEach((gate: any, i: number) => {
    const at = `${path}.schedulingGates[${i}]`
    for (const text of qualifiedName(gate.name)) errors.push(invalid(at, gate.name, text))
    if (names.has(gate.name)) errors.push(duplicate(at, gate.name))
    names.add(gate.name)
  })
}
