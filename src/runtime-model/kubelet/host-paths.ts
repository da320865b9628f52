import type { KubeObject } from '../api/request.ts'
import { usedVolumes } from './block-volumes.ts'
import type { Session } from './session.ts'
import { claimOf } from './volume-needs.ts'
import type { Worker } from './worker.ts'

/**
 * What lies on a machine, as far as `hostPath.type` asks for it. Of the folders of the system a pod is taken at its word, but for what everybody knows of them;
 * elsewhere (`/data`, `/srv`, `/mnt`, `/tmp` …) there is what pods have made there or a scenario has said, and nothing else.
 * Source: pkg/volume/hostpath/host_path.go (checkTypeInternal, makeFile)
 */
export type OnDisk = 'directory' | 'file' | 'socket' | 'character device' | 'block device'
type Known = Readonly<Record<string, OnDisk | 'nothing'>>

const system = ['bin', 'boot', 'dev', 'etc', 'lib', 'lib64', 'proc', 'run', 'sbin', 'sys', 'usr', 'var']
const usual: Known = Object.fromEntries([
  ...['/home', '/media', '/mnt', '/opt', '/opt/cni', '/opt/cni/bin', '/root', '/srv', '/tmp', '/etc/kubernetes/manifests', '/etc/cni/net.d', '/etc/ssl/certs',
    '/lib/modules', '/proc', '/run/containerd', '/sys/fs/cgroup', '/usr/local/bin', '/var/lib/containerd', '/var/lib/kubelet/pods', '/var/log/pods',
    '/var/log/containers'].map(path => [path, 'directory'] as const),
  ...['/etc/hostname', '/etc/hosts', '/etc/machine-id', '/etc/os-release', '/etc/passwd', '/etc/resolv.conf', '/etc/kubernetes/kubelet.conf',
    '/run/xtables.lock', '/var/lib/kubelet/config.yaml'].map(path => [path, 'file'] as const),
  ...['/dev/full', '/dev/kmsg', '/dev/null', '/dev/random', '/dev/urandom', '/dev/zero'].map(path => [path, 'character device'] as const),
  ['/run/containerd/containerd.sock', 'socket'], ['/run/docker.sock', 'nothing'],
])
/** what the check says of another kind: `/x is not a socket file` */
const checks: Readonly<Record<string, readonly [OnDisk, string]>> = {
  Directory: ['directory', 'a directory'], DirectoryOrCreate: ['directory', 'a directory'], File: ['file', 'a file'], FileOrCreate: ['file', 'a file'],
  Socket: ['socket', 'a socket file'], CharDevice: ['character device', 'a character device'], BlockDevice: ['block device', 'a block device'],
}
/** `/var/run` leads to `/run`. */
const plain = (path: string): string => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1').replace(/^\/var\/run(?=\/|$)/, '/run')

/** `undefined`: of the system's own, and nobody knows. */
function onDisk(made: Known, path: string): OnDisk | 'nothing' | undefined {
  const at = plain(path), known = made[at] ?? usual[at]
  if (known !== undefined) return known
  if (at === '/' || [...Object.keys(made), ...Object.keys(usual)].some(p => p.startsWith(`${at}/`) && (made[p] ?? usual[p]) !== 'nothing')) return 'directory'
  return system.includes(at.split('/')[1]) ? undefined : 'nothing'
}
/** Why a path is not what a pod asks for; what is made by asking for it. */
function check(made: Known, path: string, type: string): { readonly why?: string; readonly makes?: OnDisk } {
  const there = onDisk(made, path)
  // the runtime makes a folder of what is not there
  if (type === '') return there === 'nothing' ? { makes: 'directory' } : {}
  const [wanted, article] = checks[type]
  if (there === undefined || there === wanted) return {}
  if (there !== 'nothing' || !type.endsWith('OrCreate')) return { why: `hostPath type check failed: ${path} is not ${article}` }
  if (wanted === 'directory') return { makes: wanted }
  const folder = plain(path).replace(/\/[^/]*$/, '') || '/'
  return onDisk(made, folder) === 'nothing' ? { why: `open ${path}: no such file or directory` } : { makes: wanted }
}

/**
 * The volumes of a pod that cannot be set up, as what they ask for does not lie on the machine; what pods make there is there from then on. The kubelets of the
 * reference have no disk, and do not look.
 */
export function hostPathErrors(session: Session, { pod, objects }: Worker): readonly (readonly [volume: string, why: string])[] {
  if (session.options.bare) return []
  const { volumes, ...spec } = pod.spec, errors: [string, string][] = [], used = volumes?.length ? usedVolumes(spec) : undefined
  for (const v of volumes ?? []) {
    const claim = claimOf(pod.metadata.name, v), { path, type = '' } = v.hostPath ?? volumeOf(objects, claim)?.spec.hostPath ?? {}
    if (path === undefined || !used!.has(v.name)) continue
    const { why, makes } = check(session.state.hostPaths, path, type)
    if (why !== undefined) errors.push([claim === undefined ? v.name : volumeOf(objects, claim)!.metadata.name, why])
    if (makes !== undefined) hostPath(session, path, makes)
  }
  return errors
}
const volumeOf = (objects: Worker['objects'], claim: string | undefined): KubeObject | undefined =>
  objects[`persistentvolumes/${(objects[`persistentvolumeclaims/${claim}`] || undefined)?.spec.volumeName}`] || undefined
/** Why a local volume is none: nobody makes its folder. Source: pkg/volume/local/local.go (getGlobalLocalPath), pkg/volume/util/hostutil (GetFileType) */
export function localProblem({ options, state }: Session, path: string): string | undefined {
  const there = options.bare ? undefined : onDisk(state.hostPaths, path)
  if (there === 'nothing') return `path ${JSON.stringify(path)} does not exist`
  return there === undefined || there === 'directory' || there === 'block device' ? undefined : 'only directory and block device are supported'
}
/** Something lies on the machine from now on, or no longer. */
export function hostPath(session: Session, path: string, is: OnDisk | 'nothing'): void {
  session.state = { ...session.state, hostPaths: { ...session.state.hostPaths, [plain(path)]: is } }
}
