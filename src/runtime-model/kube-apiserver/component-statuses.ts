import type { EtcdResult } from '../api/etcd.ts'
import { isStatus, notFound } from '../api/status.ts'
import { registry } from '../kinds/index.ts'
import { answer, refuse } from './answers.ts'
import { isConnected } from './connection.ts'
import { sendParked } from './etcd-client.ts'
import { selection } from './list-options.ts'
import type { Flight, Turn } from './state.ts'

/**
 * componentstatuses: deprecated, and still asked for. A real server asks the health ports of its own machine; here a leader's renewals stand for
 * that, and a read for etcd. Source: pkg/registry/core/componentstatus/rest.go, validator.go.
 */
const ports: Readonly<Record<string, readonly [string, number]>> = {
  'scheduler': ['kube-scheduler', 10_259], 'controller-manager': ['kube-controller-manager', 10_257],
}
const etcdCheckMs = 2000

export function beginComponentStatuses(turn: Turn, flight: Flight): void {
  const now: Flight = { ...flight, handler: 'componentstatuses', warnings: [...flight.warnings, 'v1 ComponentStatus is deprecated in v1.19+'] }
  if (!isConnected(turn, 'health')) return answerStatuses(turn, now, false)
  sendParked(turn, { ...now, phase: 'etcd', deadlineAt: turn.context.now + etcdCheckMs }, { op: 'revision' })
}
export function resumeComponentStatuses(turn: Turn, flight: Flight, result: EtcdResult | undefined): void { answerStatuses(turn, flight, result?.ok === true) }

export function answerStatuses(turn: Turn, flight: Flight, etcd: boolean): void {
  const { request } = flight, kind = registry.byResource('componentstatuses')!, selects = selection(kind, request)
  if (isStatus(selects)) return refuse(turn, flight, selects)
  // of a process that refuses the connection the error is the message
  const item = (name: string, message: string | undefined, error?: string): any => ({
    kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name },
    conditions: [message === undefined
      ? { type: 'Healthy', status: 'True', message: 'ok' }
      : { type: 'Healthy', status: 'False', message, ...error ? { error } : undefined }],
  })
  const items = [
    ...Object.entries(ports).map(([name, [component, port]]) => {
      const alive = turn.context.heartbeat(`leases.coordination.k8s.io/kube-system/${component}`)?.kept === true
      return item(name, alive ? undefined : `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`)
    }),
    item('etcd-0', etcd ? undefined : 'context deadline exceeded', 'context deadline exceeded'),
  ]
  const found = items.filter(request.name === undefined ? selects : i => i.metadata.name === request.name)
  if (request.name !== undefined && found.length === 0) return refuse(turn, flight, notFound({ group: '', resource: kind.singular }, request.name))
  answer(turn, flight, {
    code: 200, body: request.name === undefined ? { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items: found } : found[0],
  })
}
