import { claimsOf } from '../../runtime-model/api/account-token.ts'
import { readCertificate, rootCertificate } from '../../runtime-model/api/certificate.ts'
import { ANONYMOUS, type Credentials } from '../../runtime-model/api/request.ts'
import { NotModelled } from '../errors.ts'
import type { CommandEnvironment } from '../outcome.ts'
import { logLine, logRefusals } from './discovery.ts'
import { bare, failure, SERVER, type Exit } from './errors.ts'
import { wrongKeyPair } from './key-pair.ts'
import { HIDDEN, kubeconfigFiles, kubeconfigOf, namespaceIn } from './kubeconfig.ts'
import { entry, foundBeside, shownBeside, type Entry, type Kubeconfig } from './kubeconfig-file.ts'
import type { Session } from './session.ts'

/** Where a command goes: in which namespace it is, and as whom it asks. What is amiss is told once somebody wants to know. */
export interface Reach {
  /** the name of the user in the kubeconfig */
  readonly user: string
  namespace(): string
  credentials(session: Session): Credentials
}
export type ReachFlag = 'insecure-skip-tls-verify' | 'context' | 'cluster' | 'user' | 'kubeconfig' | 'token' | 'username' | 'password'
  | 'certificate-authority' | 'client-certificate' | 'client-key'

/**
 * Commands that prepare a connection before they ask in which namespace they are: what is amiss they tell as one who connects. Source: kubectl pkg/cmd
 * (Complete of each: ToRESTConfig in front of ToRawKubeConfigLoader().Namespace())
 */
const connectFirst: readonly RegExp[] = [
  /^kubectl (run|wait|apply|expose|cordon|uncordon|drain|cluster-info|diff|replace|autoscale)$/, /^kubectl create(?! token)( \S+)?$/,
  /^kubectl (auth can-i|certificate \S+|set env)$/,
]
/** Source: client-go tools/clientcmd/client_config.go; `given` is what the flags of every command say. */
export function reachOf(environment: CommandEnvironment, command: string, given: (flag: ReachFlag) => string): Reach {
  const connects = connectFirst.some(first => first.test(command))
  const flag = given('kubeconfig'), [file = '', ...more] = kubeconfigFiles(environment, flag)
  let read: Kubeconfig | undefined
  const config = (): Kubeconfig => read ??= kubeconfigOf(environment, flag)
  const beside = (): string => {
    if (more.length > 0) throw new NotModelled('files that one of several kubeconfigs names')
    return file
  }
  const nameOf = (): string => given('context') || config().current
  const userOf = (): string => given('user') || String(entry(config().contexts, nameOf())?.['user'] ?? '')
  /** A flag's context is told of otherwise by who connects than by who asks for the namespace. Source: client_config.go (ConfirmUsable, getContext) */
  const checked = (connecting = false): Entry => {
    if (flag !== '' && environment.readFile(flag) === undefined) throw failure(`stat ${flag}: no such file or directory`)
    const name = nameOf(), context = entry(config().contexts, name)
    if (name !== '' && !context) {
      throw connecting && given('context') !== ''
        ? failure(`context ${JSON.stringify(name)} does not exist`)
        : bare(`Error in configuration: context was not found for specified context: ${name}`)
    }
    return context ?? {}
  }
  /** a cluster and a user that flags name must be there */
  const named = (): { readonly cluster: string; readonly whom: string } => {
    const { cluster } = checked(true), whom = userOf(), wanted = given('cluster') || String(cluster ?? '')
    if (given('cluster') !== '' && !entry(config().clusters, wanted)) {
      throw failure(connects ? `cluster ${JSON.stringify(wanted)} does not exist` : `no server found for cluster ${JSON.stringify(wanted)}`)
    }
    if (given('user') !== '' && !entry(config().users, whom)) throw failure(`auth info ${JSON.stringify(whom)} does not exist`)
    return { cluster: wanted, whom }
  }
  return {
    get user() { return userOf() },
    namespace() {
      if (connects) named()
      return namespaceIn(checked(connects))
    },
    credentials(session) {
      const { cluster: wanted, whom } = named()
      const typed = (names: readonly ReachFlag[]): Entry => Object.fromEntries(names.map(n => [n, given(n)]).filter(([, value]) => value !== ''))
      const there = entry(config().clusters, wanted) ?? {}
      if (!there['server']) throw noServer(session, 'http://localhost:8080')
      // files that flags name lie where one types
      const placeOf = (flag: ReachFlag): Place => given(flag) !== ''
        ? { shown: String, read: path => environment.readFile(String(path)) }
        : { shown: path => shownBeside(beside(), String(path)), read: path => environment.readFile(foundBeside(beside(), String(path))) }
      // what flags say of the server's authority holds instead of all that the kubeconfig says of it
      const { 'certificate-authority-data': _d, 'certificate-authority': _f, 'insecure-skip-tls-verify': _i, ...plain } = there
      const authority = typed(['certificate-authority']), trusts = given('insecure-skip-tls-verify') === 'true'
      checkAuthority(trusts || authority['certificate-authority'] ? { ...plain, ...authority } : there, wanted, placeOf('certificate-authority'))
      // a file that a flag names stands in place of what the kubeconfig itself holds
      const flags = typed(['client-certificate', 'client-key', 'token', 'username', 'password']), own = Object.entries(entry(config().users, whom) ?? {})
      const user = { ...Object.fromEntries(own.filter(([field]) => flags[field.replace(/-data$/, '')] === undefined)), ...flags }
      const places = { certificate: placeOf('client-certificate'), key: placeOf('client-key'), token: placeOf('token') }
      const credentials = credentialsIn(user, whom, places, session)
      const server = String(there['server'])
      if (server === `https://${SERVER}`) return credentials
      if (/^https?:\/\/(127\.0\.0\.1|localhost):\d+$/.test(server)) throw noServer(session, server)
      throw new NotModelled(`the cluster at ${server}: there is one cluster`)
    },
  }
}

/** Source: client-go client_config.go (validateClusterInfo), transport/transport.go (TLSConfigFor, rootCertPool) */
function checkAuthority(cluster: Entry, name: string, { shown, read }: Place): void {
  const data = cluster['certificate-authority-data'], path = cluster['certificate-authority']
  if (path !== undefined && data === undefined && read(path) === undefined) {
    throw failure(`unable to read certificate-authority ${shown(path)} for ${name} due to open ${shown(path)}: no such file or directory`)
  }
  if (data === undefined && path === undefined || data === HIDDEN && path === undefined) return
  if (cluster['insecure-skip-tls-verify'] === true) throw failure('specifying a root certificates file with the insecure flag is not allowed')
  const content = data === undefined || data === HIDDEN ? read(path!)! : decoded(data)
  if (!/-----BEGIN [^\n]+-----/.test(content)) throw failure('unable to load root certificates: unable to parse bytes as PEM block')
  if (!content.includes('-----BEGIN CERTIFICATE-----')) throw failure('unable to load root certificates: no valid certificate authority data seen')
  if (content.trim() === rootCertificate.trim()) return
  throw bare('Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority')
}

/** Files as a kubeconfig, or a flag, names them: how kubectl speaks of one, and what it holds. */
interface Place { readonly shown: (path: Entry[string]) => string; readonly read: (path: Entry[string]) => string | undefined }
interface Files { readonly certificate: Place; readonly key: Place; readonly token: Place }
/** Who a user of the kubeconfig is; one who says nothing is asked at the terminal, where nobody answers. Source: client_config.go. */
function credentialsIn(user: Entry, name: string, files: Files, session: Session): Credentials {
  const { environment } = session, { username, password } = user, token = user['token'] ?? tokenIn(user['tokenFile'], files.token)
  if (token !== undefined && (username !== undefined || password !== undefined)) {
    throw failure(`more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`)
  }
  // of both the certificate counts: a server looks at that first
  const certificate = certificateOf(user, name, files, session)
  if (certificate) return certificate
  if (token !== undefined) {
    // one that another server has signed begins with a JSON object too; any other is a bootstrap token or nobody's
    if (String(token).startsWith('eyJ') && !claimsOf(String(token))) throw new NotModelled(`whose token user ${name} of the kubeconfig has`)
    return { ...ANONYMOUS, token: String(token) }
  }
  // no API server takes passwords since 1.19: it does not look at them
  if (username !== undefined && password !== undefined) return ANONYMOUS
  if (environment.stdin !== undefined) throw new NotModelled('an answer to who one is')
  session.stdout += `Please enter ${username === undefined ? 'Username' : 'Password'}: `
  throw failure('EOF')
}

/** Whom a certificate names. Source: client_config.go (validateAuthInfo), client-go transport/cert_rotation.go, apiserver pkg/authentication/request/x509 */
function certificateOf(user: Entry, name: string, files: Files, session: Session): Credentials | undefined {
  const data = user['client-certificate-data'], path = user['client-certificate'], keyData = user['client-key-data'], keyPath = user['client-key']
  if (data === undefined && path === undefined) return undefined
  const { credentials } = session.environment
  if (data === HIDDEN && path === undefined && keyData === HIDDEN) {
    if (name !== credentials.user) throw new NotModelled(`whom the certificate of user ${name} of the kubeconfig names`)
    return credentials
  }
  const wrong: string[] = []
  if (data !== undefined && path !== undefined) wrong.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`)
  if (keyData !== undefined && keyPath !== undefined) wrong.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`)
  if (keyData === undefined && keyPath === undefined) {
    wrong.push(`client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`)
  }
  const read = (what: 'client-cert' | 'client-key', path: Entry[string], place: Place): string => {
    const content = place.read(path)
    if (content === undefined) wrong.push(`unable to read ${what} ${place.shown(path)} for ${name} due to open ${place.shown(path)}: no such file or directory`)
    return content ?? ''
  }
  const certificate = data !== undefined ? decoded(data) : read('client-cert', path!, files.certificate)
  const key = keyData !== undefined ? decoded(keyData) : keyPath !== undefined ? read('client-key', keyPath, files.key) : ''
  if (wrong.length === 1) throw failure(wrong[0])
  if (wrong.length > 1) throw bare(`Error in configuration: \n${wrong.map(w => `* ${w}`).join('\n')}`)
  const unlike = keyData === HIDDEN ? 'tls: private key does not match public key' : wrongKeyPair(certificate, key)
  // only files that may change are looked at when somebody is called
  if (unlike !== undefined) throw data !== undefined || keyData !== undefined ? failure(unlike) : unloaded(session, unlike)
  const { commonName, organizations, notBeforeMs, notAfterMs, issuedHere } = readCertificate(Buffer.from(certificate, 'utf8').toString('base64'))!
  // a server does not know who signed it: that is as a token of nobody
  return issuedHere ? { user: commonName, groups: organizations, valid: { fromMs: notBeforeMs, untilMs: notAfterMs } } : { ...ANONYMOUS, token: 'unknown' }
}
function tokenIn(path: Entry[string] | undefined, { read, shown }: Place): string | undefined {
  if (path === undefined) return undefined
  const content = read(path)
  if (content === undefined) throw failure(`open ${shown(path)}: no such file or directory`)
  return content.trim()
}
const decoded = (data: Entry[string]): string => Buffer.from(String(data), 'base64').toString('utf8')
function unloaded(session: Session, why: string): Exit {
  session.complain(logLine(session, 'E', 'cert_rotation.go:172', `"Loading client cert failed" err="${why}" key="key"`))
  return bare(`Unable to connect to the server: ${why}`)
}

/**
 * Without a cluster kubectl looks for one on its own machine; nothing listens there but the API server. Source: client-go tools/clientcmd
 * (DefaultClientConfig)
 */
function noServer(session: Session, url: string): Exit {
  const at = url.replace(/^https?:\/\//, '')
  if (!session.discovers) throw new NotModelled(`what this command says of ${at}, where there is no cluster`)
  logRefusals(session, url, at.replace('localhost', '127.0.0.1'))
  return bare(`The connection to the server ${at} was refused - did you specify the right host or port?`)
}
