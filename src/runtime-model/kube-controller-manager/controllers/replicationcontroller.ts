import { defineController } from '../controller.ts'
import type { Index } from '../controller.ts'
import { replicaSetsByController } from '../indexes.ts'
import { keepsReplicas } from '../replicas/replica-manager.ts'

const resource = 'replicationcontrollers'
const byNamespace: Index = { name: 'replicationcontrollers by namespace', resource, keysOf: c => [c.metadata.namespace!] }
const replicas = keepsReplicas({
  resource, kind: 'ReplicationController', byNamespace, selectorOf: c => ({ matchLabels: c.spec.selector }), tellsTerminatingFrom: Infinity,
})

/** Keeps as many pods as a ReplicationController wants: upstream it is the ReplicaSet controller with another face, and so it is here. */
export const replicationController = defineController({
  ...replicas,
  name: 'replication', serviceAccount: 'replication-controller', eventSource: 'replication-controller',
  watches: [...replicas.watches, { resource: 'replicasets.apps', toKeys: () => [] }],
  indexes: [...replicas.indexes!, replicaSetsByController],
  source: 'pkg/controller/replication/{replication_controller,conversion}.go',
})
