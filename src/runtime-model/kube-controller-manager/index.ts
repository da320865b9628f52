import type { Actor } from '../kernel/actor.ts'
import { controllers } from './controllers/index.ts'
import { managerActor } from './manager.ts'

/** `managed`: a cloud has its own controllers elsewhere; `bare`: a cluster without add-ons. Neither changes which controllers run here. */
export interface KubeControllerManagerOptions { readonly host: string; readonly version: string; readonly managed?: boolean; readonly bare?: boolean }

export function kubeControllerManager({ host, version }: KubeControllerManagerOptions): Actor { return managerActor({ host, version, controllers }) }
