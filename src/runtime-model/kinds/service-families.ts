import { ipText, isIP } from '../api/names.ts'
import type { FieldError } from './kind.ts'
import { duplicate, invalid, notSupported } from './meta/errors.ts'
import { fillPointers } from './meta/fill.ts'

/**
 * Families of addresses of a Service, in a cluster of IPv4 alone. Source: pkg/registry/core/service/storage/alloc.go (initIPFamilyFields),
 * pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields)
 */
const families = ['IPv4', 'IPv6'], familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']
export const sameList = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean => (a ?? []).join() === (b ?? []).join()
/** Endpoints of a headless Service without a selector are somebody else's, of whichever family. */
const ofAnyFamily = ({ clusterIP, selector }: any): boolean => clusterIP === 'None' && Object.keys(selector ?? {}).length === 0
const familyOf = (ip: string): string => ip.includes(':') ? 'IPv6' : 'IPv4'

/** Address fields that need no allocation. An address of a family that the cluster has not says so later (`validateAddresses`). */
export function withFamilies(spec: any): any {
  if (spec.type === 'ExternalName') return spec
  const given = spec.clusterIP && !spec.clusterIPs?.length ? { ...spec, clusterIPs: [spec.clusterIP] } : spec, any = ofAnyFamily(given)
  const s = fillPointers(given, { ipFamilyPolicy: any ? 'RequireDualStack' : 'SingleStack' }), [first] = s.clusterIPs ?? []
  if (!s.ipFamilies?.length && isIP(first ?? '') && familyOf(first) === 'IPv6') return s
  const own: readonly string[] = s.ipFamilies?.length ? s.ipFamilies : ['IPv4']
  if (any && own.length === 1 && s.ipFamilyPolicy !== 'SingleStack') return { ...s, ipFamilies: [own[0], own[0] === 'IPv4' ? 'IPv6' : 'IPv4'] }
  return own === s.ipFamilies ? s : { ...s, ipFamilies: own }
}
/** Who makes a Service single-stack, and says no more, lets go of its second family. */
export function released(spec: any, before: any): any {
  return spec.ipFamilyPolicy === 'SingleStack' && spec.ipFamilies?.length > 1 && sameList(spec.ipFamilies, before.ipFamilies)
    ? { ...spec, ipFamilies: spec.ipFamilies.slice(0, 1) }
    : spec
}

/** `before`: of the Service as it was */
export function validateAddresses(spec: any, before?: any): FieldError[] {
  const { clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy: policy } = spec
  const errors: FieldError[] = [], at = 'spec.clusterIPs', policyAt = 'spec.ipFamilyPolicy'
  if (clusterIP && clusterIPs[0] !== clusterIP) errors.push(invalid(at, clusterIPs, 'first value must match `clusterIP`'))
  if (!clusterIP && clusterIPs.length > 0) errors.push(invalid(at, clusterIPs, 'must be empty when `clusterIP` is not specified'))
  ipFamilies.forEach((family: string, i: number) => {
    if (!families.includes(family)) errors.push(notSupported(`spec.ipFamilies[${i}]`, family, families))
    else if (ipFamilies.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family))
  })
  if (policy !== undefined && !familyPolicies.includes(policy)) errors.push(notSupported(policyAt, policy, familyPolicies))
  const wrong = clusterIPs.flatMap((ip: string, i: number) => {
    if (i === 0 && ip === 'None') return clusterIPs.length > 1 ? [invalid(at, clusterIPs, "'None' must be the first and only value")] : []
    return isIP(ip) ? [] : [invalid(`${at}[${i}]`, ip, ipText)]
  })
  errors.push(...wrong)
  if (clusterIPs.length > 2) errors.push(invalid(at, clusterIPs, 'may only hold up to 2 values'))
  if (wrong.length === 0 && clusterIPs.length > 1 && clusterIPs.filter((ip: string) => ip.includes(':')).length !== 1) {
    errors.push(invalid(at, clusterIPs, 'may specify no more than one IP for each IP family'))
  }
  if (errors.length > 0) return errors
  ipFamilies.forEach((family: string, i: number) => {
    const ip: string | undefined = clusterIPs[i]
    if (ip && ip !== 'None' && familyOf(ip) !== family) {
      errors.push(invalid(`${at}[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``))
    }
  })
  if (errors.length > 0) return errors
  errors.push(...validateNumbers(spec, before))
  if (errors.length > 0 || ofAnyFamily(spec)) return errors
  if (policy === 'RequireDualStack') errors.push(invalid(policyAt, policy, 'this cluster is not configured for dual-stack services'))
  ipFamilies.forEach((family: string, i: number) => {
    if (family === 'IPv6') errors.push(invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'))
  })
  return errors
}
/** How many there may be by the policy, and addresses whose family nobody has asked for. */
function validateNumbers({ clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy: policy }: any, before?: any): FieldError[] {
  const errors: FieldError[] = [], wrong = (text: string): void => { errors.push(invalid('spec.ipFamilyPolicy', policy, text)) }
  if (policy === 'SingleStack') {
    if (clusterIPs.length === 2) wrong("must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified")
    if (ipFamilies.length === 2) wrong("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified")
  } else if (before?.ipFamilies?.length === 2 && ipFamilies.length === 1) wrong("must be 'SingleStack' to release the secondary IP family")
  if (clusterIP !== 'None') clusterIPs.forEach((ip: string, i: number) => {
    if (i >= ipFamilies.length && familyOf(ip) === 'IPv6') errors.push(invalid(`spec.clusterIPs[${i}]`, clusterIPs, 'IPv6 is not configured on this cluster'))
  })
  return errors
}
