import { defineController } from '../controller.ts'
import { replicaSetsByController, replicaSetsByNamespace } from '../indexes.ts'
import { keepsReplicas } from '../replicas/replica-manager.ts'

const replicas = keepsReplicas({
  resource: 'replicasets.apps', kind: 'ReplicaSet', byNamespace: replicaSetsByNamespace, selectorOf: set => set.spec.selector, tellsTerminatingFrom: 35,
})

/** Keeps as many pods as a ReplicaSet wants. */
export const replicaSet = defineController({
  ...replicas,
  name: 'replicaset',
  indexes: [...replicas.indexes!, replicaSetsByController],
  source: 'pkg/controller/replicaset/replica_set.go, replica_set_utils.go',
})
