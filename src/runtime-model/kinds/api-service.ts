import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1035Label, dns1123Subdomain, pathSegmentName } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { invalid, portRange, required } from './meta/errors.ts'
import { change, fill } from './meta/fill.ts'

/** Source: k8s.io/kube-aggregator pkg/apis/apiregistration/{v1/defaults.go,validation/validation.go}, pkg/registry/apiservice. */
export const apiService: KindRules = {
  resource: 'apiservices.apiregistration.k8s.io', metaOfUpdate: 'UV', statusKeepsMeta: 'most',
  anyFinalizer: true, needsResourceVersion: true,
  nameRule: pathSegmentName,
  defaults: a => change(a, 'spec', spec => change(spec, 'service', service => fill(service, { port: 443 }))),
  validate: a => validateService(a.metadata.name ?? '', a.spec ?? {}),
  cells: (a, nowMs) => {
    const { service } = a.spec ?? {}, available = a.status?.conditions?.find((c: any) => c.type === 'Available')
    return [
      a.metadata.name, service ? `${service.namespace}/${service.name}` : 'Local',
      available ? available.status === 'True' ? 'True' : `${available.status} (${available.reason})` : 'Unknown', age(a, nowMs),
    ]
  },
}

function validateService(name: string, spec: any): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum: first = 0, versionPriority: second = 0, service, caBundle, insecureSkipTLSVerify: insecure } = spec
  const errors: FieldError[] = [], wanted = `${version}.${group}`
  if (name !== '' && !/[/%]/.test(name) && name !== wanted) {
    errors.push(invalid('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`))
  }
  if (group === '' && version !== 'v1') errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'))
  if (group !== '') for (const text of dns1123Subdomain(group)) errors.push(invalid('spec.group', group, text))
  for (const text of dns1035Label(version)) errors.push(invalid('spec.version', version, text))
  if (first <= 0 || first > 20_000) errors.push(invalid('spec.groupPriorityMinimum', first, 'must be positive and less than 20000'))
  if (second <= 0 || second > 1000) errors.push(invalid('spec.versionPriority', second, 'must be positive and less than 1000'))
  if (!service) {
    if (caBundle) errors.push(invalid('spec.caBundle', `${atob(caBundle).length} bytes`, 'local APIServices may not have a caBundle'))
    if (insecure) errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'))
    return errors
  }
  if (!service.namespace) errors.push(required('spec.service.namespace'))
  if (!service.name) errors.push(required('spec.service.name'))
  if (portRange(service.port, '').length > 0) {
    errors.push(invalid('spec.service.port', service.port, 'port is not valid: must be between 1 and 65535, inclusive'))
  }
  if (insecure && caBundle) errors.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'))
  return errors
}
