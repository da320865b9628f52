import type { Controller } from '../controller.ts'
import { deployment } from './deployment.ts'
import { replicaSet } from './replicaset.ts'
import { rootCaCertPublisher } from './root-ca-cert-publisher.ts'
import { serviceAccount } from './serviceaccount.ts'

/** Every controller that kube-controller-manager runs, one a line; see controller.ts. */
export const controllers: readonly Controller[] = [
  deployment,
  replicaSet,
  rootCaCertPublisher,
  serviceAccount,
]
