import type { FieldError } from '../kind.ts'
import { duplicate, forbidden, invalid, notSupported, required } from '../meta/errors.ts'
import { dns1123Label, dns1123Subdomain, qualifiedName } from '../../api/names.ts'
import { validateLabels } from '../meta/object-meta.ts'
import { validateContainers, validateInitContainers } from './containers.ts'
import { validateAffinity, validateSpread } from './placement.ts'
import { volumeSource } from './defaults.ts'

/**
 * Rules of a PodSpec, in the API server's order; `template` when it stands in a workload.
 * Source: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidateVolumes, ValidateTolerations).
 */
export function validatePodSpec(spec: any, path: string, template = false): FieldError[] {
  const errors = validateVolumes(spec.volumes ?? [], `${path}.volumes`)
  const grace = spec.terminationGracePeriodSeconds ?? 30
  errors.push(...validateContainers(spec.containers, spec.volumes ?? [], `${path}.containers`, grace))
  if (spec.initContainers) errors.push(...validateInitContainers(spec.initContainers, spec.containers ?? [], spec.volumes ?? [], `${path}.initContainers`, grace))
  if (template && spec.ephemeralContainers?.length) errors.push(forbidden(`${path}.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  validateWord(spec.restartPolicy, restartPolicies, `${path}.restartPolicy`, errors)
  validateWord(spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`, errors)
  if (spec.nodeSelector) errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`))
  if (spec.hostNetwork) validateHostNetwork(spec.containers ?? [], `${path}.containers`, errors)
  if (spec.affinity) validateAffinity(spec.affinity, `${path}.affinity`, errors)
  if (spec.topologySpreadConstraints) validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errors)
  if (spec.serviceAccountName) for (const text of dns1123Subdomain(spec.serviceAccountName)) errors.push(invalid(`${path}.serviceAccountName`, spec.serviceAccountName, text))
  if (spec.nodeName) for (const text of dns1123Subdomain(spec.nodeName)) errors.push(invalid(`${path}.nodeName`, spec.nodeName, text))
  const deadline = spec.activeDeadlineSeconds
  if (typeof deadline === 'number' && (deadline < 1 || deadline > 2_147_483_647)) errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'))
  for (const field of ['hostname', 'subdomain']) if (spec[field]) for (const text of dns1123Label(spec[field])) errors.push(invalid(`${path}.${field}`, spec[field], text))
  if (spec.tolerations) validateTolerations(spec.tolerations, `${path}.tolerations`, errors)
  if (spec.priorityClassName) for (const text of dns1123Subdomain(spec.priorityClassName)) errors.push(invalid(`${path}.priorityClassName`, spec.priorityClassName, text))
  if (spec.preemptionPolicy) validateWord(spec.preemptionPolicy, ['Never', 'PreemptLowerPriority'], `${path}.preemptionPolicy`, errors)
  validateGates(spec, path, errors)
  return errors
}
const restartPolicies = ['Always', 'OnFailure', 'Never'], dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

function validateWord(value: string | undefined, allowed: readonly string[], at: string, errors: FieldError[]): void {
  if (value === undefined || allowed.includes(value)) return
  errors.push(value === '' ? required(at) : notSupported(at, value, allowed))
}

function validateVolumes(volumes: readonly any[], path: string): FieldError[] {
  const names = new Set<string>(), errors: FieldError[] = []
  volumes.forEach((volume, i) => {
    const at = `${path}[${i}]`, mine: FieldError[] = []
    validateSource(volume, at, mine)
    if (!volume.name) mine.push(required(`${at}.name`))
    else for (const text of dns1123Label(volume.name)) mine.push(invalid(`${at}.name`, volume.name, text))
    if (names.has(volume.name)) mine.push(duplicate(`${at}.name`, volume.name))
    if (mine.length === 0) names.add(volume.name)
    errors.push(...mine)
  })
  return errors
}
const neededFields: Readonly<Record<string, string>> = { hostPath: 'path', secret: 'secretName', configMap: 'name', persistentVolumeClaim: 'claimName', nfs: 'server', csi: 'driver' }
function validateSource(volume: any, at: string, errors: FieldError[]): void {
  const first = volumeSource(volume)
  if (first === undefined) { errors.push(required(at, 'must specify a volume type')); return }
  for (const source in volume) {
    if (source === 'name' || !volume[source]) continue
    if (source !== first) { errors.push(forbidden(`${at}.${source}`, 'may not specify more than 1 volume type')); continue }
    const needed = neededFields[source]
    if (needed && !volume[source][needed]) errors.push(required(`${at}.${source}.${needed}`))
    validateDetails(source, volume[source], `${at}.${source}`, errors)
  }
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']
function validateDetails(source: string, value: any, at: string, errors: FieldError[]): void {
  if (source === 'hostPath' && !hostPathTypes.includes(value.type ?? '')) errors.push(notSupported(`${at}.type`, value.type, hostPathTypes))
  if (source === 'nfs') {
    if (!value.path) errors.push(required(`${at}.path`))
    if (!value.path?.startsWith('/')) errors.push(invalid(`${at}.path`, value.path ?? '', 'must be an absolute path'))
  }
  if (source === 'secret' || source === 'configMap') (value.items ?? []).forEach((item: any, i: number) => {
    if (!item.key) errors.push(required(`${at}.items[${i}].key`))
    if (!item.path) errors.push(required(`${at}.items[${i}].path`))
  })
}

function validateHostNetwork(containers: readonly any[], path: string, errors: FieldError[]): void {
  containers.forEach((c, i) => (c.ports ?? []).forEach((port: any, j: number) => {
    if (port.hostPort !== port.containerPort) errors.push(invalid(`${path}[${i}].ports[${j}].hostPort`, port.hostPort ?? 0, 'must match `containerPort` when `hostNetwork` is true'))
  }))
}

const operators = ['Equal', 'Exists'], effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
export function validateTolerations(tolerations: readonly any[], path: string, errors: FieldError[]): void {
  tolerations.forEach((t, i) => {
    const at = `${path}[${i}]`, operator = t.operator ?? ''
    if (t.key) for (const text of qualifiedName(t.key)) errors.push(invalid(`${at}.key`, t.key, text))
    else if (operator !== 'Exists') errors.push(invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'))
    if (t.tolerationSeconds !== undefined && t.effect !== 'NoExecute') errors.push(invalid(`${at}.effect`, t.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if (operator === 'Exists' && t.value) errors.push(invalid(`${at}.operator`, t.value, 'value must be empty when `operator` is \'Exists\''))
    else if (operator !== '' && !operators.includes(operator)) errors.push(notSupported(`${at}.operator`, operator, operators))
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
