import { execCode, fileExists, httpStatus } from '../api/behaviour.ts'
import type { RuntimeContainer } from '../api/cri.ts'
import { fileAskedFor } from '../api/shell/said-by-command.ts'
import type { Answer, ProbeSpec } from './probes.ts'

/** Defaults of the API. Source: pkg/apis/core/v1/defaults.go (SetDefaults_Probe) */
export function probeSpec(probe: any): ProbeSpec {
  return {
    periodMs: (probe.periodSeconds ?? 10) * 1000, timeoutMs: (probe.timeoutSeconds ?? 1) * 1000, initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
    successThreshold: probe.successThreshold ?? 1, failureThreshold: probe.failureThreshold ?? 3,
  }
}

/** What a probe of this container finds, from its start on. Source of the texts: pkg/probe/{http,tcp,exec,grpc}. */
export function answersOf(container: RuntimeContainer, spec: any, probe: any, podIp: string, bare: boolean): readonly Answer[] {
  const { startedAt, behaviour } = container
  const timeout = `${probe.timeoutSeconds ?? 1}s`
  if (container.hung) return [{ at: startedAt, success: false, text: silentText(spec, probe, podIp, timeout), silent: true }]
  if (probe.exec) {
    const asked = behaviour.exec.length === 0 && (behaviour.files || behaviour.knowsTmp) ? fileAskedFor(probe.exec.command, spec.image) : undefined
    const own = asked !== undefined && !spec.volumeMounts?.some((m: any) => asked.path.startsWith(`${m.mountPath}/`)) ? asked : undefined
    const times = own ? (behaviour.files ?? []).map(f => f.fromMs) : behaviour.exec.map(e => e.fromMs)
    return from([0, ...times], startedAt, since => {
      if (own) return fileExists(behaviour, own.path, since) === false ? { success: false, text: own.missing, silent: false } : OK
      return execCode(behaviour, since) === 0 ? OK : { success: false, text: '', silent: false }
    })
  }
  const host = probe.httpGet?.host || probe.tcpSocket?.host || podIp, refused = refusal(container, spec, probe, podIp, bare)
  if (refused !== undefined) return [{ at: startedAt, success: false, text: refused, silent: false }]
  if (!probe.httpGet) return [{ at: startedAt, ...OK }]
  // the reference runtime speaks HTTP only; elsewhere who is asked for HTTPS is taken to speak it
  if (bare && probe.httpGet.scheme === 'HTTPS') {
    return [{
      at: startedAt, success: false, text: `Get "${urlOf(spec, probe, host, pathOf(probe))}": http: server gave HTTP response to HTTPS client`, silent: false,
    }]
  }
  const path = pathOf(probe)
  return from([0, ...behaviour.http.map(h => h.fromMs)], startedAt, since => {
    const status = httpStatus(behaviour, path.split('?')[0], since)
    if (status === 0) {
      return {
        success: false, text: `Get "${urlOf(spec, probe, host, path)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
        silent: true,
      }
    }
    if (status >= 300 && status < 400) return REDIRECTED
    return status >= 200 && status < 300 ? OK : { success: false, text: `HTTP probe failed with statuscode: ${status}`, silent: false }
  })
}
/**
 * Why nobody answers at the port of a probe or hook; undefined: somebody does. Where nothing is said of what it listens on: in a bare world only declared ports
 * are listened on; elsewhere a probe tells of a port as well as a declaration does.
 */
export function refusal(container: RuntimeContainer, spec: any, probe: any, podIp: string, bare: boolean): string | undefined {
  const port = portOf(spec, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port)
  const { listens: said } = container.behaviour, declares = container.ports.some(p => p.port === port && p.protocol === 'TCP')
  const listens = container.state === 'running' && (said?.includes(port) ?? (!bare || declares))
  return listens ? undefined : refusedText(spec, probe, podIp)
}
const OK = { success: true, text: '', silent: false }
/** Sent on to nowhere that a probe would follow to: that counts as success, with a warning. Source: pkg/probe/http/http.go (DoHTTPProbe) */
const REDIRECTED = { success: true, text: 'Probe terminated redirects, Response body: ', silent: false, warns: true }

function from(times: readonly number[], startedAt: number, answer: (sinceMs: number) => Omit<Answer, 'at'>): Answer[] {
  const rows: Answer[] = []
  for (const since of [...new Set(times)].sort((a, b) => a - b)) {
    const next = answer(since), before = rows[rows.length - 1]
    if (before === undefined || before.success !== next.success || before.text !== next.text || before.silent !== next.silent) {
      rows.push({ at: startedAt + since, ...next })
    }
  }
  return rows
}

/** Why a probe cannot even be asked; undefined: it can. Source: pkg/probe/util.go (ResolveContainerPort) */
export function probeError(spec: any, probe: any): string | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port
  return typeof port === 'string' && Number.isNaN(portOf(spec, port)) ? `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax` : undefined
}
export function portOf(spec: any, port: any): number {
  if (typeof port === 'number') return port
  const named = spec.ports?.find((p: any) => p.name === port)
  return named?.containerPort ?? Number(port)
}
const pathOf = (probe: any): string => { const path = probe.httpGet.path || '/'; return path.startsWith('/') ? path : `/${path}` }
const urlOf = (spec: any, probe: any, host: string, path: string): string =>
  `${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${host}:${portOf(spec, probe.httpGet.port)}${path}`
function refusedText(spec: any, probe: any, ip: string): string {
  const port = portOf(spec, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port), host = probe.httpGet?.host || probe.tcpSocket?.host || ip
  const dial = `dial tcp ${host}:${port}: connect: connection refused`
  if (probe.grpc) return `timeout: failed to connect service "${host}:${port}" within ${probe.timeoutSeconds ?? 1}s: context deadline exceeded`
  return probe.httpGet ? `Get "${urlOf(spec, probe, host, pathOf(probe))}": ${dial}` : dial
}
function silentText(spec: any, probe: any, ip: string, timeout: string): string {
  if (probe.exec) return `command timed out: "${(probe.exec.command ?? []).join(' ')}" timed out after ${timeout}`
  const port = portOf(spec, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port), host = probe.httpGet?.host || probe.tcpSocket?.host || ip
  if (probe.grpc) return `timeout: failed to connect service "${host}:${port}" within ${timeout}: context deadline exceeded`
  return probe.httpGet
    ? `Get "${urlOf(spec, probe, host, pathOf(probe))}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
    : `dial tcp ${host}:${port}: i/o timeout`
}
