import { splitCommand } from '../../../base/command-words.ts'
import { NotModelled } from '../../errors.ts'
import { environmentOf } from './environment.ts'
import { mountOf } from './files.ts'
import { isBusybox, type Ended, type Place } from './process.ts'

type Run = (place: Place, words: readonly string[]) => Promise<Ended>

/** `sh -c '…'`, as far as it is one simple command after the other (`&&`, `;`), with variables, and `>` into a file of a volume. */
export async function sh(place: Place, words: readonly string[], run: Run): Promise<Ended> {
  const [option, script, ...more] = words
  if (option !== '-c' || script === undefined || more.length > 0) throw new NotModelled('a shell in a container: `sh -c COMMAND` runs one command')
  const out = { stdout: '', stderr: '', code: 0 }
  for (const [, joint, command] of script.matchAll(/(^|&&|;)((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?!&&|;)[\s\S])*)/g)) {
    if (command.trim() === '' || (joint === '&&' && out.code !== 0)) continue
    const ended = await simple(place, command, run)
    out.stdout += ended.stdout ?? ''
    out.stderr += ended.stderr ?? ''
    out.code = ended.code ?? 0
  }
  return out
}

async function simple(place: Place, command: string, run: Run): Promise<Ended> {
  const redirected = /^((?:'[^']*'|"(?:\\.|[^"\\])*"|[^'"<>])*)(>>?)\s*(\/[\w./-]+)\s*$/.exec(command), [, body = command, arrow, path] = redirected ?? []
  const variables = environmentOf(place), split = splitCommand(withVariables(body, variables))
  if ('error' in split) throw new NotModelled(`in a container, \`${command.trim()}\`: ${split.error}`)
  const [first = ''] = split.words
  if (split.words.length === 0 || /^[A-Za-z_]\w*=/.test(first) || /^(if|for|while|until|case|cd|export|exec|read|test|\[|\{|\()$/.test(first)) {
    throw new NotModelled(`in a container, \`${command.trim()}\`: only programs by themselves are known`)
  }
  const ended = await run(place, split.words)
  if (path === undefined || path === '/dev/null') return path === undefined ? ended : { ...ended, stdout: '' }
  const refused = unwritable(place, path)
  if (refused) return { stderr: `sh: ${refused}\n`, code: 1 }
  const before = arrow === '>>' ? place.driver.nodeTruth.file(place.pod.metadata.uid, place.container.name, path) ?? '' : ''
  put(place, path, before + (ended.stdout ?? ''))
  return { ...ended, stdout: '' }
}
/** The file has this text from now on; undefined: it is gone. */
export function put({ driver, pod: { metadata: { namespace, name } }, container }: Place, path: string, content: string | undefined): void {
  const why = driver.operate(content === undefined ? 'remove-file' : 'write-file', { namespace, pod: name, container: container.name, path, content })
  if (why) throw new NotModelled(why)
}

/** Source: POSIX.1-2017, touch; busybox coreutils/touch.c */
export function touch(place: Place, words: readonly string[]): Ended {
  if (words.length === 0 || words.some(word => !word.startsWith('/'))) throw new NotModelled(`touch ${words.join(' ')} in a container`)
  for (const path of words) {
    const refused = unwritable(place, path)
    if (refused) return { stderr: `touch: ${path}: ${refused.split(': ')[1]}\n`, code: 1 }
    put(place, path, place.driver.nodeTruth.file(place.pod.metadata.uid, place.container.name, path) ?? '')
  }
  return {}
}
/** Source: POSIX.1-2017, tee; busybox coreutils/tee.c */
export async function tee(place: Place, words: readonly string[]): Promise<Ended> {
  const paths = words.filter(word => word !== '-a'), text = await place.read?.() ?? '', { driver, pod, container } = place
  if (paths.some(path => !path.startsWith('/'))) throw new NotModelled(`tee ${words.join(' ')} in a container`)
  const refused = paths.filter(path => unwritable(place, path))
  const before = (path: string): string => words.includes('-a') ? driver.nodeTruth.file(pod.metadata.uid, container.name, path) ?? '' : ''
  for (const path of paths) if (!refused.includes(path)) put(place, path, before(path) + text)
  return { stdout: text, stderr: refused.map(path => `tee: ${path}: Read-only file system\n`).join(''), code: refused.length > 0 ? 1 : 0 }
}
/** Files of the container's own alone. Source: POSIX.1-2017, rm; busybox coreutils/rm.c */
export function rm(place: Place, words: readonly string[]): Ended {
  const paths = words.filter(word => word !== '-f')
  if (paths.length === 0 || paths.some(path => !path.startsWith('/') || mountOf(place, path))) throw new NotModelled(`rm ${words.join(' ')} in a container`)
  let stderr = ''
  for (const path of paths) {
    const isGone = place.driver.nodeTruth.file(place.pod.metadata.uid, place.container.name, path) === null
    if (isGone && words.includes('-f')) continue
    const why = isGone ? 'No such file or directory' : place.container.securityContext?.readOnlyRootFilesystem ? 'Read-only file system' : undefined
    if (why === undefined) put(place, path, undefined)
    else stderr += `rm: ${isBusybox(place) ? "can't" : 'cannot'} remove '${path}': ${why}\n`
  }
  return { stderr, code: stderr === '' ? 0 : 1 }
}

/** `$NAME` and `${NAME}`, but not between single quotes. */
function withVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/'[^']*'|\\[\s\S]|\$(?:\{(\w+)\}|([A-Za-z_]\w*))|\$./g, (whole, braced, plain) => {
    if (whole.startsWith("'") || whole.startsWith('\\')) return whole
    const name = braced ?? plain
    if (name === undefined) throw new NotModelled(`in a container, \`${whole}\` of a shell`)
    return (variables.get(name) ?? '').replace(/["\\$`]/g, '\\$&')
  })
}

/** Folders of well-known images beside /tmp, which belong to root. Source: the Dockerfiles of https://github.com/docker-library and nginx/docker-nginx */
const ofImages: readonly (readonly [image: RegExp, folders: readonly string[]])[] = [
  [/(^|\/)nginx(:|@|$)/, ['/usr/share/nginx/html', '/etc/nginx', '/etc/nginx/conf.d']],
  [/(^|\/)httpd(:|@|$)/, ['/usr/local/apache2/htdocs', '/usr/local/apache2/conf']],
]
export function hasFolder({ container, pod }: Place, path: string): boolean {
  const { runAsUser = 0, runAsNonRoot } = { ...pod.spec.securityContext, ...container.securityContext }
  return runAsUser === 0 && !runAsNonRoot && ofImages.some(([image, folders]) => image.test(container.image) && folders.includes(path.replace(/\/[^/]*$/, '')))
}
/** Why nothing can be written there. What folders an image has beside its volumes is not known. */
export function unwritable(place: Place, path: string): string | undefined {
  const mounted = mountOf(place, path), readOnly = `can't create ${path}: Read-only file system`
  if (mounted) {
    const { mount, volume } = mounted
    return mount.readOnly || volume?.configMap || volume?.secret || volume?.projected || volume?.downwardAPI || volume?.image ? readOnly : undefined
  }
  if (place.container.securityContext?.readOnlyRootFilesystem) return readOnly
  if (!/^\/tmp\/[^/]+$/.test(path) && !hasFolder(place, path)) throw new NotModelled(`which folders image ${place.container.image} has, as that of ${path}`)
  return undefined
}
