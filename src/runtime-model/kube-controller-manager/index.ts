import type { Actor } from '../kernel/actor.ts'
import { controllers } from './controllers/index.ts'
import type { Controller } from './controller.ts'
import { managerActor } from './manager.ts'

/** `managed`: a cloud has its own controllers elsewhere; `bare`: a cluster without add-ons. Neither changes which controllers run here. */
export interface KubeControllerManagerOptions {
  readonly host: string
  readonly version: string
  readonly managed?: boolean
  readonly bare?: boolean
  /** calendar ms until which its kubeconfig's certificate is valid */
  readonly certificateUntilMs?: number
  /** controllers of a config, which run beside the others */
  readonly own?: readonly Controller[]
}

export function kubeControllerManager({ host, version, certificateUntilMs, own = [] }: KubeControllerManagerOptions): Actor {
  return managerActor({ host, version, certificateUntilMs, controllers: own.length ? [...controllers, ...own] : controllers })
}
