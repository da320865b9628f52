import type { Question } from '../behaviour.ts'

/** What a program asks the network, that a loop waits for; undefined: it asks something else. Source: the manuals of busybox, bind, curl and PostgreSQL. */
export function questionOf([program = '', ...words]: readonly string[]): Question | undefined {
  switch (program.replace(/^\/(usr\/)?bin\//, '')) {
    case 'nslookup': return words.length === 1 && isHost(words[0]) ? { ask: 'name', host: words[0] } : undefined
    case 'getent': return words.length === 2 && words[0] === 'hosts' && isHost(words[1]) ? { ask: 'name', host: words[1] } : undefined
    case 'nc': return netcat(words)
    case 'pg_isready': return ready(words, 5432)
    case 'wget': return page(words, /^-(q|qO-|O-|q?O \S+|-spider|-?T=?\d*|-timeout=\d+|-tries=\d+)$/, false)
    case 'curl': return page(words, /^-(-?fail|[fsSLk]+|-silent|-head|I)$/, !words.some(word => word === '--fail' || /^-[sSLk]*f/.test(word)))
    default: return undefined
  }
}
const isHost = (word: string): boolean => !word.startsWith('-')

/** `nc -z -w 2 db 5432` */
function netcat(words: readonly string[]): Question | undefined {
  const rest = words.filter((word, i) => !/^-[zvw]+$/.test(word) && !/^-[zv]*w\d*$/.test(words[i - 1] ?? '') && !/^-w\d+$/.test(word)), [host, port] = rest
  return words.some(word => /^-[vw]*z/.test(word)) && rest.length === 2 && /^\d+$/.test(port) ? { ask: 'port', host, port: Number(port) } : undefined
}
/** `pg_isready -h db -p 5432 -U postgres` */
function ready(words: readonly string[], usual: number): Question | undefined {
  const of = (flag: string): string | undefined => words[words.indexOf(flag) + 1 || words.length], host = of('-h'), port = Number(of('-p') ?? usual)
  return host === undefined || !Number.isInteger(port) ? undefined : { ask: 'port', host, port }
}
function page(words: readonly string[], flags: RegExp, any: boolean): Question | undefined {
  const output = (word: string | undefined): boolean => word === '-o' || word === '-O' || word === '-T' || word === '--max-time' || word === '-m'
  const rest = words.filter((word, i) => !output(word) && !output(words[i - 1]) && !flags.test(word))
  const [, host, port = '80', path = '/'] = /^(?:http:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(rest[0] ?? '') ?? []
  return rest.length !== 1 || host === undefined || host.startsWith('-') ? undefined : { ask: 'page', host, port: Number(port), path, any }
}
