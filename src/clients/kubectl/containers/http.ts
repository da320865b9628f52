import { NotModelled } from '../../errors.ts'
import { lookUp, noSuchHost } from './names.ts'
import type { Ended, Place } from './process.ts'

/** `body`: what stands in it, where that is known */
export type Answer = { readonly status: number; readonly by: string; readonly address: string; readonly body?: string }
  | { readonly failed: 'unknown host' | 'refused' | 'silent' | 'empty'; readonly address: string }
/** `query`: with its question mark, or nothing */
export interface Url { readonly host: string; readonly port: number; readonly path: string; readonly query: string }

function urlOf(text: string): Url {
  const match = /^(?:(https?):\/\/)?([^/:?]+)(?::(\d+))?([/?].*)?$/.exec(text)
  if (!match) throw new NotModelled(`the address ${text} in a container`)
  const [, scheme = 'http', host, port, path = '/'] = match
  if (scheme !== 'http') throw new NotModelled('TLS between containers')
  return { host, port: Number(port ?? 80), path: path.replace(/\?.*$/, '') || '/', query: /\?.*$/.exec(path)?.[0] ?? '' }
}
/** One request from the pod; `patienceMs` passes where nobody answers. */
export async function ask(place: Place, { host, port, path }: Omit<Url, 'query'>, patienceMs: number): Promise<Answer> {
  const { driver, pod } = place, { name, namespace } = pod.metadata
  const found = host === 'localhost' ? { addresses: ['127.0.0.1'] } : await lookUp(place, host)
  if (typeof found === 'string') {
    if (!noSuchHost(found)) await driver.advance(Math.min(patienceMs, 10_000))
    return { failed: 'unknown host', address: '' }
  }
  const address = found.addresses[0], reached = await driver.reach({ namespace, pod: name }, { namespace, host: address, port, path })
  if (reached.unless !== undefined) throw new NotModelled(`which endpoint a single request is given to, where ${reached.unless}`)
  if (reached.servedBy !== undefined) return { status: reached.status ?? 200, by: reached.servedBy, address }
  const why = reached.error ?? '', answered = / answered (\d{3})\b/.exec(why)
  if (why.startsWith('not modelled: ')) throw new NotModelled(why.slice('not modelled: '.length))
  if (answered) return { status: Number(answered[1]), by: why.split(' answered')[0].replace(/^pod /, ''), address }
  if (/connection refused|refuses connections/.test(why)) return { failed: 'refused', address }
  await driver.advance(patienceMs)
  return { failed: 'silent', address }
}
/** What stands in an answer is not known but for who gave it; a program that prints it prints that. */
const bodyOf = ({ status, by, body }: Exclude<Answer, { readonly failed: unknown }>): string => body ?? `<${status} from ${by}, whose words are not modelled>\n`

const reasons: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
}
export const statusLine = (status: number): string => `HTTP/1.1 ${status} ${reasons[status] ?? ''}`.trimEnd()
/** so long the kernel tries to connect. Source: tcp_syn_retries=6 */
const kernelMs = 127_000

interface Options { readonly given: ReadonlyMap<string, string>; readonly rest: readonly string[] }
/** Options of one letter may stand together, as in `-qO-`; `valued` are followed by something. */
function optionsOf(program: string, words: readonly string[], plain: readonly string[], valued: readonly string[]): Options {
  const given = new Map<string, string>(), rest: string[] = []
  const unknown = (option: string): Error => new NotModelled(`${program} ${option} in a container`)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (!word.startsWith('-') || word === '-') { rest.push(word); continue }
    if (word.startsWith('--')) {
      const [name, value] = word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, undefined]
      if (valued.includes(name)) given.set(name, value ?? words[++i] ?? '')
      else if (plain.includes(name) && value === undefined) given.set(name, '')
      else throw unknown(name)
      continue
    }
    for (let letters = word.slice(1); letters !== '';) {
      const option = `-${letters[0]}`
      if (valued.includes(option)) { given.set(option, letters.slice(1) || words[++i] || ''); break }
      if (!plain.includes(option)) throw unknown(option)
      given.set(option, '')
      letters = letters.slice(1)
    }
  }
  return { given, rest }
}

/** busybox's wget. Source: busybox networking/wget.c */
export async function wget(place: Place, words: readonly string[]): Promise<Ended> {
  const { given, rest } = optionsOf('wget', words, ['-q', '-S', '--spider', '--quiet'], ['-O', '-T', '-t', '--timeout', '--tries', '--output-document'])
  if (rest.length !== 1) throw new NotModelled(`wget ${words.join(' ')} in a container`)
  const url = urlOf(rest[0]), seconds = Number(given.get('-T') ?? given.get('--timeout') ?? 0), quiet = given.has('-q') || given.has('--quiet')
  const to = given.get('-O') ?? given.get('--output-document'), answer = await ask(place, url, seconds > 0 ? seconds * 1000 : kernelMs)
  const told = (line: string): string => quiet ? '' : `${line}\n`, host = rest[0].replace(/^http:\/\//, '').replace(/\/.*$/, '')
  if ('failed' in answer) {
    if (answer.failed === 'unknown host') return { stderr: `wget: bad address '${host}'\n`, code: 1 }
    const why = answer.failed === 'refused' ? `can't connect to remote host (${answer.address}): Connection refused`
      : seconds > 0 ? 'download timed out'
      : `can't connect to remote host (${answer.address}): Connection timed out`
    return { stderr: `${told(`Connecting to ${host} (${answer.address}:${url.port})`)}wget: ${why}\n`, code: 1 }
  }
  const begun = told(`Connecting to ${host} (${answer.address}:${url.port})`)
  if (answer.status >= 400) return { stderr: `${begun}wget: server returned error: ${statusLine(answer.status)}\n`, code: 1 }
  if (given.has('--spider')) return { stderr: `${begun}${told('remote file exists')}` }
  if (to === '-') return { stdout: bodyOf(answer), stderr: `${begun}${told('writing to stdout')}${told('written to stdout')}` }
  if (to === '/dev/null') return { stderr: `${begun}${told("saving to '/dev/null'")}${told("'/dev/null' saved")}` }
  throw new NotModelled('a file that wget writes in a container')
}

/** Source: https://curl.se/docs/manpage.html (EXIT CODES) */
export const curl = (place: Place, words: readonly string[]): Promise<Ended> => curlBy((url, patienceMs) => ask(place, url, patienceMs), words)
/** The same from wherever `asked` asks. */
export async function curlBy(
  asked: (url: Url, patienceMs: number, method: string) => Promise<Answer>, words: readonly string[], where = 'in a container'
): Promise<Ended> {
  const { given, rest } = optionsOf('curl', words, ['-s', '-S', '-f', '-I', '-L', '-v', '-k', '--silent', '--show-error', '--fail', '--head', '--location'],
    ['-o', '-w', '-m', '-H', '-X', '-A', '--output', '--write-out', '--max-time', '--connect-timeout', '--header', '--request', '--user-agent', '--retry'])
  const odd = ['-v', '-k', '--retry'].find(o => given.has(o)), method = given.get('-X') ?? given.get('--request') ?? 'GET'
  if (rest.length !== 1 || odd || !['GET', 'HEAD'].includes(method)) throw new NotModelled(`curl ${words.join(' ')} ${where}`)
  if ((given.get('-H') ?? given.get('--header') ?? '').toLowerCase().startsWith('host:')) throw new NotModelled(`curl with a Host of its own ${where}`)
  const url = urlOf(rest[0]), seconds = Math.min(...['-m', '--max-time', '--connect-timeout'].map(o => Number(given.get(o) ?? Infinity)))
  const patienceMs = Number.isFinite(seconds) ? seconds * 1000 : kernelMs, isHead = given.has('-I') || given.has('--head')
  const answer = await asked(url, patienceMs, isHead ? 'HEAD' : method)
  const written = (status: number): string =>
    (given.get('-w') ?? given.get('--write-out') ?? '').replace(/%\{(http_code|response_code)\}/g, String(status).padStart(3, '0'))
    .replaceAll('\\n', '\n')
  const failed = (code: number, why: string, status = 0): Ended => ({
    stdout: written(status),
    stderr: (given.has('-s') || given.has('--silent')) && !given.has('-S') && !given.has('--show-error') ? '' : `curl: (${code}) ${why}\n`, code,
  })
  if ('failed' in answer) {
    if (answer.failed === 'unknown host') return failed(6, `Could not resolve host: ${url.host}`)
    if (answer.failed === 'empty') return failed(52, 'Empty reply from server')
    return answer.failed === 'refused' ? failed(7, `Failed to connect to ${url.host} port ${url.port} after 0 ms: Could not connect to server`)
      : failed(28, Number.isFinite(seconds)
        ? `Connection timed out after ${patienceMs} milliseconds`
        : `Failed to connect to ${url.host} port ${url.port} after ${patienceMs} ms: Could not connect to server`)
  }
  if ((given.has('-f') || given.has('--fail')) && answer.status >= 400) return failed(22, `The requested URL returned error: ${answer.status}`, answer.status)
  const shown = isHead ? `${statusLine(answer.status)}\n\n` : bodyOf(answer), to = given.get('-o') ?? given.get('--output')
  if (to !== undefined && to !== '/dev/null' && to !== '-') throw new NotModelled(`a file that curl writes ${where}`)
  return { stdout: `${to === '/dev/null' ? '' : shown}${written(answer.status)}` }
}

/** Does anybody listen? `nc -z [-v] [-w SECONDS] HOST PORT` */
export async function nc(place: Place, words: readonly string[]): Promise<Ended> {
  const { given, rest } = optionsOf('nc', words, ['-z', '-v'], ['-w']), [host, port] = rest
  if (!given.has('-z') || rest.length !== 2 || !/^\d+$/.test(port)) throw new NotModelled(`nc ${words.join(' ')} in a container`)
  const answer = await ask(place, { host, port: Number(port), path: '/' }, Number(given.get('-w') ?? 127) * 1000)
  const said = (line: string): string => given.has('-v') ? `${line}\n` : ''
  if (!('failed' in answer)) return { stderr: said(`${host} (${answer.address}:${port}) open`) }
  if (answer.failed === 'unknown host') return { stderr: `nc: bad address '${host}'\n`, code: 1 }
  return { stderr: said(`nc: ${host} (${answer.address}:${port}): ${answer.failed === 'refused' ? 'Connection refused' : 'Operation timed out'}`), code: 1 }
}
