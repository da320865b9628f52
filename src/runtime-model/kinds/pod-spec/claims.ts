import type { FieldError } from '../kind.ts'
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts'
import { internalJson } from '../meta/diff.ts'
import { duplicate, invalid, required } from '../meta/errors.ts'

/**
 * Claims of devices: those of a pod, and which of them its containers use. Source: pkg/apis/core/validation/validation.go (validatePodResourceClaims,
 * validateResourceClaimNames).
 */
export function validatePodClaims(claims: readonly any[], path: string, errors: FieldError[]): void {
  claims.forEach((claim, i) => {
    const at = `${path}[${i}]`, { name = '', resourceClaimName: own, resourceClaimTemplateName: template } = claim
    const say = (why: string): void => { errors.push(invalid(at, internalJson('core.v1.PodResourceClaim', claim), why)) }
    if (name === '') errors.push(required(`${at}.name`))
    else if (claims.findIndex(c => c.name === name) < i) errors.push(duplicate(`${at}.name`, name))
    else for (const text of dns1123Label(name)) errors.push(invalid(`${at}.name`, name, text))
    if (own !== undefined && template !== undefined) say('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')
    if (own === undefined && template === undefined) say('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')
    for (const field of ['resourceClaimName', 'resourceClaimTemplateName']) {
      if (claim[field] !== undefined) for (const text of dns1123Subdomain(claim[field])) errors.push(invalid(`${at}.${field}`, claim[field], text))
    }
  })
}

/** `declared`: what the pod claims */
export function validateUsedClaims(claims: readonly any[], declared: readonly any[], path: string, errors: FieldError[]): void {
  const known = [...new Set(declared.map(c => c.name).filter(name => name))]
  const used = new Set<string>()
  claims.forEach(({ name = '', request = '' }, i) => {
    const at = `${path}[${i}]`, key = request ? `${name}/${request}` : name
    if (name === '') { errors.push(required(at)); return }
    if (used.has(name) || used.has(key)) errors.push(duplicate(at, used.has(name) ? name : key))
    else if (!request && [...used].some(u => u.startsWith(`${name}/`))) errors.push(duplicate(at, name))
    else used.add(key)
    if (request) for (const text of dns1123Label(request)) errors.push(invalid(`${at}.request`, request, text))
    if (known.includes(name)) return
    const names = known.length > 0 ? `: ${[...known].sort().join(', ')}` : ' which is empty'
    errors.push({ type: 'FieldValueNotFound', field: at, body: `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${names}` })
  })
}
