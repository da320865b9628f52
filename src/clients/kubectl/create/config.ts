import { bytesOf, isBinary } from '../../../base/text-of-bytes.ts'
import { configMapKey } from '../../../runtime-model/api/names.ts'
import { quantityError } from '../../../runtime-model/api/quantity.ts'
import { NotModelled } from '../../errors.ts'
import { checkEnvName } from '../env-names.ts'
import { failure } from '../errors.ts'
import { array, bool, int32, list, text, type Flags } from '../flags.ts'
import { wrongKeyPair } from '../key-pair.ts'
import { parseSelector } from '../selector.ts'
import type { Session } from '../session.ts'
import { creation, pairsOf } from './typed.ts'

const sources = { 'from-literal': array(), 'from-file': list(), 'from-env-file': list(), 'append-hash': bool() }
const base64 = (value: string): string => Buffer.from(bytesOf(value)).toString('base64')

/**
 * Keys and values of `--from-literal`, `--from-file` and `--from-env-file`. Sources: create_configmap.go, create_secret.go, pkg/util/util.go
 * (ParseFileSource).
 */
function dataOf(flags: Flags, session: Session, name: string, kind: 'ConfigMap' | 'Secret'): Record<string, string> {
  const data: Record<string, string> = {}
  const put = (key: string, value: string): void => {
    const [wrong] = configMapKey(key)
    const quoted = JSON.stringify(key)
    if (wrong !== undefined) {
      throw failure(kind === 'Secret' ? `${quoted} is not valid key name for a Secret ${wrong}` : `${quoted} is not a valid key name for a ConfigMap: ${wrong}`)
    }
    if (Object.hasOwn(data, key)) {
      const where = ` in ${isBinary(data[key]) ? 'BinaryData' : 'Data'} for ConfigMap ${JSON.stringify(name)}`
      throw failure(kind === 'Secret' ? `cannot add key ${key}, another key by that name already exists` : `cannot add key ${quoted}, another key by that name already exists${where}`)
    }
    data[key] = value
  }
  const read = (path: string, asFolder: string): string => {
    const content = session.environment.readFile(path)
    if (content === undefined && session.environment.listFiles?.(path, false)) throw failure(asFolder)
    if (content === undefined) throw failure(`error reading ${path}: no such file or directory`)
    return content
  }
  if (flags.list('from-env-file').length > 0 && (flags.list('from-file').length > 0 || flags.list('from-literal').length > 0)) {
    throw failure('from-env-file cannot be combined with from-file or from-literal')
  }
  for (const source of flags.list('from-file').flatMap(s =>
    s.includes('=') || session.environment.readFile(s) !== undefined ? [s] : session.environment.listFiles?.(s, false) ?? [s])) {
    const at = source.indexOf('='), path = source.slice(at + 1)
    if (path.includes('=')) throw failure("key names or file paths cannot contain '='")
    if (at === 0) throw failure(`key name for file path ${path} missing`)
    if (path === '') throw failure(`file path for key name ${source.slice(0, at)} missing`)
    put(at < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, at), read(path, 'cannot give a key name for a directory path'))
  }
  for (const literal of flags.list('from-literal')) {
    const at = literal.indexOf('=')
    if (at <= 0) throw failure(`invalid literal source ${literal}, expected key=value`)
    put(literal.slice(0, at), literal.slice(at + 1))
  }
  for (const path of flags.list('from-env-file')) {
    for (const [i, line] of read(path, 'env config file cannot be a directory').split(/\r?\n/).entries()) {
      if (isBinary(line)) throw failure(`env file ${path} contains invalid utf8 bytes at line ${i + 1}: [${bytesOf(line).join(' ')}]`)
      if (line.trim() && !line.trimStart().startsWith('#')) { const [key, ...rest] = line.trimStart().split('='); put(checkEnvName(key), rest.join('=')) }
    }
  }
  return data
}
const ifAny = (key: string, data: Record<string, string>): object => Object.keys(data).length ? { [key]: data } : {}

const encoded = (data: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(data).map(([k, v]) => [k, base64(v)]))
export const configMap = creation({
  of: 'configmaps', wrapped: 'configmap', flags: sources,
  build(name, flags, session) {
    const all = Object.entries(dataOf(flags, session, name, 'ConfigMap')), binary = all.filter(([, value]) => isBinary(value))
    const plain = Object.fromEntries(all.filter(([, value]) => !isBinary(value)))
    return { ...ifAny('data', plain), ...ifAny('binaryData', encoded(Object.fromEntries(binary))) }
  },
})

export const genericSecret = creation({
  of: 'secrets', wrapped: 'secret', flags: { ...sources, type: text() },
  build: (name, flags, session) =>
    ({ ...ifAny('data', encoded(dataOf(flags, session, name, 'Secret'))), ...flags.given('type') ? { type: flags.text('type') } : {} }),
})
export const dockerSecret = creation({
  of: 'secrets', wrapped: 'secret',
  flags: {
    'docker-server': text(undefined, 'https://index.docker.io/v1/'), 'docker-username': text(), 'docker-password': text(), 'docker-email': text(),
    'from-file': list(), 'append-hash': bool(),
  },
  build(name, flags, session) {
    const files = flags.list('from-file')
    if (files.length > 0) {
      // a file without a name has the only one that counts
      const data = encoded(dataOf(flags, session, name, 'Secret')), [value, ...more] = Object.values(data)
      if (more.length > 0) throw new NotModelled('kubectl create secret docker-registry with several files')
      return { type: 'kubernetes.io/dockerconfigjson', data: files[0].includes('=') ? data : { '.dockerconfigjson': value } }
    }
    const username = flags.text('docker-username'), password = flags.text('docker-password'), email = flags.text('docker-email')
    if (!username || !password) throw failure('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required')
    const auth = { username, password, ...email ? { email } : {}, auth: base64(`${username}:${password}`) }
    return { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': base64(JSON.stringify({ auths: { [flags.text('docker-server')]: auth } })) } }
  },
})
export const tlsSecret = creation({
  of: 'secrets', wrapped: 'secret', flags: { cert: text(), key: text(), 'append-hash': bool() },
  build(_, flags, session) {
    if (!flags.text('cert') || !flags.text('key')) throw failure('key and cert must be specified')
    const [cert, key] = [
      'cert', 'key',
    ].map(f => {
      const content = session.environment.readFile(flags.text(f))
      if (content === undefined) throw failure(`Cannot read file ${flags.text(f)}, open ${flags.text(f)}: no such file or directory`)
      return content
    })
    const wrong = wrongKeyPair(cert, key)
    if (wrong !== undefined) throw failure(wrong)
    return { type: 'kubernetes.io/tls', data: { 'tls.crt': base64(cert), 'tls.key': base64(key) } }
  },
})

export const namespace = creation({ of: 'namespaces', build: () => ({}) })
export const serviceAccount = creation({ of: 'serviceaccounts', wrapped: 'serviceaccount', build: () => ({}) })
const amountsOf = (hard: string): Record<string, string> => {
  const amounts = pairsOf(hard.split(','), v => failure(`Invalid argument syntax ${v}, expected <resource>=<value>`))
  for (const amount of Object.values(amounts)) { const wrong = quantityError(amount); if (wrong !== undefined) throw failure(wrong) }
  return amounts
}
export const quota = creation({
  of: 'resourcequotas', wrapped: 'quota', flags: { hard: text(), scopes: text() },
  build: (_, flags) => ({
    spec: { ...flags.text('hard') ? { hard: amountsOf(flags.text('hard')) } : {}, ...flags.text('scopes') ? { scopes: flags.text('scopes').split(',') } : {} },
  }),
})
export const priorityClass = creation({
  of: 'priorityclasses', wrapped: 'priorityclass',
  flags: { value: int32('0'), 'global-default': bool(), description: text(), 'preemption-policy': text(undefined, 'PreemptLowerPriority') },
  build: (_, flags) => ({
    value: flags.int('value'), ...flags.on('global-default') ? { globalDefault: true } : {},
    ...flags.given('description')
      ? { description: flags.text('description') }
      : {}, preemptionPolicy: flags.text('preemption-policy') || 'PreemptLowerPriority',
  }),
})
export const disruptionBudget = creation({
  of: 'poddisruptionbudgets', wrapped: 'poddisruptionbudgets', flags: { selector: text(), 'min-available': text(), 'max-unavailable': text() },
  build(_, flags) {
    if (!flags.given('selector')) throw failure('a selector must be specified')
    const min = flags.text('min-available'), max = flags.text('max-unavailable')
    if (min && max) throw failure('min-available and max-unavailable cannot be both specified')
    if (!min && !max) throw failure('one of min-available or max-unavailable must be specified')
    for (const [flag, value] of [['min-available', min], ['max-unavailable', max]]) {
      if (value && !/^\d+%?$/.test(value)) throw failure(`invalid format specified for ${flag}`)
    }
    const amount = (v: string): string | number => /^\d+$/.test(v) ? Number(v) : v
    return { spec: { ...min ? { minAvailable: amount(min) } : { maxUnavailable: amount(max) }, selector: parseSelector(flags.text('selector')) } }
  },
})
