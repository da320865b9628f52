import type { Actor } from '../kernel/actor.ts'
import { step } from './manager.ts'
import { initialState } from './state.ts'
import type { ManagerState } from './state.ts'

/** cloud-controller-manager: what a managed cluster knows of its provider. One of several replicas leads, by the Lease `cloud-controller-manager`. */
export const cloudControllerManager = ({ host }: { readonly host: string }): Actor<ManagerState> =>
  ({ id: `cloud-controller-manager/${host}`, component: 'cloud-controller-manager', host, supervised: true, init: initialState, step })

export { cloudApi } from './cloud-api.ts'
