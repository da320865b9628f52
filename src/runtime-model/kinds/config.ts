import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { deepEqual, forbidden, immutable, invalid, required, tooLong } from './meta/errors.ts'
import { without } from './meta/fill.ts'
import { jsonSyntaxError } from '../api/json-syntax.ts'
import { configMapKey } from '../api/names.ts'

/** ConfigMaps and Secrets. Source: pkg/apis/core/validation/validation.go (ValidateConfigMap*, ValidateSecret*), pkg/registry/core/{configmap,secret}. */
export const configMap: KindRules = {
  resource: 'configmaps', metaOfUpdate: 'UV',
  validate: validateConfigMap,
  validateUpdate: (c, old) => [...validateFrozen(c, old, ['data', 'binaryData']), ...validateConfigMap(c)],
  cells: (c, nowMs) => [c.metadata.name, count(c.data) + count(c.binaryData), age(c, nowMs)],
}

export const secret: KindRules = {
  resource: 'secrets', metaOfUpdate: 'UV',
  fieldSelectors: { type: s => s.type ?? '' },
  defaults: s => {
    const typed = s.type ? s : { ...s, type: 'Opaque' }
    if (!typed.stringData) return typed
    const data = { ...typed.data, ...Object.fromEntries(Object.entries<string>(typed.stringData).map(([k, v]) => [k, base64(v)])) }
    return without({ ...typed, data }, 'stringData')
  },
  validate: validateSecret,
  validateUpdate: (s, old) => [...immutable(s.type, old.type, 'type'), ...validateFrozen(s, old, ['data']), ...validateSecret(s)],
  warnings: s => s.type === 'kubernetes.io/tls' ? keyPairWarnings(s.data) : [],
  cells: (s, nowMs) => [s.metadata.name, s.type ?? '', count(s.data), age(s, nowMs)],
}

/**
 * A pair that no server could load; whether the key is that of the certificate is not looked at. Source: pkg/api/secret/warnings.go, Go's crypto/tls
 * (X509KeyPair).
 */
function keyPairWarnings(data: Readonly<Record<string, string>> | undefined): string[] {
  const isPem = (key: string): boolean => Buffer.from(data?.[key] ?? '', 'base64').toString('latin1').includes('-----BEGIN ')
  const missing = !isPem('tls.crt') ? 'certificate' : !isPem('tls.key') ? 'key' : undefined
  return missing ? [`tls: failed to find any PEM data in ${missing} input`] : []
}

const count = (map: object | undefined | null): number => Object.keys(map ?? {}).length
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
const limitBytes = 1_048_576

function validateFrozen(object: any, old: any, fields: readonly string[]): FieldError[] {
  if (old.immutable !== true) return []
  const errors = object.immutable === true ? [] : [forbidden('immutable', 'field is immutable when `immutable` is set')]
  for (const field of fields) if (!deepEqual(object[field], old[field])) errors.push(forbidden(field, 'field is immutable when `immutable` is set'))
  return errors
}

function validateConfigMap(c: any): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const field of ['data', 'binaryData']) for (const [key, value] of Object.entries<string>(c[field] ?? {})) {
    for (const text of configMapKey(key)) errors.push(invalid(`${field}[${key}]`, key, text))
    if (field === 'data' && c.binaryData?.[key] !== undefined) errors.push(invalid(`${field}[${key}]`, key, 'duplicate of key present in binaryData'))
    const length = value?.length ?? 0
    size += field === 'data' ? length : Math.floor(length * 3 / 4)
  }
  if (size > limitBytes) errors.push(tooLong('[]', limitBytes))
  return errors
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'], 'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'], 'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}
function validateSecret(s: any): FieldError[] {
  const errors: FieldError[] = [], data = s.data ?? {}
  let size = 0
  for (const key in data) {
    for (const text of configMapKey(key)) errors.push(invalid(`data[${key}]`, key, text))
    size += Math.floor((data[key]?.length ?? 0) * 3 / 4)
  }
  if (size > limitBytes) errors.push(tooLong('data', limitBytes))
  if (s.type === 'kubernetes.io/service-account-token' && !s.metadata.annotations?.['kubernetes.io/service-account.name']) {
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'))
  }
  if (s.type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
    errors.push(required('data[username]'), required('data[password]'))
  }
  for (const key of neededKeys[s.type] ?? []) {
    if (data[key] === undefined || key === 'ssh-privatekey' && data[key] === '') errors.push(required(`data[${key}]`))
    else if (key.startsWith('.docker')) errors.push(...jsonProblem(data[key], `data[${key}]`))
  }
  return errors
}
/** In the words of Go's decoder. */
function jsonProblem(encoded: string, at: string): FieldError[] {
  const why = jsonSyntaxError(Buffer.from(encoded, 'base64').toString('utf8'))
  return why === undefined ? [] : [invalid(at, '<secret contents redacted>', why)]
}
