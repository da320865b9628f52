import { milliOf, unitsOf } from '../../../runtime-model/api/quantity.ts'
import { formatRfc1123, parseTime } from '../../../runtime-model/api/time.ts'
import type { Page } from './page.ts'

export const rfc1123 = (time: string | undefined | null): string => time ? formatRfc1123(parseTime(time)) : 'Mon, 01 Jan 0001 00:00:00 +0000'
export const yesNo = (value: unknown): string => value === true ? 'True' : 'False'
export const orNone = (text: string | undefined): string => text ? text : '<none>'

/** Source: describe.go, describeContainers and what it calls. `space`: the indent of a block within a pod template. */
export function describeContainers(page: Page, label: string, containers: readonly any[], statuses: readonly any[] | undefined, pod: any, space: string): void {
  page.write(`${space}${label}:${containers.length === 0 ? ' <none>' : ''}\n`)
  for (const container of containers) {
    const status = statuses?.find(s => s.name === container.name)
    basics(page, container, status, space ? ' ' : '')
    for (const [title, words] of [['Command', container.command], ['Args', container.args]] as const) {
      if (!words?.length) continue
      page.line(2, `${title}:`)
      for (const word of words) for (const line of String(word).split('\n')) page.line(3, line)
    }
    if (status) {
      state(page, 'State', status.state ?? {})
      if (status.lastState?.terminated) state(page, 'Last State', status.lastState)
      page.line(2, 'Ready:', yesNo(status.ready))
      page.line(2, 'Restart Count:', String(status.restartCount ?? 0))
    }
    describeResources(page, container.resources, 2)
    for (const [title, probe] of [
      ['Liveness', container.livenessProbe], ['Readiness', container.readinessProbe], ['Startup', container.startupProbe],
    ] as const) {
      if (probe) page.line(2, `${title}:`, probeText(probe))
    }
    envFrom(page, container)
    environment(page, container, pod)
    mounts(page, container)
  }
}

function basics(page: Page, container: any, status: any, nameIndent: string): void {
  page.line(1, `${nameIndent}${container.name}:`)
  if (status) page.line(2, 'Container ID:', status.containerID ?? '')
  page.line(2, 'Image:', container.image ?? '')
  if (status) page.line(2, 'Image ID:', status.imageID ?? '')
  const ports = (container.ports ?? []) as any[]
  const of = (key: string): string => ports.map(p => `${p[key] ?? 0}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`).join(', ')
  for (const [one, many, text] of [['Port:', 'Ports:', of('containerPort')], ['Host Port:', 'Host Ports:', of('hostPort')]] as const) {
    page.line(2, text.includes(',') ? many : one, orNone(text))
  }
  const seccomp = container.securityContext?.seccompProfile
  if (seccomp) page.line(2, 'SeccompProfile:', seccomp.type)
}

function state(page: Page, title: string, { running, waiting, terminated }: any): void {
  if (running) { page.line(2, `${title}:`, 'Running'); page.line(3, 'Started:', rfc1123(running.startedAt)); return }
  if (!terminated) { page.line(2, `${title}:`, 'Waiting'); if (waiting?.reason) page.line(3, 'Reason:', waiting.reason); return }
  page.line(2, `${title}:`, 'Terminated')
  if (terminated.reason) page.line(3, 'Reason:', terminated.reason)
  if (terminated.message) page.line(3, 'Message:', terminated.message)
  page.line(3, 'Exit Code:', String(terminated.exitCode ?? 0))
  if (terminated.signal) page.line(3, 'Signal:', String(terminated.signal))
  page.line(3, 'Started:', rfc1123(terminated.startedAt))
  page.line(3, 'Finished:', rfc1123(terminated.finishedAt))
}

export function describeResources(page: Page, resources: any, level: number): void {
  for (const [title, amounts] of [['Limits', resources?.limits], ['Requests', resources?.requests]] as const) {
    const names = Object.keys(amounts ?? {}).sort()
    if (names.length > 0) page.line(level, `${title}:`)
    for (const name of names) page.line(level + 1, `${name}:`, amounts[name])
  }
}

export function probeText(probe: any): string {
  const attributes =
    `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${attributes}`
  if (probe.httpGet) {
    return `http-get ${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${probe.httpGet.host ?? ''}:${probe.httpGet.port}${probe.httpGet.path ?? ''} ${attributes}`
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attributes}`
  return probe.grpc ? `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${attributes}` : `unknown ${attributes}`
}

function envFrom(page: Page, container: any): void {
  if (!container.envFrom?.length) return
  page.line(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of container.envFrom) {
    const from = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '', source = configMapRef ?? secretRef ?? {}
    page.line(3, source.name ?? '', prefix ? `${from} with prefix '${prefix}'` : from, `Optional: ${source.optional === true}`)
  }
}
function environment(page: Page, container: any, pod: any): void {
  if (!container.env?.length) { page.line(2, 'Environment:', '<none>'); return }
  page.line(2, 'Environment:')
  for (const { name, value = '', valueFrom } of container.env) {
    if (!valueFrom) { String(value).split('\n').forEach((line, i) => page.line(3, i === 0 ? `${name}:` : '', line)); continue }
    const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
    if (fieldRef) page.line(3, `${name}:`, `${pod ? fieldText(pod, fieldRef.fieldPath) : ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`)
    else if (resourceFieldRef) page.line(3, `${name}:`, `${resourceText(container, resourceFieldRef)} (${resourceFieldRef.resource})`)
    else if (secretKeyRef) page.line(
      3, `${name}:`, `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>`, `Optional: ${secretKeyRef.optional === true}`
    )
    else if (configMapKeyRef) page.line(
      3, `${name}:`, `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>`, `Optional: ${configMapKeyRef.optional === true}`
    )
  }
}
/**
 * Of a pod's fields kubectl knows two by name. Source: kubectl pkg/describe/describe.go (EnvValueRetriever), apimachinery pkg/runtime/conversion.go
 * (DefaultMetaV1FieldSelectorConversion)
 */
const fieldText = ({ metadata }: any, path: string): string =>
  path === 'metadata.name' ? metadata.name : path === 'metadata.namespace' ? metadata.namespace : ''
/** In units of the divisor, rounded up. Source: kubectl pkg/util/resource/resource.go (ExtractContainerResourceValue). */
function resourceText(container: any, { resource, divisor }: any): string {
  const [kind, name] = resource.split('.'), amount = container.resources?.[kind]?.[name]
  const of = (quantity: string): number => name === 'cpu' ? milliOf(quantity) : unitsOf(quantity), by = divisor && of(divisor) > 0 ? divisor : '1'
  const value = amount === undefined ? 0 : Math.ceil(of(amount) / of(by))
  return value === 0 && /^limits\.(cpu|memory)$/.test(resource) ? 'node allocatable' : String(value)
}
function mounts(page: Page, container: any): void {
  const all = [...container.volumeMounts ?? []].sort((a: any, b: any) => a.mountPath < b.mountPath ? -1 : 1)
  page.line(2, 'Mounts:', ...all.length === 0 ? ['<none>'] : [])
  for (const m of all) page.line(3, `${m.mountPath} from ${m.name} (${m.readOnly ? 'ro' : 'rw'}${m.subPath ? `,path=${JSON.stringify(m.subPath)}` : ''})`)
}
