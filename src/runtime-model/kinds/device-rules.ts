import type { FieldError } from './kind.ts'
import { dns1123Label, dns1123Subdomain } from '../api/names.ts'
import { compileProblem, type Declarations } from './expressions/check.ts'
import { typeText } from './expressions/types.ts'
import { internalJson } from './meta/diff.ts'
import { duplicate, invalid, required, tooLong } from './meta/errors.ts'

/**
 * What claims, classes and slices of devices have in common. Source: pkg/apis/resource/validation/validation.go, staging
 * dynamic-resource-allocation/cel/compile.go.
 */
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/
const identifierText =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"
export function validateDriver(driver: string, at: string, errors: FieldError[]): void {
  if (driver === '') { errors.push(required(at)); return }
  if (driver.length > 63) errors.push(tooLong(at, 63))
  for (const text of dns1123Subdomain(driver.toLowerCase())) errors.push(invalid(at, driver, text))
}
export function validateLabel(name: string, at: string, errors: FieldError[]): void {
  for (const text of dns1123Label(name)) errors.push(invalid(at, name, text))
}
/** `model`, or `gpu.example.com/model` */
export function validateQualified(name: string, at: string, errors: FieldError[]): void {
  const slash = name.indexOf('/'), id = name.slice(slash + 1)
  if (slash >= 0) for (const text of dns1123Subdomain(name.slice(0, slash).toLowerCase())) errors.push(invalid(at, name.slice(0, slash), text))
  // of more parts than two nobody says anything
  if (!id.includes('/') && !identifier.test(id)) errors.push(invalid(at, id, identifierText))
}

const device: Declarations = {
  device: {
    object: 'kubernetes.DRADevice',
    fields: {
      driver: 'string', attributes: { map: ['string', { map: ['string', 'dyn'] }] }, capacity: { map: ['string', { map: ['string', 'dyn'] }] },
      allowMultipleAllocations: 'bool',
    },
  },
}
export function validateSelectors(selectors: readonly any[] | undefined, path: string, errors: FieldError[]): void {
  selectors?.forEach(({ cel }, i) => {
    const at = `${path}[${i}].cel`
    if (!cel) { errors.push(required(at)); return }
    const { expression = '' } = cel
    if (expression.length > 10_240) { errors.push(tooLong(`${at}.expression`, 10_240)); return }
    const { problem, type } = compileProblem(expression, device)
    if (problem !== undefined) errors.push(invalid(`${at}.expression`, expression, `compilation failed: ${problem}`))
    else if (type !== 'bool'
      && type !== 'dyn') errors.push(invalid(`${at}.expression`, expression, `must evaluate to bool or the unknown type, not ${typeText(type)}`))
  })
}

/** A driver's own settings: of a class, or of some of a claim's requests. */
export function validateConfig(list: readonly any[] | undefined, known: ReadonlySet<string> | undefined, path: string, errors: FieldError[]): void {
  list?.forEach(({ requests, opaque }, i) => {
    const at = `${path}[${i}]`
    if (known) validateReferences(requests ?? [], known, `${at}.requests`, errors)
    if (!opaque) { errors.push(required(`${at}.opaque`)); return }
    const { driver = '', parameters } = opaque
    validateDriver(driver, `${at}.opaque.driver`, errors)
    if (parameters === undefined || parameters === null) errors.push(required(`${at}.opaque.parameters`))
    else if (typeof parameters !== 'object'
      || Array.isArray(parameters)) errors.push(invalid(`${at}.opaque.parameters`, '<value omitted>', 'must be a valid JSON object'))
  })
}
export function validateReferences(names: readonly string[], known: ReadonlySet<string>, path: string, errors: FieldError[]): void {
  names.forEach((name, i) => {
    const parts = name.split('/')
    if (parts.length <= 2) for (const part of parts) validateLabel(part, `${path}[${i}]`, errors)
    if (!known.has(name)) {
      errors.push(invalid(`${path}[${i}]`, name, "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"))
    }
    if (names.indexOf(name) < i) errors.push(duplicate(`${path}[${i}]`, name))
  })
}
export function validateConstraints(list: readonly any[] | undefined, known: ReadonlySet<string>, path: string, errors: FieldError[]): void {
  list?.forEach(({ requests, matchAttribute: attribute }, i) => {
    const at = `${path}[${i}]`
    validateReferences(requests ?? [], known, `${at}.requests`, errors)
    if (attribute === undefined) errors.push(required(`${at}.matchAttribute`))
    else {
      validateQualified(attribute, `${at}.matchAttribute`, errors)
      if (!attribute.includes('/')) errors.push(invalid(`${at}.matchAttribute`, attribute, 'a fully qualified name must be a domain and a name separated by a slash'))
    }
  })
}

const values = ['int', 'bool', 'string', 'version'], semver = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/
export function validateDevice({ name = '', attributes = {}, capacity = {} }: any, at: string, errors: FieldError[]): void {
  validateLabel(name, `${at}.name`, errors)
  for (const [key, value] of Object.entries<any>(attributes)) {
    const here = `${at}.attributes[${key}]`, set = values.filter(v => value[v] !== undefined)
    validateQualified(key, here, errors)
    for (const field of set) {
      if (value[field].length > 64) errors.push(tooLong(`${here}.${field}`, 64))
      else if (field === 'version' && !semver.test(value.version)) {
        errors.push(invalid(`${here}.version`, value.version, 'must be a string compatible with semver.org spec 2.0.0'))
      }
    }
    if (set.length !== 1) {
      errors.push(invalid(here, set.length === 0 ? '' : internalJson('resource.v1.DeviceAttribute', value), 'exactly one value must be specified'))
    }
  }
  for (const key of Object.keys(capacity)) validateQualified(key, `${at}.capacity[${key}]`, errors)
}
