import type { FieldError } from '../kind.ts'
import { forbidden, invalid, nonNegative, notSupported, portRange, required } from '../meta/errors.ts'
import { portName } from '../../api/names.ts'

/** Rules of probes and lifecycle hooks. Source: pkg/apis/core/validation/validation.go (validateProbe, validateHandler, validateLivenessProbe …). */
export function validateProbe(probe: any, at: string, kind: 'liveness' | 'readiness' | 'startup', errors: FieldError[]): void {
  validateHandler(probe, at, undefined, errors)
  for (const field of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']) {
    errors.push(...nonNegative(probe[field], `${at}.${field}`))
  }
  const grace = probe.terminationGracePeriodSeconds
  if (typeof grace === 'number' && grace <= 0) errors.push(invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  if (kind === 'readiness') {
    if (grace !== undefined) errors.push(invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'))
  }
  else if (probe.successThreshold !== undefined
    && probe.successThreshold !== 1) errors.push(invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1'))
}

export function validateLifecycle(lifecycle: any, at: string, graceSeconds: number, errors: FieldError[]): void {
  if (lifecycle.postStart) validateHandler(lifecycle.postStart, `${at}.postStart`, graceSeconds, errors)
  if (lifecycle.preStop) validateHandler(lifecycle.preStop, `${at}.preStop`, graceSeconds, errors)
}

/** `graceSeconds` given: a lifecycle handler, which may also sleep. */
function validateHandler(handler: any, at: string, graceSeconds: number | undefined, errors: FieldError[]): void {
  let handlers = 0
  const another = (name: string): boolean => {
    if (handlers++ > 0) errors.push(forbidden(`${at}.${name}`, 'may not specify more than 1 handler type'))
    return handlers === 1
  }
  if (handler.exec && another('exec') && !handler.exec.command?.length) errors.push(required(`${at}.exec.command`))
  if (handler.httpGet && another('httpGet')) {
    const http = handler.httpGet
    if (!http.path) errors.push(required(`${at}.httpGet.path`))
    validatePort(http.port, `${at}.httpGet.port`, errors)
    if (http.scheme !== undefined && http.scheme !== 'HTTP' && http.scheme !== 'HTTPS') {
      errors.push(notSupported(`${at}.httpGet.scheme`, http.scheme, ['HTTP', 'HTTPS']))
    }
    for (const { name = '' } of http.httpHeaders ?? []) if (!/^[-A-Za-z0-9]+$/.test(name)) errors.push(invalid(`${at}.httpGet.httpHeaders`, name, headerText))
  }
  if (handler.tcpSocket && another('tcpSocket')) validatePort(handler.tcpSocket.port, `${at}.tcpSocket.port`, errors)
  if (handler.grpc && another('grpc')) errors.push(...portRange(handler.grpc.port ?? 0, `${at}.grpc.port`))
  if (handler.sleep && graceSeconds !== undefined && another('sleep')) {
    const { seconds } = handler.sleep
    if (seconds < 0 || seconds > graceSeconds) {
      errors.push(invalid(`${at}.sleep`, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`))
    }
  }
  if (handlers === 0) errors.push(required(at, 'must specify a handler type'))
}

const headerText = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"
/** a port's number or name */
export function validatePort(port: number | string | undefined, at: string, errors: FieldError[]): void {
  if (typeof port === 'string') for (const text of portName(port)) errors.push(invalid(at, port, text))
  else errors.push(...portRange(port ?? 0, at))
}
