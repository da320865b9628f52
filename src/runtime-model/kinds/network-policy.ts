import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { cidrText, cidrWarnings, contains, parseCidr } from '../api/cidr.ts'
import { portName } from '../api/names.ts'
import { age, selectorText } from './meta/cells.ts'
import { forbidden, invalid, notSupported, portRange, required, twice } from './meta/errors.ts'
import { change, changeAll } from './meta/fill.ts'
import { validateSelector } from './meta/selector.ts'

/**
 * Whom it lets through is the network plugin's matter (runtime-model/cni, traffic/network-policy.ts).
 * Source: pkg/apis/networking/{v1/defaults.go,validation/validation.go}, pkg/registry/networking/networkpolicy/strategy.go.
 */
export const networkPolicy: KindRules = {
  resource: 'networkpolicies.networking.k8s.io', metaOfUpdate: 'VU',
  generation: true, countsEmpties: true,
  defaults: p => change(p, 'spec', defaultSpec),
  validate: p => validateSpec(p.spec ?? {}),
  // by the strategy, and by the validation of updates
  validateUpdate: (p, old) => p.spec === old.spec ? [] : twice(validateSpec(p.spec ?? {})),
  warnings: p => directions.flatMap(([rules, peers]) =>
    (p.spec?.[rules] ?? []).flatMap((rule: any, i: number) => (rule[peers] ?? []).flatMap(({ ipBlock }: any, j: number) => {
    const at = `spec.${rules}[${i}].${peers}[${j}].ipBlock`
    return ipBlock
      ? [...cidrWarnings(`${at}.cidr`, ipBlock.cidr), ...(ipBlock.except ?? []).flatMap((e: string, k: number) => cidrWarnings(`${at}.except[${k}]`, e))]
      : []
  }))),
  cells: (p, nowMs) => [p.metadata.name, selectorText(p.spec?.podSelector), age(p, nowMs)],
}
const directions = [['ingress', 'from'], ['egress', 'to']] as const

function defaultSpec(spec: any): any {
  let s = spec
  for (const [rules] of directions) {
    s = change(s, rules, list =>
      changeAll(list, rule => change(rule, 'ports', ports => changeAll(ports, p => p.protocol === undefined ? { ...p, protocol: 'TCP' } : p))))
  }
  return s.policyTypes?.length ? s : { ...s, policyTypes: s.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'] }
}

const types = ['Ingress', 'Egress']
function validateSpec(spec: any): FieldError[] {
  const errors = validateSelector(spec.podSelector ?? {}, 'spec.podSelector')
  for (const [rules, peers] of directions) (spec[rules] ?? []).forEach((rule: any, i: number) => {
    const at = `spec.${rules}[${i}]`
    ;(rule.ports ?? []).forEach((port: any, j: number) => validatePort(port, `${at}.ports[${j}]`, errors))
    ;(rule[peers] ?? []).forEach((peer: any, j: number) => validatePeer(peer, `${at}.${peers}[${j}]`, errors))
  })
  const given: readonly string[] = spec.policyTypes ?? []
  if (given.length > types.length) errors.push(invalid('spec.policyTypes', given, 'may not specify more than two policyTypes'))
  else given.forEach((type, i) => { if (!types.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, types)) })
  return errors
}

const protocols = ['TCP', 'UDP', 'SCTP']
function validatePort({ protocol, port, endPort }: any, at: string, errors: FieldError[]): void {
  if (protocol !== undefined && !protocols.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, protocols))
  if (typeof port === 'number') {
    errors.push(...portRange(port, `${at}.port`))
    if (endPort < port) errors.push(invalid(`${at}.endPort`, port, 'must be greater than or equal to `port`'))
    errors.push(...portRange(endPort, `${at}.endPort`))
  } else if (port !== undefined) {
    if (endPort !== undefined) errors.push(invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is non-numeric'))
    for (const text of portName(port)) errors.push(invalid(`${at}.port`, port, text))
  } else if (endPort !== undefined) errors.push(invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is not specified'))
}

function validatePeer(peer: any, at: string, errors: FieldError[]): void {
  const { podSelector, namespaceSelector, ipBlock } = peer
  if (podSelector) errors.push(...validateSelector(podSelector, `${at}.podSelector`))
  if (namespaceSelector) errors.push(...validateSelector(namespaceSelector, `${at}.namespaceSelector`))
  if (ipBlock) validateBlock(ipBlock, `${at}.ipBlock`, errors)
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(at, 'must specify a peer'))
  else if (ipBlock && (podSelector || namespaceSelector)) errors.push(forbidden(at, 'may not specify both ipBlock and another peer'))
}
function validateBlock({ cidr, except = [] }: any, at: string, errors: FieldError[]): void {
  if (!cidr) { errors.push(required(`${at}.cidr`)); return }
  const range = parseCidr(cidr)
  if (!range) { errors.push(invalid(`${at}.cidr`, cidr, cidrText)); return }
  except.forEach((text: string, i: number) => {
    const inner = parseCidr(text)
    if (!inner) errors.push(invalid(`${at}.except[${i}]`, text, cidrText))
    else if (!contains(range, inner) || range.prefix >= inner.prefix) errors.push(invalid(`${at}.except[${i}]`, text, 'must be a strict subset of `cidr`'))
  })
}
