import { NotModelled } from '../../errors.ts'
import { environmentOf, hostnameOf, ipOf } from './environment.ts'
import { cat, ls } from './files.ts'
import { curl, nc, wget } from './http.ts'
import { nslookup } from './names.ts'
import type { Ended, Place, Program } from './process.ts'
import { test } from './folders.ts'
import { rm, sh, tee, touch } from './shell.ts'
import { tar } from './tar.ts'

/** Programs whose answer follows from what the model knows of a pod. */
const programs: Readonly<Record<string, Program>> = {
  cat, ls, touch, rm, test, tar, tee, nslookup, wget, curl, nc, true: () => ({}), false: () => ({ code: 1 }),
  echo: (_, words) => ({ stdout: words[0] === '-n' ? words.slice(1).join(' ') : `${words.join(' ')}\n` }),
  env(place, words) {
    if (words.length > 0) throw new NotModelled(`env ${words.join(' ')} in a container`)
    return { stdout: [...environmentOf(place)].map(([name, value]) => `${name}=${value}\n`).join('') }
  },
  printenv(place, words) {
    const all = environmentOf(place)
    if (words.length === 0) return { stdout: [...all].map(([name, value]) => `${name}=${value}\n`).join('') }
    return { stdout: words.map(w => all.has(w) ? `${all.get(w)}\n` : '').join(''), code: words.every(w => all.has(w)) ? 0 : 1 }
  },
  hostname(place, words) {
    if (words.length === 0) return { stdout: `${hostnameOf(place.pod)}\n` }
    if (words.length === 1 && words[0] === '-i') return { stdout: `${ipOf(place) ?? ''}\n` }
    throw new NotModelled(`hostname ${words.join(' ')} in a container`)
  },
  async sleep(place, [time = '', ...more]) {
    const seconds = /^(\d+(?:\.\d+)?)s?$/.exec(time)
    if (!seconds || more.length > 0) throw new NotModelled(`sleep ${[time, ...more].join(' ')} in a container`)
    await place.driver.advance(Math.round(Number(seconds[1]) * 1000))
    return {}
  },
  sh: (place, words) => sh(place, words, runProgram), bash: (place, words) => sh(place, words, runProgram), ash: (place, words) => sh(place, words, runProgram),
}

/** What is not in some images; the first row that fits. Sources: their Dockerfiles, https://github.com/docker-library and kubernetes/build/pause */
const lacking: readonly (readonly [image: RegExp, programs: readonly string[] | 'all'])[] = [
  [/(^|\/)pause(:|@|$)|distroless/, 'all'], [/(^|\/)(busybox|alpine)(:|@|$)/, ['curl', 'bash']], [/alpine/, ['bash']],
  [/(^|\/)nginx(:|@|$)/, ['wget', 'nslookup', 'nc']],
  [/(^|\/)(httpd|redis|postgres|mysql|mariadb|debian|ubuntu)(:|@|$)/, ['curl', 'wget', 'nslookup', 'nc']],
]
/** An image of which nothing is known has every program. */
export function isThere(image: string, program: string): boolean {
  const lacks = lacking.find(([pattern]) => pattern.test(image))?.[1]
  return lacks !== 'all' && !lacks?.includes(nameOf(program))
}
const nameOf = (program: string): string => program.replace(/^(\/usr(\/local)?)?\/s?bin\//, '')

/** Is it a program whose answer follows from what the model knows? */
export const knows = ([program = '']: readonly string[]): boolean => Object.hasOwn(programs, nameOf(program))

/** Runs one program; what it is called with a path is called by its name. */
export async function runProgram(place: Place, words: readonly string[]): Promise<Ended> {
  const name = nameOf(words[0])
  if (!Object.hasOwn(programs, name)) {
    throw new NotModelled(`what \`${words[0]}\` does in a container; known are ${Object.keys(programs).join(', ')}`)
  }
  return programs[name](place, words.slice(1))
}
