import { addQuantities, compareQuantities, milliOf, unitsOf } from '../../../runtime-model/api/quantity.ts'
import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import { ApiError } from '../errors.ts'
import { kindOf } from '../kinds.ts'
import { rfc1123 } from './containers.ts'
import type { Describer } from './describer.ts'
import { eventsOf, writeEvents } from './events.ts'
import { orForbidden, type Page } from './page.ts'

/** Source: describe.go, describeNode. */
export const node: Describer = async (page, kind, object) => {
  const { metadata, spec = {}, status = {} } = object, info = status.nodeInfo ?? {}
  page.line(0, 'Name:', metadata.name)
  page.line(
    0, 'Roles:',
    Object.keys(metadata.labels ?? {})
      .filter(l => l.startsWith('node-role.kubernetes.io/'))
      .map(l => l.slice('node-role.kubernetes.io/'.length))
      .sort()
      .join(',')
      || '<none>'
  )
  page.pairs('Labels', metadata.labels)
  page.annotations('Annotations', metadata.annotations)
  page.line(0, 'CreationTimestamp:', rfc1123(metadata.creationTimestamp))
  taints(page, spec.taints ?? [])
  page.line(0, 'Unschedulable:', String(spec.unschedulable === true))
  await lease(page, metadata.name)
  if (status.conditions?.length) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message')
    page.line(1, '----', '------', '-----------------', '------------------', '------', '-------')
    for (const c of status.conditions) {
      page.line(1, `${c.type} `, `${c.status} `, `${rfc1123(c.lastHeartbeatTime)} `, `${rfc1123(c.lastTransitionTime)} `, `${c.reason ?? ''} `, c.message ?? '')
    }
  }
  page.line(0, 'Addresses:')
  for (const a of status.addresses ?? []) page.line(1, `${a.type}:`, a.address)
  amounts(page, 'Capacity:', status.capacity)
  amounts(page, 'Allocatable:', status.allocatable)
  page.line(0, 'System Info:')
  for (const [title, key] of systemInfo) page.line(1, `${title}:`, info[key] ?? '')
  if (spec.podCIDR) page.line(0, 'PodCIDR:', spec.podCIDR)
  if (spec.podCIDRs?.length) page.line(0, 'PodCIDRs:', spec.podCIDRs.join(','))
  if (spec.providerID) page.line(0, 'ProviderID:', spec.providerID)
  const pods = await orForbidden(page.session.list(kindOf('pods'), {
    namespace: '', fieldSelector: `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`,
  }), () => undefined)
  if (pods) resources(page, status.allocatable ?? status.capacity ?? {}, pods)
  else page.line(0, 'Pods:', 'not authorized')
  writeEvents(page, [...await eventsOf(page, kind, object), ...await eventsOf(page, kind, object, metadata.name)])
}
const systemInfo = [
  ['Machine ID', 'machineID'], ['System UUID', 'systemUUID'], ['Boot ID', 'bootID'], ['Kernel Version', 'kernelVersion'], ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'], ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'], ['Kubelet Version', 'kubeletVersion'], ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const

function taints(page: Page, list: readonly any[]): void {
  if (list.length === 0) { page.line(0, 'Taints:', '<none>'); return }
  const key = (t: any): string => `${t.effect},${t.key}`
  const sorted = [...list].sort((a, b) => key(a) < key(b) ? -1 : 1)
  sorted.forEach((t, i) => page.line(0, i === 0 ? 'Taints:' : '', `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`))
}
async function lease(page: Page, name: string): Promise<void> {
  try {
    const { spec = {} } = await page.session.get(kindOf('leases'), name, 'kube-node-lease')
    page.line(0, 'Lease:')
    page.line(1, 'HolderIdentity:', spec.holderIdentity ?? '<unset>')
    page.line(1, 'AcquireTime:', spec.acquireTime ? rfc1123(spec.acquireTime) : '<unset>')
    page.line(1, 'RenewTime:', spec.renewTime ? rfc1123(spec.renewTime) : '<unset>')
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    page.line(0, 'Lease:', `Failed to get lease: ${error.message}`)
  }
}
function amounts(page: Page, title: string, list: Readonly<Record<string, string>> | undefined): void {
  const names = Object.keys(list ?? {}).sort()
  if (names.length === 0) return
  page.line(0, title)
  for (const name of names) page.line(1, `${name}:`, list![name])
}

type Amounts = Record<string, string>
function add(total: Amounts, more: Readonly<Amounts> | undefined): void {
  for (const [name, amount] of Object.entries(more ?? {})) total[name] = total[name] === undefined ? amount : addQuantities(total[name], amount)
}
/** Requests or limits of a pod: of its containers together and its sidecars, or of its hungriest init container. Source: pkg/util/resource/resource.go. */
export function podAmounts(pod: any, of: 'requests' | 'limits'): Amounts {
  const total: Amounts = {}, sidecars: Amounts = {}, peak: Amounts = {}
  for (const c of pod.spec.containers ?? []) add(total, c.resources?.[of])
  for (const c of pod.spec.initContainers ?? []) {
    const now: Amounts = { ...sidecars }
    add(now, c.resources?.[of])
    if (c.restartPolicy === 'Always') { add(sidecars, c.resources?.[of]); add(total, c.resources?.[of]) }
    for (const [name, amount] of Object.entries(now)) if (peak[name] === undefined || compareQuantities(amount, peak[name]) > 0) peak[name] = amount
  }
  for (const [name, amount] of Object.entries(peak)) if (total[name] === undefined || compareQuantities(amount, total[name]) > 0) total[name] = amount
  return total
}

const sizeOf = (name: string, amount: string | undefined): number => name === 'cpu' ? milliOf(amount) : unitsOf(amount)
function share(name: string, amount: string | undefined, allocatable: Readonly<Amounts>): string {
  const all = sizeOf(name, allocatable[name])
  return `${amount ?? '0'} (${all === 0 ? 0 : Math.trunc(sizeOf(name, amount) / all * 100)}%)`
}
function resources(page: Page, allocatable: Readonly<Amounts>, pods: readonly any[]): void {
  page.line(0, 'Non-terminated Pods:', `(${pods.length} in total)`)
  page.line(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age')
  page.line(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---')
  const requested: Amounts = {}, limited: Amounts = {}
  for (const pod of pods) {
    const requests = podAmounts(pod, 'requests'), limits = podAmounts(pod, 'limits')
    add(requested, requests); add(limited, limits)
    page.line(
      1, pod.metadata.namespace, pod.metadata.name, '', share('cpu', requests.cpu, allocatable), share('cpu', limits.cpu, allocatable),
      share('memory', requests.memory, allocatable), share('memory', limits.memory, allocatable),
      humanDuration(page.session.calendarMs - parseTime(pod.metadata.creationTimestamp))
    )
  }
  page.line(0, 'Allocated resources:')
  page.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  page.line(1, 'Resource', 'Requests', 'Limits')
  page.line(1, '--------', '--------', '------')
  const huge = Object.keys(allocatable).filter(n => n.startsWith('hugepages-')).sort(), other = Object.keys(allocatable).filter(n => n.includes('/')).sort()
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge]) {
    page.line(1, name, share(name, requested[name], allocatable), share(name, limited[name], allocatable))
  }
  for (const name of other) page.line(1, name, requested[name] ?? '0', limited[name] ?? '0')
}
