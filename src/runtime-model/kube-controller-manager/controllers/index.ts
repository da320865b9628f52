import type { Controller } from '../controller.ts'
import { deployment } from './deployment.ts'
import { replicaSet } from './replicaset.ts'

/** Every controller that kube-controller-manager runs, one a line; see controller.ts. */
export const controllers: readonly Controller[] = [
  deployment,
  replicaSet,
]
