import { missingFile } from '../../../runtime-model/api/missing-file.ts'
import { NotModelled } from '../../errors.ts'
import { podField, resourceField } from './downward.ts'
import { hostnameOf, ipOf } from './environment.ts'
import { storedAt } from './past.ts'
import { isBusybox, type Ended, type Place } from './process.ts'
import { resolvConf } from './names.ts'

/** The text of a file; undefined: there is none. What an image brings is not known. */
export function fileText(place: Place, path: string): string | undefined {
  const { driver, pod, container } = place, written = driver.nodeTruth.file(pod.metadata.uid, container.name, path)
  if (written !== undefined) return written ?? undefined
  const mount = mountOf(place, path)
  if (mount?.volume?.image) throw new NotModelled(`what image ${mount.volume.image.reference} has at /${mount.rest}`)
  if (mount) return mount.volume ? projectedText(place, mount, path) : undefined
  if (path === '/etc/hostname') return `${hostnameOf(pod)}\n`
  if (path === '/etc/hosts') return hostsOf(place)
  if (path === '/etc/resolv.conf') return resolvConf(pod)
  throw new NotModelled(`what image ${container.image} has at ${path}`)
}

export interface Mounted { readonly mount: any; readonly volume: any; /** the path below it */ readonly rest: string }
export function mountOf({ pod, container }: Place, path: string): Mounted | undefined {
  const inside = (m: any): boolean => path === m.mountPath || path.startsWith(`${m.mountPath.replace(/\/$/, '')}/`)
  const [mount] = (container.volumeMounts ?? []).filter(inside).sort((a: any, b: any) => b.mountPath.length - a.mountPath.length)
  if (!mount) return undefined
  const rest = path.slice(mount.mountPath.replace(/\/$/, '').length + 1)
  return { mount, volume: pod.spec.volumes?.find((v: any) => v.name === mount.name), rest: [mount.subPath, rest].filter(Boolean).join('/') }
}

/** Files that the kubelet makes of the pod itself and of its account; those of ConfigMaps and Secrets are the node's own truth. */
function projectedText(place: Place, { volume, rest }: Mounted, path: string): string | undefined {
  const sources: readonly any[] = volume.projected?.sources ?? [volume]
  for (const source of sources) {
    const item = source.downwardAPI?.items?.find((i: any) => i.path === rest)
    if (item) return item.resourceFieldRef ? resourceField(place, item.resourceFieldRef) : followed(place, item.fieldRef.fieldPath)
    if (source.serviceAccountToken?.path === rest) throw new NotModelled(`the token at ${path}`)
    const root = source.configMap?.name === 'kube-root-ca.crt' ? source.configMap.items?.find((i: any) => i.path === rest) : undefined
    if (root) return storedAt(place.driver, 'configmaps', place.pod.metadata.namespace, place.startedAt).get('kube-root-ca.crt')?.data?.[root.key]
  }
  return undefined
}
/** A field as the volume has it: it follows the pod, when the kubelet comes round to it. */
function followed({ driver, pod, startedAt }: Place, path: string): string {
  const then = storedAt(driver, 'pods', pod.metadata.namespace, startedAt).get(pod.metadata.name) ?? pod, now = podField(pod, path, undefined)
  if (podField(then, path, undefined) !== now) throw new NotModelled(`when a volume follows ${path} of its pod`)
  return now
}

/** Source: pkg/kubelet/kubelet_pods.go (managedHostsFileContent). */
function hostsOf(place: Place): string {
  const { pod } = place
  if (pod.spec.hostNetwork) throw new NotModelled('the /etc/hosts of a node')
  const own = [...new Set([
    hostnameOf(pod), ...pod.spec.subdomain ? [`${hostnameOf(pod)}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.cluster.local`] : [],
  ])]
  const aliases: readonly any[] = pod.spec.hostAliases ?? []
  return [
    '# Kubernetes-managed hosts file.', '127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback', 'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix', 'fe00::1\tip6-allnodes', 'fe00::2\tip6-allrouters', `${ipOf(place) ?? ''}\t${own.reverse().join('\t')}`,
    ...aliases.length ? ['', '# Entries added by HostAliases.', ...aliases.map(a => `${a.ip}\t${(a.hostnames ?? []).join('\t')}`)] : [], '',
  ].join('\n')
}

export async function cat(place: Place, words: readonly string[]): Promise<Ended> {
  const out = { stdout: '', stderr: '', code: 0 }
  if (words.length === 0 || words.length === 1 && words[0] === '-') return { stdout: await place.read?.() ?? '' }
  if (words.some(w => w.startsWith('-'))) throw new NotModelled(`cat ${words.join(' ')} in a container`)
  for (const path of words.map(absolute)) {
    const text = fileText(place, path)
    if (text !== undefined) { out.stdout += text; continue }
    const folder = namesBelow(place, path) !== undefined
    const why = folder ? `cat: ${path}: ${isBusybox(place) ? 'read error: ' : ''}Is a directory` : missingFile('cat', path, place.container.image)
    out.stderr += `${why}\n`
    out.code = 1
  }
  return out
}
const absolute = (path: string): string => (path.startsWith('/') ? path : `/${path}`).replace(/\/+/g, '/').replace(/(.)\/$/, '$1')

/** The volumes that begin with nothing: all that is in them was written. */
const beginEmpty = ['emptyDir', 'persistentVolumeClaim', 'ephemeral', 'csi']
/** What stands in a folder of a volume, or in one that was made below /tmp; undefined: it is none. */
export function namesBelow(place: Place, path: string): readonly string[] | undefined {
  const mounted = mountOf(place, path)
  // a file that was removed is no folder either
  if (place.driver.nodeTruth.file(place.pod.metadata.uid, place.container.name, path) === null) return undefined
  const files = mounted && isOfObjects(mounted.volume) ? givenBelow(place, path, mounted) : writtenBelow(place, path)
  return files && [...new Set(files.map(file => file.split('/')[0]))].sort()
}
/** The same of a folder that was made below /tmp. */
export function madeFolder({ driver, pod, container }: Place, path: string): readonly string[] | undefined {
  const written = /^\/tmp\/./.test(path) ? driver.nodeTruth.filesBelow(pod.metadata.uid, container.name, path) : []
  return written.length > 0 ? written : undefined
}
/** The paths below a folder of what was written there; undefined: it is none. */
export function writtenBelow(place: Place, path: string): readonly string[] | undefined {
  const { driver, pod, container } = place, mounted = mountOf(place, path), written = driver.nodeTruth.filesBelow(pod.metadata.uid, container.name, path)
  if (!mounted && !madeFolder(place, path)) throw new NotModelled(`what image ${container.image} has at ${path}`)
  const lies = (m: any): boolean => m.mountPath.startsWith(`${path}/`) && isOfObjects(pod.spec.volumes?.find((v: any) => v.name === m.name))
  if (mounted && !beginEmpty.some(source => mounted.volume?.[source]) || container.volumeMounts?.some(lies)) {
    throw new NotModelled(`a list of what stands in volume ${mounted?.volume?.name ?? ''}`)
  }
  return written.length > 0 || path === mounted?.mount.mountPath ? written : undefined
}
/** Is a volume made of what objects hold? Its files are links. Source: pkg/volume/util/atomic_writer.go */
export const isOfObjects = (volume: any): boolean => ['configMap', 'secret', 'projected', 'downwardAPI'].some(source => volume?.[source])
/** The same of a volume that is made of objects. */
export function givenBelow(place: Place, path: string, { volume, rest }: Mounted): readonly string[] | undefined {
  const sources: readonly any[] = volume.projected?.sources ?? [volume]
  if (!sources.every(s => s?.configMap || s?.secret || s?.downwardAPI || s?.serviceAccountToken)) {
    throw new NotModelled(`a list of what stands in volume ${volume.name}`)
  }
  const files = [...new Set(sources.flatMap(s => pathsOf(place, s)))]
  const below = rest === '' ? files : files.filter(f => f.startsWith(`${rest}/`)).map(f => f.slice(rest.length + 1))
  const here = below.filter(f => present(place, path, f)).sort()
  return rest !== '' && here.length === 0 ? undefined : here
}
function present(place: Place, folder: string, file: string): boolean {
  try { return fileText(place, `${folder}/${file}`) !== undefined } catch (error) { if (error instanceof NotModelled) return true; throw error }
}
/** every path that a source has ever given, as the node may be behind */
function pathsOf({ driver, pod }: Place, source: any): readonly string[] {
  if (source.downwardAPI) return (source.downwardAPI.items ?? []).map((i: any) => i.path)
  if (source.serviceAccountToken) return [source.serviceAccountToken.path]
  const from = source.configMap ?? source.secret, name = from.name ?? from.secretName, resource = source.configMap ? 'configmaps' : 'secrets'
  if (from.items) return from.items.map((i: any) => i.path)
  const { namespace } = pod.metadata, keys = (o: any): string[] => [...Object.keys(o?.data ?? {}), ...Object.keys(o?.binaryData ?? {})]
  const before: string[] = []
  for (const o of driver.history()) {
    if (o.type === 'object' && o.resource === resource && o.namespace === namespace && o.name === name) before.push(...keys(o.old))
  }
  return [...keys(driver.stored(resource, namespace, name)), ...before]
}

export function ls(place: Place, words: readonly string[]): Ended {
  const paths = words.filter(w => !w.startsWith('-')), odd = words.find(w => w.startsWith('-') && w !== '-1')
  if (odd !== undefined || paths.length !== 1) throw new NotModelled(`ls ${words.join(' ')} in a container`)
  const path = absolute(paths[0]), names = namesBelow(place, path)
  if (names) return { stdout: names.map(n => `${n}\n`).join('') }
  if (fileText(place, path) !== undefined) return { stdout: `${paths[0]}\n` }
  return { stderr: `${missingFile('ls', paths[0], place.container.image)}\n`, code: isBusybox(place) ? 1 : 2 }
}
