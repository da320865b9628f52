import type { Actor } from '../kernel/actor.ts'
import type { Plugin } from './plugin.ts'
import { schedulerStep } from './scheduler.ts'
import { initialState } from './state.ts'
import type { SchedulerState } from './state.ts'

/**
 * kube-scheduler: chooses a node for every pod that has none. Several replicas may run; the one that holds the Lease `kube-scheduler` decides,
 * the others keep their caches warm. Source: cmd/kube-scheduler/app/server.go, pkg/scheduler/scheduler.go
 */
export interface KubeSchedulerOptions {
  readonly host: string
  readonly version: string
  readonly certificateUntilMs?: number
  /** plugins of a config, asked after the default profile */
  readonly own?: readonly Plugin[]
}

export const kubeScheduler = ({ host, version, certificateUntilMs, own = [] }: KubeSchedulerOptions): Actor<SchedulerState> =>
  ({
    id: `kube-scheduler/${host}`, component: 'kube-scheduler', host, supervised: true, settles: true, init: () => initialState(version, certificateUntilMs),
    step: schedulerStep(own),
  })

export { schedulePod, enoughNodes } from './schedule-pod.ts'
export { unfitMessage } from './unfit-message.ts'
