/**
 * Rules for names, label keys and values. Each returns what is wrong, in Kubernetes' words; empty: nothing.
 * Source: k8s.io/apimachinery pkg/util/validation/validation.go and pkg/api/validation/path/name.go.
 */
export type NameRule = (name: string, isPrefix?: boolean) => readonly string[]

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?', subdomain1123 = `${label1123}(\\.${label1123})*`, label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]', labelValue = `(${qualified})?`
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const patterns = {
  label1123: whole(label1123), subdomain1123: whole(subdomain1123), label1035: whole(label1035), qualified: whole(qualified), labelValue: whole(labelValue),
}

const regexError = (message: string, pattern: string, ...examples: string[]): string =>
  `${message} (e.g. ${examples.map(e => `'${e}'`).join(' or ').replaceAll("' or '", "',  or '")}, regex used for validation is '${pattern}')`
const tooLong = (max: number): string => `must be no more than ${max} characters`, tooLongBytes = (max: number): string => `must be no more than ${max} bytes`

const subdomainText = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  subdomain1123, 'example.com'
)
const labelText = regexError(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", label1123,
  'my-name', '123-abc'
)
const label1035Text = regexError(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  label1035, 'my-name', 'abc-123'
)
const qualifiedText = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", qualified, 'MyName', 'my.name', '123-abc'
)
const labelValueText = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  labelValue, 'MyValue', 'my_value', '12345'
)

export function dns1123Subdomain(value: string): readonly string[] {
  if (value.length <= 253 && patterns.subdomain1123.test(value)) return none
  return [...value.length > 253 ? [tooLong(253)] : [], ...patterns.subdomain1123.test(value) ? [] : [subdomainText]]
}
export function dns1123Label(value: string): readonly string[] {
  if (value.length <= 63 && patterns.label1123.test(value)) return none
  const shape = patterns.label1123.test(value) ? [] : [patterns.subdomain1123.test(value) ? 'must not contain dots' : labelText]
  return [...value.length > 63 ? [tooLong(63)] : [], ...shape]
}
export function dns1035Label(value: string): readonly string[] {
  return [...value.length > 63 ? [tooLong(63)] : [], ...patterns.label1035.test(value) ? [] : [label1035Text]]
}
const none: readonly string[] = []

/** A generateName prefix may end in the separators that a name may not. */
const asName = (rule: (name: string) => readonly string[]): NameRule =>
  (name, isPrefix) => rule(isPrefix && name.length > 1 && name.endsWith('-') ? name.slice(0, -1) + 'a' : name)
export const subdomainName: NameRule = asName(dns1123Subdomain)
/** As declared in an API rather than checked by its code: prefixes are not looked at. Source: k8s.io/apimachinery pkg/api/validate/strfmt.go (LongName). */
export const declaredName: NameRule = (name, isPrefix) => isPrefix ? none : dns1123Subdomain(name).map(text => text === tooLong(253) ? tooLongBytes(253) : text)
export const labelName: NameRule = asName(dns1123Label)
export const label1035Name: NameRule = asName(dns1035Label)
/** What a client of the API says of a name that no path can hold, before it asks. Source: k8s.io/client-go rest/request.go (Name) */
export function unaskable(name: string): string | undefined {
  if (name === '') return 'resource name may not be empty'
  const problems = pathSegmentName(name, false)
  return problems.length === 0 ? undefined : `invalid resource name ${JSON.stringify(name)}: [${problems.join(' ')}]`
}
export const pathSegmentName: NameRule = (name, isPrefix) => {
  if (!isPrefix && (name === '.' || name === '..')) return [`may not be '${name}'`]
  return ['/', '%'].filter(c => name.includes(c)).map(c => `may not contain '${c}'`)
}

export function qualifiedName(value: string): readonly string[] {
  const parts = value.split('/')
  if (parts.length > 2) return [`a valid label key ${qualifiedText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const errors: string[] = []
  if (parts.length === 2) {
    if (parts[0] === '') errors.push('prefix part must be non-empty')
    else errors.push(...dns1123Subdomain(parts[0]).map(m => 'prefix part ' + m))
  }
  const name = parts[parts.length - 1]
  if (name === '') errors.push('name part must be non-empty')
  else if (name.length > 63) errors.push('name part ' + tooLongBytes(63))
  if (!patterns.qualified.test(name)) errors.push('name part ' + qualifiedText)
  return errors
}
export function validLabelValue(value: string): readonly string[] {
  if (value.length <= 63 && patterns.labelValue.test(value)) return none
  return [...value.length > 63 ? [tooLongBytes(63)] : [], ...patterns.labelValue.test(value) ? [] : [labelValueText]]
}

/** IANA service name of a port. */
export function portName(value: string): readonly string[] {
  const errors: string[] = []
  if (value.length > 15) errors.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(value)) errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)')
  if (value.includes('--')) errors.push('must not contain consecutive hyphens')
  if (value !== '' && (value.startsWith('-') || value.endsWith('-'))) errors.push('must not begin or end with a hyphen')
  return errors
}
/** Name of an environment variable, as relaxed since 1.34: any printable ASCII but `=`. */
export const envVarName = (value: string): readonly string[] => /^[ -<>-~]+$/.test(value) ? none
  : [`a valid environment variable name must consist only of printable ASCII characters other than '='`]
export const configMapKey = (value: string): readonly string[] => {
  const errors = value.length > 253 ? [tooLong(253)] : []
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    errors.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
    )
  }
  if (value === '.') errors.push("must not be '.'")
  if (value === '..') errors.push("must not be '..'")
  else if (value.startsWith('..')) errors.push("must not start with '..'")
  return errors
}
export const isIPv4 = (value: string): boolean => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(value)
export const isIP = (value: string): boolean =>
  isIPv4(value)
    || (value.includes(':') && /^[0-9a-fA-F:.]+$/.test(value) && value.split('::').length <= 2 && value.split(':').length >= 3 && value.split(':').length <= 8)
export const ipText = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
