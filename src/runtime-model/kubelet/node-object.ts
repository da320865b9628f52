import { hashHex } from '../../base/hash.ts'
import { formatUnits, unitsOf } from '../api/quantity.ts'
import { formatTime } from '../api/time.ts'
import type { Session } from './session.ts'

/** The Node that a kubelet registers. Source: pkg/kubelet/kubelet_node_status.go, nodestatus/setters.go; kubeadm's marks of a control plane */
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane'
const defaultCpu = '4', defaultMemory = '8Gi', defaultPods = 110, evictionMemoryBytes = 100 * 2 ** 20
/** of the file system of a node, on which images lie too */
export const diskBytes = 100 * 2 ** 30
export const PRESSURE_CONDITION: Readonly<Record<string, string>> = { memory: 'MemoryPressure', disk: 'DiskPressure', pid: 'PIDPressure' }
export const NETWORK_NOT_READY =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

/** Labels that NodeRestriction keeps a kubelet from giving itself: kubeadm or an administrator does. */
const kubeletMay = (label: string): boolean => {
  const domain = label.includes('/') ? label.slice(0, label.indexOf('/')) : ''
  if (!/(^|\.)(kubernetes|k8s)\.io$/.test(domain)) return true
  return /(^|\.)(kubelet|node)\.kubernetes\.io$/.test(domain)
    || [
      'kubernetes.io/hostname', 'kubernetes.io/arch', 'kubernetes.io/os', 'beta.kubernetes.io/arch', 'beta.kubernetes.io/os',
      'beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region',
      'failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region',
    ].includes(label)
}

function labels(session: Session): Record<string, string> {
  const { node } = session.options
  return {
    'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    ...node.zone ? { 'topology.kubernetes.io/zone': node.zone } : undefined,
    ...node.role === 'control-plane' ? { [CONTROL_PLANE]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' } : undefined, ...node.labels,
  }
}
const pick = (all: Record<string, string>, test: (key: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([k]) => test(k)))
/** What the kubelet may not say of its own node; empty: nothing. */
export const restrictedLabels = (session: Session): Record<string, string> => pick(labels(session), k => !kubeletMay(k))

export function nodeObject(session: Session): any {
  const { node, bare, cloudProvider } = session.options
  const taints = [
    ...(node.taints ?? []), ...node.role === 'control-plane' && node.taints === undefined ? [{ key: CONTROL_PLANE, effect: 'NoSchedule' }] : [],
    ...cloudProvider ? [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }] : [],
  ]
  return {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name: node.name, labels: pick(labels(session), kubeletMay), annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } },
    spec: { ...bare ? { providerID: `kubemark://${node.name}` } : undefined, ...taints.length ? { taints } : undefined },
    status: nodeStatus(session, 'CSINode is not yet initialized'),
  }
}

/** The whole status as the kubelet sees it now. `notReady`: why it is not, besides what the kubelet sees by itself. */
export function nodeStatus(session: Session, notReady?: string): any {
  const { node, bare, address } = session.options
  const cpu = node.cpu ?? defaultCpu, memory = node.memory ?? defaultMemory, pods = String(node.pods ?? defaultPods)
  const capacity = { cpu, 'ephemeral-storage': formatUnits(diskBytes), memory, pods }
  const allocatable = bare
    ? capacity
    : { cpu, 'ephemeral-storage': String(Math.floor(diskBytes * 0.9)), memory: formatUnits(unitsOf(memory) - evictionMemoryBytes), pods }
  const { inUse, images, object } = session.state.node
  const said: any = (object as any)?.status
  const list = images.length > 0 ? { images } : said?.images ? { images: null } : undefined
  const used = inUse.length > 0 ? { volumesInUse: inUse } : said?.volumesInUse ? { volumesInUse: null } : undefined
  return {
    ...used, ...list, capacity, allocatable, conditions: conditions(session, notReady),
    addresses: [{ type: 'InternalIP', address }, { type: 'Hostname', address: node.name }], daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(session),
  }
}
function nodeInfo(session: Session): any {
  const { bare, node } = session.options
  return {
    ...bare ? BARE_INFO : { ...REAL_INFO, ...machineIds(node), bootID: bootOf(session) },
    kubeletVersion: versionOf(session), kubeProxyVersion: '', operatingSystem: 'linux', architecture: 'amd64',
  }
}
export const versionOf = ({ state }: Session): string => `v${state.version.replace(/^v/, '')}`
export const bootOf = ({ options, state }: Session): string => options.bare ? BARE_INFO.bootID : state.node.bootId
const BARE_INFO = {
  machineID: '', systemUUID: '', bootID: '', kernelVersion: '3.16.0-0.bpo.4-amd64', osImage: 'Debian GNU/Linux 7 (wheezy)',
  containerRuntimeVersion: 'fakeRuntime://0.1.0',
}
const REAL_INFO = { kernelVersion: '6.8.0-64-generic', osImage: 'Debian GNU/Linux 12 (bookworm)', containerRuntimeVersion: 'containerd://2.1.4' }
interface MachineIds { readonly machineID: string; readonly systemUUID: string }
/** The same for a machine all its life, and asked for with each look at its status. */
const idsOfMachines = new WeakMap<object, MachineIds>()
function machineIds(machine: { readonly name: string }): MachineIds {
  let ids = idsOfMachines.get(machine)
  if (!ids) idsOfMachines.set(machine, ids = { machineID: hashHex(machine.name, 4, 4), systemUUID: hashHex(machine.name, 4, 8) })
  return ids
}

/** Why the node is not ready: one error as it is, several in brackets. Source: nodestatus/setters.go (ReadyCondition) */
function unready({ state: { node } }: Session, other: string | undefined): string | undefined {
  const errors = [...node.networkReady ? [] : [NETWORK_NOT_READY], ...other ? [other] : [], ...node.shutdown ? ['node is shutting down'] : []]
  return errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]
}

interface Row { readonly type: string; readonly of: string; readonly good: readonly [string, string]; readonly ill: readonly [string, string] }
/** in the order of the kubelet's setters; Ready is last */
const ROWS: readonly Row[] = [
  {
    type: PRESSURE_CONDITION.memory, of: 'memory', good: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ill: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
  },
  {
    type: PRESSURE_CONDITION.disk, of: 'disk', good: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ill: ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
  },
  {
    type: PRESSURE_CONDITION.pid, of: 'pid', good: ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ill: ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
  },
]
export interface Found { readonly type: string; readonly status: 'True' | 'False'; readonly reason: string; readonly message: string }
/** What the kubelet finds of its node. `other`: why the node is not ready, besides what it sees by itself. */
export function found(session: Session, other?: string): Found[] {
  const { pressure } = session.state.node, notReady = unready(session, other)
  const all: Found[] = ROWS.map(({ type, of, good, ill }) => {
    const bad = of in pressure, [reason, message] = bad ? ill : good
    return { type, status: bad ? 'True' : 'False', reason, message }
  })
  all.push(notReady === undefined
    ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
    : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: notReady })
  return all
}
/** The same with its times, as it is told. */
export function conditions(session: Session, other?: string): any[] {
  const { conditions: before } = session.state.node, stamp = formatTime(session.context.wallMs)
  return found(session, other).map(({ type, status, reason, message }) => {
    const old = before.find((b: any) => b.type === type)
    return { type, status, reason, message, lastHeartbeatTime: stamp, lastTransitionTime: old && old.status === status ? old.lastTransitionTime : stamp }
  })
}
/** Event on the node when a condition flips. */
export const CONDITION_EVENTS: Readonly<Record<string, readonly [good: string, bad: string]>> = {
  MemoryPressure: ['NodeHasSufficientMemory', 'NodeHasInsufficientMemory'], DiskPressure: ['NodeHasNoDiskPressure', 'NodeHasDiskPressure'],
  PIDPressure: ['NodeHasSufficientPID', 'NodeHasInsufficientPID'], Ready: ['NodeReady', 'NodeNotReady'],
}

/** An image as a Node's status tells of it. */
export interface ToldImage { readonly names: readonly string[]; readonly sizeBytes: number }
/** Does the Node tell of others than these? */
export const tellsOther = (said: readonly ToldImage[] | undefined, now: readonly ToldImage[]): boolean =>
  (said?.length ?? 0) !== now.length || now.some(({ names }, i) => names.length !== said![i].names.length || names.some((n, j) => n !== said![i].names[j]))
