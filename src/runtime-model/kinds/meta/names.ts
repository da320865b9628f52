import type { FieldError } from '../kind.ts'
import { dns1123Subdomain } from '../../api/names.ts'
import { invalid, required } from './errors.ts'

/** Rarer rules for names. Source: k8s.io/apimachinery pkg/util/validation/validation.go. */
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?', wildcard = `\\*\\.${label}(\\.${label})*`
export function wildcardSubdomain(value: string): readonly string[] {
  const errors = value.length > 253 ? ['must be no more than 253 characters'] : []
  if (!new RegExp(`^${wildcard}$`).test(value)) {
    errors.push(
      `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '${wildcard}')`
    )
  }
  return errors
}

/** `example.com/controller` */
export function domainPrefixedPath(value: string, at: string): FieldError[] {
  if (value === '') return [required(at)]
  const slash = value.indexOf('/'), host = value.slice(0, slash), path = value.slice(slash + 1)
  if (slash < 0 || host === '' || path === '') return [invalid(at, value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  const wrong = dns1123Subdomain(host)
  if (wrong.length > 0) return wrong.map(text => invalid(at, host, text))
  return /^(?:[A-Za-z0-9/\-._~%!$&'()*+,;=:]+)$/.test(path)
    ? []
    : [invalid(at, path, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")]
}

/** A name of three labels at least: `policy.example.com`. */
export function fullyQualifiedName(value: string, at: string): FieldError[] {
  if (value === '') return [required(at)]
  const wrong = dns1123Subdomain(value)
  if (wrong.length > 0) return [invalid(at, value, wrong.join(','))]
  return value.split('.').length < 3 ? [invalid(at, value, 'should be a domain with at least three segments separated by dots')] : []
}
