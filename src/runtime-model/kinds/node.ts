import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { duplicate, forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { cidrText, parseCidr } from '../api/cidr.ts'
import { qualifiedName, validLabelValue } from '../api/names.ts'
import { internalJson } from './meta/diff.ts'
import { change } from './meta/fill.ts'

/** Source: pkg/registry/core/node/strategy.go, pkg/apis/core/validation/validation.go (ValidateNode*), printers.go (printNode). */
export const node: KindRules = {
  resource: 'nodes', metaOfUpdate: 'VU',
  keepsStatusOnCreate: true,
  fieldSelectors: { 'spec.unschedulable': n => String(n.spec?.unschedulable === true) },
  defaults: n => change(change(n, 'spec', withAddressRanges), 'status', s => s.capacity && !s.allocatable ? { ...s, allocatable: s.capacity } : s),
  validate: n => [
    ...validateTaints(n.spec?.taints ?? []), ...validateAmounts(n.status), ...validateRanges(n.spec?.podCIDRs ?? []),
  ],
  validateStatusUpdate: n => [...validateAddresses(n.status?.addresses ?? []), ...validateAmounts(n.status)],
  validateUpdate: (n, old) =>
    [...validateTaints(n.spec?.taints ?? []), ...validateRanges(n.spec?.podCIDRs ?? []), ...validateChange(n.spec ?? {}, old.spec ?? {})],
  warnings: n => n.spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : [],
  statusWord: nodeWord,
  cells: (n, nowMs) => {
    const info = n.status?.nodeInfo ?? {}
    return [n.metadata.name, nodeWord(n), roles(n), age(n, nowMs), info.kubeletVersion ?? '',
      address(n, 'InternalIP'), address(n, 'ExternalIP'), info.osImage || '<unknown>', info.kernelVersion || '<unknown>',
      info.containerRuntimeVersion || '<unknown>']
  },
}

const validateRanges = (ranges: readonly string[]): FieldError[] => [
  ...ranges.flatMap((range, i) => parseCidr(range) ? [] : [invalid(`spec.podCIDRs[${i}]`, range, cidrText)]), ...validateFamilies(ranges),
]
const withAddressRanges = (spec: any): any => spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR ? { ...spec, podCIDRs: [spec.podCIDR] } : spec

function nodeWord(n: any): string {
  const ready = n.status?.conditions?.find((c: any) => c.type === 'Ready')
  const word = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return n.spec?.unschedulable ? `${word},SchedulingDisabled` : word
}
const rolePrefix = 'node-role.kubernetes.io/'
function roles(n: any): string {
  const found = new Set<string>()
  for (const [key, value] of Object.entries<string>(n.metadata?.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) found.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value) found.add(value)
  }
  return found.size > 0 ? [...found].sort().join(',') : '<none>'
}
const address = (n: any, type: string): string => n.status?.addresses?.find((a: any) => a.type === type)?.address ?? '<none>'

/** One range of each family. */
function validateFamilies(ranges: readonly string[]): FieldError[] {
  const families = ranges.map(range => range.includes(':'))
  return new Set(families).size < families.length ? [invalid('spec.podCIDRs', ranges, 'may specify no more than one CIDR for each IP family')] : []
}
const validateAmounts = (status: any): FieldError[] =>
  ['capacity', 'allocatable'].flatMap(which => Object.entries<string>(status?.[which] ?? {}).flatMap(([name, amount]) =>
  amount.startsWith('-') ? [invalid(`status.${which}.${name}`, amount, 'must be greater than or equal to 0')] : []))
const validateAddresses = (addresses: readonly any[]): FieldError[] => addresses.flatMap((a, i) =>
  addresses.findIndex(b => b.type === a.type && b.address === a.address) < i
    ? [duplicate(`status.addresses[${i}]`, internalJson('core.v1.NodeAddress', a))]
    : [])

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
function validateTaints(taints: readonly any[]): FieldError[] {
  const errors: FieldError[] = [], seen = new Set<string>()
  taints.forEach((t, i) => {
    const at = `metadata.taints[${i}]`
    for (const text of qualifiedName(t.key ?? '')) errors.push(invalid(`${at}.key`, t.key ?? '', text))
    if (t.value) for (const text of validLabelValue(t.value)) errors.push(invalid(`${at}.value`, t.value, text))
    if (!t.effect) errors.push(required(`${at}.effect`))
    else if (!effects.includes(t.effect)) errors.push(notSupported(`${at}.effect`, t.effect, effects))
    const key = `${t.key}:${t.effect}`
    if (seen.has(key)) {
      const { type, body } = duplicate(at, internalJson('core.v1.Taint', t))
      errors.push({ type, field: at, body: `${body}: taints must be unique by key and effect pair` })
    }
    seen.add(key)
  })
  return errors
}
function validateChange(spec: any, before: any): FieldError[] {
  const errors: FieldError[] = []
  if (before.podCIDRs?.length && spec.podCIDRs?.join() !== before.podCIDRs.join()) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  }
  if (before.providerID && spec.providerID !== before.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  }
  if ((spec.externalID ?? '') !== (before.externalID ?? '')) errors.push(forbidden('spec.externalID', 'may not be updated'))
  return errors
}
